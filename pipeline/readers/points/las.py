"""LAS, LAZ and COPC points: integers as stored, scale and offset beside them. LAZ is decoded by lazrs, chunk by chunk."""

import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from archive.errors import UnreadableError
from pipeline.readers.points import CHUNK_POINTS, PointChunk, PointHeader, PointSource
from pipeline.readers.points.las_layout import ADVICE, LasLayout, read_layout

if TYPE_CHECKING:
    from numpy.typing import NDArray

RGB_OFFSET = {2: 20, 3: 28, 5: 28, 7: 30, 8: 30, 10: 30}
"""Point format to where red stands in the record (LAS 1.4 R15, section 2.6)."""
GPS_OFFSET = {1: 20, 3: 20, 4: 20, 5: 20, 6: 22, 7: 22, 8: 22, 9: 22, 10: 22}
"""Point format to where the GPS time stands in the record."""
MAX_EXPANSION = 4000
"""A LAZ file never unpacks to more than this many times its size; beyond it the declared count is a bomb."""


class UnsupportedCompressionError(UnreadableError):
    """A LAZ file that is sound as far as its header tells, compressed in a way that our decoder does not know."""


def _record_type(layout: LasLayout) -> np.dtype[np.void]:
    place = {"xyz": ("(3,)<i4", 0), "intensity": ("<u2", 12)}
    if layout.point_format in RGB_OFFSET:
        place["rgb"] = ("(3,)<u2", RGB_OFFSET[layout.point_format])
    return np.dtype(
        {
            "names": list(place),
            "formats": [kind for kind, _ in place.values()],
            "offsets": [offset for _, offset in place.values()],
            "itemsize": layout.record_size,
        }
    )


def first_gps_time(path: str) -> float | None:
    """GPS time of the first point as stored; None where the format has none, there is no point, or the time is no number."""
    with Path(path).open("rb") as stream:
        layout = read_layout(stream)
        if layout.point_format not in GPS_OFFSET or not layout.points:
            return None
        buffer = bytearray(layout.record_size)
        if layout.compressed:
            _decoder(stream, layout).decompress_many(buffer)
        else:
            stream.seek(layout.first_point)
            buffer = bytearray(stream.read(layout.record_size))
    value = struct.unpack_from("<d", buffer, GPS_OFFSET[layout.point_format])[0]
    return float(value) if math.isfinite(value) else None


def _chunk(records: "NDArray[np.void]") -> PointChunk:
    names = records.dtype.names or ()
    return PointChunk(
        xyz=np.ascontiguousarray(records["xyz"]),
        rgb=np.ascontiguousarray(records["rgb"]) if "rgb" in names else None,
        intensity=np.ascontiguousarray(records["intensity"]),
    )


def _plain(stream: BinaryIO, layout: LasLayout) -> Iterator[PointChunk]:
    kind = _record_type(layout)
    stream.seek(layout.first_point)
    buffer = bytearray(CHUNK_POINTS * layout.record_size)
    left = layout.points
    while left:
        number = min(left, CHUNK_POINTS)
        view = memoryview(buffer)[: number * layout.record_size]
        if stream.readinto(view) != len(view):  # type: ignore[attr-defined]  # a file opened in binary mode has it
            message = "This LAS file became shorter while it was read."
            raise UnreadableError(message, advice=ADVICE)
        yield _chunk(np.frombuffer(view, kind))
        left -= number


def _decoder(stream: BinaryIO, layout: LasLayout) -> Any:  # lazrs has no types
    import lazrs  # needed by LAZ only

    record = layout.record("laszip encoded", 22204)
    if record is None:
        message = "This LAZ file does not say how its points are compressed."
        raise UnreadableError(message, advice=ADVICE)
    stream.seek(layout.first_point)
    return lazrs.LasZipDecompressor(stream, record.payload)


def _packed(stream: BinaryIO, layout: LasLayout) -> Iterator[PointChunk]:
    kind = _record_type(layout)
    try:
        decoder = _decoder(stream, layout)
        left = layout.points
        while left:
            number = min(left, CHUNK_POINTS)
            buffer = bytearray(number * layout.record_size)
            decoder.decompress_many(buffer)
            yield _chunk(np.frombuffer(buffer, kind))
            left -= number
    except (GeneratorExit, MemoryError, KeyboardInterrupt, UnreadableError):
        raise
    except BaseException as error:  # lazrs reports some damage as a Rust panic, which is no Exception
        if "not supported" in str(error):
            message = "The points of this LAZ file are compressed in a way that Ditich cannot read yet."
            raise UnsupportedCompressionError(message, advice="Export the scan as LAS beside it.", detail=str(error)) from error
        message = "The compressed points of this LAZ file are damaged."
        raise UnreadableError(message, advice=ADVICE, detail=repr(error)) from error


def open_points(path: str) -> PointSource:
    """Open a LAS, LAZ or COPC file.

    Raises:
        UnreadableError: an impossible header, missing bytes, or a declared count that the file cannot hold.
    """
    with Path(path).open("rb") as stream:
        layout = read_layout(stream)
    if layout.compressed and layout.points * layout.record_size > layout.size * MAX_EXPANSION:
        message = f"This LAZ file of {layout.size} bytes declares {layout.points} points: that cannot be true."
        raise UnreadableError(message, advice=ADVICE)

    def chunks() -> Iterator[PointChunk]:
        with Path(path).open("rb") as stream:
            yield from (_packed if layout.compressed else _plain)(stream, layout)

    header = PointHeader(
        points=layout.points,
        scale=layout.scale,
        offset=layout.offset,
        colour=layout.point_format in RGB_OFFSET,
        intensity=True,
    )
    return PointSource(header, chunks, cheap=not layout.compressed)
