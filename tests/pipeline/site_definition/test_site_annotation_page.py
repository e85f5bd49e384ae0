"""annotations.json as the W3C writes it: read whole, or refused with the name of what cannot be held."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import UsageError
from archive.records.annotation import AnnotationTarget, SelectorKind
from archive.records.text import LocalText
from pipeline.site_definition.annotation_page import MOST, read_annotations
from tests.pipeline.site_definition.folder_builders import annotation, page

NAME = {"type": "TextualBody", "purpose": "identifying", "language": "vi", "value": "Rồng"}


def target_of(selector: dict[str, Any]) -> AnnotationTarget:
    (found,) = read_annotations(page(annotation(target={"source": "a.jpg", "selector": selector})))
    return found.targets[0]


def test_an_annotation_says_what_by_whom_it_is_known_and_where() -> None:
    item = annotation(
        id="https://dinh.example/chu-giai#rong-chau",
        motivation="commenting",
        body=[NAME, {"type": "TextualBody", "language": "en", "value": "Two dragons", "format": "text/plain"}],
        target=["ark:99999/dtx", {"type": "SpecificResource", "source": "Mặt tiền.jpg"}, "a.jpg#xywh=percent:10,20,30,40"],
    ) | {"dcterms:source": "Hồ sơ 1998", "ditich:certainty": "B", "ditich:position": [1, 2.5, -3]}
    (found,) = read_annotations(page(item, id="trang.json"))
    assert (found.id, found.label, found.text) == ("rong-chau", LocalText(vi="Rồng"), LocalText(en="Two dragons"))
    assert found.targets == (
        AnnotationTarget("ark:99999/dtx"),
        AnnotationTarget("file:Mặt tiền.jpg"),
        AnnotationTarget("file:a.jpg", SelectorKind.REGION, (0.1, 0.2, 0.3, 0.4)),
    )
    assert (found.sources, found.certainty, found.position) == (("Hồ sơ 1998",), "B", (1.0, 2.5, -3.0))


@pytest.mark.parametrize(
    ("selector", "kind", "values"),
    [
        ({"type": "FragmentSelector", "value": "xywh=percent:0,0,100,100"}, SelectorKind.REGION, (0, 0, 1, 1)),
        ({"type": "FragmentSelector", "value": "xywh=10,20,30,40"}, SelectorKind.PIXELS, (10, 20, 30, 40)),
        ({"type": "FragmentSelector", "value": "xywh=pixel:10,20,30,40.5"}, SelectorKind.PIXELS, (10, 20, 30, 40.5)),
        ({"type": "FragmentSelector", "value": "v=-170.5,12", "conformsTo": "x"}, SelectorKind.DIRECTION, (-170.5, 12)),
        ({"type": "FragmentSelector", "value": "v=1,-90,75"}, SelectorKind.DIRECTION, (1, -90)),
        ({"type": "PointSelector", "x": 3, "y": 4}, SelectorKind.PIXELS, (3, 4)),
        ({"type": "PointSelector", "x": 3, "y": 4, "z": -5}, SelectorKind.POINT, (3, 4, -5)),
    ],
)
def test_every_selector_that_is_understood(selector: dict[str, Any], kind: SelectorKind, values: tuple[float, ...]) -> None:
    target = target_of(selector)
    assert target.kind is kind
    assert target.values == pytest.approx(values)


@pytest.mark.parametrize(
    ("selector", "said"),
    [
        ({"type": "SvgSelector", "value": "<svg/>"}, "SvgSelector"),
        ({"type": "FragmentSelector", "value": "t=10"}, "none of xywh"),
        ({"type": "FragmentSelector", "value": "xywh=percent:90,0,20,10"}, "outside the picture"),
        ({"type": "FragmentSelector", "value": "xywh=percent:10,10,0,10"}, "outside the picture"),
        ({"type": "FragmentSelector", "value": "v=0,91"}, "pitch"),
        ({"type": "FragmentSelector", "value": "xywh=1e9,0,1,1"}, "none of xywh"),
        ({"type": "PointSelector", "x": 1}, "y"),
        ({"type": "PointSelector", "x": 1, "y": 2, "refinedBy": {}}, "refinedBy"),
    ],
)
def test_a_selector_that_is_not_is_refused_with_its_place(selector: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        target_of(selector)
    assert raised.value.message.startswith("annotations.json: items, 1 (#rong), target, 1")
    assert raised.value.advice


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read as JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b"[]", "a table"),
        (b'{"type": "AnnotationPage", "items": []}', "@context"),
        (page(**{"@context": "http://iiif.io/api/presentation/3/context.json"}), "does not name"),
        (page(type="AnnotationCollection"), "type"),
        (page(next="page2"), "next"),
        (page(annotation(), annotation()), "stands twice"),
        (page(annotation(id="Rồng")), "short name"),
        (page(annotation(body=[])), "a name is missing"),
        (page(annotation(body=[NAME, NAME])), "two bodies"),
        (page(annotation(body=[NAME | {"language": "fr"}])), "language"),
        (page(annotation(body=[NAME | {"format": "text/html"}])), "format"),
        (page(annotation(body="https://ngoai.example/body")), "body"),
        (page(annotation(target={"source": ""})), "source"),
        (page(annotation(target=5)), "target"),
        (page(annotation(creator={"name": "Ông Giữ"})), "creator"),
        (page(annotation(**{"ditich:certainty": "sure"})), "certainty"),
        (page(annotation()).replace(b'"a.jpg"', b'{"source":"a.jpg","selector":{"type":"PointSelector","x":NaN,"y":1}}'), "x"),
        (page(annotation(**{"ditich:position": [1, 2]})), "position"),
    ],
)
def test_what_is_wrong_is_said(content: bytes, said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        read_annotations(content)
    assert raised.value.message.startswith("annotations.json")
    assert raised.value.advice


def test_far_too_many_are_refused() -> None:
    with pytest.raises(UsageError, match="items"):
        read_annotations(page(*(annotation(id=f"#a{number}") for number in range(MOST + 1))))


def test_of_very_many_faults_the_first_are_said() -> None:
    with pytest.raises(UsageError, match="and 188 more") as raised:
        read_annotations(page(*(annotation(id=f"#a{number}", colour="red") for number in range(200))))
    assert len(raised.value.message) < 2000


def test_an_annotation_may_stand_without_a_target() -> None:
    (found,) = read_annotations(page(annotation(target=[])))
    assert found.targets == ()


_KEYS = st.sampled_from(["id", "type", "body", "target", "source", "selector", "value"])
_LEAVES = st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5)


@given(st.recursive(_LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4)))
def test_anything_else_is_refused_in_words(value: Any) -> None:
    with pytest.raises(UsageError):
        read_annotations(json.dumps({"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage", "items": [value]}).encode())
