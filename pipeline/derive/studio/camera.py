"""A pinhole camera that frames a set of places. The world here is z up."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOCAL = 2.4
"""Focal length in units of half the picture's width: 45° across, so that upright things stay upright."""
FILL = 0.82
ROUNDS = 6
SIDES = 8
MOST_FRAMED = 10_000
"""So many places frame the pictures of a whole turn."""


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """Where the picture is taken from.

    Attributes:
        turn: (3, 3), rows right, down, forward.
        place: (3,).
        focal: in pixels.
        width, height: of the picture in pixels.
    """

    turn: "NDArray[np.float64]"
    place: "NDArray[np.float64]"
    focal: float
    width: int
    height: int

    def project(self, places: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """Pixels and depth (n, 3) of places (n, 3)."""
        seen = (places - self.place) @ self.turn.T
        depth = np.maximum(seen[:, 2], 1e-12)
        across, down = (self.focal * seen[:, k] / depth + side / 2 for k, side in ((0, self.width), (1, self.height)))
        return np.stack([across, down, seen[:, 2]], axis=1)

    def turned(self, angle: float) -> "Camera":
        """The camera carried around the upright axis through the origin, ``angle`` radians counter-clockwise seen from above."""
        about = upright_turn(angle)
        return Camera(self.turn @ about.T, about @ self.place, self.focal, self.width, self.height)

    def times(self, factor: int) -> "Camera":
        """The same camera with ``factor`` times as many pixels along each side."""
        return Camera(self.turn, self.place, self.focal * factor, self.width * factor, self.height * factor)


def upright_turn(angle: float) -> "NDArray[np.float64]":
    """The rotation (3, 3) about z by ``angle`` radians, counter-clockwise seen from above."""
    cos, sin = math.cos(angle), math.sin(angle)
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])


def around(places: "NDArray[np.float64]", azimuth: float, elevation: float, size: tuple[int, int]) -> list[Camera]:
    """Cameras all round, clockwise seen from above, the first at ``azimuth``: all as far away, so that what is shown turns and never jumps.

    Args:
        places: (n, 3) what has to be seen, around the origin.
        azimuth: of the first, radians from +x, counter-clockwise.
        elevation: radians above the horizon.
        size: width and height in pixels.
    """
    step = -2 * math.pi / SIDES
    some = places[:: max(1, len(places) // MOST_FRAMED)]
    every = np.concatenate([some @ upright_turn(k * step).T for k in range(SIDES)])
    first = looking(every, azimuth, elevation, size)
    return [first.turned(k * step) for k in range(SIDES)]


def looking(places: "NDArray[np.float64]", azimuth: float, elevation: float, size: tuple[int, int]) -> Camera:
    """A camera in which all ``places`` (n, 3) fill the frame.

    Args:
        places: what has to be seen.
        azimuth: radians from +x, counter-clockwise, of where the camera stands.
        elevation: radians above the horizon.
        size: width and height in pixels.
    """
    forward = -np.array([math.cos(elevation) * math.cos(azimuth), math.cos(elevation) * math.sin(azimuth), math.sin(elevation)])
    right = np.array([-math.sin(azimuth), math.cos(azimuth), 0.0])
    turn = np.stack([right, np.cross(forward, right), forward])
    low, high = places.min(axis=0), places.max(axis=0)
    reach = float(np.linalg.norm(high - low)) or 1.0
    camera = Camera(turn, (low + high) / 2 - forward * reach * FOCAL, FOCAL * size[0] / 2, *size)
    for _ in range(ROUNDS):
        camera = _fitted(camera, camera.project(places))
    return camera


def _fitted(camera: Camera, seen: "NDArray[np.float64]") -> Camera:
    """Move so that what is seen stands in the middle and fills its share of the picture, never so near that anything is behind."""
    low, high = seen[:, :2].min(axis=0), seen[:, :2].max(axis=0)
    size = np.array([camera.width, camera.height])
    aside = (low + high - size) / 2
    depth = float(seen[:, 2].mean())
    share = float(((high - low) / (size * FILL)).max())
    nearer = min(depth * (1 - share), 0.85 * float(seen[:, 2].min()))
    move = (camera.turn[0] * aside[0] + camera.turn[1] * aside[1]) * depth / camera.focal + camera.turn[2] * nearer
    return Camera(camera.turn, camera.place + move, camera.focal, camera.width, camera.height)
