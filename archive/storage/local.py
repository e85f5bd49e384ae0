"""The archive on a local disk: the durable writer.

The only module that knows POSIX. Where the system has no POSIX locks (Windows) it reads, and writing is refused in words.
"""

import ctypes
import errno
import io
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from archive.errors import ConflictError, StorageError
from archive.storage.base import BLOCK, LOCK_SECONDS, Entry, Kind
from archive.storage.device import open_from_device, open_regular
from archive.storage.refusals import Refusals

if sys.platform != "win32":  # pragma: no branch - Windows has no flock
    import fcntl

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_READ_ONLY = 0o444
_PAUSE = 0.02


class LocalStorage:
    """A folder of this computer as a storage (see ``archive.storage.base.Storage`` for every method)."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)

    def path_of(self, path: str) -> Path:
        """Where an ordinary program finds the file."""
        return Path(self._at(path))

    def kind(self, path: str) -> Kind | None:
        """What stands there, or None."""
        try:
            mode = os.lstat(self._at(path)).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            with Refusals(path):
                raise error from None
        return _kind_of(mode)

    def size(self, path: str) -> int:
        """Bytes of a file."""
        with Refusals(path):
            return os.lstat(self._at(path)).st_size

    def entries(self, path: str) -> tuple[Entry, ...]:
        """What the folder holds, sorted by name."""
        with Refusals(path), os.scandir(self._at(path)) as found:
            return tuple(sorted(Entry(entry.name, _kind_of_entry(entry)) for entry in found))

    def open(self, path: str, *, from_device: bool = False) -> BinaryIO:
        """The file for reading; with ``from_device`` the page cache is told to forget it first."""
        with Refusals(path):
            if from_device:
                return cast("BinaryIO", open_from_device(self._at(path), path))
            return io.BufferedReader(_NamedFile(self._at(path), path), BLOCK)

    def read(self, path: str) -> bytes:
        """All bytes of a small file."""
        with Refusals(path), self.open(path) as stream:
            return stream.read()

    def make_folder(self, path: str) -> None:
        """Make one folder."""
        with Refusals(path):
            os.mkdir(self._at(path))  # noqa: PTH102 - text paths: a third of the time of pathlib here

    def write_new(self, path: str, content: bytes) -> None:
        """Write a new file, read-only to everyone."""
        with Refusals(path):
            descriptor = os.open(self._at(path), _NEW, _READ_ONLY)
            try:
                _write_all(descriptor, content)
            finally:
                os.close(descriptor)

    def copy_in(self, source: Path, path: str, watch: Callable[[bytes], object]) -> None:
        """Copy a file from outside to a new file; ``watch`` is given every block."""
        with Refusals(str(source)):
            incoming = _NamedFile(os.fspath(source), str(source))
        with incoming, Refusals(path):
            descriptor = os.open(self._at(path), _NEW, _READ_ONLY)
            try:
                while block := incoming.read(BLOCK):
                    watch(block)
                    _write_all(descriptor, block)
            finally:
                os.close(descriptor)

    def adopt(self, source: Path, path: str) -> int:
        """Move a regular file of the same file system to a new path; its size."""
        with Refusals(str(source)):
            found = os.lstat(source)
        if not stat.S_ISREG(found.st_mode):
            raise StorageError(f"{source} is not an ordinary file.", advice="Links and devices cannot be archived: copy the file itself.")
        with Refusals(path):
            self._move(os.fspath(source), self._at(path))
            os.chmod(self._at(path), _READ_ONLY)  # noqa: PTH101 - text paths
        return found.st_size

    def release(self, path: str, target: Path) -> None:
        """Give a file back to where it came from."""
        with Refusals(path):
            self._move(self._at(path), os.fspath(target))

    def rename(self, path: str, target: str) -> None:
        """Move a file or folder to a path that is free."""
        with Refusals(target):
            self._move(self._at(path), self._at(target))

    def replace(self, path: str, target: str) -> None:
        """Put a file in the place of another, in one step."""
        with Refusals(target):
            os.replace(self._at(path), self._at(target))  # noqa: PTH105 - text paths

    def append(self, path: str, content: bytes) -> None:
        """Write at the end of a file, which is made when it is not there."""
        with Refusals(path):
            descriptor = os.open(self._at(path), (_NEW & ~os.O_EXCL) | os.O_APPEND, 0o644)
            try:
                _write_all(descriptor, content)
            finally:
                os.close(descriptor)

    def truncate(self, path: str, size: int) -> None:
        """Cut a file to so many bytes."""
        with Refusals(path):
            os.truncate(self._at(path), size)

    def remove_file(self, path: str) -> None:
        """Remove one file."""
        with Refusals(path):
            os.unlink(self._at(path))  # noqa: PTH108 - text paths

    def discard(self, source: Path) -> None:
        """Remove a file outside whose bytes are kept here now."""
        with Refusals(str(source)):
            source.unlink()

    def remove_folder(self, path: str) -> None:
        """Remove one empty folder."""
        with Refusals(path):
            os.rmdir(self._at(path))  # noqa: PTH106 - text paths

    def sync(self, paths: Iterable[str]) -> None:
        """Make all these durable together: one ``syncfs`` where the system has it, else each by itself."""
        flush = _syncfs()
        if flush is not None:
            with Refusals(self._root):
                self._on_descriptor("", _FOLDER, flush)
            return
        for path in paths:
            if self.kind(path) is Kind.FOLDER:
                self.sync_folder(path)
            else:
                self.sync_file(path)

    def sync_file(self, path: str) -> None:
        """Make one file's bytes durable."""
        with Refusals(path):
            self._on_descriptor(path, _READ, _flush)

    def sync_folder(self, path: str) -> None:
        """Make the names in one folder durable."""
        with Refusals(path):
            self._on_descriptor(path, _FOLDER, _flush)

    @contextmanager
    def lock(self, path: str, *, seconds: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold ``flock`` on a file; the kernel lets it go when the process ends, so no lock is ever stale."""
        if sys.platform == "win32":
            raise StorageError("Writing to an archive is not possible on Windows itself.", advice="Use Ditich inside WSL 2.")
        deadline = time.monotonic() + seconds
        while (descriptor := self._locked(path)) is None:
            if time.monotonic() > deadline:
                raise ConflictError(
                    f"Someone else is writing ({path}).", advice="Wait until the other command has finished, then try again.", code="locked"
                )
            time.sleep(_PAUSE)
        try:
            yield
        finally:
            with suppress(OSError):
                os.unlink(self._at(path))  # noqa: PTH108 - text paths
            with suppress(OSError):  # what was written under the lock is as durable as it is
                os.close(descriptor)

    def _locked(self, path: str) -> int | None:
        """A descriptor that holds the lock, or None while someone else holds it."""
        with Refusals(path):
            descriptor = os.open(self._at(path), (_NEW & ~os.O_EXCL), 0o644)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # The holder before us removed the name: then this lock is on a file that nobody else can see.
                if os.fstat(descriptor).st_ino == os.stat(self._at(path)).st_ino:  # noqa: PTH116 - text paths
                    return descriptor
            except (BlockingIOError, FileNotFoundError):
                pass
            except OSError:
                os.close(descriptor)
                raise
            os.close(descriptor)
            return None

    def _on_descriptor(self, path: str, flags: int, flush: Callable[[int], None]) -> None:
        descriptor = os.open(self._at(path), flags)
        try:
            flush(descriptor)
        finally:
            os.close(descriptor)

    def _move(self, source: str, target: str) -> None:
        # POSIX has no rename that refuses to replace; the caller holds the lock of whoever could write the target.
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target)
        os.rename(source, target)  # noqa: PTH104 - text paths

    def _at(self, path: str) -> str:
        if (".." in path and ".." in path.split("/")) or "\0" in path:  # what a forged inventory or ledger may name
            raise StorageError(f"“{path}” leads out of its folder.", advice="Nothing was touched: do not trust the copy that names it.")
        return f"{self._root}/{path}" if path else self._root


class _NamedFile(io.FileIO):
    """A file for reading whose errors are Ditich's and name the path, whoever reads."""

    def __init__(self, place: str, path: str) -> None:
        super().__init__(place, "rb", opener=lambda name, _flags: open_regular(name))
        self._path = path

    def readinto(self, buffer: bytearray | memoryview, /) -> int | None:  # type: ignore[override] # Python 3.11 has no type for every buffer
        """As a file does it."""
        with Refusals(self._path):
            return super().readinto(buffer)

    def read(self, size: int | None = -1, /) -> bytes:
        """As a file does it."""
        with Refusals(self._path):
            return super().read(size) or b""  # None only from what does not wait: never a file

    def readall(self) -> bytes:
        """As a file does it."""
        with Refusals(self._path):
            return super().readall()

    def close(self) -> None:
        """As a file does it; what was read is right, whatever the system says afterwards."""
        with suppress(OSError):
            super().close()


def _kind_of(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return Kind.FILE
    return Kind.FOLDER if stat.S_ISDIR(mode) else Kind.OTHER


def _kind_of_entry(entry: os.DirEntry[str]) -> Kind:
    if entry.is_file(follow_symlinks=False):
        return Kind.FILE
    return Kind.FOLDER if entry.is_dir(follow_symlinks=False) else Kind.OTHER


def _write_all(descriptor: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        written = os.write(descriptor, rest)
        if not written:  # a disk that takes nothing and says nothing would be asked for ever
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rest = rest[written:]


def _flush(descriptor: int) -> None:
    if sys.platform == "darwin":  # pragma: no cover - macOS: fsync leaves the bytes in the drive's own cache
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def _syncfs() -> Callable[[int], None] | None:
    """Linux's ``syncfs``, or None where the system has none."""
    if sys.platform != "linux":  # pragma: no cover - macOS, Windows: each file is synced by itself
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def flush(descriptor: int) -> None:
        if libc.syncfs(descriptor):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))

    return flush
