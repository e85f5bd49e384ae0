"""The curved roof: a hipped gable whose slopes sag and whose corners sweep up, laid with yin-yang tiles.

A point of a roof is named by its place in plan, metres from the roof's centre. ``depth`` is the horizontal distance from the nearer eave.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.rehearsal.mesher import Doubles, Material, Mesher
from pipeline.rehearsal.solids import beam, tube

TILE_PITCH = 0.24
TILE_RADIUS = 0.075
THICKNESS = 0.2


@dataclass(frozen=True, slots=True)
class Roof:
    """The shape.

    Attributes:
        centre: x, y of the middle, metres. half_x, half_y: half the plan, metres; the ridge runs along x.
        eave: height of the eave's middle, metres. rise: from there to the ridge.
        ridge: half the length of the ridge; the gables stand there.
        lift: how much the corners rise above the eave's middle, metres.
        reach: length of the swept part of an eave, metres.
    """

    centre: tuple[float, float]
    half_x: float
    half_y: float
    eave: float
    rise: float
    ridge: float
    lift: float = 0.9
    reach: float = 5.0

    @property
    def hip(self) -> float:
        """Depth at which the end slope meets the gable."""
        return self.half_x - self.ridge

    def surface(self, x: Doubles, y: Doubles, depth: Doubles) -> Doubles:
        """(…, 3): the points of the roof's upper face above plan points."""
        t = depth / self.half_y
        sag = 0.58 * t + 0.42 * t * t
        near = 1.0 - (self.half_x - np.abs(x) + self.half_y - np.abs(y)) / self.reach
        near = np.clip(near, 0.0, 1.0)
        out = 0.3 * self.lift * near**3
        z = self.eave + self.rise * sag + self.lift * near**2.4
        return np.stack([self.centre[0] + x + np.sign(x) * out, self.centre[1] + y + np.sign(y) * out, z], -1)

    def underside(self, x: float, y: float) -> float:
        """Height of the roof's lower face above a plan point, metres."""
        depth = self.half_y - abs(y)
        if abs(x) > self.ridge:
            depth = min(depth, self.half_x - abs(x))
        return float(self.surface(np.array(x), np.array(y), np.array(depth))[2]) - THICKNESS

    def run(self, x: float) -> float:
        """How far up, in depth, a long slope reaches at ``x``."""
        return self.half_y if abs(x) <= self.ridge else self.half_x - abs(x)


def long_slope(roof: Roof, side: int, *, drop: float = 0.0) -> Doubles:
    """(rows, columns, 3): the front (side -1) or back (+1) slope, eave first, lowered by ``drop``."""
    depth = np.unique(np.concatenate([np.linspace(0, roof.hip, 8), np.linspace(roof.hip, roof.half_y, 12)]))[:, None]
    width = np.where(depth < roof.hip, roof.half_x - depth, roof.ridge)
    s = np.linspace(-1.0, 1.0, max(9, int(roof.half_x * 5)))[None, :] * -side
    points = roof.surface(s * width, side * (roof.half_y - depth) + 0 * s, depth + 0 * s)
    return np.asarray(points - np.array([0.0, 0.0, drop]))


def end_slope(roof: Roof, side: int, *, drop: float = 0.0) -> Doubles:
    """(rows, columns, 3): the east (+1) or west (-1) slope below the gable, eave first."""
    depth = np.linspace(0.0, roof.hip, 10)[:, None]
    s = np.linspace(-1.0, 1.0, max(9, int(roof.half_y * 5)))[None, :] * side
    points = roof.surface(side * (roof.half_x - depth) + 0 * s, s * (roof.half_y - depth), depth + 0 * s)
    return np.asarray(points - np.array([0.0, 0.0, drop]))


def build_roof(mesher: Mesher, roof: Roof) -> None:
    """The whole covering: tiles, underside, fascia, gables."""
    for side in (-1, 1):
        for slope in (long_slope, end_slope):
            mesher.next_part()
            mesher.grid(slope(roof, side), Material.ROOF_TILE)
            mesher.grid(slope(roof, side, drop=THICKNESS)[:, ::-1], Material.RAFTER)
            _fascia(mesher, slope(roof, side)[0])
        _gable(mesher, roof, side)
    _tile_columns(mesher, roof)


def _fascia(mesher: Mesher, edge: Doubles) -> None:
    below = edge - np.array([0.0, 0.0, THICKNESS + 0.03])
    mesher.grid(np.stack([below, edge]), Material.WOOD)


def _gable(mesher: Mesher, roof: Roof, side: int) -> None:
    reach = roof.half_y - roof.hip
    if reach < 0.2:
        return
    y = np.linspace(-reach, reach, 21) * side
    top = roof.surface(np.full(21, side * roof.ridge), y, roof.half_y - np.abs(y))
    bottom = top.copy()
    bottom[:, 2] = top[0, 2] - 0.25
    mesher.next_part()
    mesher.grid(np.stack([bottom, (bottom + top) / 2, top]), Material.PLASTER)
    inside = np.array([-0.14 * side, 0.0, -0.05])
    mesher.grid(np.stack([bottom, (bottom + top) / 2, top])[:, ::-1] + inside, Material.WOOD)


def _tile_columns(mesher: Mesher, roof: Roof) -> None:
    mesher.next_part()
    inset = 0.12
    for x in np.arange(-roof.half_x + inset, roof.half_x, TILE_PITCH):
        for side in (-1, 1):
            depth = np.linspace(-0.06, roof.run(float(x)), max(4, int(roof.run(float(x)) / 0.5)))
            _column(mesher, roof.surface(np.full_like(depth, x), side * (roof.half_y - depth), depth))
    for y in np.arange(-roof.half_y + inset, roof.half_y, TILE_PITCH):
        for side in (-1, 1):
            run = min(roof.hip, roof.half_y - abs(float(y)))
            depth = np.linspace(-0.06, run, max(4, int(run / 0.5)))
            _column(mesher, roof.surface(side * (roof.half_x - depth), np.full_like(depth, y), depth))


def _column(mesher: Mesher, path: Doubles) -> None:
    tube(mesher, path + np.array([0.0, 0.0, 0.02]), np.full(len(path), TILE_RADIUS), Material.ROOF_TILE, sides=8)
    out = path[0] - path[1]
    out[2] = 0.0
    out /= np.linalg.norm(out)
    side = np.cross(out, np.array([0.0, 0.0, 1.0]))
    angle = np.linspace(0, 2 * np.pi, 9)
    rim = np.cos(angle)[:, None] * side + np.sin(angle)[:, None] * np.array([0.0, 0.0, 1.0])
    centre = path[0] + np.array([0.0, 0.0, 0.02]) + out * 0.01
    mesher.grid(np.stack([centre + rim * TILE_RADIUS * 1.05, centre + 0 * rim])[:, ::-1], Material.PORCELAIN)


def hip_path(roof: Roof, sign_x: int, sign_y: int) -> Doubles:
    """(n, 3): along a hip, from the gable's foot down to the corner."""
    depth = np.linspace(roof.hip, 0.0, 14)
    return roof.surface(sign_x * (roof.half_x - depth), sign_y * (roof.half_y - depth), depth)


def gable_path(roof: Roof, sign_x: int, sign_y: int) -> Doubles:
    """(n, 3): along a gable's edge, from the ridge down to its foot."""
    depth = np.linspace(roof.half_y, roof.hip, 12)
    return roof.surface(np.full(12, sign_x * roof.ridge), sign_y * (roof.half_y - depth), depth)


def build_ridges(mesher: Mesher, roof: Roof, *, width: float = 0.26, height: float = 0.34) -> None:
    """Main ridge, gable ridges and hips, with the corner horns."""
    x = np.linspace(-roof.ridge - width, roof.ridge + width, 25)
    ridge = roof.surface(x, 0 * x, np.full_like(x, roof.half_y))
    ridge[:, 2] += 0.35 * (np.abs(x) / roof.ridge) ** 4 - 0.1
    mesher.next_part()
    beam(mesher, ridge, width, height + 0.15, Material.MOSAIC)
    beam(mesher, ridge + np.array([0, 0, height + 0.15]), width * 1.35, 0.07, Material.PLASTER)
    for sign_x in (-1, 1):
        for sign_y in (-1, 1):
            if roof.half_y - roof.hip > 0.2:
                beam(mesher, gable_path(roof, sign_x, sign_y), width * 0.8, height * 0.8, Material.PLASTER)
            hip = hip_path(roof, sign_x, sign_y)
            beam(mesher, hip, width * 0.8, height * 0.75, Material.PLASTER)
            _horn(mesher, hip, height)


def _horn(mesher: Mesher, hip: Doubles, height: float) -> None:
    out = hip[-1] - hip[-3]
    out[2] = 0.0
    out /= np.linalg.norm(out)
    t = np.linspace(0.0, 1.0, 9)[:, None]
    size = height * 2.2
    up = np.array([0.0, 0.0, 1.0])
    path = hip[-1] + up * height * 0.5 + size * (np.sin(t * 2.6) * 0.55 * out + (0.15 * t + 0.85 * t**2) * up)
    tube(mesher, path, 0.12 * (1.05 - t[:, 0]) + 0.015, Material.MOSAIC, sides=8)
