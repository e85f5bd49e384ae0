"""A replication that a power cut interrupts on both disks at once: what was called a second copy is one, and the next run goes on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archive.errors import DitichError
from archive.home import Home
from archive.ledger.log import Ledger
from archive.recovery import recover
from archive.replicas.place import Replica
from archive.replicas.register import prepare_folder
from archive.replicas.replicate import Wishes, replicate
from tests.archive.builders import NOW, draft, keep
from tests.archive.replicas.replica_builders import ONE, bring_up_to_date, filled_home, verified_at, with_replica
from tests.proofs.crash_model.recording import ACKNOWLEDGED, HomeInMemory, Nodes, RecordingStorage, nodes_of
from tests.proofs.crash_model.states import Cut, Draw, History, history_of
from tests.proofs.crash_model.verdict import Tally, faults


@dataclass(frozen=True)
class Replicating:
    """A recorded run: what both disks held before, what was done to each, and whose turn each call was (True: the replica's)."""

    home: Home
    replica: Replica
    bases: tuple[Nodes, Nodes]
    histories: tuple[History, History]
    clock: tuple[bool, ...]

    def states(self, moment: int, model: str, draw: Draw) -> Iterator[tuple[Nodes, Nodes]]:
        """What the archive's disk and the replica's may hold after so many calls on both.

        Every state of the replica, each with a state of the archive's disk that is drawn.
        """
        there = sum(self.clock[:moment])
        of_home = list(Cut(self.bases[0], self.histories[0], moment - there, model).disks(Draw(20, draw.chance)))
        for disk in Cut(self.bases[1], self.histories[1], there, model).disks(draw):
            yield draw.chance.choice(of_home), disk

    def judge(self, disks: tuple[Nodes, Nodes], tally: Tally, *, promised: bool) -> None:
        """Look, recover, replicate again, and look."""
        tally.states += 1
        home = replace(self.home, tree=HomeInMemory(disks[0], self.home.root))
        tree = HomeInMemory(disks[1], self.replica.root)
        replica = replace(self.replica, tree=tree, log=Ledger(tree, home.config.origin, home.config.ledger_keys))
        copy = replace(home, tree=tree)
        try:
            if promised and (wrong := faults(copy)):
                tally.lost.append(f"the second copy: {wrong}")
            recover(home)
            report = replicate(home, replica, Wishes(NOW, verified_at(home, replica)))
        except DitichError as error:
            tally.invalid.append(f"replication stopped: {error} {error.detail}")
            return
        tally.mended += bool(report.copied)
        tally.invalid += [*(f"refused: {one}" for one in report.refused), *(f"damaged: {one}" for one in report.damaged)]
        tally.invalid += [*faults(home), *(f"replica: {fault}" for fault in faults(copy))]


def replicating(folder: Path) -> Replicating:
    """A copy with three objects lacks a new version of one of them and a new object."""
    home, replica = with_replica(filled_home(folder), folder / "elsewhere" / "copy")
    bring_up_to_date(home, replica)
    keep(home, draft(ONE, "v2", original__a=b"first", record_json=b"3"), draft("ark:99999/dt4", original__d=b"fourth"))
    prepare_folder(home, replica.config)
    bases = (nodes_of(home.root), nodes_of(replica.root))
    clock: list[RecordingStorage] = []
    here, there = RecordingStorage(bases[0], home.root, clock), RecordingStorage(bases[1], replica.root, clock)
    far = replace(replica, tree=there, log=Ledger(there, home.config.origin, home.config.ledger_keys))
    report = replicate(replace(home, tree=here), far, Wishes(NOW, verified_at(home, replica)))
    assert report.complete
    there.acknowledge("replicated")
    histories = (history_of(bases[0], here.calls), history_of(bases[1], there.calls))
    return Replicating(home, replica, bases, histories, tuple(one is there for one in clock))


def is_promised(work: Replicating, moment: int) -> bool:
    """Whether it had been said, before that moment, that the copy is whole."""
    return moment == len(work.clock) and work.histories[1].calls[-1].name == ACKNOWLEDGED
