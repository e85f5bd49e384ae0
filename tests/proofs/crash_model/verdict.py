"""Whether recovery brings a disk to a valid state, and what was lost on the way."""

from dataclasses import dataclass, field, replace

from archive.access import head_of
from archive.errors import DitichError
from archive.home import Home
from archive.ocfl.fixity import Reading, check_object
from archive.ocfl.inventory import version_number
from archive.recovery import recover
from tests.proofs.crash_model.recording import HomeInMemory, Nodes


@dataclass
class Tally:
    """What was seen over all states."""

    states: int = 0
    mended: int = 0
    lost: list[str] = field(default_factory=list)
    invalid: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.states} states, {self.mended} mended, {len(self.lost)} acknowledged lost, {len(self.invalid)} not brought to valid"

    def add(self, other: "Tally") -> None:
        """Add another tally to this one."""
        self.states += other.states
        self.mended += other.mended
        self.lost += other.lost
        self.invalid += other.invalid


def judge(home: Home, disk: Nodes, promised: list[tuple[object, ...]], received: frozenset[bytes], tally: Tally) -> None:
    """Recover, and look.

    Args:
        home: of which the disk is a state.
        disk: what the cut left.
        promised: (object, version) pairs that had been acknowledged.
        received: the bytes of files that lay in ``incoming/``: whatever happens, they are still somewhere.
        tally: where the verdict is counted.
    """
    tally.states += 1
    cut = replace(home, tree=HomeInMemory(disk, home.root))
    try:
        tally.mended += bool(recover(cut))
        again = recover(cut)
    except DitichError as error:
        tally.invalid.append(f"recovery stopped: {error} {error.detail}")
        return
    if again:
        tally.invalid.append(f"a second recovery had something to do: {again}")
    tally.invalid += faults(cut)
    tally.lost += [f"{object_id} {version}" for object_id, version in promised if not _holds(cut, str(object_id), str(version))]
    kept = {bytes(content) for content in cut.tree.nodes.values() if content is not None} if received else frozenset()  # type: ignore[attr-defined]  # HomeInMemory has it
    tally.lost += ["a received file" for content in received if content not in kept]


def faults(home: Home) -> list[str]:
    """Everything in the archive that is not as it should be, by the ledger's and the inventories' own digests."""
    versions: dict[str, dict[str, str]] = {}
    found = [f"{path}: {what}" for path, what in home.log.problems()]
    if found:
        return found
    for entry in home.log.entries():
        extra = entry.event.extra
        if "inventory_sha512" in extra:
            versions.setdefault(entry.event.objects[0], {})[str(extra["version"])] = str(extra["inventory_sha512"])
    ids = set(home.objects.object_ids())
    found += [f"{object_id} is in the storage and not in the ledger" for object_id in sorted(ids - versions.keys())]
    found += list(home.objects.strays())
    for object_id, logged in versions.items():
        check = check_object(home.tree, home.objects.folder_of(object_id), logged, Reading("sha512"))
        found += [f"{object_id} {problem.path}: {problem.what} {problem.detail}" for problem in check.problems]
    return found


def _holds(home: Home, object_id: str, version: str) -> bool:
    try:
        head = head_of(home, object_id)
    except DitichError:
        return False
    return head is not None and version_number(head) >= version_number(version)
