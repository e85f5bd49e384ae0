"""Where a replica is, and its files behind the same seam as those of the archive itself."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from archive.errors import ConflictError, NotFoundError, UsageError
from archive.home import Home
from archive.ledger.log import Ledger
from archive.ocfl.root import StorageRoot
from archive.replicas.device import on_one_disk
from archive.settings import CONFIG, PRIMARY, HomeConfig, ReplicaConfig, read_config
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
        ConflictError: what is there belongs to another archive, or lies on the disk of the archive although it should not.
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
    there = read_config(tree.read(CONFIG))
    _require_still_ours(home, config, there)
    # until the next replication its checkpoint is of the keys that its own settings name, which the archive may have retired since
    keys = there.ledger_keys if there.ledger_keys in home.log.retired else home.log.keys
    return Replica(config, Path(config.path), tree, Ledger(tree, home.log.origin, keys, retired=home.log.retired))


def present_replicas(home: Home) -> Iterator[Replica]:
    """The replicas that are plugged in now; what is in the place of another one is passed over."""
    for config in home.config.replicas:
        with suppress(NotFoundError, ConflictError):
            yield open_replica(home, config.name)


def locations(home: Home) -> tuple[str, ...]:
    """Every location of the archive: the primary one, then its replicas in the order of ``ditich.toml``."""
    return (PRIMARY, *(replica.location for replica in home.config.replicas))


def _require_still_ours(home: Home, config: ReplicaConfig, found: HomeConfig) -> None:
    if found.identifier != home.config.identifier:
        raise ConflictError(
            f"{config.path} holds another archive, “{found.name}”, and not the replica “{config.name}”.",
            advice="Look which disk is mounted there.",
            code="replica-of-another",
            values={"folder": config.path, "name": found.name},
        )
    if Path(config.path).samefile(home.root):
        raise ConflictError(
            f"{config.path} leads to the archive itself: there is no replica “{config.name}”.",
            advice="Look what the link or mount there leads to; nothing that is checked there counts as a second copy.",
        )
    if not config.same_device and on_one_disk(home.root, Path(config.path)):
        raise ConflictError(
            f"{config.path} is on the same disk as the archive: it is not the disk that the replica “{config.name}” was made on.",
            advice="Look whether that disk is mounted there; a copy on the archive's own disk is none.",
            code="replica-same-disk",
            values={"folder": config.path},
        )
