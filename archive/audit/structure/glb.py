"""GLB: a header with the length of all, then chunks with their lengths (glTF 2.0, section 4.4). No checksums: only structure is told."""

import json
import struct
from collections.abc import Iterator

from archive.audit.structure.base import Inside, Source

_MOST_JSON = 64 << 20


def damage(source: Source) -> Iterator[Inside]:
    """Lengths that do not add up, and a JSON chunk that is none."""
    head = source.at(0, 12)
    if len(head) < 12 or head[:4] != b"glTF":
        yield Inside("header", "", 0, 0, 0, 12, "structure")
        return
    length = int.from_bytes(head[8:], "little")
    if length > source.size:
        yield Inside("end", "", 0, 0, source.size, length, "truncated")
    elif length < source.size:
        yield Inside("end", "", 0, 0, length, source.size, "structure")
    offset, number = 12, 0
    while offset + 8 <= source.size:
        size, kind = struct.unpack("<I4s", source.at(offset, 8))
        number += 1
        name = kind.rstrip(b"\0").decode("ascii", "replace")
        end = offset + 8 + size
        if end > source.size:
            yield Inside("chunk", name, number, 0, offset, end, "truncated")
            return
        if number == 1 and (name != "JSON" or not _is_json(source.at(offset + 8, min(size, _MOST_JSON)))):
            yield Inside("chunk", name, number, 0, offset, end, "structure")
        offset = end


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True
