"""The grid that the points of one cloud stand on, and the site-local frame in which they are shown."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.derive.point_tiles import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.derive.cloud.spool import Spool, SpooledPoints

FINEST = 1e-4
"""Steps of a tenth of a millimetre (where the unit is the metre) are finer than any scanner measures."""
MIN_BITS = kernels.SAMPLE_LEVELS + 1
MAX_BITS = 31


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A cubic integer grid over a cloud.

    Attributes:
        origin: (3,) lower corner in the spool's coordinates: int64 steps, or float64.
        unit: length of a grid step in the cloud's unit.
        bits: the cube has 2^bits steps an axis.
        offset: (3,) float64, where the local frame's origin lies in the cloud's own coordinates: x and y of the middle, z of
            the lowest point. It stays in the archive; nothing public carries it.
        size: (3,) float64 extent of the points in the cloud's unit.
        exact: whether grid positions are the file's own integers.
    """

    origin: "NDArray[np.int64] | NDArray[np.float64]"
    unit: float
    bits: int
    offset: "NDArray[np.float64]"
    size: "NDArray[np.float64]"
    exact: bool

    @property
    def corner(self) -> tuple[float, float, float]:
        """The cube's lower corner in the local frame."""
        return (-float(self.size[0]) / 2, -float(self.size[1]) / 2, 0.0)

    @property
    def cube(self) -> float:
        """Edge of the cube in the cloud's unit."""
        return float(math.ldexp(self.unit, self.bits))

    @property
    def matrix(self) -> list[float]:
        """From the cloud's own coordinates to those in which it is shown, y up: 4 × 4, column-major."""
        x, y, z = (float(value) for value in self.offset)
        return [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0, 0.0, -x, -z, y, 1.0]

    @property
    def resolution(self) -> float:
        """How far a shown point may stand from its place along an axis, at most: half a step of the coarsest tile, the root."""
        coarse = max(0, self.bits - 16)
        return 0.0 if self.exact and not coarse else self.unit * 2**coarse / 2 + (0.0 if self.exact else self.unit / 2)

    def on_grid(self, points: "SpooledPoints") -> "NDArray[np.uint32]":
        """Grid positions (n, 3) of points of the spool."""
        out = np.empty((len(points.xyz), 3), np.uint32)
        if self.exact:
            kernels.shift(points.xyz, self.origin, out)
        else:
            kernels.quantise(np.ascontiguousarray(points.xyz), self.origin, self.unit, out)
        return out


def _bits(steps: int) -> int:
    return max(MIN_BITS, steps.bit_length())


def frame_of(spool: "Spool") -> Frame:
    """Choose the grid: the file's own integers where it has them, else steps fine enough for any scanner."""
    low, high = spool.measured.lowest, spool.measured.highest
    header = spool.source.header
    if spool.integer and header.scale is not None and header.offset is not None:
        unit = float(header.scale[0])
        size = (high - low) * unit
        offset = low * unit + np.array(header.offset)
        origin: NDArray[np.int64] | NDArray[np.float64] = low.astype(np.int64)
        bits = _bits(int((high - low).max()))
    else:
        extent = float((high - low).max())
        step = max(extent / 2**MAX_BITS * 1.0001, min(FINEST, extent / 2**20)) or FINEST
        unit = 2.0 ** math.ceil(math.log2(step))
        size, offset, origin = high - low, low.copy(), low
        bits = _bits(int(extent / unit + 0.5))
    offset[:2] += size[:2] / 2
    return Frame(origin, unit, bits, offset, size, spool.integer)
