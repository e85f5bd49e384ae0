"""From points to a picture: surfaces blended from discs, shaded by depth, on warm paper with a soft shadow below."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from pipeline.derive.cloud.shading import to_linear
from pipeline.derive.point_poster import kernels
from pipeline.derive.point_poster.camera import all_round, best_side, looking

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.derive.point_poster.sample import Sample
    from pipeline.derive.studio.camera import Camera

FINE = 2
"""The picture is drawn at so many times its size and averaged down."""
PAPER_TOP = (246, 241, 233)
PAPER_BOTTOM = (222, 212, 198)
SHADES = ((1.6, 0.85), (5.0, 0.5), (16.0, 0.45))
"""Radius in picture pixels and strength of each pass of depth shading: edges, forms, masses."""
HOLE_PASSES = 2
SHADOW = 0.42
GRID = 256
BRIGHT = 0.62
"""sRGB at which the brightest twentieth of a dark cloud should stand."""


def _to_srgb(light: "NDArray[np.float64]") -> "NDArray[np.float64]":
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * np.power(np.maximum(light, 1e-9), 1 / 2.4) - 0.055)


def _shadow(sample: "Sample", camera: "Camera") -> "NDArray[np.float64]":
    """How much (height, width) of the light the cloud takes from a floor at its feet, 0–1."""
    low, high = sample.low, sample.high
    edge = float(max(high[0] - low[0], high[1] - low[1])) * 2 or 1.0
    cells = np.floor(sample.xyz[:, :2] / edge * GRID + GRID / 2).astype(np.int64)
    inside = ((cells >= 0) & (cells < GRID)).all(axis=1)
    filled = np.zeros((GRID, GRID))
    filled[cells[inside, 0], cells[inside, 1]] = 1.0
    soft = 0.6 * gaussian_filter(filled, GRID * 0.012) + 0.4 * gaussian_filter(filled, GRID * 0.05)
    rows, columns = np.mgrid[0 : camera.height, 0 : camera.width]
    rays = np.stack([(columns - camera.width / 2) / camera.focal, (rows - camera.height / 2) / camera.focal, np.ones(rows.shape)], axis=-1)
    rays = rays @ camera.turn
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = (low[2] - camera.place[2]) / rays[..., 2]
        ground = camera.place[:2] + reach[..., None] * rays[..., :2]
    spots = np.where((reach > 0)[..., None], ground / edge * GRID + GRID / 2, -10.0)
    return np.asarray(map_coordinates(soft, [spots[..., 0], spots[..., 1]], order=1, mode="constant"))


def _paper(sample: "Sample", camera: "Camera") -> "NDArray[np.float64]":
    """The background (height, width, 3) in linear light."""
    share = np.linspace(0, 1, camera.height)[:, None, None] ** 1.3
    top, bottom = to_linear(np.array(PAPER_TOP) / 255), to_linear(np.array(PAPER_BOTTOM) / 255)
    paper = np.broadcast_to(top + (bottom - top) * share, (camera.height, camera.width, 3))
    return np.asarray(paper * (1 - SHADOW * _shadow(sample, camera))[..., None])


def _exposure(light: "NDArray[np.float32]") -> float:
    """Brighten clouds that are dark as a whole (interiors, night scans), never darken."""
    level = float(np.quantile(light.mean(axis=1)[:: max(1, len(light) // 100_000)], 0.95))
    return float(np.clip(float(to_linear(np.array(BRIGHT))) / max(level, 1e-4), 1.0, 4.0))


def _largest_disc(sample: "Sample", camera: "Camera") -> float:
    """Pixels: discs may be twice as large as usual in this cloud, so that strays stay small."""
    away = float(np.linalg.norm(camera.place))
    return float(np.clip(1.6 * camera.focal * float(np.median(sample.room)) / max(away, 1e-9), 3.0, 9.0))


def render(sample: "Sample", camera: "Camera") -> "NDArray[np.uint8]":
    """The picture (height, width, 3) sRGB."""
    height, width, focal = camera.height * FINE, camera.width * FINE, camera.focal * FINE
    largest = _largest_disc(sample, camera) * FINE
    depth = np.full((height, width), np.inf, np.float32)
    kernels.nearest_depth(sample.xyz, sample.room, camera.turn, camera.place, focal, largest, depth)
    sums = np.zeros((height, width, 4), np.float32)
    kernels.blended_light(sample.xyz, sample.light, sample.room, camera.turn, camera.place, focal, largest, depth, sums)
    for _ in range(HOLE_PASSES):
        kernels.fill_holes(depth, sums)
    shade = np.ones((height, width), np.float32)
    for radius, strength in SHADES:
        kernels.depth_shade(depth, radius * FINE, strength, shade)
    cover = np.isfinite(depth) & (sums[..., 3] > 0)
    # In place: at twice the size in each direction every copy counts.
    light = sums[..., :3]
    light *= (shade * np.float32(_exposure(sample.light)) / np.maximum(sums[..., 3], np.float32(1e-9)))[..., None]
    light[~cover] = 0

    def down(array: "NDArray[np.floating[Any]]") -> "NDArray[np.float64]":
        return np.asarray(array.reshape(camera.height, FINE, camera.width, FINE, -1).mean(axis=(1, 3), dtype=np.float64))

    share = down(cover.astype(np.float32))
    mixed = down(light) + _paper(sample, camera) * (1 - share)
    return np.asarray(np.clip(np.rint(_to_srgb(np.clip(mixed, 0, 1)) * 255), 0, 255).astype(np.uint8))


class CloudInStudio:
    """A cloud ready to be drawn from any side."""

    def __init__(self, sample: "Sample") -> None:
        self._sample = sample
        self._side = best_side(sample)

    @property
    def side(self) -> tuple[float, float]:
        """Azimuth and elevation of the poster."""
        return self._side

    def poster(self, size: tuple[int, int]) -> "NDArray[np.uint8]":
        """The side that shows most of it."""
        return render(self._sample, looking(self._sample, *self._side, size))

    def turn(self, size: tuple[int, int]) -> "Iterator[NDArray[np.uint8]]":
        """Pictures from all round."""
        return (render(self._sample, camera) for camera in all_round(self._sample, *self._side, size))
