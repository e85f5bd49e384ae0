"""Digests of files, each read once. The loop is plain on purpose: at 4 KiB a file every call counts."""

import io
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass

from archive.ocfl.validate.algorithms import ALGORITHMS, SIZE
from archive.ocfl.validate.folders import open_regular

SMALL = 1 << 18
"""bytes up to which a file is read by one call"""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What one read of a file says.

    Attributes:
        digests: in lower-case hexadecimal, in the order of the algorithms; empty when it is no regular file.
        links: names that the file has.
        size: bytes.
    """

    digests: tuple[str, ...]
    links: int
    size: int


class FileReader:
    """Reads files into one buffer."""

    def __init__(self) -> None:
        self._buffer = bytearray(SMALL)
        self._view = memoryview(self._buffer)

    def read(self, path: str, algorithms: Iterable[str]) -> FileFacts:
        """Read a file.

        Raises:
            OSError: it cannot be read.
        """
        descriptor = open_regular(path)
        try:
            status = os.fstat(descriptor)
            size = status.st_size
            if not stat.S_ISREG(status.st_mode):
                return FileFacts((), 1, 0)
            if size < SMALL:
                content = os.read(descriptor, SMALL if not size else size + 1)
                if len(content) == size:
                    return FileFacts(tuple([_digest(name, content) for name in algorithms]), status.st_nlink, size)
                os.lseek(descriptor, 0, os.SEEK_SET)
            digests, size = self._read_blocks(descriptor, algorithms)
            return FileFacts(digests, status.st_nlink, size)
        finally:
            os.close(descriptor)

    def _read_blocks(self, descriptor: int, algorithms: Iterable[str]) -> tuple[tuple[str, ...], int]:
        names = list(algorithms)
        digests = {name: ALGORITHMS[name](b"") for name in names if name != SIZE}
        size = 0
        with io.FileIO(descriptor, closefd=False) as stream:
            while count := stream.readinto(self._buffer):
                block = self._view[:count]
                size += count
                for digest in digests.values():
                    digest.update(block)
        return tuple(str(size) if name == SIZE else digests[name].hexdigest() for name in names), size


def _digest(algorithm: str, content: bytes) -> str:
    return str(len(content)) if algorithm == SIZE else ALGORITHMS[algorithm](content).hexdigest()
