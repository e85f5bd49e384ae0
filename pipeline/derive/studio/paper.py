"""Warm paper below and behind what is shown, a soft shadow on it, and the way from drawn light to pixels."""

from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from pipeline.readers.meshes.srgb import linear_of, srgb_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.derive.studio.camera import Camera

PAPER_TOP = (246, 241, 233)
PAPER_BOTTOM = (222, 212, 198)
SHADOW = 0.5
GRID = 256
BRIGHT = 0.66
"""sRGB at which the brightest twentieth of a dark model should stand."""

SHOULDER = np.float32(0.55)
"""Linear light above which highlights are bent down, so that white stone keeps its forms."""


def _footprint(places: "NDArray[np.float64]") -> "tuple[NDArray[np.float64], NDArray[np.float64], float]":
    """How much each cell of the floor is covered, counted less the higher it hangs; its middle and the length of its side."""
    low, high = places.min(axis=0), places.max(axis=0)
    middle = (low + high) / 2
    edge = float((high - low)[:2].max()) * 2.4 or 1.0
    cells = np.clip(np.floor((places[:, :2] - middle[:2]) / edge * GRID + GRID / 2), 0, GRID - 1).astype(np.int64)
    nearness = np.exp(-(places[:, 2] - low[2]) / (0.25 * edge))
    near = np.zeros((GRID, GRID))
    np.maximum.at(near, (cells[:, 0], cells[:, 1]), nearness)
    soft = 0.55 * gaussian_filter(near, GRID * 0.012) + 0.45 * gaussian_filter(near, GRID * 0.045)
    return soft, np.array([middle[0], middle[1], low[2]]), edge


def paper(places: "NDArray[np.float64]", camera: "Camera") -> "NDArray[np.float64]":
    """The background (height, width, 3) in linear light, with the shadow of ``places`` (n, 3)."""
    soft, floor, edge = _footprint(places)
    rows, columns = np.mgrid[0 : camera.height, 0 : camera.width]
    rays = np.stack([(columns - camera.width / 2) / camera.focal, (rows - camera.height / 2) / camera.focal, np.ones(rows.shape)], axis=-1)
    rays = rays @ camera.turn
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = (floor[2] - camera.place[2]) / rays[..., 2]
        ground = camera.place[:2] + reach[..., None] * rays[..., :2]
        cells = (ground - floor[:2]) / edge * GRID + GRID / 2
    cells = np.where((reach > 0)[..., None] & np.isfinite(cells), cells, -10.0)
    shade = map_coordinates(soft, [cells[..., 0], cells[..., 1]], order=1, mode="constant")
    share = np.linspace(0, 1, camera.height)[:, None, None] ** 1.3
    top, bottom = linear_of(np.array(PAPER_TOP) / 255), linear_of(np.array(PAPER_BOTTOM) / 255)
    return np.asarray((top + (bottom - top) * share) * (1 - SHADOW * shade)[..., None])


def exposure(light: "NDArray[np.float32]") -> float:
    """Brighten what is dark as a whole, calm what is glaring; ``light`` (n, 3) is what is shown of it."""
    level = float(np.quantile(light.mean(axis=1)[:: max(1, len(light) // 100_000)], 0.95)) if len(light) else 1.0
    return float(np.clip(float(linear_of(np.array(BRIGHT))) / max(level, 1e-4), 0.7, 3.0))


def on_paper(light: "NDArray[np.float32]", cover: "NDArray[np.float32]", ground: "NDArray[np.float64]", fine: int) -> "NDArray[np.uint8]":
    """The picture (height, width, 3) sRGB.

    Args:
        light: (height × fine, width × fine, 3) linear, 0 where nothing covers.
        cover: (height × fine, width × fine) how much of each pixel is covered, 0–1; ``light`` is already multiplied by it.
        ground: (height, width, 3) linear.
        fine: how many drawn pixels make one along each side.
    """
    height, width = ground.shape[:2]

    def down(array: "NDArray[np.float32]") -> "NDArray[np.float64]":
        return np.asarray(array.reshape(height, fine, width, fine, -1).mean(axis=(1, 3), dtype=np.float64))

    high = light > SHOULDER
    light = np.where(high, SHOULDER + (1 - SHOULDER) * (1 - np.exp(-(light - SHOULDER) / (1 - SHOULDER))), light)
    mixed = down(light) + ground * (1 - down(cover))
    return np.asarray(np.clip(np.rint(srgb_of(np.clip(mixed, 0, 1)) * 255), 0, 255).astype(np.uint8))
