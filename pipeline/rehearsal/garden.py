"""Plants: a banyan, frangipani, areca palms, a bamboo hedge, shrubs in pots. Leaves are loose quads lit like the crown they belong to."""

from dataclasses import dataclass

import numpy as np

from pipeline.rehearsal.courtyard import NORTH, SOUTH, WALL_X
from pipeline.rehearsal.mesher import Doubles, Material, Mesher
from pipeline.rehearsal.solids import Point, tube


@dataclass(frozen=True, slots=True)
class Crown:
    """A cloud of leaves: an ellipsoid filled from its rind inwards."""

    centre: Point
    radii: Point
    leaves: int
    size: float


def build_garden(mesher: Mesher, random: np.random.Generator) -> None:
    """All plants; the same for the same random generator."""
    mesher.group = "garden"
    _banyan(mesher, random, (11.6, -11.0, 0.0))
    for x, y in ((-12.3, 7.0), (12.6, 6.2), (-12.6, -9.5)):
        _frangipani(mesher, random, (x, y, 0.0))
    for x, y in (
        (-6.8, -15.2),
        (6.8, -15.2),
        (-15.4, 3.0),
        (15.2, 1.6),
        (-14.8, 14.5),
        (15.0, 17.0),
        (14.4, 12.0),
        (-8.6, -24.5),
        (9.2, -28.0),
    ):
        _areca(mesher, random, (x, y, 0.0))
    _bamboo(mesher, random)
    for side in (-1, 1):
        for x in (3.4, 6.2):
            mesher.next_part()
            _leaves(mesher, random, Crown((side * x, 5.6, 1.15), (0.62, 0.62, 0.6), 640, 0.1))
    _shrubs(mesher, random)


def _leaves(mesher: Mesher, random: np.random.Generator, crown: Crown) -> None:
    direction = random.normal(size=(crown.leaves, 3))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    depth = random.uniform(0.45, 1.0, (crown.leaves, 1)) ** 0.5 * (0.82 + 0.3 * random.random((crown.leaves, 1)))
    points = np.array(crown.centre) + direction * depth * np.array(crown.radii)
    facing = direction + random.normal(scale=0.55, size=direction.shape) + np.array([0.0, 0.0, 0.45])
    facing /= np.linalg.norm(facing, axis=1, keepdims=True)
    size = crown.size * random.uniform(0.7, 1.3, (crown.leaves, 1))
    _quads(mesher, points, facing, size * np.array([[1.0, 0.42]]))


def _quads(mesher: Mesher, points: Doubles, facing: Doubles, size: Doubles) -> None:
    reference = np.where(np.abs(facing[:, 2:]) > 0.9, np.array([[1.0, 0.0, 0.0]]), np.array([[0.0, 0.0, 1.0]]))
    along = np.cross(facing, reference)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.cross(facing, along)
    a, b = along * size[:, :1], across * size[:, 1:]
    mesher.leaves(np.stack([points - a, points - b, points + a, points + b], 1), facing, Material.LEAF)


def _branch(mesher: Mesher, start: Doubles, end: Doubles, radii: tuple[float, float]) -> None:
    t = np.linspace(0, 1, 7)[:, None]
    sag = np.array([0.0, 0.0, 0.12]) * np.linalg.norm(end - start) * np.sin(t * np.pi)
    tube(mesher, start * (1 - t) + end * t + sag, radii[0] + (radii[1] - radii[0]) * t[:, 0], Material.BARK, sides=9)


def _banyan(mesher: Mesher, random: np.random.Generator, foot: Point) -> None:
    mesher.next_part()
    base = np.array(foot)
    fork = base + np.array([-0.3, 0.2, 2.6])
    for k in range(7):
        angle = k * 0.898
        root = base + np.array([np.cos(angle), np.sin(angle), 0.0]) * (0.75 + 0.3 * (k % 2))
        _branch(mesher, root, fork + random.normal(scale=0.15, size=3), (0.3, 0.34))
    for k in range(11):
        angle, rise = k * 2.4, random.uniform(2.2, 4.6)
        tip = fork + np.array([np.cos(angle) * random.uniform(2.0, 4.2), np.sin(angle) * random.uniform(2.0, 4.2), rise])
        _branch(mesher, fork, tip, (0.26, 0.07))
        mesher.next_part()
        _leaves(mesher, random, Crown((float(tip[0]), float(tip[1]), float(tip[2]) + 0.3), (2.1, 2.1, 1.35), 2400, 0.145))
        if k % 2:
            hang = tip + np.array([0.2, 0.1, -0.6])
            _branch(mesher, hang, np.array([hang[0], hang[1], max(0.4, hang[2] - 3.4)]), (0.03, 0.012))
    mesher.next_part()
    _leaves(mesher, random, Crown((float(fork[0]), float(fork[1]), 7.2), (3.4, 3.4, 1.9), 4200, 0.145))


def _frangipani(mesher: Mesher, random: np.random.Generator, foot: Point) -> None:
    mesher.next_part()
    tips = [(np.array(foot), np.array(foot) + np.array([0.1, 0.0, 1.15]), 0.16)]
    for level in range(3):
        grown = []
        for _, end, radius in tips[-(2**level) :]:
            for sign in (-1, 1):
                angle = random.uniform(0, np.pi) + (np.pi if sign > 0 else 0)
                reach = 0.95 - 0.15 * level
                step = np.array([np.cos(angle) * 0.6, np.sin(angle) * 0.6, 0.65]) * reach
                grown.append((end, end + step, radius * 0.68))
        tips += grown
    for start, end, radius in tips:
        _branch(mesher, start, end, (radius, radius * 0.75))
    for _, end, _ in tips[-8:]:
        mesher.next_part()
        _leaves(mesher, random, Crown((float(end[0]), float(end[1]), float(end[2]) + 0.1), (0.62, 0.62, 0.42), 190, 0.2))


def _areca(mesher: Mesher, random: np.random.Generator, foot: Point) -> None:
    mesher.next_part()
    height = random.uniform(6.0, 8.2)
    t = np.linspace(0, 1, 12)
    lean = random.normal(scale=0.25, size=2)
    trunk = np.array(foot) + np.stack([lean[0] * t**2, lean[1] * t**2, height * t], -1)
    tube(mesher, trunk, 0.13 - 0.04 * t, Material.BARK, sides=10)
    for k in range(13):
        _frond(mesher, trunk[-1], k * 2.4 + random.uniform(-0.2, 0.2), random.uniform(0.35, 1.2))


def _frond(mesher: Mesher, root: Doubles, angle: float, rise: float) -> None:
    out = np.array([np.cos(angle), np.sin(angle), 0.0])
    t = np.linspace(0.0, 1.0, 26)[:, None]
    spine = root + out * (1.9 * t) + np.array([0.0, 0.0, 1.0]) * (rise * 1.3 * t - 1.75 * t**2)
    tube(mesher, spine, 0.025 * (1.1 - t[:, 0]), Material.LEAF, sides=5)
    side = np.cross(out, np.array([0.0, 0.0, 1.0]))
    length = 0.62 * np.sin(np.clip(t * 2.6 + 0.35, 0, np.pi))
    for sign in (-1, 1):
        tip = spine + sign * side * length + out * 0.25 - np.array([0.0, 0.0, 0.25]) * length
        wide = np.array([0.035]) * out
        quads = np.stack([spine - wide, spine + wide, tip + wide * 0.2, tip - wide * 0.2], 1)
        mesher.leaves(quads[1:], np.repeat((np.array([[0.0, 0.0, 1.0]]) + 0.2 * out), 25, axis=0), Material.LEAF)


def _bamboo(mesher: Mesher, random: np.random.Generator) -> None:
    """A hedge outside the walls, which also closes the view."""
    places = [(x, NORTH + 3.0) for x in np.arange(-19.0, 19.1, 2.4)]
    places += [(side * (WALL_X + 2.6), y) for side in (-1, 1) for y in np.arange(SOUTH, NORTH, 2.6)]
    places += [(side * x, SOUTH - 3.2) for side in (-1, 1) for x in np.arange(8.0, 19.0, 2.6)]
    places += [
        (side * x, y)
        for side in (-1, 1)
        for x, y in ((11.0, -25.0), (12.5, -30.0), (10.5, -35.5), (16.0, -27.5), (17.5, -33.0), (22.0, -24.0))
    ]
    places += [(x, -39.0) for x in np.arange(-14.0, 14.1, 2.8)]
    for x, y in places:
        mesher.next_part()
        height = random.uniform(3.4, 6.2)
        crown = Crown(
            (float(x + random.normal(scale=0.4)), float(y + random.normal(scale=0.4)), height * 0.55), (1.7, 1.7, height * 0.5), 900, 0.19
        )
        _leaves(mesher, random, crown)
        for _ in range(4):
            foot = np.array([x, y, 0.0]) + np.append(random.normal(scale=0.3, size=2), 0.0)
            _branch(mesher, foot, foot + np.append(random.normal(scale=0.5, size=2), height * 0.95), (0.05, 0.02))


def _shrubs(mesher: Mesher, random: np.random.Generator) -> None:
    for k in range(34):
        mesher.next_part()
        side = 1 if k % 2 else -1
        x = side * random.uniform(14.6, 16.2)
        y = random.uniform(SOUTH + 2, NORTH - 2)
        size = random.uniform(0.35, 0.7)
        _leaves(mesher, random, Crown((float(x), float(y), size * 0.8), (size, size, size * 0.9), 220, 0.12))
