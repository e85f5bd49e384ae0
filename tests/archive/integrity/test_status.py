"""How an archive stands: figures, verdicts, and what to do, against real homes whose ledger was written by real runs."""

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archive.audit import audit
from archive.errors import DamageError
from archive.home import Home, save_config
from archive.integrity.figures import Verdict
from archive.integrity.notices import percent
from archive.integrity.status import status
from archive.ledger.checks import CheckLine, CheckList, run_of
from archive.records.events import Event, EventType, Outcome
from archive.settings import ReplicaConfig
from tests.archive.builders import NOW, draft, flip_byte, keep

ONE, TWO = "ark:99999/dt1", "ark:99999/dt2"


@pytest.fixture
def filled(home: Home) -> Home:
    keep(home, draft(ONE, original__a=b"first", record_json=b"1"), draft(TWO, original__b=b"second"))
    keep(home, draft(ONE, "v1", original__a=b"first", record_json=b"2"))
    return home


def codes(home: Home, now: datetime) -> list[str]:
    return [notice.code for notice in status(home, now).notices]


def with_replica(home: Home, folder: Path, **values: object) -> Home:
    config = ReplicaConfig("disk-2", str(folder), medium="usb-disk", place="tầng 2", added=NOW.isoformat(), **values)  # type: ignore[arg-type]
    return save_config(home, replace(home.config, replicas=(config,)))


def seen_at_replica(home: Home, when: datetime, *lines: tuple[str, str, str]) -> None:
    """A run at the replica as a replication enters it: (object, version, outcome)."""
    with CheckList(home.tree, "work/test-list") as leaves:
        for object_id, version, outcome in lines:
            leaves.add(CheckLine(object_id, version, "replica:disk-2", outcome, when.isoformat()))
        run = leaves.close("sha256")
    extra: dict[str, object] = {"replica": "disk-2", "file": run.file, "root": run.root, "lines": run.lines, "algorithm": "sha256"}
    extra |= {"bytes": 20, "seconds": 1.0}
    event = Event(f"urn:test:{when}", EventType.REPLICATION, when.isoformat(), Outcome.SUCCESS, (home.config.agent,), (), "", extra)
    home.log.append((event,), home.signers(), when)


def test_a_new_archive_holds_nothing(home: Home) -> None:
    now = status(home, NOW)
    assert (now.verdict, now.next_due, now.objects, now.looks) == (Verdict.EMPTY, "", 0, 0)
    assert not now.vouched


def test_days_are_counted(filled: Home) -> None:
    now = status(filled, NOW)
    assert now.verdict is Verdict.INTACT
    assert (now.objects, now.versions, now.last_check, now.overdue, now.due_soon, now.damaged, now.never) == (2, 3, "", 0, 0, 0, 2)
    assert now.bytes == len(b"first12second")
    assert now.next_due == (NOW + timedelta(days=90)).isoformat()
    assert [notice.code for notice in now.notices] == ["no-second-location", "nobody-vouches"]
    assert all(set(notice.sentence) == {"vi", "en", "th"} for notice in now.notices)
    assert status(filled, NOW + timedelta(days=80)).due_soon == 2
    assert status(filled, NOW + timedelta(days=84)).places[0].due == ((14, 2), (7, 2), (1, 0))
    late = status(filled, NOW + timedelta(days=91))
    assert (late.verdict, late.overdue, late.due_soon) == (Verdict.OVERDUE, 2, 0)
    assert late.notices[0].code == "check-overdue"
    assert "2/2 (100 %)" in late.notices[0].sentence["en"]
    audit(filled, objects=[ONE], now=NOW + timedelta(days=91))
    assert status(filled, NOW + timedelta(days=92)).overdue == 1
    audit(filled, algorithm="sha512", now=NOW + timedelta(days=100))
    assert status(filled, NOW + timedelta(days=101)).overdue == 0
    assert status(filled, NOW + timedelta(days=101)).last_check == (NOW + timedelta(days=100)).isoformat()
    audit(filled, now=NOW + timedelta(days=400))
    assert status(filled, NOW + timedelta(days=464)).overdue == 0
    assert status(filled, NOW + timedelta(days=466)).overdue == 2


def test_damage_says_since_when_and_where_a_good_copy_is(filled: Home, tmp_path: Path) -> None:
    home = with_replica(filled, tmp_path / "disk")
    audit(home, now=NOW + timedelta(days=1))
    seen_at_replica(home, NOW + timedelta(days=2), (ONE, "v2", "intact"), (TWO, "v1", "damaged"))
    for object_id in (ONE, TWO):
        flip_byte(home.root / home.objects.folder_of(object_id) / "v1/inventory.json")
    audit(home, now=NOW + timedelta(days=3))
    now = status(home, NOW + timedelta(days=3))
    assert (now.verdict, now.damaged) == (Verdict.DAMAGED, 2)
    first = next(one for one in now.damage if one.object_id == ONE)
    assert (first.location, first.since_good, first.good_at) == ("storage", (NOW + timedelta(days=1)).isoformat(), ("replica:disk-2",))
    assert first.problems
    at_replica = next(one for one in now.damage if one.location != "storage")
    assert (at_replica.since_good, at_replica.good_at) == ("", ())
    assert [notice.code for notice in now.notices][:2] == ["damaged-without-copy", "damaged-objects"]
    assert [notice.path for notice in now.notices][:2] == [TWO, ONE]


def test_what_could_not_be_read_is_not_called_damaged(filled: Home) -> None:
    target = filled.root / filled.objects.folder_of(TWO) / "v1/content/original/b"
    target.unlink()
    target.symlink_to("/etc/hostname")
    audit(filled, now=NOW, objects=[TWO])
    now = status(filled, NOW)
    assert (now.verdict, now.damaged, now.unreadable, now.places[0].unreadable) == (Verdict.UNKNOWN, 0, 1, 1)
    assert now.notices[0].code == "unreadable-objects"


def test_a_damaged_check_list_is_a_notice_and_its_checks_do_not_count(filled: Home) -> None:
    audit(filled, now=NOW + timedelta(days=60))
    sound = status(filled, NOW + timedelta(days=100))
    assert sound.overdue == 0
    run = run_of(list(filled.log.entries())[-1].event)
    assert run is not None
    (filled.root / run.file).unlink()
    now = status(filled, NOW + timedelta(days=100))
    assert (now.verdict, now.broken_lists, now.overdue) == (Verdict.UNKNOWN, (run.file,), 2)
    assert now.notices[0].code == "broken-check-list"
    assert run.file in now.notices[0].sentence["th"]


def test_the_other_check_lists_still_count(filled: Home) -> None:
    audit(filled, now=NOW + timedelta(days=50))
    audit(filled, now=NOW + timedelta(days=60), objects=[ONE])
    first = run_of(list(filled.log.entries())[-2].event)
    assert first is not None
    (filled.root / first.file).unlink()
    now = status(filled, NOW + timedelta(days=100))
    assert (now.broken_lists, now.overdue) == ((first.file,), 1)


def test_an_entry_that_makes_no_sense_is_an_error(filled: Home) -> None:
    event = Event("urn:test:1", EventType.INGESTION, NOW.isoformat(), Outcome.SUCCESS, (), (ONE,), "", {"inventory_sha512": "x"})
    filled.log.append((event,), filled.signers(), NOW)
    with pytest.raises(DamageError, match="not readable"):
        status(filled, NOW)


def test_shares_are_never_rounded_away() -> None:
    told = [percent(part, whole) for part, whole in ((0, 0), (0, 9), (1, 100_000), (1, 3), (9, 9), (99_999, 100_000))]
    assert told == ["0", "0", "< 0.01", "33.33", "100", "99.99"]


def test_a_ledger_that_cannot_be_read_is_the_verdict(filled: Home) -> None:
    segment = next((filled.ledger / "log").iterdir())
    segment.chmod(0o644)
    segment.write_bytes(segment.read_bytes().replace(b'"eventType"', b'"eventTyp"'))
    now = status(filled, NOW)
    assert (now.verdict, now.objects, [notice.code for notice in now.notices]) == (Verdict.LEDGER, 0, ["ledger-damaged-alone"])
    assert now.ledger_faults[0][0] == f"ledger/log/{segment.name}"


def test_replicas_say_what_they_lack_and_when_they_were_seen(filled: Home, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    home = with_replica(filled, disk, same_device=True)
    (copy,) = status(home, NOW).copies
    assert (copy.present, copy.last_seen, copy.behind, copy.objects) == (False, "", 2, 2)
    assert codes(home, NOW) == ["same-device", "replica-behind", "nobody-vouches"]
    disk.mkdir()
    shutil.copy(home.root / "ditich.toml", disk)
    seen_at_replica(home, NOW + timedelta(days=1), (ONE, "v1", "intact"), (TWO, "v1", "intact"))
    (copy,) = status(home, NOW).copies
    assert (copy.present, copy.behind) == (True, 1)
    seen_at_replica(home, NOW + timedelta(days=2), (ONE, "v2", "intact"))
    assert codes(home, NOW + timedelta(days=3)) == ["same-device", "nobody-vouches"]
    assert codes(home, NOW + timedelta(days=60)) == ["same-device", "replica-unseen", "nobody-vouches"]
    assert codes(save_config(home, replace(home.config, replicas=(), second_location="NAS")), NOW) == ["nobody-vouches"]


def test_a_copy_on_the_disk_of_another_copy_is_told_and_not_counted(filled: Home, tmp_path: Path) -> None:
    home = with_replica(filled, tmp_path / "disk", same_device=False)
    first = home.config.replicas[0]
    home = save_config(home, replace(home.config, replicas=(first, replace(first, name="second", beside=first.name))))
    assert home.config.copies_apart == (first,)
    assert [copy.beside for copy in status(home, NOW).copies] == ["", first.name]
    assert "replica-beside" in codes(home, NOW)
    alone = save_config(home, replace(home.config, replicas=home.config.replicas[1:]))
    assert [copy.beside for copy in status(alone, NOW).copies] == [""]
