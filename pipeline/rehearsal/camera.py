"""Cameras: the whole sphere, or a flat picture. Pixels become rays."""

import math
from typing import NamedTuple

import numpy as np

from pipeline.rehearsal.kernels import Triple, kernel, unit
from pipeline.rehearsal.mesher import Floats


class Camera(NamedTuple):
    """A standpoint.

    Attributes:
        position: metres, site frame. heading: bearing of the image centre, degrees clockwise from north. pitch: degrees up.
        width, height: pixels. field: horizontal field of view, degrees; 360 means the equirectangular sphere (pitch is 0 then).
    """

    position: Triple
    heading: float
    pitch: float
    width: int
    height: int
    field: float

    def exact(self) -> "Camera":
        """The same with every measure a float, so that the kernels are compiled once."""
        x, y, z = self.position
        return Camera((float(x), float(y), float(z)), float(self.heading), float(self.pitch), self.width, self.height, float(self.field))

    @property
    def spread(self) -> float:
        """Width of a pixel at one metre, metres."""
        if self.field >= 360.0:
            return 2.0 * math.pi / self.width
        return 2.0 * math.tan(math.radians(self.field) / 2.0) / self.width


@kernel
def sphere_ray(camera: Camera, x: float, y: float) -> Triple:
    """Direction of a place in an equirectangular image (pixels from its upper left corner)."""
    bearing = math.radians(camera.heading) + (x / camera.width - 0.5) * 2.0 * math.pi
    up = (0.5 - y / camera.height) * math.pi
    return (math.sin(bearing) * math.cos(up), math.cos(bearing) * math.cos(up), math.sin(up))


@kernel
def flat_ray(camera: Camera, x: float, y: float) -> Triple:
    """Direction of a place in a flat picture."""
    reach = math.tan(math.radians(camera.field) / 2.0)
    right = (2.0 * x / camera.width - 1.0) * reach
    up = (1.0 - 2.0 * y / camera.height) * reach * camera.height / camera.width
    heading, pitch = math.radians(camera.heading), math.radians(camera.pitch)
    ahead = math.cos(pitch) - up * math.sin(pitch)
    rise = math.sin(pitch) + up * math.cos(pitch)
    return unit(
        (
            ahead * math.sin(heading) + right * math.cos(heading),
            ahead * math.cos(heading) - right * math.sin(heading),
            rise,
        )
    )


@kernel
def aim(camera: Camera, places: Floats, rays: Floats) -> None:
    """Fills ``rays`` (n, 6) for ``places`` (n, 2), pixels from the image's upper left corner."""
    for i in range(len(places)):
        x, y = float(places[i, 0]), float(places[i, 1])
        d = sphere_ray(camera, x, y) if camera.field >= 360.0 else flat_ray(camera, x, y)
        for k in range(3):
            rays[i, k] = camera.position[k]
            rays[i, 3 + k] = d[k]


def pixel_places(width: int, rows: range) -> Floats:
    """(n, 2) float32: the middles of the pixels of some rows."""
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.array(rows, dtype=np.float32))
    return np.stack([x.ravel() + np.float32(0.5), y.ravel() + np.float32(0.5)], -1)
