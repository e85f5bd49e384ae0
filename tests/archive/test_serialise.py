import json
from dataclasses import dataclass
from datetime import date

import pytest

from archive.errors import RecordError
from archive.records.access import AccessDecision, AccessLevel
from archive.records.asset import Asset, SourcedValue
from archive.records.events import Event, EventType, Outcome
from archive.records.serialise import from_json, from_values, plain, to_json, to_line
from archive.records.survey import Survey
from archive.records.text import LocalText
from archive.records.tour import Scene, Tour
from tests.archive.builders import asset_record


@dataclass(frozen=True, slots=True)
class Sample:
    number: float
    pair: tuple[str, int] = ("a", 1)
    values: dict[str, SourcedValue] | None = None
    anything: object = None
    schema: int = 2


def test_a_record_comes_back_equal() -> None:
    record = asset_record(b"pixels", "Đình Thạc Gián")
    assert from_json(Asset, to_json(record)) == record
    tour = Tour("ark:99999/dt1", (Scene("s", "p", LocalText(vi="Sân"), position=(1.0, 2.0, 3.5)),))
    assert from_json(Tour, to_json(tour)) == tour
    sample = Sample(2.0, ("b", 2), {"width": SourcedValue(3, "exif")}, {"free": [1, None]})
    assert from_json(Sample, to_json(sample)) == sample


def test_canonical_form() -> None:
    content = to_json(Survey("s", "ark:99999/dt1", operator="Trần"))
    assert content.endswith(b"\n}\n".replace(b"\n}", b"\n}"))
    assert "Trần".encode() in content
    assert list(json.loads(content)) == sorted(json.loads(content))
    assert to_line(Survey("s", "x")).count(b"\n") == 1


def test_dates_and_enumerations() -> None:
    decision = AccessDecision(AccessLevel.REDUCED, "people", "urn:x", date(2027, 1, 31))
    assert plain(decision)["review"] == "2027-01-31"
    assert from_json(AccessDecision, to_json(decision)) == decision
    assert from_values(AccessDecision, {"review": date(2027, 1, 31)}).review == date(2027, 1, 31)


def test_bytes_that_are_not_utf8_survive_as_valid_json() -> None:
    name = b"\xff\xe1.jpg".decode("utf-8", "surrogateescape")
    content = to_json(Survey(name, "x"))
    content.decode("utf-8")
    assert from_json(Survey, content).name == name


def test_events_have_premis_names() -> None:
    event = Event("e1", EventType.INGESTION, "2026-11-22T00:00:00+00:00", Outcome.SUCCESS, ("a",), ("o",), extra={"n": [1]})
    assert json.loads(to_line(event))["eventType"] == "ing"
    assert "identifier" not in json.loads(to_line(event))
    assert from_json(Event, to_line(event)) == event


def test_a_newer_schema_is_refused_by_its_number() -> None:
    with pytest.raises(RecordError, match=r"Sample record has schema 3; this Ditich knows up to 2.*update"):
        from_json(Sample, b'{"number": 1, "schema": 3}')


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"nothing", "not readable JSON"),
        (b"[" * 100_000, "not readable JSON"),
        (b"[]", "Sample should be an object"),
        (b"{}", "lacks number"),
        (b'{"number": 1, "colour": 2}', "colour"),
        (b'{"number": true}', r"Sample.number should be float"),
        (b'{"number": 1, "pair": ["a"]}', r"list of 2"),
        (b'{"number": 1, "pair": "ab"}', r"list of 2"),
        (b'{"number": 1, "pair": ["a", "b"]}', r"pair\[1\] should be int"),
        (b'{"number": 1, "values": 3}', "values should be an object"),
    ],
)
def test_what_is_not_the_record_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        from_json(Sample, content)


def test_wrong_members_of_lists_and_enumerations_are_refused() -> None:
    with pytest.raises(RecordError, match="a list"):
        from_json(Tour, b'{"site": "x", "scenes": 1}')
    with pytest.raises(RecordError, match="level should be AccessLevel"):
        from_json(AccessDecision, b'{"level": "secret"}')


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, {"a": object()}])
def test_values_that_json_has_no_place_for(value: object) -> None:
    with pytest.raises(RecordError, match="JSON cannot"):
        to_json(Sample(1.0, anything=value))


def test_keys_that_cannot_be_sorted_are_refused() -> None:
    with pytest.raises(RecordError, match="JSON cannot"):
        to_json(Sample(1.0, anything={1: "a", "b": 2}))
