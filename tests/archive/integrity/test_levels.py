"""The levels are what the evidence says, and fall when it expires."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.accession import accession
from archive.audit import audit
from archive.home import Home, save_config
from archive.integrity.closing import close_month
from archive.integrity.levels import LEVELS, Area, Cell, Criterion, Levels, State, levels
from archive.records.access import Rights
from archive.records.events import Event, EventType, Outcome
from archive.records.serialise import to_json
from archive.records.text import LocalText
from archive.settings import ReplicaConfig
from tests.archive.builders import NOW, asset_draft, asset_record, file_of, flip_byte, keep, site_draft
from tests.archive.integrity.test_status import seen_at_replica

LATER = NOW + timedelta(days=3)


def state(found: Levels, area: Area) -> list[State]:
    return [cell.state for cell in found.cells if cell.area is area]


def criterion(found: Levels, code: str) -> Criterion:
    return next(one for cell in found.cells for one in cell.criteria if one.code == code)


def replica(home: Home, folder: Path, *, name: str, medium: str = "usb-disk", place: str = "", same: bool = False) -> Home:
    config = ReplicaConfig(name, str(folder), medium=medium, place=place, same_device=same, added=NOW.isoformat())
    return save_config(home, replace(home.config, replicas=(*home.config.replicas, config)))


def event(home: Home, kind: EventType, when: datetime, outcome: Outcome = Outcome.SUCCESS, **extra: object) -> None:
    objects = (str(extra.pop("about")),) if "about" in extra else ()
    entry = Event(f"urn:test:{kind}:{when}:{extra}", kind, when.isoformat(), outcome, (home.config.agent,), objects, "", extra)
    home.log.append((entry,), home.signers(), when)


def test_an_empty_archive_has_nothing_to_show(home: Home) -> None:
    found = levels(home, NOW)
    assert len(found.cells) == len(Area) * len(LEVELS)
    assert [found.reached(area) for area in Area] == [0, 0, 1, 0, 0]
    assert criterion(found, "signed").met
    step = found.next_step(Area.STORAGE)
    assert step is not None
    assert step.code == "copies-two"


def test_a_second_copy_counts_until_its_next_look_is_due(home: Home, tmp_path: Path) -> None:
    draft = asset_draft(b"photo", "Ảnh")
    keep(home, draft)
    assert criterion(levels(home, NOW), "copies-two").values == {"n": 1, "wanted": 2}
    home = replica(home, tmp_path, name="disk-2", place="Huế")
    assert not criterion(levels(home, NOW), "copies-two").met
    seen_at_replica(home, NOW, (draft.object_id, "v1", "intact"))
    found = levels(home, NOW)
    copies = criterion(found, "copies-two")
    assert (copies.met, copies.until) == (True, (NOW + timedelta(days=90)).isoformat())
    assert found.reached(Area.STORAGE) == 1
    assert next(cell for cell in found.cells if cell.area is Area.STORAGE).until == copies.until
    assert criterion(found, "places-two").met
    assert criterion(found, "read-back").met
    late = levels(home, NOW + timedelta(days=91))
    assert not criterion(late, "copies-two").met
    assert not criterion(late, "in-time").met
    assert criterion(late, "in-time").values == {"n": 0, "of": 2}
    assert late.reached(Area.STORAGE) == 0
    assert not criterion(levels(home, NOW + timedelta(days=6 * 365)), "media-age").met


def test_a_copy_on_the_same_disk_or_a_damaged_one_is_none(home: Home, tmp_path: Path) -> None:
    draft = asset_draft(b"photo", "Ảnh")
    keep(home, draft)
    home = replica(home, tmp_path, name="disk-2", same=True)
    seen_at_replica(home, NOW, (draft.object_id, "v1", "intact"))
    assert criterion(levels(home, NOW), "copies-two").values["n"] == 1
    flip_byte(home.root / home.objects.folder_of(draft.object_id) / "v1/content/original/a.jpg")
    audit(home, now=LATER)
    found = levels(home, LATER)
    assert criterion(found, "copies-two").values["n"] == 0
    assert not criterion(found, "repaired").met
    (home.root / home.objects.folder_of(draft.object_id)).rename(tmp_path / "gone")
    assert criterion(levels(home, LATER), "digests").values == {"n": 0, "of": 1}


def test_drills_repairs_and_reports_expire(home: Home) -> None:
    keep(home, asset_draft(b"photo", "Ảnh"))
    event(home, EventType.VALIDATION, NOW, drill="disk-2", objects=1, of=1, seconds=2.0)
    event(home, EventType.VALIDATION, LATER, Outcome.FAILURE, drill="disk-2", objects=0, of=1, seconds=2.0)
    event(home, EventType.VALIDATION, LATER, drill="disk-2", objects=1, of=9, seconds=2.0, seed="4f")
    event(home, EventType.RECOVERY, NOW)
    found = levels(home, LATER)
    drill = criterion(found, "drill")
    assert (drill.met, drill.until[:10], drill.values) == (True, "2027-11-22", {"when": "2026-11-22"})
    assert criterion(found, "repaired").values == {"n": 0, "repairs": 1}
    assert not criterion(levels(home, NOW + timedelta(days=366)), "drill").met
    december = datetime(2026, 12, 2, tzinfo=NOW.tzinfo)
    close_month(home, "2026-11", lambda _report: {}, december)
    reports = criterion(levels(home, december), "reports")
    assert (reports.met, reports.values, reports.until[:10]) == (True, {"month": "2026-11"}, "2027-02-01")
    assert not criterion(levels(home, december + timedelta(days=70)), "reports").met


def test_records_are_counted(home: Home) -> None:
    bare = asset_draft(b"photo", "Ảnh")
    record = replace(
        asset_record(b"other", "Tượng"),
        rights=Rights("https://creativecommons.org/licenses/by/4.0/"),
        creator="Người chụp",
        title=LocalText(vi="Tượng"),
    )
    full = replace(bare, object_id=record.ark, files=(file_of("record.json", to_json(record)), file_of("original/a.jpg", b"other")))
    site = site_draft()
    accession(home, [bare, full, site], agent=home.config.agent, now=NOW)
    event(home, EventType.PUBLICATION, NOW, generation=1, about=site.object_id)
    found = levels(home, NOW)
    told = {code: criterion(found, code).values for code in ("described", "gaps", "formats", "second-opinion", "access", "logged")}
    assert told["described"] == {"n": 1, "of": 2}
    assert told["gaps"] == {"n": 0, "of": 2}
    assert told["formats"] == told["second-opinion"] == {"n": 2, "of": 2}
    assert told["access"] == {"n": 1, "of": 1}
    assert told["logged"]["n"] == told["logged"]["of"]
    assert State.PARTLY in state(found, Area.CONTENT)


def test_a_ledger_that_does_not_hold_proves_nothing(home: Home) -> None:
    keep(home, asset_draft(b"photo", "Ảnh"))
    assert criterion(levels(home, NOW), "signed").met
    segment = next((home.ledger / "log").iterdir())
    segment.chmod(0o644)
    segment.write_bytes(segment.read_bytes().replace(b"archive created", b"archive Created"))
    assert criterion(levels(home, NOW), "signed").values["n"] == 0


@pytest.mark.parametrize("area", list(Area))
def test_what_cannot_be_proved_is_never_met(home: Home, area: Area) -> None:
    keep(home, asset_draft(b"photo", "Ảnh"))
    found = levels(home, NOW)
    unproved = [one for cell in found.cells if cell.area is area for one in cell.criteria if not one.provable]
    assert not any(one.met for one in unproved)
    assert found.next_step(area) is None or not found.next_step(area).met  # type: ignore[union-attr]


def test_an_area_can_be_reached_whole() -> None:
    met = Criterion("any", met=True, values={})
    whole = Levels("", tuple(Cell(Area.CONTROL, level, State.MET, (met,)) for level in LEVELS))
    assert whole.reached(Area.CONTROL) == 4
    assert whole.next_step(Area.CONTROL) is None
    assert whole.cells[0].until == ""
