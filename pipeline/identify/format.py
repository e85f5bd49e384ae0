"""What every format module is made of: a bounded look at the bytes, and what a module says of them."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

HEAD = 65536
"""Bytes that are read of every file; a module asks for more where its header lies elsewhere."""


class NotThisFormatError(ValueError):
    """A module looked beyond its signature and found that the bytes are something else."""


class Sample:
    """A file as identification sees it: its first bytes, its size, and a bounded way to the rest.

    Attributes:
        name: as delivered; only ever a second witness.
        size: bytes.
        head: the first bytes, at most ``HEAD``.
    """

    def __init__(self, stream: BinaryIO, name: str, size: int) -> None:
        self.name = name
        self.size = size
        self._stream = stream
        self.head = self.at(0, HEAD)

    def at(self, offset: int, length: int) -> bytes:
        """Up to ``length`` bytes from ``offset``; fewer at the end of the file, none beyond it."""
        if offset < 0 or offset >= self.size or length <= 0:
            return b""
        self._stream.seek(offset)
        return self._stream.read(min(length, 1 << 24))

    def unpack(self, layout: str, offset: int) -> tuple[int, ...]:
        """Numbers at an offset of the head.

        Raises:
            struct.error: the head ends before them.
        """
        return struct.unpack_from(layout, self.head, offset)

    @property
    def ending(self) -> str:
        """The last ending of the name, lower case, without its dot."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""

    @cached_property
    def text(self) -> str | None:
        """The head as text, or None when it is not text: UTF-8, UTF-16 with a mark, or bytes without control characters."""
        head = self.head
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return _decoded(head[: len(head) // 2 * 2], "utf-16")
        cut = len(head) < self.size
        # The head may end inside a character: up to three bytes are left off.
        for missing in range(4 if cut else 1):
            found = _decoded(head[: len(head) - missing], "utf-8-sig")
            if found is not None:
                return found
        return _decoded(head, "latin-1") if _is_eight_bit_text(head) else None

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Whole lines of the head, at most 200; empty when it is not text."""
        if self.text is None:
            return ()
        lines = self.text.splitlines()
        if len(self.head) < self.size and lines:
            lines.pop()
        return tuple(lines[:200])


def _is_eight_bit_text(head: bytes) -> bool:
    """Whether bytes that are no UTF-8 look like text of an older code page: mostly ASCII, or letters of Thai (TIS-620)."""
    plain = sum(32 <= byte < 127 or byte in b"\t\r\n" for byte in head)
    thai = sum(0xA1 <= byte <= 0xDA or 0xDF <= byte <= 0xFB for byte in head)
    return plain >= 0.6 * len(head) or (plain + thai >= 0.98 * len(head) and plain > 0.05 * len(head))


def _decoded(head: bytes, encoding: str) -> str | None:
    try:
        text = head.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if any(mark < " " and mark not in "\t\n\r\f\x1a\x1b" for mark in text[:4096]) else text


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a module says of a file: the name of the format, how that is known, and the version that the file states."""

    name: str
    basis: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """One family of formats.

    Attributes:
        names: format name → (media type, pattern for the names under which PRONOM may rightly know it; "" = PRONOM does not know it).
        recognise: parses the header; None when the bytes are something else.
    """

    names: dict[str, tuple[str, str]]
    recognise: Callable[[Sample], Recognised | None]
