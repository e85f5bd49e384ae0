"""PTX (Leica): scans one after the other, each with its size, the scanner's place and a 4 × 4 matrix into the common frame.

The matrix is written for row vectors: its fourth row is the translation. A row 0 0 0 is a shot without return, left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from archive.errors import UnreadableError
from pipeline.readers.points import PointChunk, PointHeader, PointSource, Station
from pipeline.readers.points.scaling import colours_from, intensity_from
from pipeline.readers.points.text_kernels import parse_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH = 200_000
MAX_SCANS = 10_000
ADVICE = "Export the scan again as E57 and deliver the new file."


@dataclass(frozen=True, slots=True, eq=False)
class PtxScan:
    """Head of one scan: ``matrix`` (4, 4) for row vectors, ``start`` where its rows begin."""

    columns: int
    rows: int
    matrix: "NDArray[np.float64]"
    start: int

    @property
    def points(self) -> int:
        """Shots of the grid, returned or not."""
        return self.columns * self.rows


def _refuse(what: str) -> UnreadableError:
    return UnreadableError(f"This PTX file cannot be read: {what}.", advice=ADVICE)


def _line(stream: BinaryIO, width: int) -> list[float]:
    words = stream.readline(4096).split()
    try:
        values = [float(word) for word in words]
    except ValueError:
        values = []
    if len(values) != width or not np.isfinite(values).all():
        what = "the head of a scan is not ten lines of numbers"
        raise _refuse(what)
    return values


def read_head(stream: BinaryIO, room: int) -> PtxScan:
    """Read the head of the next scan; ``room`` is the size of the file, against which the grid is checked."""
    columns, rows = (_line(stream, 1)[0] for _ in range(2))
    for _ in range(4):
        _line(stream, 3)
    matrix = np.array([_line(stream, 4) for _ in range(4)])
    if columns < 0 or rows < 0 or columns * rows * 6 > room - stream.tell() + 1:
        what = f"it declares {columns:.0f} × {rows:.0f} shots and ends before the last of them"
        raise _refuse(what)
    return PtxScan(int(columns), int(rows), matrix, stream.tell())


def _lines(stream: BinaryIO, number: int) -> bytes:
    """The next ``number`` lines that are not blank."""
    lines: list[bytes] = []
    while len(lines) < number:
        line = stream.readline(4096)
        if not line:
            what = "it ends within a scan"
            raise _refuse(what)
        if line.strip():
            lines.append(line.rstrip(b"\r\n"))
    return b"\n".join(lines) + b"\n"


def read_tables(stream: BinaryIO, scan: PtxScan) -> Iterator["NDArray[np.float64]"]:
    """Rows of one scan as tables (n, 4 or 7): x y z intensity [red green blue], in the scanner's own frame."""
    left, width = scan.points, 0
    while left:
        number = min(BATCH, left)
        values, widths = np.full((number, 7), np.nan), np.zeros(number, np.int32)
        found, _ = parse_rows(np.frombuffer(_lines(stream, number), np.uint8), values, widths)
        width = width or int(widths[0])
        if found != number or width not in {3, 4, 7} or (widths != width).any():
            what = "its rows do not have 3, 4 or 7 numbers all alike"
            raise _refuse(what)
        yield values[:, :width]
        left -= number


def find_scans(path: str) -> tuple[PtxScan, ...]:
    """All scans of a file. Rows are counted, not read."""
    size = Path(path).stat().st_size
    scans: list[PtxScan] = []
    with Path(path).open("rb") as stream:
        while stream.tell() < size and len(scans) < MAX_SCANS:
            scan = read_head(stream, size)
            scans.append(scan)
            for first in range(0, scan.points, BATCH):
                _lines(stream, min(BATCH, scan.points - first))
            _skip_blank(stream)
    if not scans:
        what = "it is empty"
        raise _refuse(what)
    return tuple(scans)


def _skip_blank(stream: BinaryIO) -> None:
    while True:
        place = stream.tell()
        line = stream.readline(4096)
        if not line or line.strip():
            stream.seek(place)
            return


def _chunks(path: str, scans: tuple[PtxScan, ...]) -> Iterator[PointChunk]:
    scale = None
    with Path(path).open("rb") as stream:
        for index, scan in enumerate(scans):
            stream.seek(scan.start)
            for table in read_tables(stream, scan):
                hit = ~(table[:, :3] == 0).all(axis=1)
                rows = table[hit]
                if scale is None and rows.shape[1] > 3:
                    scale = intensity_from(rows[:, 3])
                yield PointChunk(
                    xyz=rows[:, :3] @ scan.matrix[:3, :3] + scan.matrix[3, :3],
                    rgb=colours_from(rows[:, 4:7]) if rows.shape[1] == 7 else None,
                    intensity=scale.apply(rows[:, 3]) if scale is not None else None,
                    station=index,
                    invalid=len(table) - len(rows),
                )


def quaternion_of(turn: "NDArray[np.float64]") -> tuple[float, float, float, float]:
    """Unit quaternion w, x, y, z of a rotation matrix for column vectors (Shepperd 1978); identity when it is none."""
    if not np.allclose(turn @ turn.T, np.eye(3), atol=1e-3) or np.linalg.det(turn) < 0:
        return (1.0, 0.0, 0.0, 0.0)
    trace = np.trace(turn)
    squares = np.array([trace, *np.diag(turn)]) * 2 - trace + 1
    squares[0] = 1 + trace
    first = int(np.argmax(squares))
    w, x, y, z = np.sqrt(np.clip(squares, 0, None)) / 2
    m = turn
    signs = {
        0: (w, (m[2, 1] - m[1, 2]) / (4 * w or 1), (m[0, 2] - m[2, 0]) / (4 * w or 1), (m[1, 0] - m[0, 1]) / (4 * w or 1)),
        1: ((m[2, 1] - m[1, 2]) / (4 * x or 1), x, (m[0, 1] + m[1, 0]) / (4 * x or 1), (m[0, 2] + m[2, 0]) / (4 * x or 1)),
        2: ((m[0, 2] - m[2, 0]) / (4 * y or 1), (m[0, 1] + m[1, 0]) / (4 * y or 1), y, (m[1, 2] + m[2, 1]) / (4 * y or 1)),
        3: ((m[1, 0] - m[0, 1]) / (4 * z or 1), (m[0, 2] + m[2, 0]) / (4 * z or 1), (m[1, 2] + m[2, 1]) / (4 * z or 1), z),
    }
    a, b, c, d = (float(value) for value in signs[first])
    return (a, b, c, d)


def _station(scan: PtxScan) -> Station:
    x, y, z = (float(value) for value in scan.matrix[3, :3])
    return Station("", "", (x, y, z), quaternion_of(scan.matrix[:3, :3].T), scan.points)


def open_points(path: str) -> PointSource:
    """Open a PTX file; chunks come scan by scan.

    Raises:
        UnreadableError: a head that is not one, or fewer rows than its grid.
    """
    scans = find_scans(path)
    with Path(path).open("rb") as stream:
        stream.seek(scans[0].start)
        width = len(_lines(stream, 1).split()) if scans[0].points else 4
    header = PointHeader(
        points=sum(scan.points for scan in scans),
        colour=width == 7,
        intensity=width >= 4,
        stations=tuple(_station(scan) for scan in scans),
    )
    return PointSource(header, lambda: _chunks(path, scans))
