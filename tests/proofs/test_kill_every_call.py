"""A writer killed with SIGKILL at every system call that changes something: whatever it had acknowledged is there, the rest is mended."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.recovery import recover
from tests.proofs.conftest import Extent
from tests.proofs.deposit import Place, copy_of, faults, prepare, scratch_folder, take_in, unfinished
from tests.proofs.ingest_driver import CHANGING, Call, Driver, calls_of, spread

PARTS = 4
SAMPLE = 8


@pytest.fixture(scope="module")
def scratch() -> Iterator[Path]:
    with scratch_folder("kill") as folder:
        yield folder


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    with Driver("deposit") as process:
        yield process


@pytest.fixture(scope="module")
def template(scratch: Path) -> Place:
    return prepare(scratch / "template")


def kill_at(call: Call) -> str:
    """For strace: SIGKILL in place of that call."""
    return f"{call.name}:signal=SIGKILL:when={call.number}"


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("strace")
@pytest.mark.parametrize("part", range(PARTS))
def test_killed_at_every_call(driver: Driver, part: int, template: Place, extent: Extent, record_proof: Callable[[str], None]) -> None:
    run = template.folder.parent / "run"
    whole = driver.run(copy_of(template, run).folder, trace=CHANGING)
    assert whole.done == ["ark:99999/dtold v2", "ark:99999/dtnew v1"], whole
    points = [call for call in calls_of(whole.log) if call.name != "close"]
    assert len(points) > 80
    chosen = spread(points[part::PARTS], extent.pick(SAMPLE, len(points)), extent.seed)
    rolled_forward = 0
    for call in chosen:
        place = copy_of(template, run)
        outcome = driver.run(run, trace=(call.name,), inject=[kill_at(call)])
        assert outcome.signal == 9, (str(call), outcome)
        recover(place.home())
        assert list(faults(place)) == [], str(call)
        rolled_forward += not list(unfinished(place))
        take_in(place)
        assert list(faults(place, acknowledged=whole.done)) == [], str(call)
        assert list(unfinished(place)) == [], str(call)
    record_proof(f"kill -9 at every changing call, part {part + 1} of {PARTS}: {len(chosen)} of {len(points[part::PARTS])} points, 0 lost")


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("strace")
@pytest.mark.parametrize("part", range(PARTS))
def test_killed_again_while_it_is_mended(
    driver: Driver, part: int, template: Place, extent: Extent, record_proof: Callable[[str], None]
) -> None:
    """A writer killed somewhere, and the next one killed at every call with which it mends that and goes on."""
    run, left = template.folder.parent / "run", template.folder.parent / "left"
    first = [call for call in calls_of(driver.run(copy_of(template, run).folder, trace=CHANGING).log) if call.name != "close"]
    done = total = 0
    for call in spread(first[part::PARTS], extent.pick(1, 2), f"{extent.seed} again"):
        assert driver.run(copy_of(template, left).folder, trace=(call.name,), inject=[kill_at(call)]).signal == 9
        mending = driver.run(copy_of(Place(left), run).folder, trace=CHANGING)
        assert mending.done is not None, mending
        points = [one for one in calls_of(mending.log) if one.name != "close"]
        chosen = spread(points, extent.pick(3, len(points)), f"{extent.seed} {call.number}")
        for again in chosen:
            place = copy_of(Place(left), run)
            where = f"killed at {call}, then at {again}"
            assert driver.run(run, trace=(again.name,), inject=[kill_at(again)]).signal == 9, where
            recover(place.home())
            assert list(faults(place)) == [], where
            take_in(place)
            assert list(faults(place)) == [], where
            assert list(unfinished(place)) == [], where
        done, total = done + len(chosen), total + len(points)
    record_proof(f"kill -9 again while it is mended, part {part + 1} of {PARTS}: {done} of {total} points, 0 lost")
