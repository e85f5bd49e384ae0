"""E57: pages (mostly of 1024 bytes) that each end in a CRC-32C of the others, big-endian (ASTM E2807, section 7).

What a page holds is told by the XML at the end of the file, where that can still be read: which scan's points or which picture begin where.
"""

import re
import struct
from collections.abc import Iterator

from google_crc32c import value as crc32c

from archive.audit.structure.base import Inside, Source

_HEADER = struct.Struct("<8sIIQQQQ")
_MOST_XML = 16 << 20
_PAGES = 1024
_PART = re.compile(rb'<(points|[A-Za-z0-9]*[iI]mage|[A-Za-z0-9]*[mM]ask|[A-Za-z0-9]+)\b[^<>]*?\bfileOffset="(\d{1,18})"')
_NAME = re.compile(rb"<name\b[^<>]*>(?:<!\[CDATA\[)?([^<\]]{1,200})")


def damage(source: Source) -> Iterator[Inside]:
    """Every page whose CRC does not match; neighbours are named together."""
    header = source.at(0, _HEADER.size)
    size, page = source.size, 1024
    xml_at = xml_length = 0
    if len(header) == _HEADER.size:
        _magic, _major, _minor, length, xml_at, xml_length, told = _HEADER.unpack(header)
        page = told if told in {256, 512, 1024, 2048, 4096, 8192, 65536} else page
        if length > size:
            yield Inside("end", "", 0, 0, size, length, "truncated")
    parts = _parts(source, page, (xml_at, xml_length))
    total = -(-size // page)
    for first, last in _stretches(_bad_pages(source, page)):
        start, end = first * page, min((last + 1) * page, size)
        yield Inside("page", "", first + 1, total, start, end, "checksum", _holds(parts, start, end))


def _bad_pages(source: Source, page: int) -> Iterator[int]:
    number = 0
    for block in source.blocks(0, source.size, page * _PAGES):
        for start in range(0, len(block), page):
            one = block[start : start + page]
            if len(one) < page or crc32c(one[:-4]) != int.from_bytes(one[-4:], "big"):
                yield number
            number += 1


def _stretches(numbers: Iterator[int]) -> Iterator[tuple[int, int]]:
    first = last = -2
    for number in numbers:
        if number == last + 1:
            last = number
            continue
        if first >= 0:
            yield first, last
        first = last = number
    if first >= 0:
        yield first, last


def _parts(source: Source, page: int, xml: tuple[int, int]) -> list[tuple[int, str]]:
    """(physical offset, what begins there), sorted; empty where the XML does not say."""
    at, length = xml
    if not 0 < length <= _MOST_XML or not 0 < at < source.size:
        return []
    physical = source.at(at, length + (length // (page - 4) + 2) * 4)
    text = _logical(physical, at, page)[:length]
    names = [(match.start(), match[1].decode("utf-8", "replace")) for match in _NAME.finditer(text)]
    found = [(0, "header"), (at, "XML")]
    for match in _PART.finditer(text):
        before = [name for place, name in names if place < match.start()]  # writers put the name of a scan before its points
        found.append((int(match[2]), " ".join([match[1].decode(), *before[-1:]])))
    return sorted(found)


def _logical(physical: bytes, offset: int, page: int) -> bytes:
    """The bytes without the CRC at the end of every page."""
    parts, place = [], 0
    while place < len(physical):
        left = page - 4 - (offset + place) % page
        parts.append(physical[place : place + max(left, 0)])
        place += left + 4
    return b"".join(parts)


def _holds(parts: list[tuple[int, str]], start: int, end: int) -> str:
    """What lies between the offsets: the part that began before, and those that begin inside."""
    before = [what for offset, what in parts if offset <= start]
    inside = [what for offset, what in parts if start < offset < end]
    return ", ".join(dict.fromkeys([*before[-1:], *inside]))[:200]
