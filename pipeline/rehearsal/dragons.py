"""Two dragons facing a moon on the ridge (*lưỡng long triều nguyệt*), in porcelain mosaic, in simple form."""

import numpy as np

from pipeline.rehearsal.mesher import Doubles, Material, Mesher
from pipeline.rehearsal.roof import Roof
from pipeline.rehearsal.solids import Point, ball, beam, tube

GROUP = "ridge group"


def moon_and_dragons(mesher: Mesher, roof: Roof, *, size: float = 1.0) -> None:
    """Sets the group on the middle of a roof's ridge; ``size`` 1 is for a ridge some ten metres long."""
    around, mesher.group = mesher.group, GROUP
    top = (roof.centre[0], roof.centre[1], roof.eave + roof.rise + 0.42)
    mesher.next_part()
    _moon(mesher, top, size)
    for sign in (-1, 1):
        mesher.next_part()
        _dragon(mesher, _body(top, sign, size), size)
    mesher.group = around


def _moon(mesher: Mesher, foot: Point, size: float) -> None:
    x, y, z = foot
    middle = np.array([x, y, z + 0.62 * size])
    ball(mesher, (x, y, z + 0.1 * size), (0.42 * size, 0.16 * size, 0.2 * size), Material.MOSAIC)
    ball(mesher, tuple(middle), (0.3 * size, 0.07 * size, 0.3 * size), Material.PORCELAIN, sides=20)
    for angle in np.linspace(0.25, np.pi - 0.25, 7):
        ray = np.array([np.cos(angle), 0.0, np.sin(angle)])
        path = middle + ray * np.linspace(0.26, 0.62, 4)[:, None] * size
        tube(mesher, path, np.array([0.07, 0.06, 0.035, 0.005]) * size, Material.MOSAIC, sides=6)


def _body(top: Point, sign: int, size: float) -> Doubles:
    t = np.linspace(0.0, 1.0, 44)
    x = 0.85 + 2.75 * t
    wave = np.sin(t * 10.5 + 0.4)
    height = 0.34 + 0.2 * wave * (1 - 0.35 * t) + 0.3 * np.exp(-((t / 0.1) ** 2)) + 0.55 * np.maximum(0.0, t - 0.82) * 4
    sway = 0.1 * np.cos(t * 10.5)
    return np.array(top) + size * np.stack([sign * x, sway, height], -1)


def _dragon(mesher: Mesher, body: Doubles, size: float) -> None:
    t = np.linspace(0.0, 1.0, len(body))
    tube(mesher, body, size * (0.06 + 0.16 * np.sin(np.clip(t * 2.6 + 0.55, 0, np.pi)) ** 0.8) * (1.1 - t), Material.MOSAIC, sides=8)
    for k in range(2, len(body) - 2, 2):
        spine = np.stack([body[k], body[k] + size * np.array([0.0, 0.0, 0.34 - 0.18 * t[k]])])
        tube(mesher, spine, size * np.array([0.05, 0.004]), Material.MOSAIC, sides=4)
    for k in (8, 14, 24, 31):
        _leg(mesher, body[k], size)
    _head(mesher, body, size)
    tail = body[-1] + size * np.array([[0, 0, 0], [0.0, 0.0, 0.16], [0.0, 0.0, 0.3]])
    tube(mesher, tail, size * np.array([0.02, 0.1, 0.004]), Material.MOSAIC, sides=6)


def _leg(mesher: Mesher, hip: Doubles, size: float) -> None:
    for side in (-1, 1):
        path = hip + size * np.array([[0, 0, 0], [0.06, side * 0.14, -0.08], [-0.02, side * 0.17, -0.26]])
        tube(mesher, path, size * np.array([0.06, 0.05, 0.03]), Material.MOSAIC, sides=6)


def _head(mesher: Mesher, body: Doubles, size: float) -> None:
    forward = body[0] - body[2]
    forward[2] = 0.0
    forward /= np.linalg.norm(forward)
    skull = body[0] + np.array([0.0, 0.0, 0.03 * size])
    ball(mesher, tuple(skull), (0.17 * size, 0.12 * size, 0.12 * size), Material.MOSAIC)
    for drop in (0.03, -0.08):
        jaw = skull + forward * np.array([[0.08], [0.34]]) * size + np.array([0, 0, drop * size])
        beam(mesher, jaw, 0.12 * size, 0.06 * size, Material.MOSAIC)
    for side in (-1, 1):
        sideways = np.array([0.0, side * 0.1, 0.0])
        horn = skull + size * (np.array([[0, 0, 0.08], [0, 0, 0.2], [0, 0, 0.3]]) + sideways - forward * np.array([[0], [0.12], [0.3]]))
        tube(mesher, horn, size * np.array([0.035, 0.028, 0.004]), Material.PORCELAIN, sides=5)
        ball(
            mesher,
            tuple(skull + size * (0.09 * forward + sideways * 0.8 + np.array([0, 0, 0.07]))),
            (0.035 * size,) * 3,
            Material.PORCELAIN,
            sides=8,
        )
