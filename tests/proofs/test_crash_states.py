"""Every state in which a power cut can leave the archive: the write protocol is proved by enumeration, not by luck.

Each protocol is recorded once, from its first call to its acknowledgement. Then for every moment, under two models of a file system,
every legal set of effects that were not synced is laid on a disk in memory, recovery runs, and the archive is judged by its own ledger and
digests. Where a moment has more states than ``most``, so many are drawn, and the count of such moments is printed.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.proofs.conftest import Extent
from tests.proofs.crash_model.protocols import PROTOCOLS, Recorded, concurrent, create, foreign_order
from tests.proofs.crash_model.recording import ACKNOWLEDGED
from tests.proofs.crash_model.repairing import repairing
from tests.proofs.crash_model.replicating import is_promised, replicating
from tests.proofs.crash_model.states import MODELS, Cut, Draw, acknowledged, history_of
from tests.proofs.crash_model.verdict import Tally, judge

EVERYTHING = 100_000


def judged(recorded: Recorded, model: str, draw: Draw, *, syncs_count: bool = True, every: int = 1) -> Tally:
    """The verdict over the states of every moment, or of every so many-th and the last."""
    history = history_of(recorded.base, recorded.calls, syncs_count=syncs_count)
    tally = Tally()
    last = len(recorded.calls)
    for moment in sorted({*range(draw.chance.randrange(every), last, every), last}):
        promised = acknowledged(history, moment)
        for disk in Cut(recorded.base, history, moment, model).disks(draw):
            judge(recorded.home, disk, promised, recorded.received, tally)
    return tally


def moments(draw: Draw) -> str:
    return f"{draw.whole_moments} moments whole, {draw.drawn_moments} drawn"


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nothing_acknowledged_is_lost(
    protocol: str, model: str, tmp_path: Path, extent: Extent, record_proof: Callable[[str], None]
) -> None:
    small = not protocol.startswith("batch")
    most, every = extent.pick((60, 1) if small else (12, 40), (EVERYTHING, 1) if small else (14, 1))
    draw = Draw(most, random.Random(extent.seed))
    tally = judged(PROTOCOLS[protocol](tmp_path), model, draw, every=every)
    record_proof(f"power cut by the model, {protocol}, {model}: {tally}; {moments(draw)}")
    assert tally.lost == []
    assert tally.invalid == []
    assert tally.mended > 0
    assert not (small and extent.whole and draw.drawn_moments)


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("model", MODELS)
def test_three_writers_at_once(model: str, tmp_path: Path, extent: Extent, record_proof: Callable[[str], None]) -> None:
    total, schedules, draw = Tally(), extent.pick(2, 30), Draw(extent.pick(6, 400), random.Random(extent.seed))
    for schedule in range(schedules):
        recorded = concurrent(tmp_path / str(schedule), extent.seed + schedule)
        promised = [call.arguments for call in recorded.calls if call.name == ACKNOWLEDGED]
        assert len(promised) == len(set(promised)) == 2, "one of two wishes for the same version is kept, and the other object"
        total.add(judged(recorded, model, draw))
    record_proof(f"power cut by the model, three writers, {schedules} schedules, {model}: {total}; {moments(draw)}")
    assert total.lost == []
    assert total.invalid == []


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("model", MODELS)
def test_a_repair_that_is_cut_off_can_be_done_again(
    model: str, tmp_path: Path, extent: Extent, record_proof: Callable[[str], None]
) -> None:
    work = repairing(tmp_path)
    history = history_of(work.recorded.base, work.recorded.calls)
    draw, tally = Draw(extent.pick(3, 300), random.Random(extent.seed)), Tally()
    for moment in range(len(work.recorded.calls), -1, -extent.pick(3, 1)):
        promised = bool(acknowledged(history, moment))
        for disk in Cut(work.recorded.base, history, moment, model).disks(draw):
            work.judge(disk, tally, promised=promised)
    record_proof(f"power cut by the model, repair, {model}: {tally}; {moments(draw)}")
    assert tally.lost == []
    assert tally.invalid == []


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("model", MODELS)
def test_a_replication_that_is_cut_off_on_both_disks_goes_on(
    model: str, tmp_path: Path, extent: Extent, record_proof: Callable[[str], None]
) -> None:
    work = replicating(tmp_path)
    draw, tally = Draw(extent.pick(2, 60), random.Random(extent.seed)), Tally()
    for moment in range(len(work.clock), -1, -extent.pick(3, 1)):
        for disks in work.states(moment, model, draw):
            work.judge(disks, tally, promised=is_promised(work, moment))
    record_proof(f"power cut by the model, replication, {model}: {tally}; {moments(draw)}")
    assert tally.lost == []
    assert tally.invalid == []


@pytest.mark.parametrize("model", MODELS)
def test_the_order_of_others_loses(model: str, tmp_path: Path, extent: Extent, record_proof: Callable[[str], None]) -> None:
    draw = Draw(extent.pick(30, EVERYTHING), random.Random(extent.seed))
    tally = judged(foreign_order(tmp_path), model, draw)
    record_proof(f"control, the order of rocfl and ocfl-java, {model}: {tally}; {moments(draw)}")
    assert tally.lost != []
    assert not (extent.whole and draw.drawn_moments)


@pytest.mark.parametrize("model", MODELS)
def test_our_order_loses_on_a_disk_that_ignores_syncs(
    model: str, tmp_path: Path, extent: Extent, record_proof: Callable[[str], None]
) -> None:
    draw = Draw(40, random.Random(extent.seed))
    tally = judged(create(tmp_path), model, draw, syncs_count=False)
    record_proof(f"control, our order without any sync, {model}: {tally}; {moments(draw)}")
    assert tally.lost != []
