"""What stands inside the house: the altar of the village's guardian with its offerings, the boards, lamps and side altars."""

from itertools import pairwise

import numpy as np

from pipeline.rehearsal.house import COLUMN_X, place
from pipeline.rehearsal.mesher import Material, Mesher
from pipeline.rehearsal.solids import ball, block, box, disc, quad, rod, tube, turned

LAMPS = (place(-0.75, 3.35, 1.75), place(0.75, 3.35, 1.75), place(0.0, 0.5, 3.3), place(-3.2, 0.9, 2.9), place(3.2, 0.9, 2.9))
GROUP = "altar"


def build_altar(mesher: Mesher) -> None:
    """The middle bay's altars, the side altars, the boards on the columns and the hanging lamps."""
    mesher.group = GROUP
    _shrine(mesher)
    _table(mesher, (0.0, 3.2), (2.3, 0.9, 1.15))
    _offerings(mesher)
    _table(mesher, (0.0, 1.75), (1.9, 0.75, 0.95))
    _incense(mesher, (0.0, 1.75, 0.95), 1.2)
    for side in (-1, 1):
        _side_altar(mesher, side * 3.2)
        _crane(mesher, side * 1.15, 1.1)
    _boards(mesher)
    for lamp in LAMPS[2:]:
        _lantern(mesher, lamp)
    _mats(mesher)


def _table(mesher: Mesher, middle: tuple[float, float], size: tuple[float, float, float]) -> None:
    x, y = middle
    w, d, h = size
    mesher.next_part()
    block(mesher, place(x, y, h - 0.08), (w, d, 0.08), Material.RED_LACQUER)
    block(mesher, place(x, y - d / 2 + 0.02, h - 0.34), (w - 0.06, 0.05, 0.26), Material.GOLD)
    block(mesher, place(x, y, 0.05), (w - 0.3, d - 0.2, h - 0.3), Material.RED_LACQUER)
    for dx in (-w / 2 + 0.1, w / 2 - 0.1):
        for dy in (-d / 2 + 0.1, d / 2 - 0.1):
            profile = [(0.09, 0.0), (0.11, 0.06), (0.05, 0.2), (0.05, h - 0.4), (0.08, h - 0.1)]
            turned(mesher, place(x + dx, y + dy, 0.0), profile, Material.GOLD, sides=10)


def _shrine(mesher: Mesher) -> None:
    """The *khám*: a gilded cabinet with a curtain, on a high stepped base."""
    mesher.next_part()
    block(mesher, place(0.0, 4.5, 0.0), (3.1, 1.1, 1.25), Material.RED_LACQUER)
    block(mesher, place(0.0, 4.5, 1.25), (2.8, 1.0, 0.12), Material.GOLD)
    box(mesher, place(-1.3, 4.92, 1.37), place(1.3, 5.0, 3.35), Material.CLOTH)
    for side in (-1, 1):
        mesher.next_part()
        profile = [(0.13, 0.0), (0.13, 0.1), (0.09, 0.15), (0.09, 1.75), (0.13, 1.82), (0.13, 1.95)]
        turned(mesher, place(side * 1.25, 4.1, 1.37), profile, Material.GOLD)
        turned(mesher, place(side * 1.25, 4.1, 1.85), [(0.12, 0.0), (0.105, 0.4), (0.12, 0.8)], Material.RED_LACQUER)
        box(mesher, place(side * 1.25 - 0.04, 4.1, 1.37), place(side * 1.25 + 0.04, 4.95, 3.3), Material.RED_LACQUER)
        box(mesher, place(min(side * 1.2, side * 0.85), 4.08, 1.9), place(max(side * 1.2, side * 0.85), 4.12, 3.3), Material.CLOTH)
    mesher.next_part()
    block(mesher, place(0.0, 4.45, 3.3), (3.0, 1.2, 0.3), Material.GOLD)
    block(mesher, place(0.0, 4.45, 3.6), (2.6, 1.05, 0.2), Material.RED_LACQUER)
    block(mesher, place(0.0, 4.42, 3.8), (2.1, 0.9, 0.16), Material.GOLD)
    _tablet(mesher)


def _tablet(mesher: Mesher) -> None:
    """The spirit tablet on its throne; nothing is written on it."""
    mesher.next_part()
    block(mesher, place(0.0, 4.6, 1.37), (0.9, 0.55, 0.35), Material.GOLD)
    block(mesher, place(0.0, 4.7, 1.72), (0.46, 0.1, 0.85), Material.BOARD)
    ball(mesher, place(0.0, 4.7, 2.6), (0.3, 0.08, 0.16), Material.GOLD)
    for side in (-1, 1):
        t = np.linspace(0, 1, 8)
        path = np.array([place(side * (0.45 + 0.06 * float(np.sin(3 * v))), 4.75 - 0.5 * float(v) ** 2, 2.3 - 0.35 * float(v)) for v in t])
        tube(mesher, path, np.full(8, 0.04), Material.GOLD, sides=8)


def _offerings(mesher: Mesher) -> None:
    _incense(mesher, (0.0, 3.05, 1.15), 1.0)
    for side in (-1, 1):
        mesher.next_part()
        candle = [(0.1, 0.0), (0.1, 0.03), (0.03, 0.08), (0.05, 0.2), (0.025, 0.3), (0.06, 0.42), (0.001, 0.43)]
        turned(mesher, place(side * 0.6, 3.1, 1.15), candle, Material.BRONZE, sides=12)
        rod(mesher, place(side * 0.6, 3.1, 1.56), place(side * 0.6, 3.1, 1.74), 0.022, Material.CLOTH)
        ball(mesher, place(side * 0.6, 3.1, 1.78), (0.018, 0.018, 0.045), Material.FLAME, sides=8)
        vase = [(0.08, 0.0), (0.13, 0.12), (0.14, 0.25), (0.06, 0.38), (0.09, 0.46), (0.001, 0.4)]
        turned(mesher, place(side * 0.95, 3.2, 1.15), vase, Material.PORCELAIN, sides=14)
        _bouquet(mesher, place(side * 0.95, 3.2, 1.6))
        turned(mesher, place(side * 0.3, 2.95, 1.15), [(0.05, 0), (0.16, 0.06), (0.17, 0.09), (0.001, 0.08)], Material.PORCELAIN, sides=14)
        for k in range(6):
            angle = k * 1.047
            fruit = place(side * 0.3 + 0.08 * float(np.cos(angle)), 2.95 + 0.08 * float(np.sin(angle)), 1.28 + 0.05 * (k % 2))
            ball(mesher, fruit, (0.055, 0.055, 0.055), Material.FLOWER, sides=8)


def _bouquet(mesher: Mesher, foot: tuple[float, float, float]) -> None:
    mesher.next_part()
    for k in range(14):
        angle, spread = k * 2.399, 0.05 + 0.012 * k
        tip = (foot[0] + spread * float(np.cos(angle)), foot[1] + spread * float(np.sin(angle)), foot[2] + 0.42 - 0.014 * k)
        rod(mesher, foot, tip, 0.006, Material.LEAF)
        ball(mesher, tip, (0.045, 0.045, 0.035), Material.FLOWER, sides=8)


def _incense(mesher: Mesher, foot: tuple[float, float, float], size: float) -> None:
    mesher.next_part()
    bowl = [(0.12, 0.0), (0.09, 0.05), (0.17, 0.12), (0.18, 0.22), (0.15, 0.26), (0.17, 0.29), (0.14, 0.29), (0.001, 0.26)]
    turned(mesher, place(*foot), [(r * size, h * size) for r, h in bowl], Material.BRONZE, sides=18)
    for k in range(9):
        angle, r = k * 2.4, 0.09 * float(np.sqrt((k + 0.5) / 9))
        x, y = foot[0] + r * float(np.cos(angle)), foot[1] + r * float(np.sin(angle))
        lean = 0.12 * r / 0.09
        top = place(x + lean * float(np.cos(angle)), y + lean * float(np.sin(angle)), foot[2] + (0.62 + 0.02 * (k % 3)) * size)
        rod(mesher, place(x, y, foot[2] + 0.25 * size), top, 0.005, Material.RED_LACQUER)
        ball(mesher, top, (0.008, 0.008, 0.012), Material.FLAME, sides=6)


def _side_altar(mesher: Mesher, x: float) -> None:
    _table(mesher, (x, 4.3), (1.7, 0.8, 1.1))
    _incense(mesher, (x, 4.15, 1.1), 0.85)
    mesher.next_part()
    block(mesher, place(x, 4.55, 1.1), (0.5, 0.3, 0.2), Material.GOLD)
    block(mesher, place(x, 4.6, 1.3), (0.34, 0.08, 0.6), Material.BOARD)
    for side in (-1, 1):
        vase = [(0.07, 0.0), (0.11, 0.1), (0.12, 0.2), (0.05, 0.3), (0.08, 0.36), (0.001, 0.32)]
        turned(mesher, place(x + side * 0.6, 4.3, 1.1), vase, Material.PORCELAIN, sides=12)
        _bouquet(mesher, place(x + side * 0.6, 4.3, 1.44))


def _crane(mesher: Mesher, x: float, y: float) -> None:
    """A crane standing on a tortoise, as a pair before the altar."""
    mesher.next_part()
    ball(mesher, place(x, y, 0.16), (0.26, 0.34, 0.16), Material.BRONZE)
    ball(mesher, place(x, y - 0.4, 0.16), (0.07, 0.1, 0.07), Material.BRONZE)
    for side in (-1, 1):
        rod(mesher, place(x + side * 0.05, y, 0.3), place(x + side * 0.06, y, 0.85), 0.02, Material.GOLD)
    ball(mesher, place(x, y, 1.02), (0.15, 0.3, 0.19), Material.BRONZE)
    tail = np.array([place(x, y + 0.2, 1.05), place(x, y + 0.4, 0.95), place(x, y + 0.55, 0.8)])
    tube(mesher, tail, np.array([0.13, 0.09, 0.01]), Material.BRONZE)
    t = np.linspace(0, 1, 12)
    neck = np.array([place(x, y - 0.22 - 0.12 * float(np.sin(v * 5.2)), 1.1 + 0.85 * float(v)) for v in t])
    tube(mesher, neck, 0.09 - 0.055 * t, Material.BRONZE)
    ball(mesher, tuple(neck[-1]), (0.05, 0.08, 0.055), Material.BRONZE, sides=10)
    beak = np.array([neck[-1], neck[-1] + np.array([0.0, -0.3, -0.02])])
    tube(mesher, beak, np.array([0.03, 0.004]), Material.GOLD, sides=6)


def _boards(mesher: Mesher) -> None:
    """Horizontal boards (*hoành phi*) above the bays and couplets (*câu đối*) on the columns; their gold is a pattern, not writing."""
    for x0, x1 in pairwise(COLUMN_X[1:-1]):
        mesher.next_part()
        middle, half = (x0 + x1) / 2, (x1 - x0) * 0.36
        low, high = place(middle - half, -0.1, 3.62), place(middle + half, 0.28, 4.42)
        quad(mesher, [low, (high[0], low[1], low[2]), high, (low[0], high[1], high[2])], Material.BOARD)
        box(mesher, place(middle - half - 0.07, -0.1, 3.54), place(middle + half + 0.07, 0.0, 3.62), Material.GOLD)
        box(mesher, place(middle - half - 0.07, 0.22, 4.42), place(middle + half + 0.07, 0.32, 4.5), Material.GOLD)
    for x in COLUMN_X[1:-1]:
        for y in (0.0, 2.8):
            mesher.next_part()
            box(mesher, place(x - 0.15, y - 0.23, 1.15), place(x + 0.15, y - 0.2, 3.2), Material.BOARD)


def _lantern(mesher: Mesher, lamp: tuple[float, float, float]) -> None:
    mesher.next_part()
    x, y, z = lamp
    rod(mesher, (x, y, z + 0.3), (x, y, z + 1.9), 0.012, Material.BRONZE)
    t = np.linspace(-1.0, 1.0, 11)
    profile = [(float(0.09 + 0.15 * np.sqrt(1.02 - v * v)), float(0.24 * v)) for v in t]
    turned(mesher, (x, y, z), profile, Material.FLAME, sides=24)
    for height, radius in ((-0.27, 0.12), (0.23, 0.12)):
        turned(mesher, (x, y, z + height), [(radius, 0.0), (radius, 0.05), (0.001, 0.05)], Material.RED_LACQUER, sides=16)
    rod(mesher, (x, y, z - 0.52), (x, y, z - 0.27), 0.03, Material.CLOTH)


def _mats(mesher: Mesher) -> None:
    for x in (-3.2, 0.0, 3.2):
        mesher.next_part()
        box(mesher, place(x - 0.95, -0.6, 0.0), place(x + 0.95, 0.75, 0.03), Material.CLOTH)
    disc(mesher, place(0.0, -1.6, 0.004), 0.7, Material.CLOTH)
