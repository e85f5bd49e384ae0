"""Where a replica is, and its files behind the same seam as those of the archive itself."""

from dataclasses import dataclass
from pathlib import Path

from archive.errors import NotFoundError, UsageError
from archive.home import Home
from archive.ledger.log import Ledger
from archive.ocfl.root import StorageRoot
from archive.settings import CONFIG, PRIMARY, ReplicaConfig
from archive.storage.base import Kind, Storage
from archive.storage.local import LocalStorage


@dataclass(frozen=True, slots=True)
class Replica:
    """A copy of the archive that is there now.

    Attributes:
        config: what ``ditich.toml`` says of it.
        root: its folder.
        tree: its files; paths are those of an archive home (``storage/…``, ``ledger/…``, ``ditich.toml``).
        log: its copy of the ledger.
    """

    config: ReplicaConfig
    root: Path
    tree: Storage
    log: Ledger

    @property
    def location(self) -> str:
        """Its name in check lines and due dates."""
        return self.config.location

    @property
    def objects(self) -> StorageRoot:
        """Its objects."""
        return StorageRoot(self.tree)


def open_replica(home: Home, name: str) -> Replica:
    """The replica of that name.

    Raises:
        UsageError: the archive has no replica of that name.
        NotFoundError: it is not there now (a disk that is not plugged in); code ``replica-absent``.
    """
    config = next((found for found in home.config.replicas if found.name == name), None)
    if config is None:
        names = ", ".join(found.name for found in home.config.replicas) or "none"
        raise UsageError(f"This archive has no replica “{name}”.", advice=f"It has: {names}. Add one with `ditich replica add FOLDER`.")
    tree = LocalStorage(Path(config.path))
    if tree.kind(CONFIG) is not Kind.FILE:
        raise NotFoundError(
            f"The replica “{name}” is not in {config.path} now.",
            advice="Plug in or mount its disk, then try again.",
            code="replica-absent",
            values={"name": name, "path": config.path},
        )
    return Replica(config, Path(config.path), tree, Ledger(tree, home.config.origin, home.config.ledger_keys))


def locations(home: Home) -> tuple[str, ...]:
    """Every location of the archive: the primary one, then its replicas in the order of ``ditich.toml``."""
    return (PRIMARY, *(replica.location for replica in home.config.replicas))
