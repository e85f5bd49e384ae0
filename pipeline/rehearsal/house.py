"""The communal house itself: platform, columns in five rows of six, trusses, walls, doors, roof.

Three bays and two wings: six column lines give five intervals along the ridge (wing, bay, middle bay, bay, wing).
"""

from itertools import pairwise

import numpy as np

from pipeline.rehearsal.dragons import moon_and_dragons
from pipeline.rehearsal.mesher import Material, Mesher
from pipeline.rehearsal.roof import Roof, build_ridges, build_roof
from pipeline.rehearsal.solids import beam, box, quad, rod, turned

CENTRE = (0.0, 14.0)
FLOOR = 0.75
COLUMN_X = (-7.0, -4.7, -1.75, 1.75, 4.7, 7.0)
COLUMN_Y = (-5.3, -2.8, 0.0, 2.8, 5.3)
ROOF = Roof(centre=CENTRE, half_x=8.9, half_y=7.1, eave=3.35, rise=4.5, ridge=5.6, lift=0.95, reach=5.5)
GROUP = "house"


def build_house(mesher: Mesher) -> None:
    """Everything of the house but what stands inside it."""
    mesher.group = GROUP
    _platform(mesher)
    _columns(mesher)
    _trusses(mesher)
    _purlins(mesher)
    _walls(mesher)
    _doors(mesher)
    build_roof(mesher, ROOF)
    build_ridges(mesher, ROOF)
    moon_and_dragons(mesher, ROOF, size=1.15)


def place(x: float, y: float, z: float) -> tuple[float, float, float]:
    """A point of the house (metres from its middle, above its floor) in the site."""
    return (CENTRE[0] + x, CENTRE[1] + y, FLOOR + z)


def _platform(mesher: Mesher) -> None:
    mesher.next_part()
    west, south, east, north = CENTRE[0] - 8.1, CENTRE[1] - 6.3, CENTRE[0] + 8.1, CENTRE[1] + 6.3
    corners = [(west, south), (east, south), (east, north), (west, north)]
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        quad(mesher, [(x0, y0, 0), (x1, y1, 0), (x1, y1, FLOOR), (x0, y0, FLOOR)], Material.STONE)
    quad(mesher, [(x, y, FLOOR) for x, y in corners], Material.FLOOR, step=0.3)
    for k in range(4):
        mesher.next_part()
        top = FLOOR - 0.15 * (k + 1)
        box(mesher, (-2.6, south - 0.34 * (k + 1), 0), (2.6, south - 0.34 * k, top), Material.STONE)
    for side in (-1, 1):
        path = np.array([[side * 2.8, south - 1.6, 0.1], [side * 2.8, south - 0.8, 0.5], [side * 2.8, south + 0.02, FLOOR]])
        beam(mesher, path, 0.36, 0.22, Material.STONE)


def _columns(mesher: Mesher) -> None:
    for x in COLUMN_X:
        for y in COLUMN_Y:
            mesher.next_part()
            radius = 0.19 if abs(x) < 5 and abs(y) < 4 else 0.16
            base = [(0.34, 0.0), (0.34, 0.07), (0.3, 0.1), (0.31, 0.16), (0.24, 0.22), (0.001, 0.22)]
            turned(mesher, place(x, y, 0.0), base, Material.STONE)
            top = ROOF.underside(x, y) - FLOOR - 0.05
            heights = np.linspace(0.22, top, 14)
            swell = radius * (0.92 + 0.1 * np.sin(np.pi * (heights / top) ** 0.8))
            turned(mesher, place(x, y, 0.0), list(zip(swell.tolist(), heights.tolist(), strict=True)), Material.WOOD)


def _trusses(mesher: Mesher) -> None:
    for x in COLUMN_X:
        mesher.next_part()
        for y0, y1 in pairwise(COLUMN_Y):
            height = min(ROOF.underside(x, y0), ROOF.underside(x, y1)) - FLOOR
            for drop, depth in ((0.42, 0.26), (0.95, 0.16)):
                ends = np.array([place(x, y0, height - drop), place(x, y1, height - drop)])
                beam(mesher, np.linspace(ends[0], ends[1], 6), 0.16, depth, Material.WOOD)
        for sign in (-1, 1):
            reach = (sign * np.linspace(6.9, 0.05, 26)).tolist()
            path = np.array([place(x, y, ROOF.underside(x, y) - FLOOR - 0.24) for y in reach])
            beam(mesher, path, 0.15, 0.2, Material.WOOD)
    for y in COLUMN_Y:
        mesher.next_part()
        for x0, x1 in pairwise(COLUMN_X):
            height = min(ROOF.underside(x0, y), ROOF.underside(x1, y)) - FLOOR - 0.5
            beam(mesher, np.linspace(np.array(place(x0, y, height)), np.array(place(x1, y, height)), 8), 0.13, 0.28, Material.WOOD)


def _purlins(mesher: Mesher) -> None:
    mesher.next_part()
    for side in (-1, 1):
        for y in np.arange(0.7, 6.8, 0.72):
            reach = min(ROOF.ridge - 0.05, ROOF.half_x - (ROOF.half_y - y))
            reach = max(reach, ROOF.ridge - 0.05) if ROOF.half_y - y > ROOF.hip else ROOF.half_x - (ROOF.half_y - y) - 0.3
            height = ROOF.underside(0.0, float(y)) - FLOOR - 0.06
            x = np.linspace(-min(reach, 7.2), min(reach, 7.2), 17)
            path = np.array([place(float(v), side * float(y), height) for v in x])
            beam(mesher, path, 0.1, 0.1, Material.WOOD)


def _walls(mesher: Mesher) -> None:
    for side in (-1, 1):
        mesher.next_part()
        x0, x1 = sorted((side * 6.86, side * 7.14))
        top = ROOF.underside(7.14, 0.0) - FLOOR
        box(mesher, place(x0, -2.8, 0.0), place(x1, 5.44, top), Material.PLASTER)
    mesher.next_part()
    box(mesher, place(-7.14, 5.16, 0.0), place(7.14, 5.44, ROOF.underside(0.0, 5.3) - FLOOR), Material.PLASTER)
    for side in (-1, 1):
        mesher.next_part()
        x0, x1 = sorted((side * 4.87, side * 6.86))
        box(mesher, place(x0, -2.92, 0.0), place(x1, -2.68, 1.05), Material.PLASTER)
        box(mesher, place(x0, -2.92, 2.35), place(x1, -2.68, 3.9), Material.PLASTER)
        for k in range(9):
            x = x0 + (x1 - x0) * (k + 0.5) / 9
            rod(mesher, place(x, -2.8, 1.05), place(x, -2.8, 2.35), 0.045, Material.WOOD)


def _doors(mesher: Mesher) -> None:
    """Panel doors (*bức bàn*): lintel and threshold across the bays, leaves folded back at each bay's sides."""
    for x0, x1 in pairwise(COLUMN_X[1:-1]):
        mesher.next_part()
        box(mesher, place(x0, -2.88, 0.0), place(x1, -2.72, 0.16), Material.WOOD)
        box(mesher, place(x0, -2.88, 2.75), place(x1, -2.72, 2.98), Material.WOOD)
        box(mesher, place(x0, -2.84, 2.98), place(x1, -2.76, 3.72), Material.BOARD)
        for hinge, turn in ((x0 + 0.24, 1.0), (x1 - 0.24, -1.0)):
            for leaf in range(2):
                x = hinge + turn * 0.07 * leaf
                box(mesher, place(x - 0.025, -2.76, 0.18), place(x + 0.025, -2.05, 2.74), Material.WOOD)
