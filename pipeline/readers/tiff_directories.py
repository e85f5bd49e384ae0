"""The image directories of TIFF and BigTIFF, and of everything built on them (DNG, most camera RAWs): a bounded walk, no pixels.

Sources: TIFF 6.0 §2; BigTIFF (Adobe, libtiff): 64-bit offsets, magic 43.
"""

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

MOST_DIRECTORIES = 64
_MOST_ENTRIES = 1024
_SUBIFDS = 330
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 8: 2, 9: 4, 13: 4, 16: 8, 18: 8}
_CODES = {1: "B", 3: "H", 4: "I", 6: "b", 8: "h", 9: "i", 13: "I", 16: "Q", 18: "Q"}
_TEXT = 2

Value = tuple[int, ...] | bytes
ReadAt = Callable[[int, int], bytes]
"""Gives up to that many bytes (second) from an offset (first), fewer at the end of the file."""


@dataclass(frozen=True, slots=True)
class TiffHeader:
    """Byte order for :mod:`struct` ("<" or ">"), whether offsets are 64-bit, and where the first directory lies."""

    order: str
    big: bool
    first: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tags are read, and at most how many values of each."""

    tags: frozenset[int]
    values: int = 64


def tiff_header(head: bytes) -> TiffHeader | None:
    """The header, or None when these are not the first bytes of a TIFF or BigTIFF."""
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 8:
        return None
    magic = struct.unpack_from(order + "H", head, 2)[0]
    if magic == 42:
        return TiffHeader(order, big=False, first=struct.unpack_from(order + "I", head, 4)[0])
    if magic == 43 and len(head) >= 16 and struct.unpack_from(order + "HH", head, 4) == (8, 0):
        return TiffHeader(order, big=True, first=struct.unpack_from(order + "Q", head, 8)[0])
    return None


def read_directories(read_at: ReadAt, header: TiffHeader, wanted: Wanted) -> list[Mapping[int, Value]]:
    """The wanted tags of every directory that can be read, sub-directories included; a damaged directory ends its chain."""
    found: list[Mapping[int, Value]] = []
    waiting, seen = [header.first], set[int]()
    while waiting and len(found) < MOST_DIRECTORIES:
        offset = waiting.pop(0)
        if offset in seen or offset < 8:
            continue
        seen.add(offset)
        try:
            tags, following = _directory(read_at, header, offset, wanted)
        except struct.error:
            continue
        found.append(tags)
        below = tags.get(_SUBIFDS, ())
        waiting += [*(int(one) for one in below[:8]), following]
    return found


def _directory(read_at: ReadAt, header: TiffHeader, offset: int, wanted: Wanted) -> tuple[dict[int, Value], int]:
    count_code, entry_size = ("Q", 20) if header.big else ("H", 12)
    pointer = "Q" if header.big else "I"
    width = struct.calcsize("<" + count_code)
    (count,) = struct.unpack(header.order + count_code, read_at(offset, width))
    if not 0 < count <= _MOST_ENTRIES:
        raise struct.error("no directory")
    block = read_at(offset + width, count * entry_size + 8)
    tags: dict[int, Value] = {}
    for at in range(0, count * entry_size, entry_size):
        tag = struct.unpack_from(header.order + "H", block, at)[0]
        if tag == _SUBIFDS or tag in wanted.tags:
            tags[tag] = _value(read_at, header, block[at : at + entry_size], wanted.values)
    tail = block[count * entry_size :][: struct.calcsize("<" + pointer)]
    following = struct.unpack(header.order + pointer, tail)[0] if len(tail) == struct.calcsize("<" + pointer) else 0
    return tags, following


def _value(read_at: ReadAt, header: TiffHeader, entry: bytes, most: int) -> Value:
    """The value of an entry: numbers as a tuple, text and other types as bytes."""
    count_code, at = ("Q", 12) if header.big else ("I", 8)
    kind, count = struct.unpack_from(header.order + "H" + count_code, entry, 2)
    count = min(count, most)
    length = count * _WIDTHS.get(kind, 1)
    content = entry[at:]
    if length > len(content):
        content = read_at(struct.unpack(header.order + count_code, content)[0], length)
    code = _CODES.get(kind)
    if code is None or kind == _TEXT:
        return content[:length]
    return struct.unpack(f"{header.order}{count}{code}", content[:length])
