"""Splats drawn from the side that shows most of them, and from all round."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.derive.splat_poster import kernels
from pipeline.derive.studio.camera import Camera, around, looking
from pipeline.derive.studio.paper import paper
from pipeline.readers.meshes.srgb import srgb_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.readers.splats import Splats

PROBE = (200, 125)
ELEVATION = math.radians(14)
MOST_DRAWN = 3_000_000
FRAMED = (0.03, 0.97)
"""Share of the splats along each axis that has to be in the picture: strays and skies do not."""
SOLID = 0.35
LARGEST = 0.3
"""A Gaussian wider than this share of what is framed is haze, and is left out."""
LOW_PASS = 0.3
"""Added to both variances in pixels, as the format's own renderers do: no Gaussian falls between pixels."""


def drawable(splats: "Splats") -> "tuple[Splats, NDArray[np.float64]]":
    """Those that are drawn, around the middle of the framed box, and the places (n, 3) that have to be seen."""
    step = max(1, len(splats.places) // MOST_DRAWN)
    solid = splats.opacities > SOLID
    frame = splats.places[solid] if solid.any() else splats.places
    low, high = (np.quantile(frame, share, axis=0) for share in FRAMED)
    extent = float((high - low).max()) or 1.0
    small = splats.scales.max(axis=1) < LARGEST * extent
    kept = np.flatnonzero(small)[::step] if small.any() else np.arange(len(splats.places))[::step]
    middle = (low + high) / 2
    chosen = replace(
        splats,
        places=splats.places[kept] - middle,
        scales=splats.scales[kept],
        turns=splats.turns[kept],
        colours=splats.colours[kept],
        opacities=splats.opacities[kept],
    )
    inside = frame[((frame >= low) & (frame <= high)).all(axis=1)]
    inside = inside if len(inside) else frame
    return chosen, inside[:: max(1, len(inside) // 50_000)] - middle


def _drawn(splats: "Splats", camera: Camera) -> "tuple[NDArray[np.float32], NDArray[np.float32]]":
    """What is seen (height, width, 3), sRGB and multiplied by its cover, and how much passes through (height, width)."""
    here = (splats.places - camera.place) @ camera.turn.T
    front = np.flatnonzero(here[:, 2] > 0.02 * np.abs(here[:, 2]).max())
    x, y, z = here[front].T
    focal = camera.focal
    axes = np.matmul(camera.turn, splats.turns[front]) * splats.scales[front][:, None, :]
    across = (axes[:, 0] - axes[:, 2] * (x / z)[:, None]) * (focal / z)[:, None]
    down = (axes[:, 1] - axes[:, 2] * (y / z)[:, None]) * (focal / z)[:, None]
    xx, yy = (across**2).sum(axis=1) + LOW_PASS, (down**2).sum(axis=1) + LOW_PASS
    xy = (across * down).sum(axis=1)
    area = np.maximum(xx * yy - xy * xy, 1e-9)
    spread = np.stack([yy, -xy, xx], axis=1) / area[:, None]
    reach = 3 * np.sqrt(np.maximum(xx, yy))
    seen = np.stack([focal * x / z + camera.width / 2, focal * y / z + camera.height / 2], axis=1)
    order = np.argsort(z, kind="stable")
    on = (seen[order, 0] + reach[order] > 0) & (seen[order, 0] - reach[order] < camera.width)
    on &= (seen[order, 1] + reach[order] > 0) & (seen[order, 1] - reach[order] < camera.height) & (reach[order] < camera.width)
    light = np.zeros((camera.height, camera.width, 3), np.float32)
    through = np.ones((camera.height, camera.width), np.float32)
    kernels.blend(order[on], seen, spread, reach, splats.colours[front], splats.opacities[front], light, through)
    return light, through


def _detail(splats: "Splats", camera: Camera) -> float:
    """How much there is to see: covered pixels, more where neighbours differ."""
    light, through = _drawn(splats, camera)
    grey = light.mean(axis=2)
    change = np.abs(np.diff(grey, axis=1))[1:] + np.abs(np.diff(grey, axis=0))[:, 1:]
    return float((1 - through).mean() + 3 * change.mean())


class SplatsInStudio:
    """Splats ready to be drawn from any side."""

    def __init__(self, splats: "Splats") -> None:
        self._splats, self._places = drawable(splats)
        azimuths = [math.radians(-90 + 30 + 60 * step) for step in range(6)]
        scores = {azimuth: _detail(self._splats, looking(self._places, azimuth, ELEVATION, PROBE)) for azimuth in azimuths}
        self._side = max(scores, key=lambda azimuth: scores[azimuth]), ELEVATION

    @property
    def side(self) -> tuple[float, float]:
        """Azimuth and elevation of the poster."""
        return self._side

    def poster(self, size: tuple[int, int]) -> "NDArray[np.uint8]":
        """The side that shows most of them."""
        return self._mixed(looking(self._places, *self._side, size))

    def turn(self, size: tuple[int, int]) -> "Iterator[NDArray[np.uint8]]":
        """Pictures from all round."""
        return map(self._mixed, around(self._places, *self._side, size))

    def _mixed(self, camera: Camera) -> "NDArray[np.uint8]":
        light, through = _drawn(self._splats, camera)
        mixed = light + through[..., None] * srgb_of(paper(self._places, camera))
        return np.asarray(np.clip(np.rint(mixed * 255), 0, 255).astype(np.uint8))
