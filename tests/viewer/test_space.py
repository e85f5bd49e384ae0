"""What the 3D viewer is told: shares by device, units, and an uncertainty that is stated, measured or not known, never nought."""

from dataclasses import replace
from typing import Any

import pytest

from archive.records.annotation import Annotation, AnnotationTarget, SelectorKind
from archive.records.asset import AssetKind, Nature
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.publication import PublicAsset, PublicFact, PublicSite
from archive.records.text import Language, LocalText
from archive.records.tour import Tour
from viewer.space import PROGRAM, accuracy_of, metres_of, numbered_notes, photo_pins, space_of, space_pins, turn_stills
from viewer.wording import significant

MESH, CLOUD, PHOTO = "ark:99999/dtmesh", "ark:99999/dtcloud", "ark:99999/dtphoto"
EMPTY = LocalText()


def asset(ark: str, kind: AssetKind, facts: dict[str, Any], *files: tuple[MediaRole, str, int]) -> PublicAsset:
    listed = tuple(DerivedFile(role, name, "x/y", size, "0" * 64) for role, name, size in files)
    return PublicAsset(ark, ark[-6:], kind, Nature.SURVEY, EMPTY, EMPTY, "", "", "", "", (), listed, facts)


def site(*notes: Annotation) -> PublicSite:
    tour = Tour("ark:99999/dtsite", (), annotations=notes)
    return PublicSite("ark:99999/dtsite", "nha", 3, EMPTY, EMPTY, Nature.SURVEY, "tour", (), (), (), tour, ())


MODEL = ((MediaRole.MODEL_FIRST, "model-first.glb", 50_000), (MediaRole.MODEL, "model.glb", 1_000_000))
LARGE = (MediaRole.MODEL_LARGE, "model-large.glb", 7_000_000)
TILES = ((MediaRole.TILESET, "tileset.json", 400), (MediaRole.TILES, "tiles.json", 900), (MediaRole.TILES, "tiles.pack", 60_000_000))


def configured(thing: PublicAsset) -> dict[str, Any]:
    config = space_of(site(), thing, str)
    assert config is not None
    return config


def test_a_mesh_says_what_each_class_of_devices_loads_with_the_program() -> None:
    config = configured(asset(MESH, AssetKind.MESH, {}, *MODEL, LARGE))
    assert config["form"] == "mesh"
    assert config["first"] == "/media/nha/3/dtmesh/model-first.glb"
    assert config["light"] == {
        "address": "/media/nha/3/dtmesh/model.glb", "octets": PROGRAM + 1_050_000, "points": 0, "size": str(PROGRAM + 1_050_000),
    }  # fmt: skip
    assert config["full"]["address"].endswith("/model-large.glb")
    assert config["full"]["octets"] == PROGRAM + 7_050_000


def test_a_mesh_of_earlier_derivers_has_one_share() -> None:
    config = configured(asset(MESH, AssetKind.MESH, {}, MODEL[1]))
    assert config["first"] == ""
    assert config["light"] == config["full"]
    assert (config["accuracy"], config["deviation"], config["resolution"], config["metres"]) == (None, None, None, 0.0)


def test_a_cloud_weighs_by_the_points_that_a_device_draws() -> None:
    facts = {"points": 10_000_000, "resolution": 0.001, "focus": {"minimum": [0, 0, 0], "maximum": [1, 2, 3.00049]}, "unit": "foot"}
    config = configured(asset(CLOUD, AssetKind.POINT_CLOUD, facts, *TILES))
    assert (config["form"], config["focus"]) == ("cloud", [0, 0, 0, 1, 2, 3.0])
    assert (config["light"]["points"], config["light"]["octets"]) == (500_000, PROGRAM + 3_000_000)
    assert (config["full"]["points"], config["full"]["octets"]) == (3_000_000, PROGRAM + 18_000_000)
    assert config["metres"] == 0.3048
    small = configured(asset(CLOUD, AssetKind.POINT_CLOUD, {"points": 1000}, *TILES))
    assert small["light"]["octets"] == small["full"]["octets"] == PROGRAM + 60_000_000
    assert small["focus"] is None
    assert small["from"] is None
    seen = configured(asset(CLOUD, AssetKind.POINT_CLOUD, {"points": 1000, "seen_from": [270.3, 26.0]}, *TILES))
    assert seen["from"] == [270.3, 26.0]


def test_what_has_no_third_dimension_is_not_opened() -> None:
    assert space_of(site(), asset(PHOTO, AssetKind.PHOTO, {}), str) is None
    assert space_of(site(), asset(CLOUD, AssetKind.POINT_CLOUD, {}, *TILES[:2]), str) is None


@pytest.mark.parametrize(
    ("facts", "metres"),
    [
        ({"shown_unit": "metre"}, 1),
        ({"shown_unit": "", "unit": "metre"}, 0),
        ({"shown_unit": "foot"}, 0.3048),
        ({"unit": "millimetre"}, 0.001),
        ({"unit": "cubit"}, 0),
        ({}, 0),
    ],
)
def test_the_unit_is_known_or_said_to_be_unknown(facts: dict[str, Any], metres: float) -> None:
    assert metres_of(asset(MESH, AssetKind.MESH, facts)) == metres


@pytest.mark.parametrize(
    ("words", "accuracy"),
    [("5 mm", 0.005), ("± 1,5 cm (kiểm tra)", 0.015), ("0.02m at 10 m", 0.02), ("very good", None), ("0 mm", None)],
)
def test_the_stated_accuracy_is_read_and_nothing_is_made_of_what_is_not_stated(words: str, accuracy: float | None) -> None:
    stated = PublicFact("accuracy", LocalText(vi=words), "sheet")
    thing = replace(asset(MESH, AssetKind.MESH, {"shown_unit": "metre"}), paradata=(PublicFact("device", LocalText(en="9 mm")), stated))
    assert accuracy_of(thing) == accuracy


def test_an_accuracy_in_the_facts_comes_in_the_unit_that_is_shown() -> None:
    assert accuracy_of(asset(CLOUD, AssetKind.POINT_CLOUD, {"accuracy_m": 0.01, "unit": "millimetre"})) == pytest.approx(10)
    assert accuracy_of(asset(CLOUD, AssetKind.POINT_CLOUD, {"accuracy_m": 0.01})) is None


def test_the_deviation_of_the_light_model_and_its_grid_add_up() -> None:
    facts = {"views": {"model.glb": {"error": {"p95": 0.003}}}, "grid_step": 0.004}
    assert configured(asset(MESH, AssetKind.MESH, facts, *MODEL))["deviation"] == pytest.approx(0.005)


def test_notes_are_numbered_and_pins_stand_where_they_are_in_the_browsers_axes() -> None:
    def note(name: str, *targets: AnnotationTarget) -> Annotation:
        return Annotation(name, LocalText(en=name), EMPTY, targets)

    point = (1.0, 2.0, 3.0)
    whole = site(
        note("one", AnnotationTarget(MESH), AnnotationTarget(CLOUD, SelectorKind.POINT, point)),
        note("two", AnnotationTarget(MESH, SelectorKind.POINT, point), AnnotationTarget(PHOTO, SelectorKind.REGION, (0.1, 0.2, 0.3, 0.4))),
    )
    mesh, cloud, photo = asset(MESH, AssetKind.MESH, {}), asset(CLOUD, AssetKind.POINT_CLOUD, {}), asset(PHOTO, AssetKind.PHOTO, {})

    def words(text: LocalText) -> str:
        return text.en or ""

    assert [(number, one.id) for number, one, _ in numbered_notes(whole, mesh)] == [(1, "one"), (2, "two")]
    assert space_pins(whole, mesh, words) == [{"id": "two", "number": 2, "label": "two", "place": [1.0, 2.0, 3.0]}]
    assert space_pins(whole, cloud, words) == [{"id": "one", "number": 1, "label": "one", "place": [1.0, 3.0, -2.0]}]
    assert photo_pins(whole, photo, words) == [{"id": "two", "number": 1, "label": "two", "region": [0.1, 0.2, 0.3, 0.4]}]
    assert numbered_notes(replace(whole, tour=None), mesh) == []


def test_the_pictures_from_around_are_in_their_order_and_need_a_plain_one() -> None:
    names = ("turn-090.jpg", "turn-000.jpg", "turn-000.avif", "turn-180.avif", "turn-x.jpg")
    thing = asset(MESH, AssetKind.MESH, {}, *((MediaRole.TURNTABLE, name, 1) for name in names))
    where = "/media/nha/3/dtmesh/turn-"
    assert turn_stills(site(), thing) == [("000", f"{where}000.avif", f"{where}000.jpg"), ("090", "", f"{where}090.jpg")]


@pytest.mark.parametrize(("value", "words"), [(0.00123, "0.0012"), (12.34, "12"), (1234.0, "1234"), (0.0000123, "0.000012")])
def test_small_lengths_have_two_figures(value: float, words: str) -> None:
    assert significant(value, Language.EN) == words
    assert significant(value, Language.VI) == words.replace(".", ",")
