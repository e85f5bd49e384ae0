"""Which column of a table of numbers is what: coordinates, colours, intensity, by the names that scanners and programs give them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.readers.points import PointChunk
from pipeline.readers.points.scaling import Intensity, colours_from, intensity_from

if TYPE_CHECKING:
    from numpy.typing import NDArray

COLOUR_NAMES = (("red", "green", "blue"), ("r", "g", "b"), ("diffuse_red", "diffuse_green", "diffuse_blue"))
INTENSITY_NAMES = ("intensity", "scalar_intensity", "reflectance", "scalar_reflectance", "i")
TOPS = {"u1": 255.0, "u2": 65535.0, "f4": 1.0, "f8": 1.0}
"""What full brightness is in a colour of that type."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns of a row. ``top``: the value of full brightness; 0 where the first rows must tell."""

    xyz: tuple[int, int, int]
    rgb: tuple[int, int, int] | None = None
    intensity: int | None = None
    top: float = 0.0

    def chunks(self, tables: "Iterable[NDArray[np.float64]]") -> Iterator[PointChunk]:
        """Make chunks of tables (n, columns); what colours and intensities mean is settled by the first table."""
        top, scale = self.top, None
        for table in tables:
            rgb = table[:, self.rgb] if self.rgb else None
            if rgb is not None and not top:
                top = _brightest(rgb)
            if self.intensity is not None and scale is None:
                scale = intensity_from(table[:, self.intensity])
            yield self._chunk(table, None if rgb is None else colours_from(rgb, top=top), scale)

    def _chunk(self, table: "NDArray[np.float64]", rgb: "NDArray[np.uint8] | None", scale: Intensity | None) -> PointChunk:
        values = scale.apply(table[:, self.intensity]) if scale is not None and self.intensity is not None else None
        return PointChunk(xyz=np.ascontiguousarray(table[:, self.xyz]), rgb=rgb, intensity=values)


def _brightest(rgb: "NDArray[np.float64]") -> float:
    top = float(np.nanmax(rgb)) if np.isfinite(rgb).any() else 255.0
    return 1.0 if top <= 1.0 else 255.0 if top <= 255.0 else 65535.0


def columns_of(names: Sequence[str], kinds: Sequence[str]) -> Columns:
    """Find x, y, z (which must be there), colours and intensity among named columns of NumPy types ("f4", "u1" …)."""
    lower = [name.lower() for name in names]
    found = next((trio for trio in COLOUR_NAMES if set(trio) <= set(lower)), None)
    rgb = (lower.index(found[0]), lower.index(found[1]), lower.index(found[2])) if found else None
    strength = next((lower.index(name) for name in INTENSITY_NAMES if name in lower), None)
    top = 0.0
    if rgb is not None:
        # 16-bit columns often carry 8-bit values, and float columns carry either: the first rows tell.
        top = TOPS.get(kinds[rgb[0]], 0.0) if kinds[rgb[0]] == "u1" else 0.0
    return Columns((lower.index("x"), lower.index("y"), lower.index("z")), rgb, strength, top)
