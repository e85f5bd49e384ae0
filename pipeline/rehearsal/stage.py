"""The lit model: what the shading kernels read, and the baking of sun and bounced light onto it."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.rehearsal.mesher import Floats, Indices, Mesh
from pipeline.rehearsal.sky import sun_frame
from pipeline.rehearsal.tracer import Tracer


class SunMap(NamedTuple):
    """How far each ray of the sun gets.

    Attributes:
        depth: (rows, columns) float32, height along the direction to the sun of the first surface met, metres.
        frame: (3, 3) float64, right, up, towards the sun.
        origin: (2,) float64, the map's corner in the frame. texel: metres.
    """

    depth: Floats
    frame: NDArray[np.float64]
    origin: NDArray[np.float64]
    texel: float


class Stage(NamedTuple):
    """Arrays for the kernels; ``light`` (n, 3) float32 is the light of sky, lamps and bounces at each vertex, divided by pi."""

    points: Floats
    normals: Floats
    uvs: Floats
    triangles: Indices
    materials: Indices
    parts: Indices
    light: Floats
    sun: SunMap


@dataclass(frozen=True, slots=True)
class Model:
    """A mesh, the tracer for it, and its light."""

    mesh: Mesh
    tracer: Tracer
    stage: Stage


SUN_REACH = (-20.0, 20.0, -36.0, 26.0)
SUN_TOP = 11.0


def sun_map(tracer: Tracer, texel: float) -> SunMap:
    """Casts parallel rays from the sun over the yard.

    Args:
        tracer: the model.
        texel: distance of the rays, metres.
    """
    frame = np.stack(sun_frame())
    west, east, south, north = SUN_REACH
    corners = np.array([(x, y, z) for x in (west, east) for y in (south, north) for z in (0.0, SUN_TOP)])
    flat = corners @ frame.T
    low, high = flat.min(axis=0), flat.max(axis=0)
    columns, rows = (int(n) for n in np.ceil((high - low)[:2] / texel))
    depth = np.empty((rows, columns), np.float32)
    right = (low[0] + (np.arange(columns) + 0.5) * texel)[:, None] * frame[0]
    for row in range(rows):
        rays = np.empty((columns, 6), np.float32)
        rays[:, :3] = right + frame[1] * (low[1] + (row + 0.5) * texel) + frame[2] * high[2]
        rays[:, 3:] = -frame[2]
        depth[row] = high[2] - tracer.cast(rays).distance
    return SunMap(depth, frame, low[:2].copy(), texel)
