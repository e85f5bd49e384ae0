"""Where good bytes may be: the other copies of the archive, and other places of the same copy that hold the same bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.audit.report import WHOLE_ARCHIVE
from archive.errors import DamageError, NotFoundError
from archive.home import Home
from archive.ledger.log import Ledger
from archive.ocfl.digests import digest_of_stream
from archive.ocfl.object import read_inventory
from archive.ocfl.root import StorageRoot
from archive.replicas.expected import ExpectedFile
from archive.replicas.place import open_replica, present_replicas
from archive.settings import PRIMARY
from archive.storage.base import Storage
from archive.storage.local import LocalStorage

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
    """Finds the bytes of a digest where they do not belong: in other objects of a copy, and in a folder that somebody brought.

    Inventories are read, and the folder's files digested, when the first bytes are asked for. Only sha512 is looked for.
    """

    copy: Copy
    folder: Path | None = None
    _places: dict[str, list[tuple[Copy, str]]] | None = field(default=None)

    def places(self, file: ExpectedFile) -> Iterator[tuple[Copy, str]]:
        """Where these bytes are said to lie; the caller looks whether they do."""
        if self._places is None:
            self._places = {}
            for sha512, place in (*self._in_objects(), *self._in_folder()):
                self._places.setdefault(sha512, []).append(place)
        yield from self._places.get(file.digest, ())

    def _in_objects(self) -> Iterator[tuple[str, tuple[Copy, str]]]:
        for folder in StorageRoot(self.copy.tree).object_folders():
            try:
                manifest = read_inventory(self.copy.tree, folder).inventory.manifest
            except (NotFoundError, DamageError):
                continue
            for sha512, paths in manifest.items():
                yield from ((sha512, (self.copy, f"{folder}/{path}")) for path in paths)

    def _in_folder(self) -> Iterator[tuple[str, tuple[Copy, str]]]:
        if self.folder is None:
            return
        brought = Copy(str(self.folder), LocalStorage(self.folder), self.copy.log)
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                name = path.relative_to(self.folder).as_posix()
                with brought.tree.open(name) as stream:
                    yield digest_of_stream(stream, "sha512"), (brought, name)


def first_with(file: ExpectedFile, folder: str, copies: Sequence[Copy]) -> tuple[Copy, str] | None:
    """The first copy that has these bytes in their own place, and the path there."""
    path = f"{folder}/{file.path}"
    return next(((copy, path) for copy in copies if file.is_at(copy.tree, path)), None)
