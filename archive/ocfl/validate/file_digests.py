"""Digests of files, each read once. The loop is plain on purpose: at 4 KiB a file every call counts."""

import io
import os
import stat
from collections.abc import Callable, Iterable
from typing import NamedTuple

from archive.ocfl.algorithms import ALGORITHMS, SIZE, NewHash
from archive.ocfl.validate.folders import READING, NotRegularError, open_regular

SMALL = 1 << 18
"""bytes up to which a file is read by one call"""


def _of_content(new: NewHash) -> Callable[[bytes], str]:
    return lambda content: new(content).hexdigest()


def _size(content: bytes) -> str:
    return str(len(content))


_DIGESTS = {**{name: _of_content(new) for name, new in ALGORITHMS.items()}, SIZE: _size}


class FileFacts(NamedTuple):
    """What one read of a file says.

    Attributes:
        digests: in lower-case hexadecimal, in the order of the algorithms.
        links: names that the file has.
        size: bytes.
    """

    digests: list[str]
    links: int
    size: int


def intact_size(path: str, new: NewHash, digest: str) -> int:
    """The size of what most files are: small, with one name and the right digest. -1 for all others, they need a closer look."""
    try:
        descriptor = os.open(path, READING)
        try:
            status = os.fstat(descriptor)
            size = status.st_size
            if size >= SMALL or status.st_nlink != 1:
                return -1
            content = os.read(descriptor, size + 1)
        finally:
            os.close(descriptor)
    except OSError:
        return -1
    return size if len(content) == size and new(content).hexdigest() == digest else -1


class FileReader:
    """Reads files into one buffer."""

    def __init__(self) -> None:
        self._buffer = bytearray(SMALL)
        self._view = memoryview(self._buffer)

    def read(self, path: str, algorithms: Iterable[str]) -> FileFacts:
        """Read a file.

        Raises:
            NotRegularError: something else has taken its place.
            OSError: it cannot be read.
        """
        descriptor = open_regular(path)
        try:
            status = os.fstat(descriptor)
            size = status.st_size
            if not stat.S_ISREG(status.st_mode):
                raise NotRegularError("no regular file any more")
            if size < SMALL:
                content = os.read(descriptor, SMALL if not size else size + 1)
                if len(content) == size:
                    return FileFacts([_DIGESTS[name](content) for name in algorithms], status.st_nlink, size)
                os.lseek(descriptor, 0, os.SEEK_SET)
            digests, size = self._read_blocks(descriptor, algorithms)
            return FileFacts(digests, status.st_nlink, size)
        finally:
            os.close(descriptor)

    def _read_blocks(self, descriptor: int, algorithms: Iterable[str]) -> tuple[list[str], int]:
        names = list(algorithms)
        digests = {name: ALGORITHMS[name](b"") for name in names if name != SIZE}
        size = 0
        with io.FileIO(descriptor, closefd=False) as stream:
            while count := stream.readinto(self._buffer):
                block = self._view[:count]
                size += count
                for digest in digests.values():
                    digest.update(block)
        return [str(size) if name == SIZE else digests[name].hexdigest() for name in names], size
