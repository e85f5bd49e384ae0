"""A repair that a power cut interrupts: what was good stays good, the bad bytes stay somewhere, and the same repair completes it."""

from dataclasses import dataclass, replace
from pathlib import Path

from archive.errors import DitichError
from archive.home import Home
from archive.recovery import recover
from archive.repair import Order, repair
from tests.archive.builders import NOW, draft, flip_byte, keep
from tests.archive.replicas.replica_builders import ONE, THREE, TWO, bring_up_to_date, filled_home, place_of, with_replica
from tests.proofs.crash_model.protocols import Recorded
from tests.proofs.crash_model.recording import HomeInMemory, Nodes, RecordingStorage, nodes_of
from tests.proofs.crash_model.verdict import Tally, faults

GOOD = "ark:99999/dtgood"


@dataclass(frozen=True)
class Repairing:
    """The recorded repair, and the bytes that were bad."""

    recorded: Recorded
    bad: frozenset[bytes]

    def judge(self, disk: Nodes, tally: Tally, *, promised: bool) -> None:
        """Recover, repair again unless it had been said that all is well, and look."""
        tally.states += 1
        home = replace(self.recorded.home, tree=HomeInMemory(disk, self.recorded.home.root))
        try:
            recover(home)
            before = faults(home)
            if any(GOOD in fault for fault in before) or (promised and before):
                tally.lost.append(f"what was good: {before}")
            if not promised:
                tally.mended += repair(home, Order(NOW, objects=(ONE, TWO, THREE))).clean
        except DitichError as error:
            tally.invalid.append(f"repair stopped: {error} {error.detail}")
            return
        tally.invalid += faults(home)
        kept = {bytes(content) for content in home.tree.nodes.values() if content is not None}  # type: ignore[attr-defined]  # HomeInMemory has it
        tally.lost += [f"the bad bytes {bad[:40]!r} are nowhere" for bad in self.bad - kept]


def repairing(folder: Path) -> Repairing:
    """An archive with a changed file, a lost digest file and a broken inventory; its copy has them all."""
    home, replica = with_replica(_with_more(filled_home(folder)), folder / "elsewhere" / "copy")
    bring_up_to_date(home, replica)
    changed = place_of(home.root, home, ONE) / "v1/content/original/a"
    flip_byte(changed)
    (place_of(home.root, home, TWO) / "inventory.json.sha512").unlink()
    broken = place_of(home.root, home, THREE) / "inventory.json"
    flip_byte(broken, 40)
    base = nodes_of(home.root)
    tree = RecordingStorage(base, home.root)
    assert repair(replace(home, tree=tree), Order(NOW, objects=(ONE, TWO, THREE))).clean
    tree.acknowledge(ONE, "repaired")
    return Repairing(Recorded(home, base, tree.calls, frozenset()), frozenset({changed.read_bytes(), broken.read_bytes()}))


def _with_more(home: Home) -> Home:
    keep(home, draft(GOOD, original__d=b"good"))
    return home
