"""Reading what is on the device, not what memory remembers of it, and leaving memory to others afterwards."""

import errno
import io
import os
import stat
from typing import Any

from archive.storage.refusals import Refusals

DROP_EVERY = 32 << 20
"""bytes that are read before memory is told to forget them"""
_READ = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a named pipe where a file was expected must not make the reader wait for ever
)


class DeviceFile(io.FileIO):
    """A file whose pages are dropped from memory before it is read, while it is read, and when it is closed.

    The system may keep pages that another program has mapped or written and not yet synced; what is read of those is what it will write.
    """

    _dropped = 0
    _read = 0

    def __init__(self, descriptor: int, path: str) -> None:
        super().__init__(descriptor, "rb")
        self._path = path

    def readinto(self, buffer: Any) -> int:
        """The next bytes, as many as the system gives. Raises StorageError, which names the path."""
        with Refusals(self._path):
            count: int = super().readinto(buffer)  # never None: pipes are refused when opened
        self._read += count
        if self._read - self._dropped >= DROP_EVERY:
            _forget(self.fileno(), self._dropped, self._read - self._dropped)
            self._dropped = self._read
        return count

    def close(self) -> None:
        """Close the file; nothing of it stays in memory."""
        if not self.closed:
            _forget(self.fileno(), 0, 0)
        super().close()


def open_from_device(place: str, path: str) -> DeviceFile:
    """A regular file, to be read from the device.

    Args:
        place: where the system finds it.
        path: its name in errors.

    Raises:
        OSError: the system refuses, or it is no regular file.
    """
    descriptor = open_regular(place)
    _forget(descriptor, 0, 0)
    return DeviceFile(descriptor, path)


def open_regular(place: str) -> int:
    """A descriptor of a regular file. Raises OSError: the system refuses, or it is a link, a pipe or a device, which is not waited for."""
    descriptor = os.open(place, _READ)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file", place)
    return descriptor


def _forget(descriptor: int, start: int, length: int) -> None:
    if hasattr(os, "posix_fadvise"):  # pragma: no branch - macOS and Windows have none: there the page cache may answer
        os.posix_fadvise(descriptor, start, length, os.POSIX_FADV_DONTNEED)
