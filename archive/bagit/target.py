"""Where a package is written: a new folder, or one ZIP. It appears under its name only when it is whole and durable."""

import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Protocol

from archive.errors import ConflictError, DitichError
from archive.storage.base import BLOCK, make_folders, parent_of
from archive.storage.local import LocalStorage
from archive.storage.refusals import Refusals

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The same content is the same ZIP: no entry carries the time at which it was written."""
_MODE = 0o100644 << 16
_UNIX = 3


class Target(Protocol):
    """A place for a package's files; paths are ``/``-joined below its top."""

    def copy(self, path: str, source: Path, watch: Callable[[bytes], object]) -> None:
        """Copy a file; ``watch`` is given every block."""
        ...

    def write(self, path: str, content: bytes) -> None:
        """Write a small file."""
        ...


class FolderTarget:
    """A folder that is being filled."""

    def __init__(self, storage: LocalStorage, folder: str) -> None:
        self._storage = storage
        self._folder = folder

    def copy(self, path: str, source: Path, watch: Callable[[bytes], object]) -> None:
        """Copy a file into the folder, read-only."""
        self._storage.copy_in(source, self._placed(path), watch)

    def write(self, path: str, content: bytes) -> None:
        """Write a small file, read-only."""
        self._storage.write_new(self._placed(path), content)

    def _placed(self, path: str) -> str:
        placed = f"{self._folder}/{path}"
        make_folders(self._storage, parent_of(placed))
        return placed


class ZipTarget:
    """A ZIP that is being filled: entries stored, sizes of 64 bits, nothing of the clock; the same content is the same bytes.

    Args:
        archive: open for writing.
        top: the one folder that everything lies in (RFC 8493 section 4).
    """

    def __init__(self, archive: zipfile.ZipFile, top: str) -> None:
        self._archive = archive
        self._top = top

    def copy(self, path: str, source: Path, watch: Callable[[bytes], object]) -> None:
        """Add a file."""
        with Refusals(str(source)):
            stream = source.open("rb", buffering=0)
        with stream, self._entry(path) as entry:
            while block := _read(stream, source):
                watch(block)
                entry(block)

    def write(self, path: str, content: bytes) -> None:
        """Add a small file."""
        with self._entry(path) as entry:
            entry(content)

    @contextmanager
    def _entry(self, path: str) -> Iterator[Callable[[bytes], object]]:
        info = zipfile.ZipInfo(f"{self._top}/{path}", _EPOCH)
        info.external_attr, info.create_system = _MODE, _UNIX
        with Refusals(path), self._archive.open(info, "w", force_zip64=True) as stream:
            yield stream.write


def _read(stream: FileIO, source: Path) -> bytes:
    """The next block; a fault of the source is told from one of the place that is written to."""
    with Refusals(str(source)):
        return stream.read(BLOCK)


def write_folder(place: Path, fill: Callable[[FolderTarget], None], verify: Callable[[Path], None]) -> None:
    """Make a folder that stands at ``place`` when everything went well, and of which nothing is left when it did not.

    Args:
        place: where nothing stands yet.
        fill: writes what shall be in it.
        verify: reads the folder back, from the disk and under its temporary path; raises when it is not what it should be.

    Raises:
        ConflictError: something stands there already, or another command is writing the same.
        StorageError: the file system refused.
    """
    with _beside(place) as (storage, temporary):
        storage.make_folder(temporary)
        fill(FolderTarget(storage, temporary))
        _accept(storage, temporary, place, verify)


def write_zip(place: Path, fill: Callable[[ZipTarget], None], verify: Callable[[Path], None]) -> None:
    """Make a ZIP in the way of ``write_folder``; everything in it lies in one folder of the ZIP's name."""
    with _beside(place) as (storage, temporary):
        file = storage.path_of(temporary)
        with Refusals(str(place)), zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            fill(ZipTarget(archive, place.stem))
        _accept(storage, temporary, place, verify)


def _accept(storage: LocalStorage, temporary: str, place: Path, verify: Callable[[Path], None]) -> None:
    storage.sync([temporary])
    verify(storage.path_of(temporary))
    storage.rename(temporary, place.name)
    storage.sync_folder("")


@contextmanager
def _beside(place: Path) -> Iterator[tuple[LocalStorage, str]]:
    with Refusals(str(place.parent)):
        place.parent.mkdir(parents=True, exist_ok=True)
    storage = LocalStorage(place.parent)
    temporary = f".{place.name}.ditich-export"
    with storage.lock(f"{temporary}-lock", seconds=0):
        if storage.kind(place.name) is not None:
            raise ConflictError(
                f"“{place}” is there already; nothing was written.",
                advice="Name a new folder or file.",
                code="export-exists",
                values={"place": place},
            )
        _remove(storage, temporary)  # left by an export that was killed; the lock says that none is at work
        try:
            yield storage, temporary
        except BaseException:
            with suppress(DitichError):
                _remove(storage, temporary)
            raise


def _remove(storage: LocalStorage, temporary: str) -> None:
    found = storage.path_of(temporary)
    with Refusals(str(found)):
        if found.is_dir() and not found.is_symlink():
            shutil.rmtree(found)
        else:
            found.unlink(missing_ok=True)
