"""Intensities and colours of every habit brought to the two types that chunks carry."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Intensity:
    """A linear map from what a file holds to 0–65535: (value + shift) × factor."""

    shift: float
    factor: float

    def apply(self, values: "NDArray[np.float64]") -> "NDArray[np.uint16]":
        """Map and clip ``values`` (n,) to uint16; what is not a number becomes 0."""
        scaled = np.nan_to_num((values + self.shift) * self.factor, nan=0.0, posinf=65535.0, neginf=0.0)
        return np.clip(np.rint(scaled), 0, 65535).astype(np.uint16)


def intensity_of(low: float, high: float) -> Intensity:
    """The map for values between two limits: fractions, signed PTS values (-2048–2047), bytes, or 16 bits as they are."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return Intensity(0.0, 1.0)
    if low < 0:
        span = max(high, 2047.0) + max(-low, 2048.0)
        return Intensity(max(-low, 2048.0), 65535.0 / span)
    if high <= 1.0:
        return Intensity(0.0, 65535.0)
    return Intensity(0.0, 257.0 if high <= 255 else 1.0 if high <= 65535 else 65535.0 / high)


def intensity_from(values: "NDArray[np.float64]") -> Intensity:
    """The map guessed from the first values of a file that states no limits."""
    finite = values[np.isfinite(values)]
    return intensity_of(float(finite.min()), float(finite.max())) if len(finite) else Intensity(0.0, 1.0)


def colours_from(values: "NDArray[np.float64]", *, top: float = 255.0, bottom: float = 0.0) -> "NDArray[np.uint8]":
    """Bring colours (n, 3) that run from ``bottom`` to ``top`` to uint8."""
    scaled = (values - bottom) * (255.0 / (top - bottom)) if top > bottom else values
    return np.clip(np.rint(np.nan_to_num(scaled, nan=0.0)), 0, 255).astype(np.uint8)
