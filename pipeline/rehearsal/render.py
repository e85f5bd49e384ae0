"""Pictures of the lit model: bands of rays on all cores, more rays where edges are, exposure and tone."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pipeline.rehearsal.camera import Camera, aim, pixel_places
from pipeline.rehearsal.kernels import fade, kernel
from pipeline.rehearsal.mesher import Floats, Indices
from pipeline.rehearsal.shading import RayBatch, shade
from pipeline.rehearsal.stage import Model

BAND_RAYS = 1 << 18
KEY = 0.15
WARM = np.array([1.2, 1.0, 0.68])
"""The colour that a white wall keeps in this light; the camera balances the rest away, by a third."""
Exposure: TypeAlias = tuple[float, float, float, float]
"""Gains for red, green and blue, and the power that light and dark are drawn together with (1: not at all)."""
EDGE = 0.055
EXTRA = np.array([[-0.31, 0.12], [0.12, 0.31], [0.31, -0.25]], np.float32)
"""Where the further samples of an edge pixel lie, pixels from its middle."""


def render(model: Model, camera: Camera) -> NDArray[np.uint8]:
    """A picture, (height, width, 3) uint8 sRGB, of the lit model."""
    exposure = _exposure(model, camera)
    picture = np.empty((camera.height, camera.width, 3), np.uint8)
    bands = list(_bands(camera))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for _ in pool.map(lambda rows: _band(model, camera, rows, (exposure, picture)), bands):
            pass
    return picture


def _bands(camera: Camera) -> Iterator[range]:
    rows = max(8, BAND_RAYS // camera.width)
    for first in range(0, camera.height, rows):
        yield range(first, min(camera.height, first + rows))


def _exposure(model: Model, camera: Camera) -> Exposure:
    """What a small picture asks for; the mean is a light meter's: logarithmic, what is overhead or underfoot counting less."""
    small = camera._replace(width=144, height=max(1, round(144 * camera.height / camera.width)))
    colours = _see(model, small, pixel_places(small.width, range(small.height)))
    weights = np.repeat(np.cos(np.linspace(-1.45, 1.45, small.height)), small.width)
    means = np.exp(np.average(np.log(colours.astype(np.float64) + 0.005), axis=0, weights=weights))
    grey = float(means @ np.array([0.2126, 0.7152, 0.0722]))
    gain = KEY / grey
    bright = float(np.quantile(colours.mean(axis=1), 0.9)) * gain
    gain *= min(1.0, (1.1 / bright) ** 0.5)
    red, green, blue = (float(gain * balance) for balance in (WARM * grey / means) ** 0.35)
    return red, green, blue, 1.0 - 0.3 * fade(2.0, 7.0, green)


def _see(model: Model, camera: Camera, places: Floats) -> Floats:
    return trace(model, camera, places)[0]


def trace(model: Model, camera: Camera, places: Floats) -> tuple[Floats, Indices]:
    """Radiance (n, 3) and triangle (n,) seen at places (n, 2) of a picture."""
    rays = np.empty((len(places), 6), np.float32)
    aim(camera.exact(), places, rays)
    hits = model.tracer.cast(rays)
    colours = np.empty((len(places), 3), np.float32)
    shade(model.stage, RayBatch(rays, hits.distance, hits.triangle, hits.place, camera.spread), colours, 0, len(places))
    return colours, hits.triangle


def _band(model: Model, camera: Camera, rows: range, target: tuple[Exposure, NDArray[np.uint8]]) -> None:
    exposure, picture = target
    places = pixel_places(camera.width, rows)
    colours, _ = trace(model, camera, places)
    toned = np.empty_like(colours)
    tone(colours, exposure, toned)
    rough = np.zeros(len(places), np.bool_)
    find_edges(toned, camera.width, rough)
    chosen = np.flatnonzero(rough)
    if len(chosen):
        more = (places[chosen][:, None] + EXTRA).reshape(-1, 2)
        extra, _ = trace(model, camera, more)
        finer = np.empty_like(extra)
        tone(extra, exposure, finer)
        toned[chosen] = (toned[chosen] + finer.reshape(-1, len(EXTRA), 3).sum(axis=1)) / np.float32(1 + len(EXTRA))
    encoded = np.empty((len(places), 3), np.uint8)
    encode(toned, encoded)
    picture[rows.start : rows.stop] = encoded.reshape(len(rows), camera.width, 3)


@kernel
def tone(colours: Floats, exposure: Exposure, out: Floats) -> None:
    """Radiance to display light, 0…1: a filmic curve (K. Narkowicz's fit of the ACES curve, 2015)."""
    for i in range(len(colours)):
        grey = 0.3 * colours[i, 0] + 0.6 * colours[i, 1] + 0.1 * colours[i, 2]
        squeeze = (max(grey * exposure[1], 1e-4) / KEY) ** (exposure[3] - 1.0)
        gains = (exposure[0] * squeeze, exposure[1] * squeeze, exposure[2] * squeeze)
        for k in range(3):
            x = (0.9 * colours[i, k] + 0.1 * grey) * gains[k]
            out[i, k] = min(1.0, max(0.0, (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14)))


@kernel
def encode(toned: Floats, out: NDArray[np.uint8]) -> None:
    """Display light to sRGB bytes (IEC 61966-2-1)."""
    for i in range(len(toned)):
        for k in range(3):
            x = toned[i, k]
            y = 12.92 * x if x <= 0.0031308 else 1.055 * x ** (1.0 / 2.4) - 0.055
            out[i, k] = np.uint8(min(255.0, y * 255.0 + 0.5))


@kernel
def find_edges(toned: Floats, width: int, rough: NDArray[np.bool_]) -> None:
    """Marks pixels of a band that differ visibly from the one to the right or below."""
    for i in range(len(toned)):
        for other in (i + 1, i + width):
            if other < len(toned) and (other == i + width or other % width != 0):
                for k in range(3):
                    a, b = toned[i, k] ** 0.5, toned[other, k] ** 0.5
                    if abs(a - b) > 2.0 * EDGE:
                        rough[i] = True
                        rough[other] = True


def tone_points(
    model: Model, position: tuple[float, float, float], directions: NDArray[np.float64], met: tuple[Floats, Indices, Floats]
) -> tuple[NDArray[np.uint8], Floats]:
    """Colours (n, 3) and laser intensity (n,) 0…1 of points that rays met.

    Args:
        model: the lit model.
        position: of the scanner, metres.
        directions: (n, 3).
        met: distance (n,), triangle (n,) and place (n, 2) of each.
    """
    distance, triangle, place = met
    rays = np.empty((len(directions), 6), np.float32)
    rays[:, :3] = position
    rays[:, 3:] = directions
    colours = np.empty((len(rays), 3), np.float32)
    shade(model.stage, RayBatch(rays, distance, triangle, place, 0.002), colours, 0, len(rays))
    grey = float(np.exp(np.log(colours.mean(axis=1) + 0.01).mean()))
    toned = np.empty_like(colours)
    gain = 0.22 / grey
    tone(colours, (gain, gain, gain, 1.0), toned)
    encoded = np.empty((len(rays), 3), np.uint8)
    encode(toned, encoded)
    corners = model.mesh.points[model.mesh.triangles[triangle]]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    facing = np.abs(np.einsum("ij,ij->i", normal, rays[:, 3:]))
    reflectance = encoded[:, 0].astype(np.float32) / 255.0
    intensity = (0.25 + 0.75 * reflectance) * (0.2 + 0.8 * facing) / (1.0 + (distance / 25.0) ** 2)
    return encoded, np.clip(intensity, 0.0, 1.0).astype(np.float32)
