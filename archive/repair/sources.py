"""Where good bytes may be: the other copies of the archive, and other places of the same copy that hold the same bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archive.audit.report import WHOLE_ARCHIVE
from archive.errors import DamageError, NotFoundError
from archive.home import Home
from archive.ledger.log import Ledger
from archive.ocfl.object import read_inventory
from archive.ocfl.root import StorageRoot
from archive.replicas.expected import ExpectedFile
from archive.replicas.place import open_replica, present_replicas
from archive.settings import PRIMARY
from archive.storage.base import Storage

__all__ = ["PRIMARY", "WHOLE_ARCHIVE", "Copy", "Elsewhere", "copies_of"]


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of the archive that is there now: the archive itself ("storage") or a replica ("replica:<name>")."""

    location: str
    tree: Storage
    log: Ledger


def copies_of(home: Home, location: str) -> tuple[Copy, tuple[Copy, ...]]:
    """The copy at that location, and all others that are there now, the archive itself first.

    Raises:
        UsageError: there is no such location.
        NotFoundError: it is not there now.
    """
    own = Copy(PRIMARY, home.tree, home.log)
    others = [Copy(one.location, one.tree, one.log) for one in present_replicas(home)]
    if location == PRIMARY:
        return own, tuple(others)
    wanted = open_replica(home, location.removeprefix("replica:"))
    target = Copy(wanted.location, wanted.tree, wanted.log)
    return target, (own, *(one for one in others if one.location != target.location))


@dataclass
class Elsewhere:
    """Finds the bytes of a digest in other objects of a copy; their inventories are read when the first is asked for."""

    copy: Copy
    _places: dict[str, list[str]] | None = field(default=None)

    def places(self, file: ExpectedFile) -> Iterator[str]:
        """Paths in the copy where an inventory says that these bytes lie; only sha512 is looked for."""
        if self._places is None:
            self._places = self._read()
        yield from self._places.get(file.digest, ())

    def _read(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for folder in StorageRoot(self.copy.tree).object_folders():
            try:
                manifest = read_inventory(self.copy.tree, folder).inventory.manifest
            except (NotFoundError, DamageError):
                continue
            for sha512, paths in manifest.items():
                found.setdefault(sha512, []).extend(f"{folder}/{path}" for path in paths)
        return found


def first_with(file: ExpectedFile, folder: str, copies: Sequence[Copy]) -> tuple[Copy, str] | None:
    """The first copy that has these bytes in their own place, and the path there."""
    path = f"{folder}/{file.path}"
    return next(((copy, path) for copy in copies if file.is_at(copy.tree, path)), None)
