"""Annotations: each target in the units in which it is shown, and no machine tells where a hidden thing stands."""

import math
from dataclasses import replace
from typing import Any

import pytest

from archive.records.access import AccessDecision
from archive.records.annotation import Annotation, AnnotationTarget, SelectorKind
from archive.records.asset import AssetKind
from archive.records.serialise import to_json
from archive.records.text import LocalText
from archive.records.tour import Hotspot, Scene, Tour
from tests.pipeline.publish.publish_builders import REDUCED, RESTRICTED
from tests.pipeline.publish.tour_builders import composed, named

PANO = named(1, "pano.jpg")
PHOTO = named(2, "photo.jpg", AssetKind.PHOTO)
MESH = named(3, "mesh.obj", AssetKind.MESH)
CLOUD = named(4, "cloud.e57", AssetKind.POINT_CLOUD)
PAPER = named(5, "paper.pdf", AssetKind.DOCUMENT)
EVERYTHING = (PANO, PHOTO, MESH, CLOUD, PAPER)
HERE = Scene("file:pano.jpg", "file:pano.jpg", LocalText(vi="Sân"), position=(10.0, 0.0, 1.0), position_source="tour.toml", heading=90.0)


def target(name: str, kind: SelectorKind = SelectorKind.WHOLE, *values: float) -> AnnotationTarget:
    return AnnotationTarget(f"file:{name}", kind, values)


def note(*targets: AnnotationTarget, position: tuple[float, float, float] | None = None) -> Annotation:
    return Annotation("hom-sac", LocalText(vi="Hòm sắc phong"), LocalText(vi="sau khám"), targets, position, ("Hồ sơ",), "A")


Placed = list[tuple[str, SelectorKind, tuple[float, ...]]]


def placed(*targets: AnnotationTarget, position: tuple[float, float, float] | None = None, scene: Scene = HERE, **more: Any) -> Placed:
    """The public targets of one annotation."""
    assets = more.pop("assets", EVERYTHING)
    tour = composed(Tour("", (scene,), annotations=(note(*targets, position=position),)), *assets, **more).site.tour
    assert tour is not None
    assert all(annotation.position is None for annotation in tour.annotations)
    return [(found.asset, found.kind, found.values) for each in tour.annotations for found in each.targets]


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        ((20.0, 0.0, 1.0), (0.0, 0.0)),
        ((10.0, 10.0, 1.0), (-90.0, 0.0)),
        ((10.0, -10.0, 11.0), (90.0, 45.0)),
        ((0.0, 0.0, 1.0), (-180.0, 0.0)),
        ((10.0, 0.0, -5.0), (-90.0, -90.0)),
    ],
)
def test_a_direction_follows_from_where_the_thing_and_the_camera_stand(
    position: tuple[float, float, float], expected: tuple[float, float]
) -> None:
    assert placed(target("pano.jpg"), position=position) == [(PANO.ark, SelectorKind.DIRECTION, expected)]


@pytest.mark.parametrize(
    "scene",
    [
        replace(HERE, heading=None),
        replace(HERE, position=None),
        replace(HERE, panorama="file:other.jpg"),
        replace(HERE, position_source="gps"),
    ],
)
def test_without_a_common_frame_the_whole_panorama_is_meant(scene: Scene) -> None:
    assert placed(target("pano.jpg"), position=(20.0, 0.0, 1.0), scene=scene) == [(PANO.ark, SelectorKind.WHOLE, ())]


def test_without_a_position_the_whole_panorama_is_meant() -> None:
    assert placed(target("pano.jpg")) == [(PANO.ark, SelectorKind.WHOLE, ())]


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        (SelectorKind.DIRECTION, (190.0, 12.0), (-170.0, 12.0)),
        (SelectorKind.REGION, (0.5, 0.25, 0.5, 0.25), (90.0, 22.5)),
        (SelectorKind.PIXELS, (0.0, 0.0), (-180.0, 90.0)),
        (SelectorKind.PIXELS, (1000.0, 1000.0, 2000.0, 0.5), (0.0, -0.02)),
    ],
)
def test_a_place_on_a_panorama_is_a_direction(kind: SelectorKind, values: tuple[float, ...], expected: tuple[float, float]) -> None:
    assert placed(target("pano.jpg", kind, *values)) == [(PANO.ark, SelectorKind.DIRECTION, expected)]


def test_of_a_cropped_panorama_the_part_of_the_sphere_counts() -> None:
    crop = {"full_width": 8000, "full_height": 4000, "left": 2000, "top": 1000, "width": 4000, "height": 2000}
    made = placed(target("pano.jpg", SelectorKind.PIXELS, 4000.0, 0.0), pano={"crop": crop})
    assert made == [(PANO.ark, SelectorKind.DIRECTION, (90.0, 45.0))]


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        (SelectorKind.REGION, (0.1, 0.2, 0.3, 0.4), (0.1, 0.2, 0.3, 0.4)),
        (SelectorKind.PIXELS, (400.0, 200.0, 800.0, 400.0), (0.1, 0.1, 0.2, 0.2)),
        (SelectorKind.PIXELS, (400.0, 200.0), (0.1, 0.1, 0.0, 0.0)),
    ],
)
def test_a_place_on_a_photo_is_a_share_of_it(kind: SelectorKind, values: tuple[float, ...], expected: tuple[float, ...]) -> None:
    assert placed(target("photo.jpg", kind, *values)) == [(PHOTO.ark, SelectorKind.REGION, expected)]


@pytest.mark.parametrize(
    ("name", "kind", "values"),
    [
        ("photo.jpg", SelectorKind.PIXELS, (4001.0, 0.0)),
        ("photo.jpg", SelectorKind.PIXELS, (-1.0, 0.0, 5.0, 5.0)),
        ("photo.jpg", SelectorKind.DIRECTION, (0.0, 0.0)),
        ("photo.jpg", SelectorKind.POINT, (0.0, 0.0, 0.0)),
        ("photo.jpg", SelectorKind.WHOLE, ()),
        ("mesh.obj", SelectorKind.REGION, (0.0, 0.0, 1.0, 1.0)),
        ("paper.pdf", SelectorKind.PIXELS, (1.0, 1.0)),
        ("mesh.obj", SelectorKind.POINT, (1.0, 2.0, 3.0)),
    ],
)
def test_a_place_that_makes_no_sense_there_is_the_whole(name: str, kind: SelectorKind, values: tuple[float, ...]) -> None:
    ((_, found, numbers),) = placed(target(name, kind, *values))
    assert (found, numbers) == (SelectorKind.WHOLE, ())


def test_a_point_of_a_model_is_carried_into_the_frame_that_is_shown() -> None:
    turned = [2.0, 0, 0, 0, 0, 0, -2.0, 0, 0, 2.0, 0, 0, -10.0, -20.0, 30.0, 1.0]
    made = placed(target("mesh.obj", SelectorKind.POINT, 6.0, 7.0, 8.0), mesh={"frame": {"matrix": turned}})
    assert made == [(MESH.ark, SelectorKind.POINT, (2.0, -4.0, 16.0))]


def test_a_point_of_a_cloud_loses_what_tells_where_on_earth_it_is() -> None:
    tour = Tour("", (HERE,), annotations=(note(target("cloud.e57", SelectorKind.POINT, 548123.45, 1776543.25, 12.5)),))
    made = composed(tour, CLOUD, cloud={"offset": [548100.0, 1776500.0, 10.0], "frame": {"matrix": [1.0] * 16}}).site
    assert made.tour is not None
    assert made.tour.annotations[0].targets[0].values == pytest.approx((23.45, 43.25, 2.5))
    text = to_json(made).decode()
    assert not any(number in text for number in ("548123", "548100", "1776543"))


@pytest.mark.parametrize("access", [RESTRICTED, REDUCED])
def test_of_a_thing_that_is_kept_back_no_machine_tells_where_it_stands(access: AccessDecision) -> None:
    hidden = replace(PHOTO, access=access)
    behind = (20.0, 0.0, 1.0)
    assert placed(target("photo.jpg"), target("pano.jpg"), position=behind, assets=(PANO, hidden)) == []
    pointed = target("pano.jpg", SelectorKind.DIRECTION, 5.0, 6.0)
    assert placed(target("photo.jpg"), pointed, target("pano.jpg"), position=behind, assets=(PANO, hidden)) == [
        (PANO.ark, SelectorKind.DIRECTION, (5.0, 6.0))
    ], "what an officer has pointed out stays"
    assert placed(target("unknown.jpg"), target("pano.jpg"), position=behind, assets=(PANO,)) != [], "not there yet is not kept back"


@pytest.mark.parametrize("access", [RESTRICTED, REDUCED])
def test_an_annotation_about_hidden_things_alone_leaves_no_trace(access: AccessDecision) -> None:
    tour = Tour("", (HERE,), annotations=(note(target("photo.jpg")), note()))
    made = composed(tour, PANO, replace(PHOTO, access=access, title=LocalText(vi="x"))).site
    assert made.tour is not None
    assert made.tour.annotations == ()
    assert "sau khám" not in to_json(made).decode()


def test_a_hotspot_tells_nothing_of_what_is_shown_by_title_alone() -> None:
    spots = (Hotspot(1, 0, LocalText(vi="Hòm sắc phong"), asset="photo.jpg"), Hotspot(2, 0, LocalText(vi="Cột")))
    made = composed(Tour("", (replace(HERE, hotspots=spots),)), PANO, replace(PHOTO, access=REDUCED, title=LocalText(vi="x"))).site
    assert made.tour is not None
    assert [spot.label.vi for spot in made.tour.scenes[0].hotspots] == ["Cột"]


def test_the_same_place_on_every_view_of_one_thing() -> None:
    """A thing 5 m north-east of the camera and 3 m up: the direction leads there."""
    position = (10 + 5 / math.sqrt(2), 5 / math.sqrt(2), 4.0)
    ((_, _, (yaw, pitch)),) = placed(target("pano.jpg"), position=position)
    assert (yaw + 90) % 360 == pytest.approx(45, abs=0.01)
    assert math.tan(math.radians(pitch)) == pytest.approx(3 / 5, abs=0.001)
