"""XYZ, ASC, TXT and CSV: a point a line. What the columns mean is told by a heading line, else by their number and their values."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from archive.errors import UnreadableError
from pipeline.readers.points import PointChunk, PointHeader, PointSource
from pipeline.readers.points.columns import Columns, columns_of
from pipeline.readers.points.text_rows import MAX_COLUMNS, RowBlock, read_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_HEADING_LINES = 50
ADVICE = "A point list has a line “x y z” for each point; export the scan again, as E57 or LAS if you can."


def _refuse(what: str) -> UnreadableError:
    return UnreadableError(f"This text file cannot be read as points: {what}.", advice=ADVICE)


def _is_colour(values: "NDArray[np.float64]") -> bool:
    whole = (values == np.rint(values)).all() and values.min() >= 0 and values.max() <= 255
    return bool(whole and values.max() > 1)


def _guess(rows: "NDArray[np.float64]") -> Columns:
    """Columns from the first rows: x y z [i] [r g b], or x y z r g b [i]; normals and the rest are passed over."""
    width = rows.shape[1]
    xyz = (0, 1, 2)
    if width >= 7 and _is_colour(rows[:, 4:7]):
        return Columns(xyz, (4, 5, 6), 3)
    if width >= 6 and _is_colour(rows[:, 3:6]):
        return Columns(xyz, (3, 4, 5), 6 if width == 7 else None)
    return Columns(xyz, None, 3 if width in {4, 5} else None)


def heading(path: str) -> list[str]:
    """Names of columns where a line before the first row gives x, y and z by name; otherwise empty."""
    with Path(path).open("rb") as stream:
        for _ in range(MAX_HEADING_LINES):
            line = stream.readline(8192).decode("utf-8", "replace").lower()
            words = line.lstrip("#/ ").replace(",", " ").replace(";", " ").split()
            if {"x", "y", "z"} <= set(words):
                return words
            if not line or (words and words[0].lstrip("+-.")[:1].isdigit()):
                break
    return []


def _without_heading(blocks: Iterator[RowBlock]) -> Iterator["NDArray[np.float64]"]:
    """Tables of one width; lines that are no rows are allowed before the first row only."""
    width, rows_before = 0, 0
    for block in blocks:
        widths, values = block.widths, block.values
        if not width:
            begin = int(np.argmax(widths >= 3)) if (widths >= 3).any() else len(widths)
            if begin > MAX_HEADING_LINES:
                what = "its first lines are not rows of numbers"
                raise _refuse(what)
            widths, values = widths[begin:], values[begin:]
            rows_before = begin
            width = int(widths[0]) if len(widths) else 0
        if (widths != width).any():
            line = rows_before + int(np.argmax(widths != width)) + 1
            what = f"row {line} does not have {width} numbers as the others have"
            raise _refuse(what)
        rows_before += len(values)
        if len(values):
            yield values[:, :width]


def _tables(path: str) -> Iterator["NDArray[np.float64]"]:
    with Path(path).open("rb") as stream:
        yield from _without_heading(read_rows(stream, MAX_COLUMNS, 50_000))


def _columns(path: str) -> Columns:
    first = next(_tables(path), None)
    if first is None:
        what = "it has no row of three numbers"
        raise _refuse(what)
    names = heading(path)
    if len(names) == first.shape[1] and set(names) >= {"x", "y", "z"}:
        return columns_of(names, ["f8"] * len(names))
    return _guess(first)


def _chunks(path: str, columns: Columns) -> Iterator[PointChunk]:
    tables = _tables(path)
    yield from columns.chunks(chain(tables))


def open_points(path: str) -> PointSource:
    """Open a text point list.

    Raises:
        UnreadableError: no rows of numbers, or rows that differ in length.
    """
    columns = _columns(path)
    header = PointHeader(points=0, colour=columns.rgb is not None, intensity=columns.intensity is not None)
    return PointSource(header, lambda: _chunks(path, columns))
