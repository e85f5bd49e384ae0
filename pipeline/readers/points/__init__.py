"""Point clouds as a stream of bounded chunks, whatever the file format; one format per module.

Rules that every reader here keeps: a count that the file declares is checked against the size of the file before anything is
allocated for it; poses are applied in float64; coordinates are never rounded to float32; what the file marks as invalid is
left out and counted; anything that cannot be trusted raises UnreadableError with a sentence. Coordinates that are not finite
are passed on as they stand: who uses them counts and drops them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from archive.errors import UnreadableError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Coordinates: TypeAlias = NDArray[np.float64] | NDArray[np.int32]
    Colours: TypeAlias = NDArray[np.uint8] | NDArray[np.uint16]

CHUNK_POINTS = 500_000

READERS: dict[str, str] = {
    "las": "pipeline.readers.points.las",
    "laz": "pipeline.readers.points.las",
    "copc": "pipeline.readers.points.las",
    "e57": "pipeline.readers.points.e57",
    "ply": "pipeline.readers.points.ply",
    "ply-points": "pipeline.readers.points.ply",
    "ply-mesh": "pipeline.readers.points.ply",
    "pcd": "pipeline.readers.points.pcd",
    "pts": "pipeline.readers.points.pts",
    "ptx": "pipeline.readers.points.ptx",
    "xyz": "pipeline.readers.points.xyz",
}
"""Format name to the module whose ``open_points(path)`` reads it."""


@dataclass(frozen=True, slots=True)
class Station:
    """A place where a scanner stood.

    Attributes:
        translation: metres (or the file's unit), where the scanner's origin lies in the common frame.
        rotation: unit quaternion w, x, y, z that turns the scanner's axes into the common frame.
        points: number of points that the file declares for it.
        posed: whether the file states a pose; without one the scanner's frame is taken for the common frame.
    """

    guid: str = ""
    name: str = ""
    translation: tuple[float, float, float] = (0.0, 0.0, 0.0)
    rotation: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)
    points: int = 0
    posed: bool = True


@dataclass(frozen=True, slots=True)
class PointHeader:
    """What a file says of its points before they are read.

    Attributes:
        points: declared number of points; 0 where the format declares none (XYZ).
        scale, offset: set together when chunks hold int32 coordinates: value = integer × scale + offset.
        colour, intensity: whether chunks carry them.
    """

    points: int
    scale: tuple[float, float, float] | None = None
    offset: tuple[float, float, float] | None = None
    colour: bool = False
    intensity: bool = False
    stations: tuple[Station, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class PointChunk:
    """Some points of one station.

    Attributes:
        xyz: (n, 3), float64 in the common frame with the pose applied, or int32 in units of ``PointHeader.scale``.
        rgb: (n, 3) as stored: uint8, or uint16 when the file has 16 bits (LAS writers often put 8-bit values there), or None.
        intensity: (n,) uint16, linear in what the file holds, or None.
        station: index into ``PointHeader.stations``.
        invalid: points that the file itself marks as invalid and that were left out before this chunk.
    """

    xyz: "Coordinates"
    rgb: "Colours | None" = None
    intensity: "NDArray[np.uint16] | None" = None
    station: int = 0
    invalid: int = 0


@dataclass(frozen=True, slots=True)
class PointSource:
    """An opened point cloud. ``chunks()`` may be called again: every call reads the file anew from its start.

    Attributes:
        raw: the header as read, JSON values, for the technical record.
        cheap: reading costs little more than the copy, so reading twice is better than a scratch file.
    """

    header: PointHeader
    chunks: Callable[[], Iterator[PointChunk]]
    raw: dict[str, object] = field(default_factory=dict, hash=False)
    cheap: bool = False


def open_points(path: str | Path, point_format: str) -> PointSource:
    """Open a point cloud of a known format (a key of READERS) for streaming.

    Raises:
        UnreadableError: the format has no reader, or the file is not what it claims to be.
    """
    module = READERS.get(point_format)
    if module is None:
        message = f"There is no reader for point clouds of the format “{point_format}”."
        raise UnreadableError(message, advice="Export the scan as E57, LAS or PLY and deliver it again.")
    opener: Callable[[str], PointSource] = import_module(module).open_points
    return opener(str(path))


def sniff_format(path: str | Path) -> str:
    """Name the point format of a file from its first bytes; what nothing else claims is taken for XYZ."""
    from pipeline.readers.points.text_sniff import text_format

    with Path(path).open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"LASF"):
        return "laz" if len(head) > 104 and head[104] & 0xC0 else "las"
    if head.startswith(b"ASTM-E57"):
        return "e57"
    if head[:4] in {b"ply\n", b"ply\r", b"ply "}:
        return "ply"
    if b"FIELDS" in head and b"DATA" in head:
        return "pcd"
    return text_format(head)
