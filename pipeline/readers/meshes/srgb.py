"""Between sRGB and linear light (IEC 61966-2-1): files of scans hold the first, glTF the second."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def linear_of(srgb: "NDArray[Any]") -> "NDArray[np.float64]":
    """Linear light 0–1 of sRGB 0–1."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def srgb_of(light: "NDArray[Any]") -> "NDArray[np.float64]":
    """SRGB 0–1 of linear light 0–1."""
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * np.power(np.maximum(light, 1e-9), 1 / 2.4) - 0.055)


def to_srgb_bytes(colours: "NDArray[Any]") -> "NDArray[np.uint8]":
    """RGBA (n, 4) uint8 of linear RGB or RGBA 0–1 (n, 3 or 4); what is no number becomes black."""
    light = np.clip(np.nan_to_num(colours.astype(np.float64)), 0, 1)
    out = np.full((len(light), 4), 255, np.uint8)
    out[:, :3] = np.rint(srgb_of(light[:, :3]) * 255)
    if light.shape[1] > 3:
        out[:, 3] = np.rint(light[:, 3] * 255)
    return out


def bytes_of(colours: "NDArray[Any]", *, scale: float) -> "NDArray[np.uint8]":
    """RGBA (n, 4) uint8 of sRGB values of which ``scale`` is white (n, 3 or 4)."""
    values = np.clip(np.nan_to_num(colours.astype(np.float64)) * (255 / scale), 0, 255)
    out = np.full((len(values), 4), 255, np.uint8)
    out[:, : values.shape[1]] = np.rint(values)
    return out
