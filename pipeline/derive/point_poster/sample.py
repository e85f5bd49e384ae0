"""Enough points of a scan for one picture, spread evenly over the file, with the room that each of them has to fill."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from archive.errors import UnreadableError
from pipeline.derive.cloud.shading import HEIGHT_RAMP, INTENSITY_RAMP, RAMP_STEPS, Shading, ramp, shading_of, to_linear
from pipeline.derive.cloud.spool import Measured, SpooledPoints, usable
from pipeline.derive.point_poster import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.readers.points import PointSource

MOST_POINTS = 2_000_000
VOXELS = (24, 192)
"""Fewest and most cells along the framed box in which the density of points is measured."""
FRAMED = (0.004, 0.996)
"""Share of the points, along each axis, that decides the framing: strays do not."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Points to draw.

    Attributes:
        xyz: (n, 3) float32, relative to the middle of the framed box, z up.
        light: (n, 3) float32 linear light 0–1.
        room: (n,) float32, distance to the neighbours to be expected there, in the cloud's unit.
        low, high: (3,) the framed box.
        scanner: (3,) middle of the places where the scanner stood, as far as the file tells; else the origin here.
        shading: how the colours were chosen.
    """

    xyz: "NDArray[np.float32]"
    light: "NDArray[np.float32]"
    room: "NDArray[np.float32]"
    low: "NDArray[np.float64]"
    high: "NDArray[np.float64]"
    scanner: "NDArray[np.float64]"
    shading: Shading


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Points kept of one chunk; ``first``: the place of its first point in the whole file."""

    first: int
    points: SpooledPoints

    def every(self, old: int, new: int) -> "_Part":
        """Those at multiples of ``new``, given that those at multiples of ``old`` are here."""
        begin = -(self.first // old) % (new // old)
        kept, some = self.points, slice(begin, None, new // old)
        thin = SpooledPoints(kept.xyz[some].copy(), kept.rgb[some].copy(), kept.intensity[some].copy())
        return _Part(self.first + begin * old, thin)


def _thinned(source: "PointSource", measured: Measured) -> SpooledPoints:
    """Every k-th point, k a power of two, so that at most MOST_POINTS are held at any moment."""
    kept: list[_Part] = []
    step, seen = 1, 0
    for chunk in source.chunks():
        points = usable(chunk, source.header, integer=False)
        measured.add(points, chunk)
        kept.append(_Part(seen, points).every(1, step))
        seen += len(points.xyz)
        while sum(len(part.points.xyz) for part in kept) > MOST_POINTS:
            kept = [part.every(step, 2 * step) for part in kept]
            step *= 2
    if not seen:
        raise UnreadableError("This scan has no points that have a place: there is nothing to show.")
    return _joined([part.points for part in kept])


def _joined(parts: list[SpooledPoints]) -> SpooledPoints:
    return SpooledPoints(
        np.concatenate([part.xyz for part in parts]),
        np.concatenate([part.rgb for part in parts]),
        np.concatenate([part.intensity for part in parts]),
    )


def _light(points: SpooledPoints, shading: Shading, heights: "NDArray[np.float32]") -> "NDArray[np.float32]":
    if shading.by == "colour":
        table = to_linear(np.arange(256) / 255).astype(np.float32)
        return np.asarray(table[np.minimum(points.rgb >> shading.fold, 255)])
    stops = INTENSITY_RAMP if shading.by == "intensity" else HEIGHT_RAMP
    values = points.intensity.astype(np.float32) if shading.by == "intensity" else heights
    low, high = (shading.low, shading.high) if shading.by == "intensity" else (float(heights.min()), float(heights.max()))
    place = np.clip((values - low) * (RAMP_STEPS - 1) / max(high - low, 1e-9), 0, RAMP_STEPS - 1).astype(np.int64)
    return np.asarray(to_linear(ramp(stops)).astype(np.float32)[place])


def sample_of(source: "PointSource") -> Sample:
    """Read ``source`` once and keep what one picture needs.

    Raises:
        UnreadableError: damaged, or no point has a place.
    """
    measured = Measured()
    points = _thinned(source, measured)
    some = points.xyz[:: max(1, len(points.xyz) // 500_000)]
    low, high = (np.quantile(some, share, axis=0) for share in FRAMED)
    middle = (low + high) / 2
    xyz = np.subtract(points.xyz, middle, dtype=np.float64).astype(np.float32)
    shading = shading_of(measured, 1)
    stations = [station.translation for station in source.header.stations]
    scanner = np.mean(stations, axis=0) - middle if stations else np.zeros(3)
    edge = max(float((high - low).max()), 1e-6)
    cells = float(np.clip(np.sqrt(len(xyz)) / 2.5, *VOXELS))
    room = kernels.room_of(xyz, np.float32(edge / cells), np.float32(edge * 0.6))
    return Sample(xyz, _light(points, shading, xyz[:, 2]), room, low - middle, high - middle, scanner, shading)
