"""Lines of a bag's own files, in the encoding that it declares, bounded so that a hostile file cannot fill the memory."""

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

LONGEST_LINE = 64 * 1024
"""characters; the longest path of Linux is 4,096 bytes"""
UTF8 = "utf-8"
_TEXT_CODEC = re.compile(
    r"utf-8|utf-16(-le|-be)?|utf-32(-le|-be)?|ascii|iso8859-\d+|cp(125\d|437|850|852|866|874|932|936|949|950)|tis-620|koi8-[ru]"
    r"|shift_jis|euc_(jp|kr)|gb2312|gbk|gb18030|big5|mac-roman"
)
"""Codecs of text and nothing else: Python also has some that unpack or execute."""


class NotTextError(ValueError):
    """The bytes are no text in the declared encoding, or a line is absurdly long."""


def text_codec(name: str) -> str | None:
    """Python's name of a declared encoding; None when it is none of text."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):  # a name with a null byte
        return None
    return found if _TEXT_CODEC.fullmatch(found) else None


def lines_of(stream: BinaryIO, codec: str) -> Iterator[str]:
    """The lines without their ends, which may be LF, CR or CRLF.

    Raises:
        NotTextError: not this encoding, or a line longer than LONGEST_LINE.
    """
    reader = io.TextIOWrapper(io.BufferedReader(_Raw(stream)), encoding=codec, newline=None)
    try:
        while line := reader.readline(LONGEST_LINE):
            if len(line) == LONGEST_LINE:
                raise NotTextError(f"a line longer than {LONGEST_LINE} characters")
            yield line.removesuffix("\n")
    except UnicodeError as error:
        raise NotTextError(str(error)) from error


class _Raw(io.RawIOBase):
    """A stream that only reads, for those of ZIP files and of folders alike."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # any writable buffer
        block = self._stream.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)
