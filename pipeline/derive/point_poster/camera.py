"""Where to look from: a three-quarter view that shows most of what was scanned, with the framed box filling the picture."""

import math
from typing import TYPE_CHECKING

import numpy as np

from pipeline.derive.point_poster import kernels
from pipeline.derive.studio.camera import Camera, around

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.derive.point_poster.sample import Sample

FOCAL = 1.9
"""Focal length in units of half the picture's width: a calm 55° across."""
FILL = 0.84
PROBE = (192, 120)


def looking(sample: "Sample", azimuth: float, elevation: float, size: tuple[int, int]) -> Camera:
    """A camera that sees the sample from ``azimuth`` (radians from +x, counter-clockwise) and ``elevation``, filling the frame."""
    width, height = size
    forward = -np.array([math.cos(elevation) * math.cos(azimuth), math.cos(elevation) * math.sin(azimuth), math.sin(elevation)])
    right = np.array([-math.sin(azimuth), math.cos(azimuth), 0.0])
    turn = np.stack([right, np.cross(forward, right), forward])
    reach = float(np.linalg.norm(sample.high - sample.low)) or 1.0
    camera = Camera(turn, -forward * reach * FOCAL, FOCAL * width / 2, width, height)
    some = _framed(sample)
    for _ in range(7 if len(some) else 0):
        camera = _fitted(camera, camera.project(some), forward)
    return camera


def _framed(sample: "Sample") -> "NDArray[np.float64]":
    """Some of the points that have to be in a picture (n, 3)."""
    some = sample.xyz[:: max(1, len(sample.xyz) // 20_000)].astype(np.float64)
    return np.asarray(some[((some >= sample.low) & (some <= sample.high)).all(axis=1)])


def _fitted(camera: Camera, seen: "NDArray[np.float64]", forward: "NDArray[np.float64]") -> Camera:
    """Move so that what is seen (pixels and depth) stands in the middle and fills its share of the picture."""
    low, high = (np.quantile(seen[:, :2], share, axis=0) for share in (0.001, 0.999))
    size = np.array([camera.width, camera.height])
    middle = (low + high - size) / 2
    depth = float(np.median(seen[:, 2]))
    aside = (camera.turn[0] * middle[0] + camera.turn[1] * middle[1]) * depth / camera.focal
    share = float(((high - low) / (size * FILL)).max())
    # Never nearer than lets the nearest point stay well in front of the camera.
    nearer = min(depth * (1 - share), 0.8 * float(seen[:, 2].min()))
    return Camera(camera.turn, camera.place + aside + forward * nearer, camera.focal, camera.width, camera.height)


def _long_side(sample: "Sample") -> float:
    """Direction (radians) of the horizontal main axis of the points."""
    flat = sample.xyz[:: max(1, len(sample.xyz) // 50_000), :2].astype(np.float64)
    spread = np.cov(flat.T) if len(flat) > 2 else np.eye(2)
    return float(np.arctan2(*np.linalg.eigh(spread)[1][::-1, 1]))


def _scanned_side(sample: "Sample", azimuth: float) -> float:
    """Weight of a view: what was scanned from outside on one side is seen best from there."""
    toward = sample.scanner[:2]
    away = float(np.linalg.norm(toward))
    extent = float(max(sample.high[:2] - sample.low[:2]))
    if away < 0.4 * extent or away == 0:
        return 1.0
    return 1.0 + 0.5 * float(toward @ np.array([math.cos(azimuth), math.sin(azimuth)])) / away


def best_side(sample: "Sample") -> tuple[float, float]:
    """Azimuth and elevation, radians, of the three-quarter view, of eight around the cloud, in which the most picture is most detail."""
    extent = sample.high - sample.low
    flatness = float(extent[2]) / max(float(max(extent[0], extent[1])), 1e-9)
    elevation = math.radians(38 if flatness < 0.12 else 26 if flatness < 0.6 else 14)
    along = _long_side(sample)
    best, most = along, -1.0
    for quarter in range(4):
        for lean in (35, 55):
            azimuth = along + math.radians(90 * quarter + lean)
            camera = looking(sample, azimuth, elevation, PROBE)
            score = kernels.detail_seen(sample.xyz, sample.light, camera.turn, camera.place, camera.focal, np.array(PROBE))
            score *= _scanned_side(sample, azimuth)
            if score > most:
                best, most = azimuth, score
    return best, elevation


def all_round(sample: "Sample", azimuth: float, elevation: float, size: tuple[int, int]) -> list[Camera]:
    """The cameras of a turntable: what lies in the framed box turns around its middle."""
    return around(_framed(sample), azimuth, elevation, size)
