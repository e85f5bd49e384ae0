"""Every error that a disk can give, at every system call of a writer: it stops with words that help, and the archive is whole.

EIO, ENOSPC, EDQUOT, EROFS and EINTR come from strace in place of the call. A short write cannot be injected (the call would be left
out): there the n-th ``os.write`` writes half of what it is given, and the kernel itself cuts a write short at the limit for the size of a
file.
"""

import errno
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.recovery import recover
from archive.storage.refusals import CODES
from tests.proofs.conftest import Extent
from tests.proofs.deposit import Place, copy_of, faults, prepare, scratch_folder, take_in, unfinished
from tests.proofs.ingest_driver import CHANGING, READING, Driver, Outcome, calls_of, spread, writes_of

ERRORS = ("EIO", "ENOSPC", "EDQUOT", "EROFS", "EINTR")
SAMPLE = 10
DONE = ["ark:99999/dtold v2", "ark:99999/dtnew v1"]


@pytest.fixture(scope="module")
def scratch() -> Iterator[Path]:
    with scratch_folder("errors") as folder:
        yield folder


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    with Driver("deposit") as process:
        yield process


@pytest.fixture(scope="module")
def template(scratch: Path) -> Place:
    return prepare(scratch / "template")


def whole_run(driver: Driver, template: Place, trace: tuple[str, ...]) -> str:
    """The log of a run that nothing disturbs."""
    outcome = driver.run(copy_of(template, template.folder.parent / "run").folder, trace=trace)
    assert outcome.done == DONE, outcome
    return outcome.log


def wrong_words(outcome: Outcome, code: str) -> Iterator[str]:
    """What is wrong with how a writer stopped."""
    if outcome.trace or not outcome.error:
        yield f"a traceback: {outcome.trace or outcome}"
        return
    if outcome.error["kind"] != "StorageError":
        yield f"not a StorageError: {outcome.error}"
    if "/" not in outcome.error["message"] and "." not in outcome.error["message"]:
        yield f"no file is named: {outcome.error['message']}"
    if not outcome.error["advice"] or "log" in outcome.error["advice"]:
        yield f"it does not say what to do: {outcome.error}"
    if outcome.error["code"] != CODES.get(getattr(errno, code), ""):
        yield f"the code is {outcome.error['code']}"


def require_whole_afterwards(place: Place, acknowledged: list[str] | None, where: str) -> None:
    recover(place.home())
    assert list(faults(place, acknowledged=acknowledged or ())) == [], where
    take_in(place)
    assert list(faults(place, acknowledged=DONE)) == [], where
    assert list(unfinished(place)) == [], where


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("strace")
@pytest.mark.parametrize("code", ERRORS)
def test_an_error_at_every_call(driver: Driver, code: str, template: Place, extent: Extent, record_proof: Callable[[str], None]) -> None:
    run = template.folder.parent / "run"
    told: Counter[str] = Counter()
    points = calls_of(whole_run(driver, template, CHANGING))
    chosen = spread(points, extent.pick(SAMPLE, len(points)), extent.seed)
    for call in chosen:
        place = copy_of(template, run)
        outcome = driver.run(run, trace=(call.name,), inject=[f"{call.name}:error={code}:when={call.number}"])
        where = f"{code} at {call}: {outcome.done or outcome.error}"
        assert outcome.reached, where
        assert outcome.done == DONE or list(wrong_words(outcome, code)) == [], where
        told["went on" if outcome.done else "stopped"] += 1
        require_whole_afterwards(place, outcome.done, where)
    counts = ", ".join(f"{number} {word}" for word, number in sorted(told.items()))
    record_proof(f"{code} at every changing call: {len(chosen)} of {len(points)} points ({counts}), 0 lost, 0 tracebacks")


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("strace")
@pytest.mark.parametrize("code", ["EIO", "ENOSPC", "EROFS"])
def test_a_disk_that_stays_bad(driver: Driver, code: str, template: Place, extent: Extent, record_proof: Callable[[str], None]) -> None:
    """From one call on every call fails, those with which the writer would undo its work too."""
    run = template.folder.parent / "run"
    points = [call for call in calls_of(whole_run(driver, template, CHANGING)) if call.name not in {"close", "flock"}]
    chosen = spread(list(range(len(points))), extent.pick(SAMPLE // 2, len(points)), extent.seed)
    for position in chosen:
        place = copy_of(template, run)
        first = {call.name: call.number for call in reversed(points[position:])}
        inject = [f"{name}:error={code}:when={number}+" for name, number in first.items()]
        outcome = driver.run(run, trace=tuple(first), inject=inject)
        where = f"{code} from {points[position]} on: {outcome.done or outcome.error}"
        assert outcome.done == DONE or list(wrong_words(outcome, code)) == [], where
        require_whole_afterwards(place, outcome.done, where)
    record_proof(f"{code} from one call on: {len(chosen)} of {len(points)} points, 0 lost, 0 tracebacks")


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("strace")
def test_a_failing_disk_at_every_read(driver: Driver, template: Place, extent: Extent, record_proof: Callable[[str], None]) -> None:
    run = template.folder.parent / "run"
    points = [call for call in calls_of(whole_run(driver, template, READING), reads=True) if call.name != "lseek"]
    chosen = spread(points, extent.pick(SAMPLE, len(points)), extent.seed)
    for call in chosen:
        place = copy_of(template, run)
        outcome = driver.run(run, trace=(call.name,), inject=[f"{call.name}:error=EIO:when={call.number}"])
        where = f"EIO at {call}: {outcome.done or outcome.error}"
        assert outcome.reached, where
        assert outcome.done == DONE or list(wrong_words(outcome, "EIO")) == [], where
        require_whole_afterwards(place, outcome.done, where)
    record_proof(f"EIO at every reading call: {len(chosen)} of {len(points)} points, 0 lost, 0 tracebacks")


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("strace")
def test_a_short_write_at_every_write(driver: Driver, template: Place, extent: Extent, record_proof: Callable[[str], None]) -> None:
    run = template.folder.parent / "run"
    points = list(range(1, writes_of(whole_run(driver, template, ("write",))) + 1))
    chosen = spread(points, extent.pick(6, len(points)), extent.seed)
    for number in chosen:
        place = copy_of(template, run)
        outcome = driver.run(run, short=number)
        assert outcome.done == DONE, (number, outcome)
        require_whole_afterwards(place, outcome.done, f"short write {number}")
    record_proof(f"short writes: {len(chosen)} of {len(points)} points, all completed")


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("strace")
def test_a_file_that_may_not_grow(driver: Driver, template: Place, extent: Extent, record_proof: Callable[[str], None]) -> None:
    """As on FAT32, or under a limit: the kernel writes what fits and refuses the rest."""
    run = template.folder.parent / "run"
    rooms = spread(list(range(0, 12_000, 100)), extent.pick(8, 120), extent.seed)
    stopped = 0
    for room in rooms:
        place = copy_of(template, run)
        outcome = driver.run(run, room=room)
        where = f"no file above {room} bytes: {outcome}"
        assert outcome.done == DONE or list(wrong_words(outcome, "EFBIG")) == [], where
        stopped += outcome.done is None
        require_whole_afterwards(place, outcome.done, where)
    assert stopped
    record_proof(f"files that may not grow: {len(rooms)} limits, {stopped} stopped, 0 lost")
