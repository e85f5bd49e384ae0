"""PLY vertices (Turk 1994): ASCII and binary of both byte orders, any scalar properties, of clouds, meshes and splats alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from archive.errors import UnreadableError
from pipeline.readers.points import PointChunk, PointHeader, PointSource
from pipeline.readers.points.columns import Columns, columns_of
from pipeline.readers.points.text_rows import read_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

TYPES = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2", "ushort": "u2", "uint16": "u2",
    "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4", "float": "f4", "float32": "f4", "double": "f8", "float64": "f8",
}  # fmt: skip
MAX_HEADER_LINES = 20_000
MAX_LINE = 8192
ROWS = 250_000
ADVICE = "Export the scan again as binary PLY, LAS or E57 and deliver the new file."


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its NumPy type, and for a list the type of the length before it."""

    name: str
    kind: str
    length_kind: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: how many rows the header declares and what each holds."""

    name: str
    count: int
    properties: tuple[Property, ...]

    @property
    def has_lists(self) -> bool:
        """Whether rows differ in size."""
        return any(prop.length_kind for prop in self.properties)

    def row_type(self, order: str) -> np.dtype[np.void]:
        """The binary row of an element without lists; ``order`` is "<" or ">"."""
        return np.dtype([(f"{place}", order + prop.kind) for place, prop in enumerate(self.properties)])


@dataclass(frozen=True, slots=True)
class PlyHeader:
    """A header as read. ``order``: "" for ASCII, "<" or ">"; ``start``: where the rows begin."""

    order: str
    version: str
    comments: tuple[str, ...]
    elements: tuple[Element, ...]
    start: int


def _refuse(what: str) -> UnreadableError:
    return UnreadableError(f"This PLY file cannot be read: {what}.", advice=ADVICE)


def _property(words: list[str]) -> Property:
    listed = len(words) >= 5 and words[1] == "list"
    kinds = words[2:4] if listed else words[1:2]
    name = words[4] if listed else words[2] if len(words) > 2 else ""
    if not name or any(kind not in TYPES for kind in kinds):
        what = f"its header has the property line “{' '.join(words)[:80]}”"
        raise _refuse(what)
    return Property(name, TYPES[kinds[-1]], TYPES[kinds[0]] if listed else "")


def _element(words: list[str]) -> Element:
    if len(words) < 3 or not words[2].isascii() or not words[2].isdigit() or len(words[2]) > 18:
        what = f"its header has the element line “{' '.join(words)[:80]}”"
        raise _refuse(what)
    return Element(words[1], int(words[2]), ())


def _header_lines(stream: BinaryIO) -> Iterator[list[str]]:
    for _ in range(MAX_HEADER_LINES):
        line = stream.readline(MAX_LINE)
        if not line.endswith(b"\n"):
            break
        words = line.decode("utf-8", "replace").split()
        if words == ["end_header"]:
            return
        if words:
            yield words
    what = "its header does not end"
    raise _refuse(what)


def read_header(stream: BinaryIO) -> PlyHeader:
    """Read the header of a PLY file, at most 20,000 lines of it.

    Raises:
        UnreadableError: not PLY, an unknown form, or an impossible line.
    """
    if stream.readline(8).split() != [b"ply"]:
        what = "it does not begin with “ply”"
        raise _refuse(what)
    form, version, comments, elements = "", "", [], list[Element]()
    for words in _header_lines(stream):
        if words[0] == "format" and len(words) >= 3:
            form, version = words[1], words[2]
        elif words[0] in {"comment", "obj_info"}:
            comments.append(" ".join(words[1:]))
        elif words[0] == "element":
            elements.append(_element(words))
        elif words[0] == "property" and elements:
            last = elements[-1]
            elements[-1] = Element(last.name, last.count, (*last.properties, _property(words)))
    orders = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
    if form not in orders:
        what = f"its form “{form}” is not known"
        raise _refuse(what)
    return PlyHeader(orders[form], version, tuple(comments), tuple(elements), stream.tell())


def _skip_lists(stream: BinaryIO, element: Element, order: str) -> None:
    """Walk over rows with lists; costs a call a row, and only elements before the vertices are walked."""
    for _ in range(element.count):
        for prop in element.properties:
            if not prop.length_kind:
                stream.seek(np.dtype(prop.kind).itemsize, 1)
                continue
            raw = stream.read(np.dtype(prop.length_kind).itemsize)
            if len(raw) < np.dtype(prop.length_kind).itemsize:
                what = "it ends within a list"
                raise _refuse(what)
            stream.seek(max(0, int(np.frombuffer(raw, order + prop.length_kind)[0])) * np.dtype(prop.kind).itemsize, 1)


def _to_vertices(stream: BinaryIO, header: PlyHeader) -> Element:
    """Move the stream to the first vertex; the element, checked against the bytes that are left."""
    size = stream.seek(0, 2)
    stream.seek(header.start)
    for element in header.elements:
        if element.name == "vertex":
            return _checked(element, size - stream.tell(), header.order)
        if not header.order:
            for _ in range(min(element.count, size)):
                stream.readline(1 << 20)
        elif element.has_lists:
            _skip_lists(stream, element, header.order)
        else:
            stream.seek(element.count * element.row_type(header.order).itemsize, 1)
    what = "it has no vertices"
    raise _refuse(what)


def _checked(element: Element, room: int, order: str) -> Element:
    if element.has_lists or not {"x", "y", "z"} <= {prop.name for prop in element.properties}:
        what = "its vertices have no x, y and z, or have lists"
        raise _refuse(what)
    row = element.row_type("<").itemsize if order else 2 * len(element.properties)
    if element.count * row > room + (0 if order else 1):
        what = f"it declares {element.count} vertices and ends before the last of them"
        raise _refuse(what)
    return element


def _binary(stream: BinaryIO, element: Element, order: str) -> "Iterator[NDArray[np.float64]]":
    kind = element.row_type(order)
    for first in range(0, element.count, ROWS):
        number = min(ROWS, element.count - first)
        raw = stream.read(number * kind.itemsize)
        if len(raw) < number * kind.itemsize:
            what = "it became shorter while it was read"
            raise _refuse(what)
        rows = np.frombuffer(raw, kind)
        yield np.stack([rows[name].astype(np.float64) for name in kind.names or ()], axis=1)


def _ascii(stream: BinaryIO, element: Element) -> "Iterator[NDArray[np.float64]]":
    left = element.count
    for block in read_rows(stream, len(element.properties)):
        values, widths = block.values[:left], block.widths[:left]
        if (widths != len(element.properties)).any():
            what = f"vertex {element.count - left + int(np.argmax(widths != len(element.properties))) + 1} is not a row of numbers"
            raise _refuse(what)
        left -= len(values)
        yield values
        if not left:
            return
    if left:
        what = f"it declares {element.count} vertices and has {element.count - left}"
        raise _refuse(what)


def _chunks(path: str, header: PlyHeader, columns: Columns) -> Iterator[PointChunk]:
    with Path(path).open("rb") as stream:
        element = _to_vertices(stream, header)
        rows = _binary(stream, element, header.order) if header.order else _ascii(stream, element)
        yield from columns.chunks(rows)


def open_points(path: str) -> PointSource:
    """Open the vertices of a PLY file as points.

    Raises:
        UnreadableError: not PLY, no vertices with x, y, z, or fewer bytes than the declared vertices need.
    """
    with Path(path).open("rb") as stream:
        header = read_header(stream)
        vertices = _to_vertices(stream, header)
    columns = columns_of([prop.name for prop in vertices.properties], [prop.kind for prop in vertices.properties])
    stated = PointHeader(points=vertices.count, colour=columns.rgb is not None, intensity=columns.intensity is not None)
    return PointSource(stated, lambda: _chunks(path, header, columns))
