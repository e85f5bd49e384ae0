"""Procedural textures of what is carved, painted, woven or cast: wood, lacquer, gold, boards, cloth, bronze, porcelain."""

import math

from pipeline.rehearsal.kernels import Triple, clouds2, clouds3, fade, kernel, mix, noise2, noise3, scale
from pipeline.rehearsal.looks import UV, Look, joint, seen


@kernel
def wood(uv: UV, part: int, foot: float) -> Look:
    """Ironwood, nearly black with age and oil, polished by hands."""
    u, v = uv
    grain = noise2(u * 28.0 + 3.0 * noise2(u * 2.0, v * 0.7, part), v * 1.2, part)
    broad = clouds2(u * 1.5, v * 0.6, part + 40)
    colour = mix((0.075, 0.037, 0.02), (0.19, 0.10, 0.055), 0.55 * broad + 0.45 * grain * seen(0.05, foot))
    crack = fade(0.78, 0.86, noise2(u * 22.0, v * 0.5, part + 9)) * seen(0.04, foot)
    return scale(colour, 1.0 - 0.5 * crack), 0.12 * seen(0.05, foot) * (grain - 0.5), 0.0, 0.16


@kernel
def rafter(at: Triple, foot: float) -> Look:
    """The roof seen from below: flat tiles on laths, each lath casting its thin shadow."""
    x, y, _ = at
    lath = max(joint(x, 0.3, 0.07, foot), 0.0)
    course = joint(y, 0.19, 0.02, foot)
    colour = mix((0.30, 0.195, 0.14), (0.22, 0.135, 0.095), noise2(math.floor(x / 0.3) * 3.1, math.floor(y / 0.19) * 1.7, 3))
    colour = mix(colour, (0.16, 0.09, 0.052), lath)
    return scale(colour, 1.0 - 0.45 * course * (1.0 - lath)), 0.0, 0.0, 0.03


@kernel
def red_lacquer(at: Triple, uv: UV, foot: float) -> Look:
    """Red lacquer, worn dark in places, with a fine gold line."""
    wear = fade(0.5, 0.75, clouds3(at[0] * 3.0, at[1] * 3.0, at[2] * 3.0))
    colour = mix((0.43, 0.028, 0.018), (0.16, 0.022, 0.014), 0.7 * wear)
    line = joint(uv[1] + 0.04, 0.32, 0.012, foot) * seen(0.1, foot)
    return mix(colour, (0.6, 0.38, 0.11), 0.85 * line), 0.0, 0.0, 0.35


@kernel
def gold(uv: UV, foot: float) -> Look:
    """Gilded carving: scrolls in relief, red ground showing in the depth."""
    u, v = uv
    sharp = seen(0.05, foot)
    a = u * 62.0 + 1.9 * math.sin(v * 41.0)
    b = v * 62.0 + 1.9 * math.sin(u * 41.0)
    depth = fade(-0.75, -0.05, math.sin(a) * math.sin(b)) * sharp + 0.7 * (1.0 - sharp)
    colour = mix((0.27, 0.085, 0.028), (0.62, 0.385, 0.10), depth)
    tilt = 0.45 * sharp
    return colour, tilt * math.cos(a), tilt * math.cos(b), 0.5


@kernel
def board(uv: UV, part: int, foot: float) -> Look:
    """A lacquered board with gold marks in squares: a pattern in place of writing, which nobody should try to read."""
    u, v = uv
    size = 0.27
    cu = u / size - math.floor(u / size) - 0.5
    cv = v / size - math.floor(v / size) - 0.5
    cell = 37.0 * math.floor(u / size) + 11.0 * math.floor(v / size) + 5.0 * part
    far = math.sqrt(cu * cu + cv * cv)
    ring = fade(0.035, 0.02, abs(far - 0.39))
    bars = fade(0.52, 0.58, noise2(abs(cu) * 11.0 + cell, cv * 11.0, part)) * fade(0.33, 0.30, far)
    mark = max(ring, bars) * seen(0.06, foot) + 0.3 * (1.0 - seen(0.06, foot))
    ground = mix((0.23, 0.018, 0.014), (0.34, 0.03, 0.02), clouds2(u * 3.0, v * 3.0, part))
    return mix(ground, (0.66, 0.42, 0.12), mark), 0.0, 0.0, 0.3


@kernel
def cloth(uv: UV, foot: float) -> Look:
    """Silk in red or gold with a woven pattern, hanging in folds."""
    u, v = uv
    fold = math.sin(u * 21.0 + 1.5 * math.sin(v * 2.0))
    weave = 0.5 + 0.5 * math.sin(u * 70.0) * math.sin(v * 70.0)
    red = mix((0.42, 0.022, 0.02), (0.50, 0.06, 0.03), weave * seen(0.08, foot))
    colour = mix(red, (0.76, 0.45, 0.09), fade(0.80, 0.9, weave) * seen(0.08, foot) * 0.7)
    return scale(colour, 0.85 + 0.15 * fold), 0.5 * math.cos(u * 21.0 + 1.5 * math.sin(v * 2.0)), 0.0, 0.08


@kernel
def bronze(at: Triple) -> Look:
    """Old bronze, brown with green in it."""
    green = fade(0.5, 0.72, clouds3(at[0] * 9.0, at[1] * 9.0, at[2] * 9.0))
    return mix((0.15, 0.085, 0.036), (0.075, 0.115, 0.075), 0.6 * green), 0.0, 0.0, 0.45


@kernel
def porcelain(uv: UV, part: int, foot: float) -> Look:
    """White glaze with brushwork in blue."""
    u, v = uv
    brush = fade(0.52, 0.6, clouds2(u * 15.0, v * 15.0, part)) * seen(0.08, foot)
    band = joint(v + 0.05, 0.2, 0.02, foot)
    return mix((0.66, 0.67, 0.63), (0.045, 0.10, 0.36), max(brush, 0.8 * band)), 0.0, 0.0, 0.5


@kernel
def leaf(at: Triple, part: int) -> Look:
    """Leaves, each crown in its own green, some yellowing."""
    own = noise2(part * 3.7, part * 1.3, 4)
    spot = noise3(at[0] * 6.0, at[1] * 6.0, at[2] * 6.0)
    colour = mix((0.03, 0.072, 0.016), (0.105, 0.155, 0.035), 0.55 * spot + 0.45 * own)
    return mix(colour, (0.26, 0.22, 0.05), 0.4 * fade(0.82, 0.9, spot)), 0.0, 0.0, 0.1


@kernel
def bark(at: Triple, foot: float) -> Look:
    """Grey-brown bark."""
    x, y, z = at
    ridge = noise3(x * 16.0, y * 16.0, z * 4.0)
    colour = mix((0.12, 0.095, 0.07), (0.31, 0.265, 0.21), 0.6 * ridge + 0.4 * clouds3(x * 2.0, y * 2.0, z * 2.0))
    return colour, 0.5 * seen(0.06, foot) * (ridge - 0.5), 0.0, 0.0


@kernel
def flower(part: int, at: Triple) -> Look:
    """Lotus pink, chrysanthemum yellow, fruit: by piece."""
    own = noise2(part * 5.1, 0.5, 2)
    spot = noise3(at[0] * 11.0, at[1] * 11.0, at[2] * 11.0)
    warm = mix((0.72, 0.42, 0.035), (0.70, 0.16, 0.025), spot)
    return mix(warm, (0.68, 0.20, 0.28), fade(0.45, 0.6, own)), 0.0, 0.0, 0.1
