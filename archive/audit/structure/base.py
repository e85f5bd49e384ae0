"""What a structure locator says, and the bounded reading that all of them do."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST = 20
"""places that are named in one file; more are not helpful"""
SECONDS = 60.0
"""that one file may take"""
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Inside:
    """Where in a file the damage is.

    Attributes:
        unit: what the format is made of: "page", "chunk", "entry", "header", "points", "end".
        name: of that part ("IDAT", "texture.png"); "" where it has none.
        index, total: number from 1 and how many there are; 0 where nobody counts.
        start, end: first byte and the byte after the last.
        what: "checksum", "structure" or "truncated".
        holds: what lies there, in the format's own words; "" where that is not known.
    """

    unit: str
    name: str
    index: int
    total: int
    start: int
    end: int
    what: str = "checksum"
    holds: str = ""


class OutOfTimeError(Exception):
    """The file took longer than a file may."""


class Source:
    """The bytes of a file, with its size and a deadline. Short reads never raise: what is not there is not returned."""

    def __init__(self, stream: BinaryIO, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._deadline = clock() + SECONDS
        self.size = size

    def at(self, offset: int, length: int) -> bytes:
        """So many bytes from there, fewer at the end. Raises OutOfTimeError."""
        if self._clock() > self._deadline:
            raise OutOfTimeError
        if offset < 0 or offset >= self.size or length <= 0:
            return b""
        self._stream.seek(offset)
        parts = []
        while length > 0 and (part := self._stream.read(min(length, _BLOCK))):
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def blocks(self, start: int, end: int, length: int = _BLOCK) -> Iterator[bytes]:
        """The bytes between two offsets, block by block."""
        while start < end and (block := self.at(start, min(length, end - start))):
            yield block
            start += len(block)
