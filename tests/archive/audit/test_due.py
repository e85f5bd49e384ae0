import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from archive.accession import lock_of
from archive.audit import AuditReport, Budget, Condition, Reason, audit, audit_at, audit_due
from archive.audit.plan import chance_tasks, due_tasks
from archive.audit.standings import Standing, standings
from archive.errors import NotFoundError, UsageError
from archive.home import Home, open_home
from archive.ledger.checks import check_lines, run_of
from archive.ocfl import fixity
from archive.ocfl.inventory import parse_inventory
from archive.records.events import EventType, Outcome
from archive.recovery import recover
from archive.settings import Cadence
from tests.archive.audit.builders import Clock, Interfering, conduct, see, with_replica
from tests.archive.builders import NOW, draft, flip_byte, keep, watched_home

HERE, DISK = "storage", "replica:disk"
NAMES = tuple(f"ark:99999/dt{number}" for number in range(10))
DAY = timedelta(days=1)
DUE = NOW + 91 * DAY


@pytest.fixture
def filled(home: Home) -> Home:
    """Ten objects that were last checked on ten different days, number 7 longest ago."""
    keep(home, *(draft(name, a=bytes([number]) * 1000) for number, name in enumerate(NAMES)))
    for number, name in enumerate(NAMES):
        see(home, {name: "intact"}, NOW + timedelta(hours=(number + 3) % 10))
    return home


def original(home: Home, name: str) -> Path:
    return home.root / home.objects.folder_of(name) / "v1/content/a"


def looked_at(home: Home, since: int) -> list[tuple[str, str, str]]:
    """(object, algorithm, outcome) of every line that was recorded since the ledger had so many entries."""
    runs = [run for entry in home.log.entries(since) if (run := run_of(entry.event)) is not None]
    return [(line.object, run.algorithm, line.outcome) for run in runs for line in check_lines(home.tree, run)]


def size(home: Home) -> int:
    return home.log.checkpoint().size


def reasons(report: AuditReport) -> list[tuple[Reason, str, int]]:
    return [(missed.reason, missed.location, missed.objects) for missed in report.unchecked]


def test_the_order_is_by_due_date_and_full_audits_when_they_are_due() -> None:
    def standing(name: str, scrubbed: float, audited: float) -> Standing:
        return Standing(name, HERE, "v1", 5, 0.0, 0.0, scrubbed * 86400, audited * 86400)

    cadence = Cadence(90, 365)
    rows = [standing("b", 100, 100), standing("a", 100, 100), standing("full", 350, 0), standing("fresh", 360, 360)]
    tasks = due_tasks(rows, cadence, 360 * 86400)
    assert [(task.object_id, task.algorithm, task.due / 86400) for task in tasks] == [
        ("a", "sha256", 190),
        ("b", "sha256", 190),
        ("full", "sha512", 365),
    ]
    assert [task.object_id for task in chance_tasks(rows, cadence, {"a", "b", "full"}, "x")] == ["fresh"]
    many = [standing(str(number), 0, 0) for number in range(50)]
    draws = [[task.object_id for task in chance_tasks(random.sample(many, 50), cadence, (), seed)] for seed in ("1", "1", "2")]
    assert draws[0] == draws[1] != draws[2]


def test_a_budget_is_kept_but_the_first_object_always_goes() -> None:
    budget = Budget(minutes=10, gigabytes=1)
    assert budget.share(2) == Budget(5, 0.5)
    assert budget.less(300, 250_000_000) == Budget(5, 0.75)
    assert budget.less(3000, 2_000_000_000) == Budget(0, 0)
    assert Budget().share(3).less(1, 1) == Budget()
    assert budget.allows(599, 0, 5_000_000_000)
    assert not budget.allows(600, 0, 1)
    assert not budget.allows(540, 0, 1, 0.9)
    assert budget.allows(0, 500_000_000, 400_000_000, 0.9)
    assert not budget.allows(0, 500_000_000, 400_000_001, 0.9)
    assert (budget.most(5), budget.most(5_000_000_000), Budget().most(7)) == (5, 1_000_000_000, 7)


def test_the_oldest_go_first_and_the_next_run_goes_on(filled: Home) -> None:
    before = size(filled)
    report = audit_due(filled, Budget(gigabytes=9e-6), conduct(DUE), seed="s")
    first = [name for name, _algorithm, _outcome in looked_at(filled, before)]
    assert first == [NAMES[7], NAMES[8], NAMES[9]]
    assert (report.objects, report.tail, report.exit_code) == (3, 0, 2)
    assert reasons(report) == [(Reason.BUDGET, HERE, 7)]
    before = size(filled)
    again = audit_due(filled, Budget(), conduct(DUE + DAY), seed="s")
    second = [name for name, _algorithm, _outcome in looked_at(filled, before)]
    assert second[:7] == list(NAMES[:7])
    assert (again.tail, again.exit_code, again.unchecked) == (1, 0, ())
    assert second[7] in first
    assert again.locations == (HERE,)


def test_the_seed_is_secret_before_and_in_the_ledger_afterwards(filled: Home) -> None:
    one, two = (audit_due(filled, Budget(), conduct()) for _ in range(2))
    assert one.seed != two.seed
    assert (one.objects, one.tail, one.exit_code) == (1, 1, 0)
    event = list(filled.log.entries())[-1].event
    assert event.extra["seed"] == two.seed
    assert event.extra["location"] == HERE


def test_what_falls_due_soon_waits_without_being_called_unchecked(filled: Home) -> None:
    report = audit_due(filled, Budget(gigabytes=5e-6), conduct(NOW + 80 * DAY))
    assert (report.waiting, report.unchecked, report.exit_code) == (8, (), 0)


def test_full_audits_and_scrubs_of_one_run_have_a_list_each(filled: Home) -> None:
    see(filled, dict.fromkeys(NAMES[:4], "intact"), NOW + 340 * DAY)
    before = size(filled)
    audit_due(filled, Budget(), conduct(NOW + 360 * DAY))
    runs = [run for entry in filled.log.entries(before) if (run := run_of(entry.event)) is not None]
    assert {run.algorithm: run.lines for run in runs} == {"sha512": 10, "sha256": 0}
    found = standings(filled)
    assert found.objects[NAMES[0], HERE].audited == (NOW + 360 * DAY).timestamp()
    assert found.runs[-2].bytes > 0


def test_minutes_are_those_of_the_clock(filled: Home) -> None:
    clock = Clock(DUE, step=10.0)
    waits: list[float] = []

    def give_way() -> float:
        clock.seconds += 60
        waits.append(60.0)
        return 60.0

    report = audit_due(filled, Budget(minutes=5), conduct(clock=clock.time, monotonic=clock.watch, give_way=give_way))
    assert 0 < report.objects < 10
    assert len(waits) == report.objects
    assert report.unchecked[0].reason is Reason.BUDGET
    assert report.seconds <= clock.seconds - sum(waits)


def test_a_long_run_is_recorded_in_parts(filled: Home) -> None:
    clock = Clock(DUE, step=40.0)
    before = size(filled)
    audit_due(filled, Budget(), conduct(clock=clock.time, monotonic=clock.watch))
    runs = [run for entry in filled.log.entries(before) if (run := run_of(entry.event)) is not None]
    assert len(runs) > 3
    assert sum(run.lines for run in runs) == 10
    assert all(run.seconds > 0 for run in runs if run.lines)
    assert list(filled.work.glob("check-*")) == []


def stop_after(count: int) -> Any:
    asked = iter(range(10_000))
    return lambda: next(asked) >= count


@pytest.mark.parametrize("count", [0, 1, 9, 30])
def test_a_run_that_is_stopped_keeps_what_it_has_seen(filled: Home, count: int) -> None:
    before = size(filled)
    report = audit_due(filled, Budget(), conduct(DUE, stop=stop_after(count)))
    seen = looked_at(filled, before)
    assert len(seen) == report.objects < 10
    assert reasons(report) == [(Reason.STOPPED, HERE, 10 - report.objects)]
    assert report.exit_code == 2
    rest = audit_due(filled, Budget(), conduct(DUE))
    assert rest.objects - rest.tail == 10 - report.objects


@pytest.mark.parametrize("count", [1, 12, 64])
def test_a_whole_audit_that_is_stopped(filled: Home, count: int) -> None:
    report = audit_at(filled, HERE, conduct(stop=stop_after(count)))
    assert reasons(report) == [(Reason.STOPPED, HERE, 10 - report.objects)]
    assert len(looked_at(filled, size(filled) - 1)) == report.objects < 10


@pytest.mark.parametrize("stray", ["storage/stray", "v1/content/stray"])
def test_a_run_is_stopped_while_it_looks_at_strays_or_looks_again(filled: Home, stray: str) -> None:
    folder = filled.root / filled.objects.folder_of(NAMES[4])
    (filled.root / stray if stray.startswith("storage") else folder / stray).write_bytes(bytes(5000))
    seen: list[str] = []
    tree = Interfering(filled.root, lambda path: seen.append(path) if path.endswith("stray") else None)
    looks = 1 if stray.startswith("storage") else 2
    report = audit_at(replace(filled, tree=tree), HERE, conduct(stop=lambda: len(seen) == looks))
    assert len(seen) == looks
    assert report.objects == (10 if looks == 1 else 4)
    assert report.unchecked[0].reason is Reason.STOPPED


def test_large_files_are_read_by_others_and_stopped_too(home: Home) -> None:
    keep(home, *(draft(name, a=bytes([number]) * 300_000, b=bytes([number, 1]) * 200_000) for number, name in enumerate(NAMES)))
    whole = audit_at(home, "", conduct(workers=2))
    assert (whole.objects, whole.intact, whole.exit_code) == (10, 70, 0)
    assert whole.bytes == sum(path.stat().st_size for path in home.storage.rglob("v1/**/*") if path.is_file()) + sum(
        path.stat().st_size for name in NAMES for path in (home.root / home.objects.folder_of(name)).iterdir() if path.is_file()
    )
    assert audit_at(home, "", conduct(workers=0)).intact == 70
    flip_byte(original(home, NAMES[4]), 299_999)
    flip_byte(home.root / home.objects.folder_of(NAMES[4]) / "v1/content/b", 5)
    damaged = audit_at(home, "", conduct(), algorithm="sha512")
    assert [(problem.object_id, problem.path, problem.what) for problem in damaged.problems] == [
        (NAMES[4], "v1/content/a", Condition.CHANGED),
        (NAMES[4], "v1/content/b", Condition.CHANGED),
    ]
    assert damaged.problems[0].since_good == NOW.isoformat()
    stopped = audit_at(home, "", conduct(stop=stop_after(40)))
    assert stopped.unchecked[0].reason is Reason.STOPPED


def test_ctrl_c_keeps_what_was_seen(filled: Home) -> None:
    before = size(filled)
    blocks = iter(range(10_000))

    def progress(_size: int) -> None:
        if next(blocks) == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        audit(filled, now=DUE, progress=progress)
    assert len(looked_at(filled, before)) == 5


def test_an_object_at_which_the_checker_fails_is_not_checked(filled: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    parse = parse_inventory

    def fail(content: bytes) -> Any:
        if NAMES[3].encode() in content:
            raise MemoryError
        if NAMES[5].encode() in content:
            raise RuntimeError("a fault of the checker")
        return parse(content)

    monkeypatch.setattr(fixity, "parse_inventory", fail)
    before = size(filled)
    report = audit(filled, now=DUE)
    assert [(missed.reason, missed.detail) for missed in report.unchecked] == [
        (Reason.CRASHED, f"{NAMES[3]}: MemoryError()"),
        (Reason.CRASHED, f"{NAMES[5]}: RuntimeError('a fault of the checker')"),
    ]
    assert (report.objects, report.exit_code) == (10, 2)
    assert [outcome for _name, _algorithm, outcome in looked_at(filled, before)].count("not checked") == 2
    flip_byte(original(filled, NAMES[1]))
    assert audit(filled, now=DUE).exit_code == 1


def test_a_reading_thread_that_fails_is_seen(home: Home) -> None:
    keep(home, *(draft(name, a=bytes([number]) * 100_000) for number, name in enumerate(NAMES)))

    class Bursting(Interfering):
        def open(self, path: str, *, from_device: bool = False) -> Any:
            stream = super().open(path, from_device=from_device)
            if path.endswith("content/a") and from_device and home.objects.folder_of(NAMES[2]) in path:
                reads = iter(range(10))
                inner = stream.readinto

                def burst(view: memoryview) -> int:
                    if next(reads) == 1:
                        raise MemoryError
                    return int(inner(view))

                return _Stand(burst, stream)
            return stream

    report = audit(replace(home, tree=Bursting(home.root, lambda _path: None)), now=NOW)
    assert [missed.detail for missed in report.unchecked] == [f"{NAMES[2]}: MemoryError()"]
    assert report.objects == 10


class _Stand:
    """A stream whose reading is somebody else's."""

    def __init__(self, readinto: Any, stream: Any) -> None:
        self.readinto = readinto
        self.close = stream.close

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def test_many_failures_are_counted_and_not_all_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(home, *(draft(f"ark:99999/dx{number}", a=b"x") for number in range(60)))
    monkeypatch.setattr(fixity, "files_under", lambda _storage, _path: 1 // 0)
    report = audit(home, now=NOW)
    assert sum(missed.objects for missed in report.unchecked) == 60
    assert len(report.unchecked) == 51


def test_state_changes_are_events_of_their_own(filled: Home) -> None:
    def changes(since: int) -> list[tuple[Outcome, tuple[str, ...], object]]:
        found = [entry.event for entry in filled.log.entries(since)]
        checks = [event for event in found if event.type is EventType.FIXITY_CHECK and event.objects]
        return [(event.outcome, event.objects, event.extra["problems"]) for event in checks]

    flip_byte(original(filled, NAMES[2]))
    for expected in ([(Outcome.FAILURE, (NAMES[2],), [["v1/content/a", "changed"]])], [], []):
        before = size(filled)
        audit(filled, now=DUE)
        assert changes(before) == expected
    flip_byte(original(filled, NAMES[2]))
    before = size(filled)
    audit(filled, now=DUE)
    assert changes(before) == [(Outcome.SUCCESS, (NAMES[2],), [])]
    before = size(filled)
    audit(filled, now=DUE)
    assert changes(before) == []


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
