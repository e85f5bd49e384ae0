"""What our manifests say: the walk in order, its words on the canvas, guided walks, spoken words, rights, places and badges."""

import json
from dataclasses import replace
from typing import Any

import pytest

from archive.publications.read import PLACEHOLDER_BASE
from archive.records.annotation import Annotation, AnnotationTarget, SelectorKind
from archive.records.asset import Nature
from archive.records.identifiers import identifier_of
from archive.records.publication import PublicSite
from archive.records.text import LocalText
from archive.records.tour import Guide, GuideStep, Hotspot, SceneLink, View
from pipeline.publish.presentation import parts, places
from pipeline.publish.publish import exports_of
from tests.archive.publications.builders import GATE, LICENCE, PHOTO, SLUG, YARD
from tests.pipeline.publish.iiif_builders import CLOUD, MESH, SOUND, rich_site
from tests.pipeline.publish.iiif_rules import faults


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> PublicSite:
    return rich_site(tmp_path_factory.mktemp("rich") / "pictures")


@pytest.fixture(scope="module")
def documents(site: PublicSite) -> dict[str, Any]:
    return {name: json.loads(content) for name, content in exports_of(site).items() if name.endswith(".json")}


def canvas_name(ark: str) -> str:
    return f"{PLACEHOLDER_BASE}/export/{SLUG}/canvas-{identifier_of(ark)}"


def remarks(canvas: dict[str, Any]) -> list[dict[str, Any]]:
    return [annotation for page in canvas.get("annotations", []) for annotation in page["items"]]


def words_of(annotation: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for body in annotation["body"]:
        if body["type"] == "TextualBody":
            found.setdefault(body.get("language", ""), []).append(body["value"])
    return found


def test_the_walk_is_one_canvas_for_each_scene_in_order(documents: dict[str, Any]) -> None:
    walk = documents["manifest-tour.json"]
    assert [canvas["id"] for canvas in walk["items"]] == [canvas_name(GATE), canvas_name(YARD)]
    assert faults(walk) == []
    whole = documents["manifest.json"]
    assert [canvas["id"] for canvas in whole["items"]][:2] == [canvas_name(GATE), canvas_name(YARD)]
    assert whole["items"][0] == walk["items"][0]


def test_ways_lead_to_the_canvas_of_the_next_scene_at_their_place(documents: dict[str, Any]) -> None:
    gate = documents["manifest-tour.json"]["items"][0]
    (way,) = (each for each in remarks(gate) if each["motivation"] == "linking" and each["body"][-1]["type"] == "SpecificResource")
    assert way["body"][-1]["source"]["id"] == canvas_name(YARD)
    assert words_of(way) == {"vi": ["Vào sân"], "en": ["Into the courtyard"]}
    left, top, width, height = (int(value) for value in way["target"].split("xywh=")[1].split(","))
    assert abs(left + width / 2 - gate["width"] / 2) <= 1
    assert abs(top + height / 2 - gate["height"] * (0.5 + 5 / 180)) <= 1


def test_directions_are_commentary_in_their_language_on_their_quarter(documents: dict[str, Any]) -> None:
    gate = documents["manifest-tour.json"]["items"][0]
    (north,) = (each for each in remarks(gate) if words_of(each).get("en") == ["The courtyard and the stele house"])
    assert north["motivation"] == "commenting"
    assert north["target"] == f"{gate['id']}#xywh={gate['width'] * 3 // 8},0,{gate['width'] // 4},{gate['height']}"


def test_sights_say_their_words_and_lead_to_their_page(documents: dict[str, Any]) -> None:
    gate = documents["manifest-tour.json"]["items"][0]
    (floor,) = (each for each in remarks(gate) if words_of(each).get("vi") == ["Nền", "Gạch Bát Tràng."])
    assert floor["target"].startswith(gate["id"])
    links = [each for each in remarks(gate) if each["body"][0]["type"] == "Text"]
    assert [body["id"] for body in links[0]["body"]] == [
        f"{PLACEHOLDER_BASE}/{language}/{SLUG}/{identifier_of(PHOTO)}" for language in ("vi", "en", "th")
    ]


def test_an_annotation_stands_wherever_the_thing_is_seen(documents: dict[str, Any]) -> None:
    seen = {
        canvas["id"]: [each["target"] for each in remarks(canvas) if "Dragons" in words_of(each).get("en", [])]
        for canvas in documents["manifest.json"]["items"]
    }
    photo = next(canvas for canvas in documents["manifest.json"]["items"] if canvas["id"] == canvas_name(PHOTO))
    assert seen[canvas_name(PHOTO)] == [f"{photo['id']}#xywh=300,450,600,225"]
    assert seen[canvas_name(GATE)][0].startswith(f"{canvas_name(GATE)}#xywh=")
    assert seen[canvas_name(YARD)] == [canvas_name(YARD)]
    (draft,) = documents[f"manifest4-{identifier_of(CLOUD)}.json"]["items"]
    (remark,) = draft["annotations"][0]["items"]
    assert remark["target"]["selector"] == [{"type": "PointSelector", "x": 1.0, "y": 3.0, "z": -2.0}]
    (statement,) = documents["annotations.json"]["items"]
    assert len(statement["target"]) == 5
    assert "dtnotpublic" not in json.dumps(documents)


def test_guided_walks_are_ranges_of_steps(documents: dict[str, Any]) -> None:
    (guide,) = documents["manifest-tour.json"]["structures"]
    assert guide["label"] == {"vi": ["Dạo nhanh"], "en": ["A quick walk"]}
    assert [step["label"] for step in guide["items"]] == [{"vi": ["Cổng"]}, {"vi": ["Sân"]}]
    first = guide["items"][0]["items"][0]
    assert (first["type"], first["source"]["id"], first["selector"]["type"]) == ("SpecificResource", canvas_name(GATE), "FragmentSelector")
    names = [each["id"].rsplit("/", 1)[-1] for each in documents["manifest.json"]["structures"]]
    assert names == ["walk", "quick", "photo", "other", "models"]
    whole = next(each for each in documents["manifest.json"]["structures"] if each["id"].endswith("quick"))
    assert [step["label"]["vi"] for step in whole["items"]] == [["Cổng"], ["Mái"], ["Sân"]]


def test_what_is_told_on_a_walk_is_heard_with_its_captions(documents: dict[str, Any]) -> None:
    spoken = [each for each in remarks(documents["manifest-tour.json"]["items"][0]) if each["motivation"] == "supplementing"]
    assert [[(body["type"], body["format"], body["language"]) for body in each["body"]] for each in spoken] == [
        [("Sound", "audio/mpeg", "vi"), ("Text", "text/vtt", "vi")],
        [("Sound", "audio/mpeg", "en")],
    ]
    assert spoken[0]["body"][0]["duration"] == 12.5


def test_a_recording_is_a_canvas_that_lasts(documents: dict[str, Any]) -> None:
    (canvas,) = documents[f"manifest-{identifier_of(SOUND)}.json"]["items"]
    body = canvas["items"][0]["items"][0]["body"]
    assert (canvas["duration"], body["type"], "width" in canvas) == (3.5, "Sound", False)


def test_rights_stand_as_iiif_wants_them_and_others_in_words(documents: dict[str, Any]) -> None:
    photo = documents[f"manifest-{identifier_of(PHOTO)}.json"]
    assert photo["rights"] == LICENCE.replace("https", "http")
    mesh = documents[f"manifest-{identifier_of(MESH)}.json"]
    assert "rights" not in mesh
    assert "https://example.org/own" in json.dumps(mesh["metadata"])


@pytest.mark.parametrize(
    ("rights", "address"),
    [
        ("https://creativecommons.org/publicdomain/zero/1.0/", "http://creativecommons.org/publicdomain/zero/1.0/"),
        ("https://rightsstatements.org/page/InC/1.0/?language=en", "http://rightsstatements.org/vocab/InC/1.0/"),
        ("all rights reserved", None),
        ("https://creativecommons.org/", None),
    ],
)
def test_statements_of_rights(rights: str, address: str | None) -> None:
    assert parts.rights_address(rights) == address


def test_what_is_no_survey_says_so_beside_the_picture(documents: dict[str, Any], site: PublicSite) -> None:
    mesh = documents[f"manifest-{identifier_of(MESH)}.json"]
    assert mesh["requiredStatement"]["value"] == {
        "vi": ["© Ai đó", "Phục dựng"],
        "en": ["© Ai đó", "Reconstruction"],
        "th": ["© Ai đó", "การสร้างขึ้นใหม่"],
    }
    bare = replace(site.assets[0], nature=Nature.SIMULATED, credit="")
    statement = parts.credit(bare)
    assert statement is not None
    assert statement.value["en"] == ("Simulated",)


def test_a_place_is_given_only_where_it_is_public(documents: dict[str, Any], site: PublicSite) -> None:
    cloud = documents[f"manifest-{identifier_of(CLOUD)}.json"]["items"][0]
    assert cloud["navPlace"]["features"][0]["geometry"] == {"type": "Point", "coordinates": [108.21, 16.07]}
    assert documents["manifest.json"]["@context"] == [parts.PLACE_CONTEXT, parts.CONTEXT]
    hidden = replace(
        site, latitude=None, longitude=None, assets=tuple(replace(each, latitude=None, longitude=None) for each in site.assets)
    )
    for name, content in exports_of(hidden).items():
        assert b"108.21" not in content, name
        assert b"navPlace" not in content, name


def test_drafts_say_that_they_are_drafts(documents: dict[str, Any]) -> None:
    for name, draft in documents.items():
        if name.startswith("manifest4"):
            assert [words[-1].rsplit("(", 1)[1] for words in draft["label"].values()] == ["bản thảo)", "draft)", "ร่าง)"]
    links = documents[f"manifest-{identifier_of(MESH)}.json"]["seeAlso"]
    assert "draft" in next(link for link in links if "manifest4" in link["id"])["label"]["en"][0]


def test_a_site_without_a_walk_and_without_pictures(site: PublicSite) -> None:
    assert "manifest-tour.json" not in exports_of(replace(site, tour=None))
    nothing = replace(site, tour=None, assets=(), latitude=None, longitude=None)
    assert {name for name in exports_of(nothing) if name.endswith(".json")} == set()
    nameless = exports_of(replace(site, name=LocalText()))
    assert "oai_dc.xml" not in nameless["manifest.json"].decode()


def odd(site: PublicSite) -> PublicSite:
    """The site with a photographed third of the gate's sphere, ways and sights outside of it, and a walk that looks away."""
    assert site.tour is not None
    gate, yard = site.tour.scenes
    ways = (SceneLink(yard.id, 0.0, label=LocalText()), SceneLink(yard.id, 170.0), SceneLink("dtgone", 0.0))
    away = Hotspot(170.0, 0.0, LocalText(vi="Khuất"))
    bare = Hotspot(0.0, 0.0, LocalText(), asset="ark:99999/dtprivate")
    gate = replace(gate, links=(*ways, SceneLink(yard.id, 0.0, direction_known=False)), hotspots=(away, bare))
    gate = replace(gate, directions=(("upwards", LocalText(vi="Trời")), ("north", LocalText()), *gate.directions))
    steps = (GuideStep(LocalText(), scene=gate.id, view=View(170.0, 0.0)), GuideStep(LocalText(vi="Tiếng"), asset=SOUND))
    crop = {"full_width": 6144, "full_height": 3072, "left": 2048, "top": 1024, "width": 2048, "height": 1024}
    assets = tuple(replace(each, facts={**each.facts, "crop": crop}) if each.ark == GATE else each for each in site.assets)
    outside = Annotation("o", LocalText(vi="Xa"), targets=(AnnotationTarget(GATE, SelectorKind.DIRECTION, (170.0, 0.0)),))
    silent = Annotation("s", LocalText(), targets=(AnnotationTarget(MESH, SelectorKind.POINT, (1.0, 2.0, 3.0)),))
    unheaded = replace(yard, heading=None)
    tour = replace(site.tour, scenes=(gate, unheaded), annotations=(outside, silent), guides=(Guide("g", LocalText(), steps=steps),))
    return replace(site, tour=tour, assets=assets)


def test_what_was_not_photographed_is_not_pointed_at(site: PublicSite) -> None:
    found = {name: json.loads(content) for name, content in exports_of(odd(site)).items() if name.endswith(".json")}
    gate = found["manifest-tour.json"]["items"][0]
    said = remarks(gate)
    assert len([each for each in said if each["motivation"] == "linking"]) == 1
    assert words_of(next(each for each in said if each["motivation"] == "linking"))["en"] == ["The courtyard"]
    assert not [each for each in said if "Khuất" in json.dumps(each, ensure_ascii=False) or "Trời" in json.dumps(each, ensure_ascii=False)]
    assert [each["target"] for each in said if words_of(each).get("vi") == ["Xa"]] == [gate["id"]]
    (guide,) = found["manifest.json"]["structures"][1:2]
    assert [step["label"] for step in guide["items"]] == [{"none": ["1"]}, {"vi": ["Tiếng"]}]
    assert guide["label"] == {"none": ["g"]}
    assert [step["items"][0]["type"] for step in guide["items"]] == ["Canvas", "Canvas"]
    assert len(found["annotations.json"]["items"]) == 1
    assert "annotations" not in found[f"manifest4-{identifier_of(MESH)}.json"]["items"][0]
    assert faults(found["manifest.json"]) == []


def test_a_thing_in_space_without_a_shape_to_show_has_no_draft(site: PublicSite) -> None:
    shapeless = tuple(replace(each, files=()) if each.ark in {MESH, CLOUD} else each for each in site.assets)
    assert not [name for name in exports_of(replace(site, assets=shapeless)) if name.startswith("manifest4")]
    one = tuple(replace(each, files=()) if each.ark == MESH else each for each in site.assets)
    names = {name for name in exports_of(replace(site, assets=one)) if name.startswith("manifest4")}
    assert names == {"manifest4.json", f"manifest4-{identifier_of(CLOUD)}.json"}


def test_a_site_without_an_annotation_of_anything_public_names_no_list(site: PublicSite) -> None:
    assert site.tour is not None
    quiet = replace(site, tour=replace(site.tour, annotations=()))
    exports = exports_of(quiet)
    assert "annotations.json" not in exports
    assert b"annotations.json" not in exports["manifest.json"]


def test_the_sphere_and_what_was_photographed_of_it() -> None:
    whole = places.sphere(360, 180, None)
    assert places.spot(whole, 0.0, 0.0) == places.Region(175, 85, 10, 10)
    assert places.spot(whole, 179.0, 89.9) == places.Region(354, 0, 6, 10)
    assert places.quarter(whole, 180.0) == (places.Region(0, 0, 45, 180), places.Region(315, 0, 45, 180))
    part = places.sphere(180, 90, {"full_width": 720, "full_height": 360, "left": 180, "top": 90, "width": 360, "height": 180})
    assert places.spot(part, 0.0, 0.0) == places.Region(85, 40, 10, 10)
    assert places.spot(part, 170.0, 0.0) is None
    assert places.spot(part, 0.0, 80.0) is None
    assert places.quarter(part, 180.0) == ()


def test_names_of_directions() -> None:
    assert [places.bearing_of(name) for name in ("north", "North-East", "sw", "450", "?")] == [0.0, 45.0, 225.0, 90.0, None]
    assert places.share(100, 100, (0.5, 0.5, 0.5)) is None
    assert places.share(100, 100, (0.5, 0.5, 0.5, 1.5)) is None
