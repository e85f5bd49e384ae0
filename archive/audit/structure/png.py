"""PNG: chunks of length, type, bytes and CRC-32 (ISO 15948, section 5.3)."""

import zlib
from collections.abc import Iterator

from archive.audit.structure.base import Inside, Source

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def damage(source: Source) -> Iterator[Inside]:
    """Every chunk whose CRC does not match; where a length is damaged nothing behind it can be told apart."""
    if source.at(0, 8) != _SIGNATURE:
        yield Inside("header", "", 0, 0, 0, 8, "structure")
    offset, number = 8, 0
    while offset < source.size:
        head = source.at(offset, 8)
        number += 1
        length = int.from_bytes(head[:4], "big")
        if len(head) < 8 or length > 0x7FFFFFFF or not head[4:].isalpha():
            yield Inside("chunk", "", number, 0, offset, source.size, "structure")
            return
        name, end = head[4:].decode("latin-1"), offset + 12 + length
        if end > source.size:
            yield Inside("chunk", name, number, 0, offset, end, "truncated")
            return
        if _crc(source, head[4:], offset + 8, end - 4) != source.at(end - 4, 4):
            yield Inside("chunk", name, number, 0, offset, end)
        offset = end
        if name == "IEND":
            break
    else:
        yield Inside("end", "", 0, 0, source.size, source.size, "truncated")
        return
    if offset < source.size:
        yield Inside("end", "", 0, 0, offset, source.size, "structure")


def _crc(source: Source, name: bytes, start: int, end: int) -> bytes:
    value = zlib.crc32(name)
    for block in source.blocks(start, end):
        value = zlib.crc32(block, value)
    return value.to_bytes(4, "big")
