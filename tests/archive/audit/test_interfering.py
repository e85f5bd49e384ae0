from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive.accession import lock_of
from archive.audit import Budget, Reason, audit, audit_at, audit_due
from archive.audit.standings import standings
from archive.errors import NotFoundError, UsageError
from archive.home import Home, open_home
from archive.records.events import EventType
from archive.recovery import recover
from tests.archive.audit.builders import Interfering, conduct, see, with_replica
from tests.archive.audit.ten_objects import DAY, DISK, DUE, HERE, NAMES, original, reasons, ten_objects
from tests.archive.builders import NOW, draft, flip_byte, keep, watched_home


@pytest.fixture
def filled(home: Home) -> Home:
    return ten_objects(home)


def test_a_version_that_comes_during_the_check_is_no_damage(filled: Home) -> None:
    name = NAMES[4]
    done: list[str] = []

    def ingest(path: str) -> None:
        if filled.objects.folder_of(name) in path and not done:
            done.append(path)
            keep(filled, draft(name, "v1", a=bytes([4]) * 1000, b=b"new"))

    report = audit(replace(filled, tree=Interfering(filled.root, ingest)), now=DUE)
    assert done
    assert (report.problems, report.objects, report.exit_code) == ((), 10, 0)


def test_an_object_that_is_being_written_is_looked_at_again_at_the_end(filled: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.audit.look._BUSY_SECONDS", 0.0)
    flip_byte(original(filled, NAMES[4]))
    with filled.tree.lock(lock_of(NAMES[4])):
        report = audit(filled, now=DUE)
    assert [(missed.reason, missed.detail) for missed in report.unchecked] == [(Reason.BUSY, NAMES[4])]
    assert report.objects == 9
    held: Iterator[Any] = iter([filled.tree.lock(lock_of(NAMES[4]))])
    lock = next(held)
    lock.__enter__()

    def let_go(path: str) -> None:
        if filled.objects.folder_of(NAMES[9]) in path and path.endswith("content/a"):
            lock.__exit__(None, None, None)

    report = audit(replace(filled, tree=Interfering(filled.root, let_go)), now=DUE, objects=NAMES)
    assert [problem.object_id for problem in report.problems] == [NAMES[4]]
    assert report.objects == 10


@pytest.mark.parametrize("base", ["", "v1"])
def test_what_an_interrupted_ingest_left_is_neither_intact_nor_damaged(filled: Home, base: str) -> None:
    class Died(BaseException):
        pass

    def before(name: str, first: object) -> None:
        if name == "append" and str(first).startswith("ledger"):
            raise Died

    name = NAMES[4] if base else "ark:99999/dtnew"
    with pytest.raises(Died):
        keep(watched_home(filled, before), draft(name, base, a=b"changed"))
    (filled.work / "tx/nonsense").mkdir()
    report = audit(filled, now=DUE)
    assert [(missed.reason, missed.detail) for missed in report.unchecked] == [(Reason.INTERRUPTED, name)]
    assert (report.problems, report.exit_code) == ((), 2)
    recover(filled)
    (filled.work / "tx").rmdir()
    mended = audit(filled, now=DUE)
    assert (mended.problems, mended.exit_code, mended.objects) == ((), 0, 10 if base else 11)
    flip_byte(original(filled, NAMES[4]))
    assert audit(filled, now=DUE).exit_code == 1


def test_a_run_is_stopped_while_it_looks_again_at_what_was_being_written(filled: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.audit.look._BUSY_SECONDS", 0.0)
    flip_byte(original(filled, NAMES[4]))
    lock = filled.tree.lock(lock_of(NAMES[4]))
    lock.__enter__()
    let_go: list[str] = []

    def last(path: str) -> None:
        if filled.objects.folder_of(NAMES[9]) in path and path.endswith("content/a"):
            lock.__exit__(None, None, None)
            let_go.append(path)
        elif let_go and filled.objects.folder_of(NAMES[4]) in path:
            let_go.append(path)

    tree = Interfering(filled.root, last)
    report = audit_at(replace(filled, tree=tree), HERE, conduct(stop=lambda: len(let_go) == 2), objects=NAMES)
    assert reasons(report) == [(Reason.STOPPED, HERE, 1)]
    assert report.objects == 9


def test_without_a_place_for_locks_it_is_looked_at_again_all_the_same(filled: Home) -> None:
    flip_byte(original(filled, NAMES[4]))
    locks = filled.work / "locks"

    class NoLocks(Interfering):
        def lock(self, path: str, *, seconds: float = 20.0) -> Any:
            if path != "work/locks/ledger":
                raise NotFoundError("no locks here")
            return super().lock(path, seconds=seconds)

    report = audit(replace(filled, tree=NoLocks(filled.root, lambda _path: None)), now=DUE)
    assert [problem.object_id for problem in report.problems] == [NAMES[4]]
    assert locks.is_dir()


def test_a_damaged_check_list_is_damage_and_the_rest_goes_on(filled: Home) -> None:
    file = see(filled, {NAMES[0]: "intact"}, NOW + 88 * DAY)
    path = filled.root / file
    path.chmod(0o644)
    path.write_bytes(b"x")
    report = audit_due(filled, Budget(), conduct(DUE))
    assert [(problem.object_id, problem.path) for problem in report.problems] == [("archive", file)]
    assert (report.exit_code, report.objects) == (1, 10)


def test_a_ledger_that_is_gone(filled: Home) -> None:
    (filled.ledger / "log").rename(filled.root / "elsewhere")
    report = audit_due(open_home(filled.root, filled.keys), Budget(), conduct(DUE))
    assert (report.has_damage, report.recorded, report.objects) == (True, False, 0)
    assert reasons(report) == [(Reason.LEDGER, HERE, 0)]
    whole = audit(open_home(filled.root, filled.keys), now=DUE)
    assert (whole.objects, whole.recorded, whole.exit_code) == (10, False, 1)


def test_replicas_are_checked_where_they_are(filled: Home, tmp_path: Path) -> None:
    home = with_replica(filled, tmp_path / "disk")
    see(home, dict.fromkeys(NAMES, "intact"), NOW + DAY, location=DISK, kind=EventType.REPLICATION)
    flip_byte(original(home, NAMES[3]))
    report = audit_due(home, Budget(), conduct(NOW + 100 * DAY))
    assert report.locations == (HERE, DISK)
    assert (report.objects, report.exit_code) == (20, 1)
    (problem,) = report.problems
    assert (problem.object_id, problem.location, problem.copies) == (NAMES[3], HERE, (DISK,))
    found = standings(home)
    assert found.objects[NAMES[3], DISK].outcome == "intact"
    assert found.objects[NAMES[3], HERE].is_damaged
    later = audit_due(home, Budget(gigabytes=1.8e-5), conduct(NOW + 200 * DAY))
    assert [missed.location for missed in later.unchecked] == [HERE, DISK]
    assert audit_due(home, Budget(), conduct(NOW + 200 * DAY), location="disk").locations == (DISK,)


def test_a_replica_that_is_not_there_is_said(filled: Home, tmp_path: Path) -> None:
    home = with_replica(filled, tmp_path / "disk")
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    early = audit_due(home, Budget(), conduct())
    assert [(missed.reason, missed.objects, missed.detail) for missed in early.unchecked] == [(Reason.ABSENT, 0, str(tmp_path / "disk"))]
    assert early.exit_code == 0
    late = audit_due(home, Budget(), conduct(DUE))
    assert reasons(late) == [(Reason.ABSENT, DISK, 10)]
    assert late.exit_code == 2
    assert reasons(audit_at(home, "disk", conduct())) == [(Reason.ABSENT, DISK, 10)]


def test_a_wrong_location_or_a_stranger_is_refused(filled: Home, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no location “moon”"):
        audit_due(filled, Budget(), conduct(), location="moon")
    with pytest.raises(UsageError, match="no md5"):
        audit_at(filled, "", conduct(), algorithm="md5")
    with pytest.raises(NotFoundError, match="signing key"):
        audit_due(open_home(filled.root, tmp_path / "none"), Budget(), conduct())
