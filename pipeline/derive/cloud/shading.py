"""Colours for tiles and posters: the scan's own, else a warm ramp by intensity, else by height. glTF wants linear light."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.derive.cloud import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.derive.cloud.spool import Measured, SpooledPoints

INTENSITY_RAMP = ((38, 33, 31), (104, 92, 83), (176, 160, 143), (240, 230, 214))
HEIGHT_RAMP = ((84, 78, 76), (143, 126, 112), (196, 178, 156), (236, 226, 209))
RAMP_STEPS = 1024


def to_linear(srgb: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Turn sRGB 0–1 into linear light 0–1 (IEC 61966-2-1)."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def ramp(stops: tuple[tuple[int, int, int], ...]) -> "NDArray[np.float64]":
    """(RAMP_STEPS, 3) sRGB 0–1 between evenly spaced stops."""
    places = np.linspace(0, len(stops) - 1, RAMP_STEPS)
    return np.stack([np.interp(places, range(len(stops)), [stop[k] / 255 for stop in stops]) for k in range(3)], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Shading:
    """How points get their colour: ``by`` is "colour", "intensity" or "height"; low and high are the ends of the ramp."""

    by: str
    fold: int = 0
    low: float = 0.0
    high: float = 1.0

    def linear(self, points: "SpooledPoints", grid: "NDArray[np.uint32]") -> "NDArray[np.uint32]":
        """Packed linear RGB8 (n,) of the points."""
        out = np.empty(len(grid), np.uint32)
        if self.by == "colour":
            table = np.rint(to_linear(np.arange(256) / 255) * 65280).astype(np.uint16)
            kernels.linear_colours(points.rgb, self.fold, table, out)
            return out
        stops = INTENSITY_RAMP if self.by == "intensity" else HEIGHT_RAMP
        table = np.rint(to_linear(ramp(stops)) * 255).astype(np.uint8)
        values = points.intensity if self.by == "intensity" else np.ascontiguousarray(grid[:, 2])
        kernels.ramp_colours(values, self.low, self.high, table, out)
        return out


def shading_of(measured: "Measured", steps_high: int) -> Shading:
    """Choose by what was measured; ``steps_high`` is the height of the cloud in grid steps."""
    if measured.coloured:
        return Shading("colour", fold=8 if measured.wide_colours else 0)
    total = np.cumsum(measured.strengths)
    low, high = (int(np.searchsorted(total, total[-1] * share)) for share in (0.01, 0.99))
    if high > low:
        return Shading("intensity", low=float(low), high=float(high))
    return Shading("height", low=0.0, high=float(max(1, steps_high)))
