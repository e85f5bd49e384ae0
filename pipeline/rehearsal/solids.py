"""The simple bodies that everything is built of: boxes, turned bodies, tubes, swept beams, discs."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from pipeline.rehearsal.mesher import Doubles, Material, Mesher

Point: TypeAlias = tuple[float, float, float]
STEP = 0.45  # metres between baked points on large faces


def _steps(length: float, step: float) -> int:
    return max(2, min(160, round(length / step) + 1))


def quad(mesher: Mesher, corners: Sequence[Point], material: Material, *, step: float = STEP) -> None:
    """A flat face from four corners, counter-clockwise seen from outside, divided finely enough to hold baked light."""
    a, b, c, d = (np.array(corner, float) for corner in corners)
    columns = _steps(float(np.linalg.norm(b - a)), step)
    rows = _steps(float(np.linalg.norm(d - a)), step)
    s = np.linspace(0.0, 1.0, columns)[None, :, None]
    t = np.linspace(0.0, 1.0, rows)[:, None, None]
    mesher.grid((a * (1 - s) + b * s) * (1 - t) + (d * (1 - s) + c * s) * t, material)


def box(mesher: Mesher, low: Point, high: Point, material: Material, *, step: float = STEP) -> None:
    """A box from its lowest to its highest corner; the underside is left out where it lies on the ground."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    quad(mesher, [(x0, y0, z0), (x1, y0, z0), (x1, y0, z1), (x0, y0, z1)], material, step=step)
    quad(mesher, [(x1, y1, z0), (x0, y1, z0), (x0, y1, z1), (x1, y1, z1)], material, step=step)
    quad(mesher, [(x0, y1, z0), (x0, y0, z0), (x0, y0, z1), (x0, y1, z1)], material, step=step)
    quad(mesher, [(x1, y0, z0), (x1, y1, z0), (x1, y1, z1), (x1, y0, z1)], material, step=step)
    quad(mesher, [(x0, y0, z1), (x1, y0, z1), (x1, y1, z1), (x0, y1, z1)], material, step=step)
    if z0 > 0.01:
        quad(mesher, [(x0, y1, z0), (x1, y1, z0), (x1, y0, z0), (x0, y0, z0)], material, step=step)


def block(mesher: Mesher, centre: Point, size: Point, material: Material) -> None:
    """A box standing on ``centre`` (the middle of its base) with the given size."""
    x, y, z = centre
    w, d, h = size
    box(mesher, (x - w / 2, y - d / 2, z), (x + w / 2, y + d / 2, z + h), material)


def turned(mesher: Mesher, centre: Point, profile: Sequence[tuple[float, float]], material: Material, *, sides: int = 20) -> None:
    """A body of revolution about the vertical: ``profile`` is (radius, height above ``centre``) from the bottom up."""
    angle = np.linspace(0.0, 2 * np.pi, sides + 1)
    radius = np.array([point[0] for point in profile])[:, None]
    height = np.array([point[1] for point in profile])[:, None]
    points = np.stack(np.broadcast_arrays(radius * np.cos(angle), radius * np.sin(angle), height + 0 * angle), -1)
    mesher.grid(points + np.array(centre), material)


def ball(mesher: Mesher, centre: Point, radii: Point, material: Material, *, sides: int = 14) -> None:
    """An ellipsoid."""
    across = np.linspace(0.0, 2 * np.pi, sides + 1)[None, :]
    up = np.linspace(-np.pi / 2, np.pi / 2, sides // 2 + 2)[:, None]
    points = np.stack(np.broadcast_arrays(np.cos(up) * np.cos(across), np.cos(up) * np.sin(across), np.sin(up) + 0 * across), -1)
    mesher.grid(points * np.array(radii) + np.array(centre), material)


def frames(path: Doubles) -> tuple[Doubles, Doubles]:
    """Side and up directions, (n, 3) each, along a path, as level as it allows."""
    forward = np.gradient(path, axis=0)
    forward /= np.maximum(np.linalg.norm(forward, axis=1, keepdims=True), 1e-9)
    level = np.cross(forward, np.array([0.0, 0.0, 1.0]))
    steep = np.linalg.norm(level, axis=1, keepdims=True) < 0.05
    side = np.where(steep, np.array([[1.0, 0.0, 0.0]]), level)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    return side, np.cross(side, forward)


def tube(mesher: Mesher, path: Doubles, radius: Doubles, material: Material, *, sides: int = 10) -> None:
    """A round tube along ``path`` (n, 3) with a radius (n,) at each point."""
    side, up = frames(path)
    angle = np.linspace(0.0, -2 * np.pi, sides + 1)
    ring = side[:, None] * np.cos(angle)[None, :, None] + up[:, None] * np.sin(angle)[None, :, None]
    mesher.grid(path[:, None] + ring * radius[:, None, None], material)


def rod(mesher: Mesher, start: Point, end: Point, radius: float, material: Material) -> None:
    """A straight round bar."""
    path = np.linspace(np.array(start, float), np.array(end, float), _steps(float(np.linalg.norm(np.subtract(end, start))), 0.6))
    tube(mesher, path, np.full(len(path), radius), material)


def beam(mesher: Mesher, path: Doubles, width: float, height: float, material: Material) -> None:
    """A beam of rectangular section along ``path`` (n, 3), which runs along the middle of its underside; ends are closed."""
    side, up = frames(path)
    left, right = path - side * width / 2, path + side * width / 2
    corners = [right, left, left + up * height, right + up * height, right]
    for near, far in pairwise(corners):
        mesher.grid(np.stack([far, near], 0), material)
    for end, turn in ((0, -1), (-1, 1)):
        face = np.stack([np.stack([corners[0][end], corners[1][end]]), np.stack([corners[3][end], corners[2][end]])])
        mesher.grid(face[:, ::turn], material)


def disc(mesher: Mesher, centre: Point, radius: float, material: Material, *, sides: int = 28) -> None:
    """A level disc, seen from above."""
    turned(mesher, centre, [(radius, 0.0), (radius * 0.5, 0.0), (0.001, 0.0)], material, sides=sides)
