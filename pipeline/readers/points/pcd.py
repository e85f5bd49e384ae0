"""PCD (Point Cloud Library 0.7): ASCII, binary and binary_compressed. VIEWPOINT is recorded as the station, not applied, as PCL does."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from archive.errors import UnreadableError
from pipeline.readers.points import PointChunk, PointHeader, PointSource, Station
from pipeline.readers.points.columns import columns_of
from pipeline.readers.points.lzf import unpack_lzf
from pipeline.readers.points.text_rows import read_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS = 250_000
NO_VIEWPOINT = (0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
"""What writers put when they know of none."""
LZF_EXPANSION = 270
"""An LZF back reference makes at most 264 bytes from 3; more than this ratio cannot be."""
ADVICE = "Export the scan again, as E57 or LAS if you can, and deliver the new file."


@dataclass(frozen=True, slots=True)
class PcdHeader:
    """A header as read: ``kinds`` are NumPy types, ``counts`` how many values each field has, ``form`` the DATA line."""

    version: str
    fields: tuple[str, ...]
    kinds: tuple[str, ...]
    counts: tuple[int, ...]
    width: int
    height: int
    viewpoint: tuple[float, ...]
    points: int
    form: str
    start: int

    @property
    def row_type(self) -> np.dtype[np.void]:
        """The binary row; fields are named by their place because names may repeat ("_")."""
        places = zip(self.kinds, self.counts, strict=True)
        return np.dtype([(f"{place}", "<" + kind, (count,)) for place, (kind, count) in enumerate(places)])


def _refuse(what: str) -> UnreadableError:
    return UnreadableError(f"This PCD file cannot be read: {what}.", advice=ADVICE)


def _header_words(stream: BinaryIO) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for _ in range(1000):
        line = stream.readline(65536)
        if not line.endswith(b"\n"):
            break
        words = line.decode("utf-8", "replace").split("#")[0].split()
        if words:
            found.setdefault(words[0].upper(), words[1:])
        if words and words[0].upper() == "DATA":
            return found
    what = "its header has no DATA line"
    raise _refuse(what)


def _numbers(words: list[str], what: str) -> tuple[int, ...]:
    if not all(word.isascii() and word.isdigit() and len(word) < 16 for word in words):
        raise _refuse(f"its {what} line has something that is no number")
    return tuple(int(word) for word in words)


def _viewpoint(words: list[str]) -> tuple[float, ...]:
    try:
        values = tuple(float(word) for word in words[:7])
    except ValueError:
        return ()
    return values if len(values) == 7 and np.isfinite(values).all() else ()


def read_header(stream: BinaryIO) -> PcdHeader:
    """Read the header of a PCD file.

    Raises:
        UnreadableError: not PCD, or a header that contradicts itself.
    """
    words = _header_words(stream)
    fields = tuple(words.get("FIELDS", words.get("COLUMNS", [])))
    sizes = _numbers(words.get("SIZE", []), "SIZE")
    counts = _numbers(words.get("COUNT", ["1"] * len(fields)), "COUNT")
    types = words.get("TYPE", [])
    if not fields or not len(fields) == len(sizes) == len(types) == len(counts) or len(fields) > 256:
        what = "its FIELDS, SIZE, TYPE and COUNT lines do not belong together"
        raise _refuse(what)
    kinds = tuple(f"{type_.lower()}{size}" for type_, size in zip(types, sizes, strict=True))
    if any(kind not in {"f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"} for kind in kinds):
        what = "it has fields of a type that PCD does not define"
        raise _refuse(what)
    if not all(0 < count <= 65536 for count in counts) or not {"x", "y", "z"} <= {name.lower() for name in fields}:
        what = "it has no x, y and z, or a field with an impossible count"
        raise _refuse(what)
    (width,) = _numbers(words.get("WIDTH", ["0"])[:1] or ["0"], "WIDTH")
    (height,) = _numbers(words.get("HEIGHT", ["1"])[:1] or ["1"], "HEIGHT")
    (points,) = _numbers(words.get("POINTS", [str(width * height)])[:1] or ["0"], "POINTS")
    form = " ".join(words["DATA"]).lower()
    version = " ".join(words.get("VERSION", [])[:1])
    place = stream.tell()
    return PcdHeader(version, fields, kinds, counts, width, height, _viewpoint(words.get("VIEWPOINT", [])), points, form, place)


def _colour_field(header: PcdHeader) -> int | None:
    """Place of the packed colour field (four bytes b, g, r, a, typed as float or integer), or None."""
    for place, name in enumerate(header.fields):
        if name.lower() in {"rgb", "rgba"} and header.kinds[place][1] == "4":
            return place
    return None


def _table(columns: "list[NDArray[Any]]", packed: int | None) -> "NDArray[np.float64]":
    """(n, fields [+ 3]) first values of each field, then red, green, blue of a packed colour."""
    values = [column.reshape(len(column), -1)[:, 0] for column in columns]
    table = [value.astype(np.float64) for value in values]
    if packed is not None:
        bits = np.ascontiguousarray(values[packed]).view(np.uint32)
        table += [((bits >> shift) & 255).astype(np.float64) for shift in (16, 8, 0)]
    return np.stack(table, axis=1)


def _binary(stream: BinaryIO, header: PcdHeader) -> "Iterator[NDArray[np.float64]]":
    kind = header.row_type
    for first in range(0, header.points, ROWS):
        number = min(ROWS, header.points - first)
        raw = stream.read(number * kind.itemsize)
        if len(raw) < number * kind.itemsize:
            what = "it became shorter while it was read"
            raise _refuse(what)
        rows = np.frombuffer(raw, kind)
        yield _table([rows[name] for name in kind.names or ()], _colour_field(header))


def _unpacked(stream: BinaryIO, header: PcdHeader) -> "Iterator[NDArray[np.float64]]":
    packed_size, size = struct.unpack("<II", stream.read(8))
    packed = np.frombuffer(stream.read(packed_size), np.uint8)
    if len(packed) < packed_size or size != header.points * header.row_type.itemsize or size > packed_size * LZF_EXPANSION:
        what = "its compressed points do not have the declared size"
        raise _refuse(what)
    flat = np.empty(size, np.uint8)
    if unpack_lzf(packed, flat) != size:
        what = "its compressed points are damaged"
        raise _refuse(what)
    columns, place = [], 0
    for kind, count in zip(header.kinds, header.counts, strict=True):
        length = header.points * count * np.dtype(kind).itemsize
        columns.append(flat[place : place + length].view("<" + kind).reshape(header.points, count))
        place += length
    for first in range(0, header.points, ROWS):
        yield _table([column[first : first + ROWS] for column in columns], _colour_field(header))


def _ascii(stream: BinaryIO, header: PcdHeader) -> "Iterator[NDArray[np.float64]]":
    width, left = sum(header.counts), header.points
    starts = np.cumsum((0, *header.counts[:-1]))
    packed = _colour_field(header)
    for block in read_rows(stream, width):
        if (block.widths != width).any():
            what = "one of its lines is not a row of numbers"
            raise _refuse(what)
        rows = block.values[:left]
        left -= len(rows)
        columns = [rows[:, start] for start in starts]
        if packed is not None:
            columns[packed] = columns[packed].astype("<" + header.kinds[packed])
        yield _table(columns, packed)
    if left > 0:
        what = f"it declares {header.points} points and has {header.points - left}"
        raise _refuse(what)


FORMS = {"binary": _binary, "binary_compressed": _unpacked, "ascii": _ascii}


def _chunks(path: str, header: PcdHeader) -> Iterator[PointChunk]:
    names, kinds = list(header.fields), list(header.kinds)
    if _colour_field(header) is not None:
        names, kinds = [*names, "red", "green", "blue"], [*kinds, "u1", "u1", "u1"]
    with Path(path).open("rb") as stream:
        stream.seek(header.start)
        yield from columns_of(names, kinds).chunks(FORMS[header.form](stream, header))


def _check_size(header: PcdHeader, room: int) -> None:
    if header.form not in FORMS:
        what = f"its form “{header.form[:40]}” is not known"
        raise _refuse(what)
    least = {"binary": header.row_type.itemsize * header.points, "ascii": 2 * sum(header.counts) * header.points - 1}
    if least.get(header.form, 8) > room:
        what = f"it declares {header.points} points and ends before the last of them"
        raise _refuse(what)


def open_points(path: str) -> PointSource:
    """Open a PCD file.

    Raises:
        UnreadableError: not PCD, an impossible header, or fewer bytes than the declared points need.
    """
    with Path(path).open("rb") as stream:
        header = read_header(stream)
        _check_size(header, stream.seek(0, 2) - header.start)
    columns = columns_of(header.fields, header.kinds)
    view = header.viewpoint
    stated_view = view and view != NO_VIEWPOINT
    station = (Station(translation=view[:3], rotation=view[3:], points=header.points),) if stated_view else ()  # type: ignore[arg-type]
    colour = columns.rgb is not None or _colour_field(header) is not None
    stated = PointHeader(header.points, colour=colour, intensity=columns.intensity is not None, stations=station)
    return PointSource(stated, lambda: _chunks(path, header))
