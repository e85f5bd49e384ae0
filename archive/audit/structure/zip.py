"""ZIP, and USDZ, which is one: entries with a CRC-32 each (APPNOTE 4.3). The central directory names them; each is read through its CRC."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from archive.audit.structure.base import Inside, Source

_TAIL = 65_557
_MOST_DIRECTORY = 64 << 20
_BLOCK = 1 << 20
_ENCRYPTED = 1
_END = struct.Struct("<4s4H2IH")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
_END64 = struct.Struct("<4sQ2H2I4Q")
_STORED, _DEFLATED = 0, 8


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry as the central directory describes it."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    raw: bytes


def damage(source: Source) -> Iterator[Inside]:
    """Every entry whose bytes do not match its CRC, or whose headers disagree."""
    place = _directory(source)
    if place is None:
        yield Inside("end", "", 0, 0, max(0, source.size - 22), source.size, "structure", "central directory")
        return
    start, length = place
    entries = list(_entries(source.at(start, min(length, _MOST_DIRECTORY))))
    for number, entry in enumerate(entries, start=1):
        what, begin, end = _checked(source, entry)
        if what:
            yield Inside("entry", entry.name, number, len(entries), begin, end, what)


def _directory(source: Source) -> tuple[int, int] | None:
    """(offset, length) of the central directory, or None where its end is damaged."""
    tail = source.at(max(0, source.size - _TAIL), _TAIL)
    place = tail.rfind(b"PK\5\6")
    if place < 0 or len(tail) - place < _END.size:
        return None
    _, _, _, _, _, length, start, _ = _END.unpack_from(tail, place)
    if start == 0xFFFFFFFF or length == 0xFFFFFFFF:
        locator = tail.rfind(b"PK\6\7", 0, place)
        record = source.at(int.from_bytes(tail[locator + 8 : locator + 16], "little"), _END64.size) if locator >= 0 else b""
        if len(record) < _END64.size:
            return None
        *_, length, start = _END64.unpack(record)
    return (start, length) if start + length <= source.size else None


def _entries(directory: bytes) -> Iterator[_Entry]:
    place = 0
    while place + _CENTRAL.size <= len(directory) and directory[place : place + 4] == b"PK\1\2":
        values = _CENTRAL.unpack_from(directory, place)
        method = -1 if values[3] & _ENCRYPTED else values[4]
        crc, packed, size = values[7:10]
        names, extras, comments = values[10:13]
        offset = values[16]
        raw = directory[place + _CENTRAL.size : place + _CENTRAL.size + names]
        extra = directory[place + _CENTRAL.size + names : place + _CENTRAL.size + names + extras]
        size, packed, offset = _wide(extra, (size, packed, offset))
        yield _Entry(raw.decode("utf-8", "replace"), method, crc, packed, size, offset, raw)
        place += _CENTRAL.size + names + extras + comments


def _wide(extra: bytes, values: tuple[int, int, int]) -> tuple[int, int, int]:
    """Size, packed size and offset, from the ZIP64 field where they did not fit."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        if kind == 1:
            numbers = iter(struct.unpack_from(f"<{length // 8}Q", extra[4 : 4 + length]))
            size, packed, offset = (next(numbers, value) if value == 0xFFFFFFFF else value for value in values)
            return size, packed, offset
        extra = extra[4 + length :]
    return values


def _checked(source: Source, entry: _Entry) -> tuple[str, int, int]:
    """("" or what is wrong, first byte, byte after the last)."""
    head = source.at(entry.offset, _LOCAL.size)
    begin, end = entry.offset, entry.offset + _LOCAL.size + len(entry.raw) + entry.packed
    if len(head) < _LOCAL.size or head[:4] != b"PK\3\4":
        return "structure", begin, end
    names, extras = _LOCAL.unpack(head)[9:]
    if source.at(entry.offset + _LOCAL.size, names) != entry.raw:
        return "structure", begin, end
    begin = entry.offset + _LOCAL.size + names + extras
    end = begin + entry.packed
    if end > source.size:
        return "truncated", begin, end
    if entry.method not in {_STORED, _DEFLATED}:
        return "", begin, end
    return ("" if _crc(source, entry, begin, end) == entry.crc else "checksum"), begin, end


def _crc(source: Source, entry: _Entry, begin: int, end: int) -> int | None:
    """The CRC of the unpacked bytes; None where they cannot be unpacked or are not as many as they should be."""
    value = done = 0
    blocks = source.blocks(begin, end)
    try:
        for plain in _unpacked(blocks) if entry.method == _DEFLATED else blocks:
            value, done = zlib.crc32(plain, value), done + len(plain)
            if done > entry.size:
                return None
    except zlib.error:
        return None
    return value if done == entry.size else None


def _unpacked(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Deflated blocks unpacked, never much more than a block at a time."""
    unpacker = zlib.decompressobj(-15)
    for block in blocks:
        waiting = block
        while plain := unpacker.decompress(waiting, _BLOCK):
            yield plain
            waiting = unpacker.unconsumed_tail
