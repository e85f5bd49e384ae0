"""A writer killed with SIGKILL at every system call that changes something: whatever it had acknowledged is there, the rest is mended."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.recovery import recover
from tests.proofs.conftest import Extent
from tests.proofs.deposit import Place, copy_of, faults, prepare, scratch_folder, take_in, unfinished
from tests.proofs.ingest_driver import CHANGING, Driver, calls_of, spread

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
        outcome = driver.run(run, trace=(call.name,), inject=[f"{call.name}:signal=SIGKILL:when={call.number}"])
        assert outcome.signal == 9, (str(call), outcome)
        recover(place.home())
        assert list(faults(place)) == [], str(call)
        rolled_forward += not list(unfinished(place))
        take_in(place)
        assert list(faults(place, acknowledged=whole.done)) == [], str(call)
        assert list(unfinished(place)) == [], str(call)
    record_proof(f"kill -9 at every changing call, part {part + 1} of {PARTS}: {len(chosen)} of {len(points[part::PARTS])} points, 0 lost")
