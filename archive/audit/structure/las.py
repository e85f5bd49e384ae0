"""LAS and LAZ: a header that says where the points begin, how long each is and how many there are (ASPRS LAS 1.4, section 2.4)."""

import struct
from collections.abc import Iterator

from archive.audit.structure.base import Inside, Source

_LEAST = 227
_HEADERS = {2: 227, 3: 235, 4: 375}
_RECORDS = (20, 28, 26, 34, 57, 63, 30, 36, 38, 59, 67)


def damage(source: Source) -> Iterator[Inside]:
    """Header fields that contradict each other, records that begin nowhere, points that are cut off."""
    head = source.at(0, 375)
    if len(head) < _LEAST or head[:4] != b"LASF" or head[24] != 1:
        yield Inside("header", "", 0, 0, 0, _LEAST, "structure")
        return
    size, points, records = struct.unpack_from("<HII", head, 94)
    if size < _HEADERS.get(head[25], _LEAST) or points < size or points > source.size:
        yield Inside("header", "", 0, 0, 94, 104, "structure")
        return
    yield from _records(source, (size, points), records)
    yield from _points(source, head, points)


def _records(source: Source, between: tuple[int, int], count: int) -> Iterator[Inside]:
    """The variable length records between header and points."""
    offset, end = between
    for number in range(1, min(count, 100_000) + 1):
        record = source.at(offset, 54)
        after = offset + 54 + int.from_bytes(record[20:22], "little")
        if len(record) < 54 or after > end:
            yield Inside("record", "", number, count, offset, end, "structure")
            return
        offset = after


def _points(source: Source, head: bytes, start: int) -> Iterator[Inside]:
    kind, length = struct.unpack_from("<BH", head, 104)
    count = int.from_bytes(head[247:255], "little") if head[25] >= 4 and len(head) >= 255 else int.from_bytes(head[107:111], "little")
    packed = bool(kind & 0x80)
    known = kind & 0x3F
    if known >= len(_RECORDS) or length < _RECORDS[known]:
        yield Inside("header", "", 0, 0, 104, 107, "structure")
    elif not packed and start + count * length > source.size:
        there = (source.size - start) // length
        yield Inside("points", "", there + 1, count, start + there * length, start + count * length, "truncated")
