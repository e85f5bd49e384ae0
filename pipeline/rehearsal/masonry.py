"""Procedural textures of what is laid, burnt or cut: paving, plaster, stone, tile, mosaic, water."""

import math

from pipeline.rehearsal.kernels import Triple, clouds2, clouds3, fade, hash3, kernel, mix, noise2, noise3, scale
from pipeline.rehearsal.looks import UV, Look, joint, seen

TILE_ROW = 0.19


@kernel
def paving(at: Triple, foot: float) -> Look:
    """Square red bricks (Bát Tràng kind), 0.3 m, laid in half bond; worn, with moss in the joints."""
    x, y, _ = at
    row = math.floor(y / 0.3)
    shift = x + 0.15 * (row - 2.0 * math.floor(row / 2.0))
    column = math.floor(shift / 0.3)
    tone = hash3(int(column), int(row), 11)
    base = mix((0.235, 0.105, 0.068), (0.345, 0.175, 0.115), tone)
    worn = clouds2(x * 0.35, y * 0.35, 5)
    colour = mix(base, (0.30, 0.22, 0.165), 0.6 * fade(0.4, 0.75, worn))
    fine = seen(0.04, foot)
    colour = scale(colour, 1.0 + fine * 0.35 * (noise2(x * 38.0, y * 38.0, 3) - 0.5))
    gap = max(joint(shift, 0.3, 0.014, foot), joint(y, 0.3, 0.014, foot))
    moss = fade(0.45, 0.7, clouds2(x * 0.5 + 7.0, y * 0.5, 9))
    colour = mix(colour, mix((0.15, 0.125, 0.1), (0.10, 0.13, 0.045), moss), gap * 0.85)
    damp = 0.45 * fade(0.52, 0.74, clouds2(x * 0.22 + 3.0, y * 0.22 + 9.0, 21))
    colour = mix(colour, (0.12, 0.095, 0.07), damp)
    tilt = seen(0.3, foot) * 0.05
    return colour, tilt * (hash3(int(column), int(row), 5) - 0.5), tilt * (hash3(int(column), int(row), 6) - 0.5), 0.1 + 0.25 * damp


@kernel
def grass(at: Triple, foot: float) -> Look:
    """Short grass with bare earth showing."""
    x, y, _ = at
    earth = fade(0.45, 0.7, clouds2(x * 0.4, y * 0.4, 2))
    fine = seen(0.025, foot)
    blade = 0.5 + fine * (0.6 * noise2(x * 85.0, y * 60.0, 4) + 0.4 * noise2(x * 40.0, y * 47.0, 5) - 0.5)
    green = mix((0.055, 0.082, 0.02), (0.135, 0.165, 0.05), blade * 0.7 + 0.3 * noise2(x * 2.0, y * 2.0, 6))
    colour = mix(green, (0.27, 0.185, 0.11), 0.7 * earth)
    tilt = 0.9 * fine
    return colour, tilt * (noise2(x * 70.0, y * 70.0, 8) - 0.5), tilt * (noise2(x * 70.0, y * 70.0, 12) - 0.5), 0.0


@kernel
def plaster(at: Triple, part: int, foot: float) -> Look:
    """Old lime wash: grey-white, rain streaks under the edges, green at the foot."""
    x, y, z = at
    along = x + y * 1.3
    stain = clouds3(x * 0.9, y * 0.9, z * 0.7 + part)
    colour = mix((0.70, 0.655, 0.565), (0.50, 0.46, 0.395), fade(0.35, 0.75, stain))
    streak = clouds2(along * 4.5, z * 0.35, part) * (0.35 + 0.65 * noise2(along * 0.9, z * 0.3, part + 3))
    colour = mix(colour, (0.20, 0.19, 0.165), 0.75 * fade(0.36, 0.62, streak))
    green = fade(0.75, 0.0, z) * fade(0.3, 0.65, clouds2(along * 1.8, z * 2.0, 31))
    colour = mix(colour, (0.17, 0.18, 0.085), 0.8 * green)
    peel = fade(0.64, 0.68, clouds3(x * 0.55 + 11.0, y * 0.55, z * 0.55))
    colour = mix(colour, (0.44, 0.32, 0.235), 0.6 * peel)
    grainy = seen(0.02, foot)
    colour = scale(colour, 1.0 + 0.12 * grainy * (noise3(x * 60.0, y * 60.0, z * 60.0) - 0.5))
    return (
        colour,
        0.06 * grainy * (noise2(along * 40.0, z * 40.0, 2) - 0.5),
        0.05 * grainy * (noise2(along * 40.0, z * 40.0, 7) - 0.5),
        0.02,
    )


@kernel
def stone(at: Triple, uv: UV, foot: float) -> Look:
    """Grey Non Nước stone, tooled, with lichen."""
    x, y, z = at
    cloud = clouds3(x * 1.6, y * 1.6, z * 1.6)
    colour = mix((0.235, 0.225, 0.205), (0.42, 0.395, 0.355), cloud)
    speck = noise3(x * 55.0, y * 55.0, z * 55.0)
    colour = scale(colour, 1.0 + 0.3 * seen(0.03, foot) * (speck - 0.5))
    lichen = fade(0.6, 0.72, clouds3(x * 2.2 + 4.0, y * 2.2, z * 2.2)) * 0.5
    colour = mix(colour, (0.26, 0.275, 0.165), lichen)
    line = joint(uv[0], 1.3, 0.012, foot) * fade(2.0, 2.4, abs(uv[0] - 1e-3) + 1.6)
    colour = mix(colour, (0.10, 0.095, 0.085), 0.7 * line)
    rough = 0.22 * seen(0.05, foot)
    return colour, rough * (noise3(x * 30.0, y * 30.0, z * 30.0) - 0.5), rough * (noise3(x * 30.0, y * 30.0, z * 30.0 + 9.0) - 0.5), 0.04


@kernel
def floor(at: Triple, foot: float) -> Look:
    """Polished square floor tiles of the hall, 0.4 m, laid square to the walls."""
    x, y, _ = at
    column = math.floor(x / 0.4)
    row = math.floor(y / 0.4)
    tone = hash3(int(column), int(row), 2)
    colour = mix((0.205, 0.105, 0.072), (0.30, 0.165, 0.115), tone)
    colour = mix(colour, (0.20, 0.13, 0.09), 0.5 * fade(0.4, 0.7, clouds2(x * 0.8, y * 0.8, 3)))
    colour = scale(colour, 1.0 + 0.2 * seen(0.04, foot) * (noise2(x * 45.0, y * 45.0, 3) - 0.5))
    gap = max(joint(x, 0.4, 0.01, foot), joint(y, 0.4, 0.01, foot))
    return mix(colour, (0.12, 0.10, 0.085), 0.8 * gap), 0.0, 0.0, 0.35 * (1.0 - gap)


@kernel
def roof_tile(at: Triple, uv: UV, foot: float) -> Look:
    """Yin-yang tiles: burnt clay in overlapping courses, dark with age, mossy in broad patches."""
    x, y, z = at
    course = uv[1] / TILE_ROW
    step = course - math.floor(course)
    lane = math.floor((x + 50.0) / 0.12) + 1000.0 * math.floor((y + 50.0) / 0.12) * (1.0 if abs(x) > 7.0 else 0.0)
    tone = hash3(int(lane), math.floor(course), 7)
    colour = mix((0.20, 0.077, 0.047), (0.33, 0.14, 0.083), tone * seen(0.2, foot) + 0.5 * (1.0 - seen(0.2, foot)))
    age = clouds3(x * 0.33, y * 0.33, z * 0.5)
    colour = mix(colour, (0.115, 0.085, 0.066), 0.75 * fade(0.42, 0.68, age))
    moss = fade(0.52, 0.7, clouds3(x * 0.5 + 20.0, y * 0.5, z * 0.6))
    colour = mix(colour, (0.155, 0.155, 0.062), 0.6 * moss)
    lichen = fade(0.66, 0.72, noise3(x * 9.0, y * 9.0, z * 9.0)) * seen(0.12, foot)
    colour = mix(colour, (0.34, 0.30, 0.23), 0.3 * lichen)
    sharp = seen(TILE_ROW, foot)
    lip = (1.0 - fade(0.0, 0.16, step)) * sharp
    colour = scale(colour, 1.0 - 0.62 * lip)
    return colour, 0.0, sharp * (0.22 - 0.9 * fade(0.86, 1.0, step)), 0.05


@kernel
def mosaic(at: Triple, uv: UV, foot: float) -> Look:
    """Broken porcelain set in mortar: blue and white mostly, with green, ochre and a little red."""
    size = 0.055
    u, v = uv[0] / size, uv[1] / size
    i, j = math.floor(u), math.floor(v)
    best, second, shard = 9.0, 9.0, 0.0
    for a in range(-1, 2):
        for b in range(-1, 2):
            ci, cj = int(i) + a, int(j) + b
            du = ci + hash3(ci, cj, 1) - u
            dv = cj + hash3(ci, cj, 2) - v
            d = du * du + dv * dv
            if d < best:
                second, best, shard = best, d, hash3(ci, cj, 3)
            elif d < second:
                second = d
    colour = _shard(shard)
    sharp = seen(size, foot)
    colour = mix((0.20, 0.29, 0.34), colour, 0.35 + 0.65 * sharp)
    gap = (1.0 - fade(0.02, 0.14, math.sqrt(second) - math.sqrt(best))) * sharp
    grime = fade(0.5, 0.75, clouds3(at[0] * 1.3, at[1] * 1.3, at[2] * 1.3))
    colour = scale(mix(colour, (0.34, 0.31, 0.26), gap), 1.0 - 0.4 * grime)
    return colour, 0.35 * sharp * (shard - 0.5), 0.35 * sharp * (hash3(int(shard * 9999.0), 1, 1) - 0.5), 0.4 * (1.0 - gap)


@kernel
def _shard(shard: float) -> Triple:
    if shard < 0.36:
        return (0.58, 0.60, 0.58)
    if shard < 0.66:
        return (0.075, 0.15, 0.40)
    if shard < 0.84:
        return (0.06, 0.26, 0.20)
    if shard < 0.95:
        return (0.60, 0.36, 0.07)
    return (0.42, 0.07, 0.045)


@kernel
def water(at: Triple) -> Look:
    """Still dark water."""
    tilt = 0.05
    return (
        (0.012, 0.022, 0.018),
        tilt * (noise2(at[0] * 5.0, at[1] * 5.0, 1) - 0.5),
        tilt * (noise2(at[0] * 5.0, at[1] * 5.0, 2) - 0.5),
        1.0,
    )


@kernel
def stele(at: Triple, uv: UV, foot: float) -> Look:
    """Dressed stone with columns of cut marks that stand for writing and are none, inside a carved border."""
    colour, tu, tv, gloss = stone(at, (0.5, 0.5), foot)
    u, v = uv[0], uv[1]
    field = fade(0.07, 0.08, u) * fade(0.77, 0.76, u) * fade(0.08, 0.09, v) * fade(1.18, 1.17, v)
    column = math.floor(u / 0.075)
    row = math.floor(v / 0.066)
    cu = u / 0.075 - column - 0.5
    cv = v / 0.066 - row - 0.5
    inside = fade(0.40, 0.33, abs(cu)) * fade(0.42, 0.36, abs(cv))
    cut = field * inside * _strokes(cu, cv, int(column), int(row)) * seen(0.015, foot) + 0.2 * field * (1.0 - seen(0.015, foot))
    scroll = math.sin(u * 55.0 + 2.0 * math.sin(v * 38.0)) * math.sin(v * 55.0 + 2.0 * math.sin(u * 38.0))
    border = (1.0 - field) * fade(0.0, 0.25, scroll) * 0.45 * seen(0.03, foot)
    return scale(colour, 1.0 - 0.6 * max(cut, border)), tu, tv, gloss


@kernel
def _strokes(u: float, v: float, column: int, row: int) -> float:
    """Short level and upright cuts in a square, chosen by chance: they look like writing from afar and can be read by nobody."""
    most = 0.0
    for k in range(6):
        if hash3(column, row, 10 + k) < 0.72:
            a = 0.6 * (hash3(column, row, 20 + k) - 0.5)
            b = 0.5 * (hash3(column, row, 30 + k) - 0.5)
            half = 0.1 + 0.22 * hash3(column, row, 40 + k)
            along, away = (u - b, v - a) if k % 2 == 0 else (v - b, u - a)
            most = max(most, fade(0.062, 0.035, abs(away)) * fade(half + 0.03, half, abs(along)))
    return most
