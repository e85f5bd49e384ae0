import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from archive.audit import Condition, Reason, audit, audit_at
from archive.audit.report import AuditReport
from archive.audit.standings import standings
from archive.home import Home
from archive.records.events import EventType
from tests.archive.audit.builders import conduct, copy_parts, see, with_replica
from tests.archive.builders import NOW, draft, flip_byte, keep

ONE, TWO = "ark:99999/dt1", "ark:99999/dt2"
HERE, DISK = "storage", "replica:disk"
LATER = NOW + timedelta(days=10)


@pytest.fixture
def filled(home: Home, tmp_path: Path) -> Home:
    keep(home, draft(ONE, original__a=b"first", record_json=b"1"), draft(TWO, original__b=b"second"))
    return with_replica(home, tmp_path / "disk")


@pytest.fixture
def copied(filled: Home) -> Home:
    see(filled, {ONE: "intact", TWO: "intact"}, NOW, location=DISK, kind=EventType.REPLICATION)
    return filled


def at(home: Home, name: str, folder: Path | None = None) -> Path:
    return (folder or home.root) / home.objects.folder_of(name)


def found(report: AuditReport) -> list[tuple[str, str, Condition]]:
    return [(problem.object_id, problem.path, problem.what) for problem in report.problems]


def test_a_copy_is_checked_like_the_archive(copied: Home, tmp_path: Path) -> None:
    report = audit_at(copied, "disk", conduct(LATER))
    assert (report.objects, report.problems, report.locations, report.exit_code) == (2, (), (DISK,), 0)
    both = audit_at(copied, "all", conduct(LATER), algorithm="sha512", objects=[ONE])
    assert (both.objects, both.locations) == (2, (HERE, DISK))
    flip_byte(at(copied, ONE, tmp_path / "disk") / "v1/content/original/a")
    (tmp_path / "disk/storage/stray").write_text("x")
    damaged = audit_at(copied, DISK, conduct(LATER))
    assert found(damaged) == [
        (ONE, "v1/content/original/a", Condition.CHANGED),
        ("archive", "storage/stray", Condition.EXTRA),
    ]
    assert [problem.location for problem in damaged.problems] == [DISK, DISK]
    assert damaged.problems[0].copies == (HERE,)
    assert damaged.problems[0].since_good == LATER.isoformat(timespec="seconds")
    assert audit(copied, now=LATER).exit_code == 0


def test_what_was_not_copied_yet_is_not_missing(copied: Home, tmp_path: Path) -> None:
    keep(copied, draft("ark:99999/dt3", a=b"3"))
    keep(copied, draft(ONE, "v1", original__a=b"first", record_json=b"2"))
    report = audit_at(copied, "all", conduct(LATER))
    assert (report.problems, report.objects, report.exit_code) == ((), 5, 0)
    standing = standings(copied).objects[ONE, DISK]
    assert (standing.checked_version, standing.version) == ("v1", "v2")
    asked = audit_at(copied, "disk", conduct(LATER), objects=["ark:99999/dt3"])
    assert [(missed.reason, missed.location, missed.objects) for missed in asked.unchecked] == [(Reason.NOT_COPIED, DISK, 1)]
    assert (asked.objects, asked.exit_code) == (0, 2)
    copy_parts(copied, tmp_path / "disk")
    again = audit_at(copied, "disk", conduct(LATER))
    assert (again.objects, again.problems) == (3, ())
    assert standings(copied).objects[ONE, DISK].checked_version == "v2"


def test_what_was_copied_and_is_gone_is_missing(copied: Home, tmp_path: Path) -> None:
    shutil.rmtree(at(copied, TWO, tmp_path / "disk"))
    report = audit_at(copied, "disk", conduct(LATER))
    assert found(report) == [(TWO, "", Condition.MISSING)]
    assert report.exit_code == 1


def test_the_ledger_of_a_copy_is_checked_too(copied: Home, tmp_path: Path) -> None:
    (segment,) = (tmp_path / "disk/ledger/log").iterdir()
    flip_byte(segment, 30)
    report = audit_at(copied, "disk", conduct(LATER))
    assert [(problem.object_id, problem.what, problem.location) for problem in report.problems] == [("archive", Condition.DAMAGED, DISK)]
    assert report.recorded
    segment.write_bytes(b"{}\n" + segment.read_bytes())
    assert audit_at(copied, "disk", conduct(LATER)).has_damage
    shutil.rmtree(tmp_path / "disk/ledger")
    assert audit_at(copied, "disk", conduct(LATER)).has_damage


def test_a_copy_that_was_never_written_to_has_no_ledger_yet(filled: Home, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "disk/ledger")
    shutil.rmtree(tmp_path / "disk/storage")
    (tmp_path / "disk/storage").mkdir()
    report = audit_at(filled, "disk", conduct(LATER), objects=[ONE])
    assert (report.problems, report.unchecked[0].reason) == ((), Reason.NOT_COPIED)


def test_good_copies_are_those_that_have_the_version(copied: Home) -> None:
    keep(copied, draft(ONE, "v1", original__a=b"first", record_json=b"2"))
    for path in ("v1/content/original/a", "v2/content/record.json", "inventory.json"):
        flip_byte(at(copied, ONE) / path)
    report = audit(copied, now=LATER)
    assert {problem.path: problem.copies for problem in report.problems} == {
        "v1/content/original/a": (DISK,),
        "v2/content/record.json": (),
        "inventory.json": (),
    }


def test_swapped_files_are_moved(home: Home) -> None:
    keep(home, draft(ONE, a=b"first", b=b"second"), draft(TWO, c=b"third"))
    a, b = (at(home, ONE) / f"v1/content/{name}" for name in "ab")
    c = at(home, TWO) / "v1/content/c"
    for path in (a, b, c):
        path.chmod(0o644)
    a.write_bytes(b"second")
    b.write_bytes(b"first")
    inside = audit(home, now=LATER)
    assert found(inside) == [(ONE, "v1/content/a", Condition.MOVED), (ONE, "v1/content/b", Condition.MOVED)]
    assert inside.problems[0].detail == "its bytes lie at v1/content/b"
    assert (inside.damaged, inside.missing) == (2, 0)
    b.write_bytes(b"third")
    a.write_bytes(b"first")
    c.write_bytes(b"second")
    across = audit(home, algorithm="sha512", now=LATER)
    assert found(across) == [(ONE, "v1/content/b", Condition.MOVED), (TWO, "v1/content/c", Condition.MOVED)]
    assert across.problems[0].detail == f"its bytes lie at {TWO}/v1/content/c"


def test_a_file_that_went_elsewhere_is_moved_and_what_lies_there_is_extra(home: Home) -> None:
    keep(home, draft(ONE, a=b"first"), draft(TWO, c=b"third"))
    (at(home, ONE) / "v1/content/a").rename(at(home, ONE) / "v1/content/z")
    (at(home, TWO) / "v1/content/c").rename(home.storage / "c")
    report = audit(home, now=LATER)
    assert found(report) == [
        (ONE, "v1/content/a", Condition.MOVED),
        (ONE, "v1/content/z", Condition.EXTRA),
        (TWO, "v1/content/c", Condition.MOVED),
        ("archive", "storage/c", Condition.EXTRA),
    ]
    assert (report.damaged, report.missing, report.extra) == (2, 0, 2)


def test_an_older_inventory_is_named(home: Home) -> None:
    keep(home, draft(ONE, a=b"1"))
    keep(home, draft(ONE, "v1", a=b"2"))
    for name in ("inventory.json", "inventory.json.sha512"):
        (at(home, ONE) / name).unlink()
        shutil.copy(at(home, ONE) / "v1" / name, at(home, ONE) / name)
    report = audit(home, now=LATER)
    assert found(report) == [(ONE, "inventory.json", Condition.CHANGED), (ONE, "inventory.json.sha512", Condition.CHANGED)]
    assert report.problems[0].detail.endswith("it is the inventory of v1")


def test_an_extra_file_that_cannot_be_read_has_no_digests(home: Home) -> None:
    keep(home, draft(ONE, a=b"1"))
    (at(home, ONE) / "v1/content/link").symlink_to("a")
    assert found(audit(home, now=LATER)) == [(ONE, "v1/content/link", Condition.EXTRA)]


def test_an_unknown_object_with_a_broken_digest_file_and_no_inventory(home: Home) -> None:
    stranger = at(home, "ark:99999/dtx") / "v1"
    stranger.mkdir(parents=True)
    (stranger.parent / "0=ocfl_object_1.1").write_text("ocfl_object_1.1\n")
    (stranger / "inventory.json.sha512").write_text("nonsense")
    report = audit(home, now=LATER)
    assert ("ark:99999/dtx", "inventory.json", Condition.UNREADABLE) in found(report)
    assert report.objects == 1
