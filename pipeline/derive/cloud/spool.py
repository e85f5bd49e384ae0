"""The one decoding of a scan: what it holds is measured, and kept in a scratch file where decoding again would cost more."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from archive.errors import UnreadableError
from pipeline.readers.points import CHUNK_POINTS, PointChunk, PointHeader, PointSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

FARTHEST = 1e11
"""A coordinate beyond this is no place (writers put 3.4e38 for “nothing”), in whatever unit."""
NEUTRAL = 188
"""sRGB grey of points without colour in a cloud that has colours."""


@dataclass(slots=True, eq=False)
class Measured:
    """What reading the points showed. Lowest and highest are in the spool's own coordinates (float64 (3,))."""

    kept: int = 0
    dropped: int = 0
    invalid: int = 0
    lowest: "NDArray[np.float64]" = field(default_factory=lambda: np.full(3, np.inf))
    highest: "NDArray[np.float64]" = field(default_factory=lambda: np.full(3, -np.inf))
    darkest: int = 65535
    brightest: int = 0
    wide_colours: bool = False
    strengths: "NDArray[np.int64]" = field(default_factory=lambda: np.zeros(65536, np.int64))

    def add(self, points: "SpooledPoints", chunk: PointChunk) -> None:
        """Take the points of one chunk into account."""
        self.kept += len(points.xyz)
        self.dropped += len(chunk.xyz) - len(points.xyz)
        self.invalid += chunk.invalid
        if not len(points.xyz):
            return
        self.lowest = np.minimum(self.lowest, points.xyz.min(axis=0))
        self.highest = np.maximum(self.highest, points.xyz.max(axis=0))
        if chunk.rgb is not None:
            self.darkest = min(self.darkest, int(points.rgb.min()))
            self.brightest = max(self.brightest, int(points.rgb.max()))
            self.wide_colours |= chunk.rgb.dtype == np.uint16 and self.brightest > 255
        if chunk.intensity is not None:
            self.strengths += np.bincount(points.intensity[::7], minlength=65536)

    @property
    def coloured(self) -> bool:
        """Whether the colours say anything: many files have colour fields that are all black or all white."""
        return self.brightest > self.darkest


@dataclass(frozen=True, slots=True, eq=False)
class SpooledPoints:
    """Finite points: xyz (n, 3) int32 or float64, rgb (n, 3) uint16 and intensity (n,) uint16 (zeros where the file has none)."""

    xyz: "NDArray[np.int32] | NDArray[np.float64]"
    rgb: "NDArray[np.uint16]"
    intensity: "NDArray[np.uint16]"


def usable(chunk: PointChunk, header: PointHeader, *, integer: bool) -> SpooledPoints:
    """Give the points of a chunk that have a place, in float64 or (``integer``) as the file's own steps."""
    xyz = chunk.xyz
    if header.scale is not None and not integer:
        xyz = xyz * np.array(header.scale) + np.array(header.offset)
    rgb = chunk.rgb.astype(np.uint16, copy=False) if chunk.rgb is not None else np.full(xyz.shape, NEUTRAL, np.uint16)
    intensity = chunk.intensity if chunk.intensity is not None else np.zeros(len(xyz), np.uint16)
    if not integer:
        near = (np.abs(xyz) < FARTHEST).all(axis=1)
        if not near.all():
            xyz, rgb, intensity = xyz[near], rgb[near], intensity[near]
    return SpooledPoints(xyz, rgb, intensity)


@dataclass(frozen=True, slots=True)
class Spool:
    """A scan that can be read several times at little cost. ``integer``: xyz are int32 in equal steps of ``header.scale``."""

    source: PointSource
    integer: bool
    scratch: Path | None
    measured: Measured = field(hash=False)

    def chunks(self) -> Iterator[SpooledPoints]:
        """All finite points in file order."""
        if self.scratch is None:
            for chunk in self.source.chunks():
                yield usable(chunk, self.source.header, integer=self.integer)
            return
        kind = np.dtype(np.int32 if self.integer else np.float64)
        with (self.scratch / "xyz").open("rb") as places, (self.scratch / "rgbi").open("rb") as looks:
            for first in range(0, self.measured.kept, CHUNK_POINTS):
                number = min(CHUNK_POINTS, self.measured.kept - first)
                xyz = np.fromfile(places, kind, number * 3).reshape(-1, 3)
                rgbi = np.fromfile(looks, np.uint16, number * 4)
                yield SpooledPoints(xyz, rgbi[: 3 * number].reshape(-1, 3), rgbi[3 * number :])


def _write(source: PointSource, scratch: Path, measured: Measured, *, integer: bool) -> None:
    """Decode into two files: coordinates, and for each full chunk its colours followed by its intensities."""
    waiting: list[SpooledPoints] = []
    with (scratch / "xyz").open("wb") as places, (scratch / "rgbi").open("wb") as looks:

        def flush(number: int) -> None:
            joined = _joined(waiting)
            joined.xyz[:number].tofile(places)
            joined.rgb[:number].tofile(looks)
            joined.intensity[:number].tofile(looks)
            waiting[:] = [SpooledPoints(joined.xyz[number:], joined.rgb[number:], joined.intensity[number:])]

        for chunk in source.chunks():
            points = usable(chunk, source.header, integer=integer)
            measured.add(points, chunk)
            waiting.append(points)
            while sum(len(part.xyz) for part in waiting) >= CHUNK_POINTS:
                flush(CHUNK_POINTS)
        if waiting:
            flush(sum(len(part.xyz) for part in waiting))


def _joined(parts: list[SpooledPoints]) -> SpooledPoints:
    if len(parts) == 1:
        return parts[0]
    return SpooledPoints(
        np.concatenate([part.xyz for part in parts]),
        np.concatenate([part.rgb for part in parts]),
        np.concatenate([part.intensity for part in parts]),
    )


def spool(source: PointSource, scratch: Path) -> Spool:
    """Decode ``source`` once, measuring it; the empty folder ``scratch`` takes the points where reading again is not cheap.

    Raises:
        UnreadableError: no point in it has a place.
    """
    scale = source.header.scale
    integer = scale is not None and scale[0] == scale[1] == scale[2] and scale[0] > 0
    measured = Measured()
    if source.cheap:
        for chunk in source.chunks():
            measured.add(usable(chunk, source.header, integer=integer), chunk)
    else:
        _write(source, scratch, measured, integer=integer)
    if not measured.kept:
        message = "This scan has no points that have a place: there is nothing to show."
        raise UnreadableError(message, advice="Look at the scan in the program that made it, and export it again.")
    return Spool(source, integer, None if source.cheap else scratch, measured)
