"""E57 (ASTM E2807): every scan streamed with its pose applied, spherical ones too, points marked invalid left out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from archive.errors import UnreadableError
from pipeline.readers.points import CHUNK_POINTS, PointChunk, PointHeader, PointSource, Station
from pipeline.readers.points.scaling import Intensity, colours_from, intensity_from, intensity_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

CARTESIAN = ("cartesianX", "cartesianY", "cartesianZ")
SPHERICAL = ("sphericalRange", "sphericalAzimuth", "sphericalElevation")
COLOURS = ("colorRed", "colorGreen", "colorBlue")
STATES = ("cartesianInvalidState", "sphericalInvalidState")
MAX_SCANS = 10_000
POINTS_PER_BYTE = 64
"""More points than this for each byte of the file cannot be true: coordinates need bits."""
ADVICE = "Open it in the scanner's own program, export it as E57 again and deliver the new file."


@dataclass(frozen=True, slots=True)
class Scan:
    """One data3D entry. ``fields`` are the names in its point prototype."""

    index: int
    station: Station
    fields: frozenset[str]


@contextmanager
def opened(path: str) -> Iterator[Any]:
    """The pye57 file at ``path``, closed at the end; every complaint of the library becomes UnreadableError."""
    import pye57  # costs a third of a second, and only E57 needs it

    with Path(path).open("rb") as stream:
        if stream.read(8) != b"ASTM-E57":
            message = "This file does not begin as an E57 file does."
            raise UnreadableError(message, advice=ADVICE)
    file = None
    try:
        file = pye57.E57(path)
        yield file
    except (UnreadableError, GeneratorExit, MemoryError):
        raise
    except Exception as error:
        message = "This E57 file is damaged or breaks the E57 standard."
        raise UnreadableError(message, advice=ADVICE, detail=str(error).split("\n")[0]) from error
    finally:
        if file is not None:
            file.close()


def value_of(node: Any) -> Any:
    """The value of a leaf node, scaled where the file stores it scaled."""
    return node.scaledValue() if hasattr(node, "scaledValue") else node.value()


def text_at(node: Any, name: str) -> str:  # pye57 has no types
    """The value of a child node as text; "" where there is none."""
    return str(value_of(node[name])) if node.isDefined(name) else ""


def number_at(node: Any, name: str) -> float | None:
    """The value of a child node as a number; None where there is none."""
    return float(value_of(node[name])) if node.isDefined(name) else None


def _pose(node: Any) -> tuple[tuple[float, float, float], tuple[float, float, float, float]]:
    translation, rotation = np.zeros(3), np.array([1.0, 0.0, 0.0, 0.0])
    if node.isDefined("pose") and node["pose"].isDefined("translation"):
        place = node["pose"]["translation"]
        translation = np.array([float(value_of(place[axis])) for axis in "xyz"])
    if node.isDefined("pose") and node["pose"].isDefined("rotation"):
        turn = node["pose"]["rotation"]
        rotation = np.array([float(value_of(turn[axis])) for axis in "wxyz"])
    length = float(np.linalg.norm(rotation))
    if not (np.isfinite(translation).all() and np.isfinite(length)) or length < 1e-6:
        message = "A scan of this E57 file has a position or turn that is not a number."
        raise UnreadableError(message, advice=ADVICE)
    x, y, z = (float(value) for value in translation)
    a, b, c, d = (float(value) for value in rotation / length)
    return (x, y, z), (a, b, c, d)


def list_scans(file: Any, size: int) -> tuple[Scan, ...]:
    """All scans of an opened file of ``size`` bytes, in file order.

    Raises:
        UnreadableError: more points declared than the bytes could hold.
    """
    scans = []
    count = len(file.data3d) if file.root.isDefined("data3D") else 0
    for index in range(min(count, MAX_SCANS)):
        header = file.get_header(index)
        translation, rotation = _pose(header.node)
        points = int(header.point_count)
        if points > size * POINTS_PER_BYTE:
            message = f"This E57 file of {size} bytes declares {points} points: that cannot be true."
            raise UnreadableError(message, advice=ADVICE)
        station = Station(
            text_at(header.node, "guid"), text_at(header.node, "name"), translation, rotation, points, header.node.isDefined("pose")
        )
        scans.append(Scan(index, station, frozenset(header.point_fields)))
    return tuple(scans)


def rotation_matrix(rotation: tuple[float, float, float, float]) -> "NDArray[np.float64]":
    """(3, 3) matrix of a unit quaternion w, x, y, z."""
    w, x, y, z = rotation
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def _from_spherical(values: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Range, azimuth, elevation (n, 3) to x, y, z (ASTM E2807, 8.4.4.2: radians, elevation from the xy plane)."""
    distance, azimuth, elevation = values.T
    flat = distance * np.cos(elevation)
    return np.stack([flat * np.cos(azimuth), flat * np.sin(azimuth), distance * np.sin(elevation)], axis=1)


def _limits(node: Any, group: str, low: str, high: str) -> tuple[float, float] | None:
    if not node.isDefined(group):
        return None
    first, last = number_at(node[group], low), number_at(node[group], high)
    return (first, last) if first is not None and last is not None and last > first else None


@dataclass(slots=True)
class _Buffers:
    """The arrays that libe57 fills, and what is made of them."""

    scan: Scan
    arrays: dict[str, "NDArray[Any]"]
    node: Any
    intensity: Intensity | None = None

    def chunk(self, number: int) -> PointChunk:
        """The first ``number`` values of every buffer as a chunk in the common frame."""
        got = {name: array[:number] for name, array in self.arrays.items()}
        valid = np.ones(number, np.bool_)
        for state in STATES:
            if state in got and (state == STATES[0]) == (CARTESIAN[0] in got):
                valid &= got[state] == 0
        axes = CARTESIAN if CARTESIAN[0] in got else SPHERICAL
        xyz = np.stack([got[name][valid] for name in axes], axis=1)
        if axes is SPHERICAL:
            xyz = _from_spherical(xyz)
        if self.scan.station.posed:
            xyz = xyz @ rotation_matrix(self.scan.station.rotation).T + np.array(self.scan.station.translation)
        return PointChunk(
            xyz=xyz,
            rgb=self._colours(got, valid),
            intensity=self._intensities(got, valid),
            station=self.scan.index,
            invalid=number - int(valid.sum()),
        )

    def _colours(self, got: "dict[str, NDArray[Any]]", valid: "NDArray[np.bool_]") -> "NDArray[np.uint8] | None":
        if COLOURS[0] not in got:
            return None
        stated = _limits(self.node, "colorLimits", "colorRedMinimum", "colorRedMaximum")
        values = np.stack([got[name][valid] for name in COLOURS], axis=1)
        bottom, top = stated or (0.0, 255.0)
        if len(values) and values.max() > top:
            bottom, top = 0.0, 255.0 if values.max() <= 255 else 65535.0
        return colours_from(values, top=top, bottom=bottom)

    def _intensities(self, got: "dict[str, NDArray[Any]]", valid: "NDArray[np.bool_]") -> "NDArray[np.uint16] | None":
        if "intensity" not in got:
            return None
        values = got["intensity"][valid]
        if self.intensity is None:
            stated = _limits(self.node, "intensityLimits", "intensityMinimum", "intensityMaximum")
            self.intensity = intensity_of(*stated) if stated else intensity_from(values)
        return self.intensity.apply(values)


def _buffers(file: Any, scan: Scan, capacity: int) -> tuple[_Buffers, Any]:
    from pye57 import libe57

    axes = CARTESIAN if scan.fields.issuperset(CARTESIAN) else SPHERICAL
    if not scan.fields.issuperset(axes):
        message = f"Scan {scan.index + 1} of this E57 file has no complete coordinates."
        raise UnreadableError(message, advice=ADVICE)
    wanted = [*axes, *(name for name in (*STATES, "intensity") if name in scan.fields)]
    if scan.fields.issuperset(COLOURS):
        wanted += COLOURS
    arrays: dict[str, NDArray[Any]] = {}
    vector = libe57.VectorSourceDestBuffer()
    for name in wanted:
        arrays[name] = np.empty(capacity, np.int8 if name in STATES else np.float64)
        vector.append(libe57.SourceDestBuffer(file.image_file, name, arrays[name], capacity, True, True))
    return _Buffers(scan, arrays, file.data3d[scan.index]), vector


def _stream(path: str, scans: tuple[Scan, ...]) -> Iterator[PointChunk]:
    with opened(path) as file:
        for scan in scans:
            if not scan.station.points:
                continue
            buffers, vector = _buffers(file, scan, min(CHUNK_POINTS, scan.station.points))
            reader = file.get_header(scan.index).points.reader(vector)
            left = scan.station.points
            while left > 0:
                number = int(reader.read())
                if number <= 0:
                    message = f"Scan {scan.index + 1} of this E57 file ends {left} points too early."
                    raise UnreadableError(message, advice=ADVICE)
                left -= number
                yield buffers.chunk(number)
            reader.close()


def open_points(path: str) -> PointSource:
    """Open an E57 file; chunks come scan by scan in file order.

    Raises:
        UnreadableError: not E57, damaged, or with impossible counts.
    """
    size = Path(path).stat().st_size
    with opened(path) as file:
        scans = list_scans(file, size)
    header = PointHeader(
        points=sum(scan.station.points for scan in scans),
        colour=any(scan.fields.issuperset(COLOURS) for scan in scans),
        intensity=any("intensity" in scan.fields for scan in scans),
        stations=tuple(scan.station for scan in scans),
    )
    return PointSource(header, lambda: _stream(path, scans))
