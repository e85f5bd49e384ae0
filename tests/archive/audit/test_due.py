import random
from dataclasses import replace
from typing import Any, Self

import pytest

from archive.audit import Budget, Condition, Reason, audit, audit_at, audit_due
from archive.audit.plan import chance_tasks, due_tasks
from archive.audit.standings import Standing, standings
from archive.home import Home
from archive.ledger.checks import run_of
from archive.ocfl import fixity
from archive.ocfl.inventory import parse_inventory
from archive.records.events import EventType, Outcome
from archive.settings import Cadence
from tests.archive.audit.builders import Clock, Interfering, conduct, see
from tests.archive.audit.ten_objects import DAY, DUE, HERE, NAMES, looked_at, original, reasons, size, ten_objects
from tests.archive.builders import NOW, draft, flip_byte, keep


@pytest.fixture
def filled(home: Home) -> Home:
    return ten_objects(home)


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
