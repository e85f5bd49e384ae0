"""The public header and the variable records of a LAS, LAZ or COPC file (ASPRS LAS 1.4 R15), read with our own bounds.

laspy hangs on some damaged headers, so nothing is given to a library before this has accepted the file.
"""

import math
import struct
from dataclasses import dataclass
from typing import BinaryIO

from archive.errors import UnreadableError

MAX_RECORDS = 100_000
MAX_PAYLOAD = 64 << 20
POINT_SIZES = {0: 20, 1: 28, 2: 26, 3: 34, 4: 57, 5: 63, 6: 30, 7: 36, 8: 38, 9: 59, 10: 67}
"""Point format to the smallest record that can hold it (LAS 1.4 R15, section 2.6)."""
ADVICE = "Copy the file again from the scanner or the project computer; if it stays unreadable, export the scan again."


@dataclass(frozen=True, slots=True)
class VariableRecord:
    """One VLR or EVLR: who defined it, which number, a description, and its bytes."""

    user: str
    number: int
    description: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class LasLayout:
    """What the public header says. Bounds are min x, y, z and max x, y, z in units of the coordinate system."""

    version: str
    system: str
    software: str
    created: tuple[int, int]
    encoding: int
    guid: bytes
    point_format: int
    record_size: int
    points: int
    first_point: int
    scale: tuple[float, float, float]
    offset: tuple[float, float, float]
    minimum: tuple[float, float, float]
    maximum: tuple[float, float, float]
    compressed: bool
    size: int
    records: tuple[VariableRecord, ...]

    def record(self, user: str, number: int) -> VariableRecord | None:
        """The first variable record of that user and number."""
        return next((record for record in self.records if record.user == user and record.number == number), None)


def _refuse(what: str) -> UnreadableError:
    return UnreadableError(f"This LAS file cannot be read: {what}.", advice=ADVICE)


def _text(raw: bytes) -> str:
    return raw.split(b"\0")[0].decode("latin-1").strip()


def _payload(stream: BinaryIO, room: int, stated: int) -> bytes | None:
    if stated > room or stated > MAX_PAYLOAD:
        return None
    return stream.read(stated)


def _short_records(stream: BinaryIO, *, start: int, count: int, end: int) -> list[VariableRecord]:
    """VLRs between the header and the points; stops quietly where they would run into the points."""
    found: list[VariableRecord] = []
    stream.seek(start)
    while len(found) < min(count, MAX_RECORDS) and stream.tell() + 54 <= end:
        _, user, number, stated, words = struct.unpack("<H16sHH32s", stream.read(54))
        payload = _payload(stream, end - stream.tell(), stated)
        if payload is None:
            break
        found.append(VariableRecord(_text(user), number, _text(words), payload))
    return found


def _long_records(stream: BinaryIO, *, start: int, count: int, end: int) -> list[VariableRecord]:
    """EVLRs behind the points (LAS 1.4); those larger than 64 MiB (waveforms) are passed over."""
    found: list[VariableRecord] = []
    if not 0 < start < end:
        return found
    place = start
    for _ in range(min(count, MAX_RECORDS)):
        stream.seek(place)
        head = stream.read(60)
        if len(head) < 60:
            break
        _, user, number, stated, words = struct.unpack("<H16sHQ32s", head)
        place += 60 + stated
        payload = _payload(stream, end - stream.tell(), stated)
        if payload is not None:
            found.append(VariableRecord(_text(user), number, _text(words), payload))
        if place >= end:
            break
    return found


def _triple(values: tuple[float, ...]) -> tuple[float, float, float]:
    return (values[0], values[1], values[2])


def _check_frame(scale: tuple[float, ...], offset: tuple[float, ...]) -> None:
    if not all(math.isfinite(value) for value in (*scale, *offset)):
        what = "its scale or offset is not a number"
        raise _refuse(what)
    if not all(0 < abs(value) < 1e6 for value in scale):
        what = f"its scale {scale} is impossible"
        raise _refuse(what)


def _check_points(layout: LasLayout) -> None:
    smallest = POINT_SIZES.get(layout.point_format)
    if smallest is None:
        what = f"it has points of format {layout.point_format}, which LAS does not define"
        raise _refuse(what)
    if layout.record_size < smallest:
        what = f"its points are declared with {layout.record_size} bytes, format {layout.point_format} needs {smallest}"
        raise _refuse(what)
    room = layout.size - layout.first_point
    least = 1 if layout.compressed else layout.points * layout.record_size
    if layout.points and room < least:
        what = f"it declares {layout.points} points and ends before the last of them"
        raise _refuse(what)


def read_layout(stream: BinaryIO, *, payloads: bool = True) -> LasLayout:
    """Read and check the header of a LAS, LAZ or COPC file.

    Raises:
        UnreadableError: not LAS, an impossible header, or fewer bytes than the declared points need.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    head = stream.read(375)
    if len(head) < 227 or not head.startswith(b"LASF"):
        what = "it does not begin with a LAS header"
        raise _refuse(what)
    header_size, first_point, count, kind, record_size, points = struct.unpack_from("<HIIBHI", head, 94)
    if header_size < 227 or first_point < header_size or first_point > size:
        what = "its header names places that the file does not have"
        raise _refuse(what)
    scale, offset = struct.unpack_from("<3d", head, 131), struct.unpack_from("<3d", head, 155)
    _check_frame(scale, offset)
    extremes = struct.unpack_from("<6d", head, 179)
    records = _short_records(stream, start=header_size, count=count, end=first_point) if payloads or kind & 0xC0 else []
    if head[25] >= 4 and header_size >= 375 and len(head) == 375:
        start, number, whole = struct.unpack_from("<QIQ", head, 235)
        points = whole or points
        records += _long_records(stream, start=start, count=number, end=size) if payloads else []
    layout = LasLayout(
        version=f"{head[24]}.{head[25]}",
        system=_text(head[26:58]),
        software=_text(head[58:90]),
        created=(struct.unpack_from("<H", head, 92)[0], struct.unpack_from("<H", head, 90)[0]),
        encoding=struct.unpack_from("<H", head, 6)[0],
        guid=head[8:24],
        point_format=kind & 0x3F,
        record_size=record_size,
        points=points,
        first_point=first_point,
        scale=_triple(scale),
        offset=_triple(offset),
        minimum=(extremes[1], extremes[3], extremes[5]),
        maximum=(extremes[0], extremes[2], extremes[4]),
        compressed=bool(kind & 0xC0),
        size=size,
        records=tuple(records),
    )
    _check_points(layout)
    return layout
