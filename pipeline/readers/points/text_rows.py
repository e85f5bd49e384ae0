"""Numbers from text, millions of rows a second: the ground of XYZ, PTS, PTX and the ASCII kinds of PLY and PCD."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from archive.errors import UnreadableError
from pipeline.readers.points.text_kernels import parse_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_BYTES = 8 << 20
MAX_LINE = 1 << 16
MAX_COLUMNS = 64


@dataclass(frozen=True, slots=True, eq=False)
class RowBlock:
    """Rows in file order: ``values`` (n, columns) float64, NaN where a row is shorter; ``widths`` (n,) how many numbers each has.

    A row with more numbers than columns keeps its true width and loses the rest. A row that is no numbers has width -1.
    """

    values: "NDArray[np.float64]"
    widths: "NDArray[np.int32]"


def read_rows(stream: BinaryIO, columns: int, rows: int = 250_000) -> Iterator[RowBlock]:
    """Read the rest of a text stream as rows of up to ``columns`` numbers, in blocks of at most ``rows`` rows.

    Raises:
        UnreadableError: a line longer than 64 KiB, which no text point cloud has.
    """
    rest = b""
    while True:
        block = stream.read(BLOCK_BYTES)
        if not block and not rest:
            return
        text = rest + (block or b"\n")
        used = 0
        while used < len(text):
            values = np.full((rows, columns), np.nan)
            widths = np.zeros(rows, np.int32)
            found, size = parse_rows(np.frombuffer(text, np.uint8)[used:], values, widths)
            used += size
            if found:
                yield RowBlock(values[:found], widths[:found])
            if found < rows:
                break
        rest = text[used:] if block else b""
        if len(rest) > MAX_LINE:
            message = "A line of this text file is longer than 64 KiB: it is not a list of points."
            raise UnreadableError(message, advice="Export the scan again, as E57 or LAS if you can.")
