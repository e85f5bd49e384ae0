"""PREMIS of everything that happened to an object: valid by the schema of the Library of Congress, and the same events when read back."""

from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree

from archive.errors import NotFoundError, RecordError
from archive.home import Home
from archive.records.events import Event, EventType, Outcome
from archive.records.package import VersionDraft
from archive.records.serialise import to_line
from pipeline.publish.premis_archive import PREMIS, events_about, events_in, premis_of
from tests.archive.builders import NOW, asset_draft, draft, file_of, keep, new_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path)


class Local(etree.Resolver):  # type: ignore[misc]
    """Finds what the schema imports beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resolve(self, system_url: str | None, _public: str | None, context: object) -> object:
        found = next(iter(self.folder.rglob((system_url or "").rpartition("/")[2])), None)
        return self.resolve_filename(str(found), context) if found else None


def schema(corpus: Path) -> etree.XMLSchema:
    parser = etree.XMLParser()
    parser.resolvers.add(Local(corpus / "xsd"))
    return etree.XMLSchema(etree.parse(str(corpus / "xsd/premis/premis-v3-0.xsd"), parser))


def every_kind(ark: str, agent: str) -> list[Event]:
    """An event of each type and each outcome, with values of every kind."""
    outcomes = list(Outcome)
    return [
        Event(
            identifier=f"urn:uuid:{number}",
            type=kind,
            when=(NOW + timedelta(days=number)).isoformat(timespec="seconds"),
            outcome=outcomes[number % len(outcomes)],
            agents=(agent, "urn:uuid:somebody-else"),
            objects=(ark, "ark:99999/dtother"),
            detail="Đình Thạc Gián <&> ศาลา" if number % 2 else "",
            extra={"list": [1, None, True], "text": "\x01\ud800 “x”".encode("utf-8", "replace").decode(), "number": 2.5, "deep": {"a": []}},
        )
        for number, kind in enumerate(EventType)
    ]


def test_every_event_of_every_type_is_exported_valid_and_comes_back(home: Home, corpus: Path) -> None:
    wanted = asset_draft(b"\xff\xd8 picture", "Cổng")
    keep(home, wanted)
    ark = wanted.object_id
    events = every_kind(ark, home.config.agent)
    home.log.append(events, home.signers(), NOW)
    document = premis_of(home, ark)
    rules = schema(corpus)
    assert rules.validate(etree.fromstring(document)), rules.error_log
    assert events_in(document) == events_about(home, ark)
    assert events_in(document)[1:] == tuple(events)
    root = etree.fromstring(document)
    types = [agent.findtext(f"{{{PREMIS}}}agentType") for agent in root.findall(f"{{{PREMIS}}}agent")]
    assert types == ["person", None]
    digests = [element.text for element in root.iter(f"{{{PREMIS}}}messageDigest")]
    assert len(digests) == 4
    assert "fmt/43" in document.decode()


def test_the_real_events_of_a_home_are_valid(home: Home, corpus: Path) -> None:
    """An archive's own creation, versions, and the provenance that an object carries."""
    ark = "ark:99999/dtx1"
    own = Event("urn:uuid:own", EventType.CAPTURE, NOW.isoformat(), Outcome.SUCCESS, (), (ark,), "photographed")
    keep(home, VersionDraft(ark, "", (file_of("events.jsonl", to_line(own)), file_of("a", b"1")), "test"))
    keep(home, draft(ark, "v1", a=b"2"))
    document = premis_of(home, ark)
    rules = schema(corpus)
    assert rules.validate(etree.fromstring(document)), rules.error_log
    assert [event.type for event in events_in(document)] == [EventType.INGESTION, EventType.MODIFICATION]
    keep(home, VersionDraft(ark, "v2", (file_of("events.jsonl", to_line(own)),), "test"))
    assert own in events_in(premis_of(home, ark))


def test_what_is_not_there_or_not_premis(home: Home) -> None:
    with pytest.raises(NotFoundError):
        premis_of(home, "ark:99999/dtnothing")
    for document in (b"no xml", f'<premis xmlns="{PREMIS}"><event/></premis>'.encode()):
        with pytest.raises(RecordError, match="not a PREMIS document"):
            events_in(document)
