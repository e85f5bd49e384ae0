"""PTS (Leica): a count, then that many rows x y z [intensity [red green blue]]; several such blocks may follow each other."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from archive.errors import UnreadableError
from pipeline.readers.points import PointHeader, PointSource
from pipeline.readers.points.columns import Columns
from pipeline.readers.points.text_rows import RowBlock, read_rows

LAYOUTS = {
    3: Columns((0, 1, 2)),
    4: Columns((0, 1, 2), None, 3),
    6: Columns((0, 1, 2), (3, 4, 5), None, 255.0),
    7: Columns((0, 1, 2), (4, 5, 6), 3, 255.0),
}
ADVICE = "Export the scan again, as E57 if you can, and deliver the new file."


def _refuse(what: str) -> UnreadableError:
    return UnreadableError(f"This PTS file cannot be read: {what}.", advice=ADVICE)


def _blocks(path: str) -> Iterator[RowBlock]:
    with Path(path).open("rb") as stream:
        yield from read_rows(stream, 7)


def first_rows(path: str) -> tuple[int, int]:
    """The count in the first line and the width of the rows after it; (0, width) when the count is missing."""
    block = next(_blocks(path), None)
    if block is None:
        what = "it is empty"
        raise _refuse(what)
    counted = int(block.widths[0]) == 1 and float(block.values[0, 0]).is_integer()
    count = int(block.values[0, 0]) if counted else 0
    rows = block.widths[1:] if counted else block.widths
    if not len(rows) and not count:
        return 0, 3
    width = int(rows[0]) if len(rows) else 0
    if width not in LAYOUTS or count < 0:
        what = "after the count its rows do not have 3, 4, 6 or 7 numbers"
        raise _refuse(what)
    return count, width


def _rows(path: str, width: int) -> Iterator[np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    promised, seen = 0, 0
    for block in _blocks(path):
        counts = block.widths == 1
        good = block.widths == width
        if not (counts | good).all():
            what = f"row {seen + int(np.argmin(counts | good)) + 1} does not have {width} numbers as the others have"
            raise _refuse(what)
        promised += int(np.nan_to_num(block.values[counts, 0]).sum())
        rows = block.values[good][:, :width]
        seen += len(rows)
        yield rows
    if promised and seen < promised:
        what = f"it declares {promised} points and has {seen}"
        raise _refuse(what)


def open_points(path: str) -> PointSource:
    """Open a PTS file.

    Raises:
        UnreadableError: rows that differ, or a count that the file cannot hold.
    """
    count, width = first_rows(path)
    if count * width * 2 > Path(path).stat().st_size:
        what = f"it declares {count} points, which a file of its size cannot hold"
        raise _refuse(what)
    columns = LAYOUTS[width]
    header = PointHeader(count, None, None, columns.rgb is not None, columns.intensity is not None)
    return PointSource(header, lambda: columns.chunks(_rows(path, width)))
