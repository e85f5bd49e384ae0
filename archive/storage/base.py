"""What the archive asks of the place that it is kept in: one tree of files that can be made durable.

Paths are relative to the archive home, ``/``-joined, without ``.`` and ``..``. Every call that changes anything stands here
and nowhere else, so that tests can record, refuse or kill each of them. Nothing here knows OCFL.

What every storage keeps: ``write_new``, ``copy_in`` and ``adopt`` never replace a file; ``rename`` never replaces anything;
``replace`` swaps one file for another in one step. A change is durable only after ``sync`` (or ``sync_file``, ``sync_folder``)
returned; one that failed must not be tried again, because the system may have dropped the bytes that it could not write.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol

from archive.errors import ConflictError

BLOCK = 256 * 1024
LOCK_SECONDS = 20.0


class Kind(StrEnum):
    """What stands at a path. OTHER is a link, a device or a socket: never the archive's own."""

    FILE = "file"
    FOLDER = "folder"
    OTHER = "other"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One name in a folder."""

    name: str
    kind: Kind


class Storage(Protocol):
    """A tree of files with a write protocol. All methods raise StorageError where the system refuses."""

    def kind(self, path: str) -> Kind | None:
        """What stands there, or None."""
        ...

    def size(self, path: str) -> int:
        """Bytes of a file. Raises NotFoundError."""
        ...

    def entries(self, path: str) -> tuple[Entry, ...]:
        """What the folder holds, sorted by name. Raises NotFoundError."""
        ...

    def open(self, path: str, *, from_device: bool = False) -> BinaryIO:
        """The file for reading. ``from_device`` drops what memory holds of it first. Raises NotFoundError."""
        ...

    def read(self, path: str) -> bytes:
        """All bytes of a small file. Raises NotFoundError."""
        ...

    def make_folder(self, path: str) -> None:
        """Make one folder; the parent exists. Raises ConflictError when something stands there."""
        ...

    def write_new(self, path: str, content: bytes) -> None:
        """Write a new file, read-only to everyone. Raises ConflictError when something stands there."""
        ...

    def copy_in(self, source: Path, path: str, watch: Callable[[bytes], object]) -> None:
        """Copy a file from outside to a new file; ``watch`` is given every block."""
        ...

    def adopt(self, source: Path, path: str) -> int:
        """Move a regular file of the same file system to a new path; its size. Read-only from now on."""
        ...

    def release(self, path: str, target: Path) -> None:
        """The opposite of ``adopt``: give a file back to where it came from."""
        ...

    def rename(self, path: str, target: str) -> None:
        """Move a file or folder. Raises ConflictError when the target is taken."""
        ...

    def replace(self, path: str, target: str) -> None:
        """Put a file in the place of another, in one step."""
        ...

    def append(self, path: str, content: bytes) -> None:
        """Write at the end of a file, which is made when it is not there."""
        ...

    def truncate(self, path: str, size: int) -> None:
        """Cut a file to so many bytes."""
        ...

    def remove_file(self, path: str) -> None:
        """Remove one file, of the transaction's own scratch only."""
        ...

    def discard(self, source: Path) -> None:
        """Remove a file outside whose bytes are kept here now. Raises NotFoundError."""
        ...

    def remove_folder(self, path: str) -> None:
        """Remove one empty folder."""
        ...

    def sync(self, paths: Iterable[str]) -> None:
        """Make all these files and folders durable together; the storage may make more durable than asked."""
        ...

    def sync_file(self, path: str) -> None:
        """Make one file's bytes durable."""
        ...

    def sync_folder(self, path: str) -> None:
        """Make the names in one folder durable."""
        ...

    def lock(self, path: str, *, seconds: float = LOCK_SECONDS) -> AbstractContextManager[None]:
        """Hold a lock by this name; it ends with the process at the latest. Raises ConflictError when it stays taken."""
        ...

    def path_of(self, path: str) -> Path:
        """Where an ordinary program finds the file."""
        ...


def parent_of(path: str) -> str:
    """The folder that holds it; "" for what stands at the top."""
    return path.rpartition("/")[0]


def make_folders(storage: Storage, path: str) -> tuple[str, ...]:
    """Make the folder and those above it that are missing; the ones made, topmost first."""
    missing = []
    while path and storage.kind(path) is None:
        missing.append(path)
        path = parent_of(path)
    made = []
    for folder in reversed(missing):
        try:
            storage.make_folder(folder)
        except ConflictError:  # another writer was quicker
            if storage.kind(folder) is not Kind.FOLDER:
                raise
        else:
            made.append(folder)
    return tuple(made)


def put_file(storage: Storage, path: str, content: bytes, *, durable: bool = True) -> None:
    """Write a file that may be there already, in one step; durably (file and name) unless it can be made again."""
    fresh = f"{path}.new"
    if storage.kind(fresh) is not None:  # left by a writer that was killed; nothing refers to it
        storage.remove_file(fresh)
    storage.write_new(fresh, content)
    if durable:
        storage.sync_file(fresh)
    storage.replace(fresh, path)
    if durable:
        storage.sync_folder(parent_of(path))


def files_under(storage: Storage, path: str) -> tuple[str, ...]:
    """Every file (and whatever is neither file nor folder) below a folder, sorted."""
    return tuple(sorted(_files_under(storage, path)))


def _files_under(storage: Storage, path: str) -> Iterable[str]:
    for entry in storage.entries(path):
        below = f"{path}/{entry.name}"
        if entry.kind is Kind.FOLDER:
            yield from _files_under(storage, below)
        else:
            yield below


def folders_under(storage: Storage, path: str) -> tuple[str, ...]:
    """The folder and every folder below it, deepest first: the order in which they are synced and removed."""
    found = [path]
    for folder in found:
        found.extend(f"{folder}/{entry.name}" for entry in storage.entries(folder) if entry.kind is Kind.FOLDER)
    return tuple(reversed(found))
