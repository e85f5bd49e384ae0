"""The yard: ground, brick paving, walls, gate with pillars, screen wall, well, incense urn, stele house with its stele."""

import numpy as np

from pipeline.rehearsal.mesher import Material, Mesher
from pipeline.rehearsal.roof import Roof, build_ridges, build_roof
from pipeline.rehearsal.solids import ball, beam, block, box, disc, quad, rod, tube, turned

WALL_X = 17.0
NORTH = 23.5
SOUTH = -17.5
STELE = (-11.8, -0.5)
WELL = (11.5, -2.0)
POND = (0.0, -27.2)
GATE_ROOF = Roof(centre=(0.0, SOUTH), half_x=2.7, half_y=1.5, eave=4.0, rise=1.15, ridge=1.7, lift=0.5, reach=1.9)
STELE_ROOF = Roof(centre=STELE, half_x=2.5, half_y=2.5, eave=2.75, rise=1.7, ridge=0.35, lift=0.55, reach=2.6)


def build_courtyard(mesher: Mesher) -> None:
    """Everything outside the house but the plants."""
    mesher.group = "yard"
    _ground(mesher)
    _walls(mesher)
    _gate(mesher)
    _screen(mesher)
    _well(mesher)
    _urn(mesher)
    _pond(mesher)
    build_stele_house(mesher)


def _ground(mesher: Mesher) -> None:
    mesher.next_part()
    quad(mesher, [(-60, -60, -0.03), (60, -60, -0.03), (60, 60, -0.03), (-60, 60, -0.03)], Material.GRASS, step=1.0)
    quad(mesher, [(-9.5, -13.0, 0.0), (9.5, -13.0, 0.0), (9.5, 7.7, 0.0), (-9.5, 7.7, 0.0)], Material.PAVING, step=0.4)
    quad(mesher, [(-1.9, -25.6, -0.005), (1.9, -25.6, -0.005), (1.9, -13.0, 0.0), (-1.9, -13.0, 0.0)], Material.PAVING, step=0.4)
    quad(mesher, [(-11.0, -1.5, 0.004), (-9.5, -1.5, 0.004), (-9.5, 0.5, 0.004), (-11.0, 0.5, 0.004)], Material.PAVING)
    quad(mesher, [(9.5, -3.0, 0.004), (10.6, -3.0, 0.004), (10.6, -1.0, 0.004), (9.5, -1.0, 0.004)], Material.PAVING)
    for x in (-9.5, 9.5):
        box(mesher, (x - 0.12, -13.0, 0.0), (x + 0.12, 7.7, 0.06), Material.STONE)


def _walls(mesher: Mesher) -> None:
    def wall(low: tuple[float, float], high: tuple[float, float]) -> None:
        mesher.next_part()
        box(mesher, (*low, 0.0), (*high, 1.75), Material.PLASTER, step=0.6)
        box(mesher, (low[0] - 0.08, low[1] - 0.08, 1.75), (high[0] + 0.08, high[1] + 0.08, 1.87), Material.PLASTER, step=0.6)
        box(mesher, (low[0] + 0.02, low[1] + 0.02, 1.87), (high[0] - 0.02, high[1] - 0.02, 2.02), Material.ROOF_TILE, step=0.6)

    for side in (-1, 1):
        x0, x1 = sorted((side * WALL_X, side * (WALL_X + 0.3)))
        wall((x0, SOUTH), (x1, NORTH))
        x0, x1 = sorted((side * 5.2, side * WALL_X))
        wall((x0, SOUTH - 0.15), (x1, SOUTH + 0.15))
    wall((-WALL_X, NORTH), (WALL_X, NORTH + 0.3))


def _gate(mesher: Mesher) -> None:
    """Two tall and two lower pillars crowned with lotus buds; a small roof over the middle way."""
    mesher.group = "gate"
    for x, height, width in ((-5.0, 4.3, 0.62), (-2.0, 5.6, 0.78), (2.0, 5.6, 0.78), (5.0, 4.3, 0.62)):
        mesher.next_part()
        block(mesher, (x, SOUTH, 0.0), (width * 1.45, width * 1.45, 0.5), Material.STONE)
        block(mesher, (x, SOUTH, 0.5), (width, width, height - 0.9), Material.PLASTER)
        block(mesher, (x, SOUTH, height - 0.4), (width * 1.35, width * 1.35, 0.14), Material.PLASTER)
        block(mesher, (x, SOUTH, height - 0.26), (width * 0.95, width * 0.95, 0.3), Material.MOSAIC)
        block(mesher, (x, SOUTH, height + 0.04), (width * 1.3, width * 1.3, 0.1), Material.PLASTER)
        bud = [(0.2, 0.0), (0.34, 0.16), (0.36, 0.34), (0.22, 0.62), (0.06, 0.85), (0.01, 0.92)]
        turned(mesher, (x, SOUTH, height + 0.14), [(r * width * 1.3, h) for r, h in bud], Material.MOSAIC)
        block(mesher, (x, SOUTH - width / 2 - 0.015, 1.1), (width * 0.55, 0.03, 2.0), Material.BOARD)
        block(mesher, (x, SOUTH + width / 2 + 0.015, 1.1), (width * 0.55, 0.03, 2.0), Material.BOARD)
    box(mesher, (-2.0, SOUTH - 0.22, 3.35), (2.0, SOUTH + 0.22, 3.75), Material.PLASTER)
    box(mesher, (-1.5, SOUTH - 0.25, 3.4), (1.5, SOUTH + 0.25, 3.7), Material.BOARD)
    box(mesher, (-2.35, SOUTH - 1.0, 3.75), (2.35, SOUTH + 1.0, 3.9), Material.WOOD)
    build_roof(mesher, GATE_ROOF)
    build_ridges(mesher, GATE_ROOF, width=0.16, height=0.2)
    for side in (-1, 1):
        x0, x1 = sorted((side * 2.3, side * 4.7))
        box(mesher, (x0, SOUTH - 0.16, 2.9), (x1, SOUTH + 0.16, 3.3), Material.PLASTER)


def _screen(mesher: Mesher) -> None:
    """The screen wall (*bình phong*) that turns ill winds from the house."""
    mesher.group = "screen"
    mesher.next_part()
    y = -9.0
    block(mesher, (0.0, y, 0.0), (5.0, 0.9, 0.4), Material.STONE)
    box(mesher, (-2.1, y - 0.2, 0.4), (2.1, y + 0.2, 2.35), Material.PLASTER)
    for side in (-1, 1):
        block(mesher, (side * 2.2, y, 0.4), (0.42, 0.52, 2.35), Material.PLASTER)
        turned(mesher, (side * 2.2, y, 2.75), [(0.26, 0.0), (0.2, 0.1), (0.24, 0.25), (0.12, 0.45), (0.01, 0.62)], Material.MOSAIC)
    for face in (-1, 1):
        front = y + face * 0.22
        x = np.linspace(0, 2 * np.pi, 33)
        ring = np.stack([0.78 * np.cos(x), np.full(33, front), 1.42 + 0.78 * np.sin(x)], -1)
        tube(mesher, ring, np.full(33, 0.06), Material.MOSAIC, sides=8)
        petals = np.linspace(0, 2 * np.pi, 9)[:-1]
        for angle in petals:
            ball(
                mesher, (0.4 * float(np.cos(angle)), front, 1.42 + 0.4 * float(np.sin(angle))), (0.2, 0.05, 0.2), Material.MOSAIC, sides=10
            )
        ball(mesher, (0.0, front, 1.42), (0.22, 0.08, 0.22), Material.PORCELAIN, sides=12)
    block(mesher, (0.0, y, 2.35), (4.0, 0.56, 0.12), Material.PLASTER)
    t = np.linspace(-1, 1, 25)
    for sign in (-1, 1):
        scroll = np.stack([t * 1.9, np.full(25, y), 2.52 + 0.16 * np.cos(t * 9) * sign + 0.35 * (1 - t * t)], -1)
        tube(mesher, scroll, np.full(25, 0.08), Material.MOSAIC, sides=8)


def _well(mesher: Mesher) -> None:
    mesher.group = "well"
    mesher.next_part()
    x, y = WELL
    profile = [(0.98, 0.0), (0.98, 0.12), (0.86, 0.16), (0.84, 0.78), (0.92, 0.82), (0.92, 0.92), (0.68, 0.92), (0.68, -0.9)]
    turned(mesher, (x, y, 0.0), profile, Material.STONE, sides=32)
    disc(mesher, (x, y, -0.02), 0.7, Material.WATER)
    disc(mesher, (x, y, 0.01), 1.9, Material.BRICK)
    for side in (-1, 1):
        rod(mesher, (x + side * 1.1, y, 0.0), (x + side * 1.1, y, 2.0), 0.06, Material.WOOD)
    rod(mesher, (x - 1.25, y, 2.0), (x + 1.25, y, 2.0), 0.05, Material.WOOD)
    rod(mesher, (x, y, 1.25), (x, y, 2.0), 0.012, Material.CLOTH)
    turned(mesher, (x, y, 1.0), [(0.13, 0.0), (0.16, 0.25), (0.14, 0.25), (0.001, 0.05)], Material.WOOD, sides=14)


def _pond(mesher: Mesher) -> None:
    """The half-moon pond before the gate, with a stone rim and lotus leaves."""
    mesher.group = "pond"
    mesher.next_part()
    x, y = POND
    angle = np.linspace(np.pi, 2 * np.pi, 33)
    rim = np.stack([x + 7.5 * np.cos(angle), y + 6.0 * np.sin(angle), np.full(33, 0.0)], -1)
    flat = rim * np.array([1.0, 0.0, 1.0]) + np.array([0.0, y, 0.0])
    mesher.grid(np.stack([rim, flat]) + np.array([0.0, 0.0, 0.02]), Material.WATER)
    for path in (rim, flat):
        beam(mesher, path, 0.45, 0.42, Material.STONE)
    for k in range(60):
        spread = np.sqrt((k + 0.5) / 60)
        turn = np.pi + np.pi * ((k * 0.618) % 1.0)
        px, py = x + 6.8 * spread * np.cos(turn), y - 0.5 + 5.2 * spread * np.sin(turn)
        height = 0.06 + 0.3 * ((k * 0.37) % 1.0)
        size = 0.28 + 0.16 * ((k * 0.73) % 1.0)
        mesher.next_part()
        turned(mesher, (float(px), float(py), height), [(size, 0.05), (size * 0.6, 0.02), (0.01, -0.03)], Material.LEAF, sides=12)
        if k % 7 == 0:
            ball(mesher, (float(px) + 0.2, float(py), height + 0.35), (0.09, 0.09, 0.13), Material.FLOWER, sides=10)


def _urn(mesher: Mesher) -> None:
    mesher.group = "urn"
    mesher.next_part()
    profile = [
        (0.42, 0.0),
        (0.42, 0.14),
        (0.26, 0.22),
        (0.2, 0.42),
        (0.42, 0.6),
        (0.5, 0.82),
        (0.46, 1.0),
        (0.52, 1.08),
        (0.42, 1.08),
        (0.001, 0.98),
    ]
    turned(mesher, (0.0, 2.6, 0.0), profile, Material.STONE, sides=24)
    for side in (-1, 1):
        for x in (3.4, 6.2):
            mesher.next_part()
            pot = [(0.3, 0.0), (0.44, 0.12), (0.5, 0.42), (0.55, 0.46), (0.55, 0.54), (0.46, 0.54), (0.001, 0.46)]
            turned(mesher, (side * x, 5.6, 0.0), pot, Material.PORCELAIN, sides=20)


def build_stele_house(mesher: Mesher) -> None:
    """Four pillars, a small roof, and the stele on its tortoise."""
    mesher.group = "stele"
    x, y = STELE
    mesher.next_part()
    block(mesher, (x, y, 0.0), (4.4, 4.4, 0.4), Material.STONE)
    block(mesher, (x + 2.35, y, 0.0), (0.4, 1.6, 0.2), Material.STONE)
    for dx in (-1.6, 1.6):
        for dy in (-1.6, 1.6):
            mesher.next_part()
            block(mesher, (x + dx, y + dy, 0.4), (0.44, 0.44, 0.25), Material.STONE)
            block(mesher, (x + dx, y + dy, 0.65), (0.32, 0.32, 2.45), Material.PLASTER)
    for dx in (-1.6, 1.6):
        box(mesher, (x + dx - 0.1, y - 1.7, 2.75), (x + dx + 0.1, y + 1.7, 3.0), Material.WOOD)
        box(mesher, (x - 1.7, y + dx - 0.1, 2.75), (x + 1.7, y + dx + 0.1, 3.0), Material.WOOD)
    build_roof(mesher, STELE_ROOF)
    build_ridges(mesher, STELE_ROOF, width=0.15, height=0.2)
    _stele(mesher)


def _stele(mesher: Mesher) -> None:
    """The stone faces east, towards the yard. Its inscription is a pattern, not writing."""
    x, y = STELE
    mesher.next_part()
    ball(mesher, (x, y, 0.62), (0.95, 0.68, 0.3), Material.STONE, sides=24)
    ball(mesher, (x + 1.0, y, 0.72), (0.28, 0.16, 0.17), Material.STONE)
    for dx in (-0.55, 0.55):
        for dy in (-0.5, 0.5):
            ball(mesher, (x + dx, y + dy, 0.48), (0.2, 0.15, 0.12), Material.STONE, sides=10)
    mesher.next_part()
    block(mesher, (x, y, 0.82), (0.5, 1.05, 0.14), Material.STONE)
    box(mesher, (x - 0.11, y - 0.42, 0.96), (x + 0.11, y + 0.42, 2.2), Material.STELE)
    angle = np.linspace(0, np.pi, 17)
    arch = np.stack([0 * angle, -0.42 * np.cos(angle), 0.3 * np.sin(angle)], -1) + np.array([x, y, 2.2])
    for dx, turn in ((0.11, 1), (-0.11, -1)):
        side = arch[::turn] + np.array([dx, 0.0, 0.0])
        flat = side.copy()
        flat[:, 2] = 2.2
        mesher.grid(np.stack([flat, side])[:, ::turn] if turn == 1 else np.stack([flat, side]), Material.STONE)
    mesher.grid(np.stack([arch + np.array([0.11, 0, 0]), arch - np.array([0.11, 0, 0])]), Material.STONE)
