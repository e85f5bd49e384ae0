"""The colour of a point: its texture under the sun, the sky, the lamps and the light bounced onto it."""

import math
from typing import NamedTuple

import numpy as np

from pipeline.rehearsal.kernels import Triple, cross, dot, fade, kernel, mix, scale, unit
from pipeline.rehearsal.materials import FLAME, LEAF, WATER, look
from pipeline.rehearsal.mesher import Floats, Indices
from pipeline.rehearsal.sky import SUN, SUN_COLOUR, sky
from pipeline.rehearsal.stage import Stage, SunMap

FLAME_GLOW: Triple = (0.62, 0.33, 0.12)
Corner = tuple[int, int, int]


class RayBatch(NamedTuple):
    """Rays and what they met: rays (n, 6), distance (n,), triangle (n,), place (n, 2); ``spread``: width of a pixel at one metre."""

    rays: Floats
    distance: Floats
    triangle: Indices
    place: Floats
    spread: float


@kernel
def row3(array: Floats, i: int) -> Triple:
    """A row of an (n, 3) array."""
    return (float(array[i, 0]), float(array[i, 1]), float(array[i, 2]))


@kernel
def weigh(array: Floats, corner: Corner, place: tuple[float, float]) -> Triple:
    """A vertex attribute at a place in a triangle."""
    a, b, c = corner
    wb, wc = place
    wa = 1.0 - wb - wc
    return (
        array[a, 0] * wa + array[b, 0] * wb + array[c, 0] * wc,
        array[a, 1] * wa + array[b, 1] * wb + array[c, 1] * wc,
        array[a, 2] * wa + array[b, 2] * wb + array[c, 2] * wc,
    )


@kernel
def sunlit(sun: SunMap, at: Triple, normal: Triple) -> float:
    """How much of the sun a point sees, 0…1, softened over a few texels."""
    slope = max(0.12, abs(dot(normal, SUN)))
    lift = 0.015 + 0.02 / slope
    p = (at[0] + normal[0] * lift, at[1] + normal[1] * lift, at[2] + normal[2] * lift)
    x = (p[0] * sun.frame[0, 0] + p[1] * sun.frame[0, 1] + p[2] * sun.frame[0, 2] - sun.origin[0]) / sun.texel - 0.5
    y = (p[0] * sun.frame[1, 0] + p[1] * sun.frame[1, 1] + p[2] * sun.frame[1, 2] - sun.origin[1]) / sun.texel - 0.5
    height = p[0] * sun.frame[2, 0] + p[1] * sun.frame[2, 1] + p[2] * sun.frame[2, 2] + 0.01
    column, row = math.floor(x), math.floor(y)
    if column < 1 or row < 1 or column > sun.depth.shape[1] - 3 or row > sun.depth.shape[0] - 3:
        return 1.0
    fx, fy = x - column, y - row
    total = 0.0
    for j in range(-1, 3):
        wy = (1.0 - fy) if j == -1 else (fy if j == 2 else 1.0)
        for i in range(-1, 3):
            wx = (1.0 - fx) if i == -1 else (fx if i == 2 else 1.0)
            if sun.depth[row + j, column + i] <= height:
                total += wx * wy
    return total / 9.0


@kernel
def tilted(stage: Stage, corner: Corner, normal: Triple, tilt: tuple[float, float]) -> Triple:
    """The normal leaned along the surface's own u and v."""
    if tilt[0] == 0.0 and tilt[1] == 0.0:
        return normal
    a, b, c = corner
    pa, pb, pc = row3(stage.points, a), row3(stage.points, b), row3(stage.points, c)
    e1 = (pb[0] - pa[0], pb[1] - pa[1], pb[2] - pa[2])
    e2 = (pc[0] - pa[0], pc[1] - pa[1], pc[2] - pa[2])
    u1, v1 = stage.uvs[b, 0] - stage.uvs[a, 0], stage.uvs[b, 1] - stage.uvs[a, 1]
    u2, v2 = stage.uvs[c, 0] - stage.uvs[a, 0], stage.uvs[c, 1] - stage.uvs[a, 1]
    sign = 1.0 if u1 * v2 - u2 * v1 >= 0.0 else -1.0
    along = unit((sign * (v2 * e1[0] - v1 * e2[0]), sign * (v2 * e1[1] - v1 * e2[1]), sign * (v2 * e1[2] - v1 * e2[2])))
    across = cross(normal, along)
    t, s = tilt
    return unit(
        (
            normal[0] - t * along[0] - s * across[0],
            normal[1] - t * along[1] - s * across[1],
            normal[2] - t * along[2] - s * across[2],
        )
    )


@kernel
def shiny(d: Triple, normal: Triple, light: Triple, gloss: float) -> Triple:
    """What a glossy surface mirrors: mostly the light that is around it, and the sky where it sees it."""
    facing = max(0.0, -dot(d, normal))
    turn = 2.0 * dot(d, normal)
    r = (d[0] - turn * normal[0], d[1] - turn * normal[1], d[2] - turn * normal[2])
    fresnel = 0.04 + 0.96 * (1.0 - facing) ** 5
    openness = fade(0.18, 0.55, light[2])
    seen = mix(scale(light, 1.1), sky((r[0], r[1], abs(r[2]) + 0.02)), openness)
    return scale(seen, fresnel * gloss)


@kernel
def leaf_sun(normal: Triple) -> float:
    """A leaf takes the sun on either side and lets some through."""
    facing = dot(normal, SUN)
    return 0.75 * facing if facing > 0.0 else -0.38 * facing


@kernel
def colour_of(stage: Stage, triangle: int, place: tuple[float, float], d: Triple, foot: float) -> Triple:
    """Radiance from a point of a triangle towards ``-d``; ``foot`` is the size of a pixel there, metres."""
    corner = (int(stage.triangles[triangle, 0]), int(stage.triangles[triangle, 1]), int(stage.triangles[triangle, 2]))
    material = int(stage.materials[triangle])
    at = weigh(stage.points, corner, place)
    smooth = unit(weigh(stage.normals, corner, place))
    light = weigh(stage.light, corner, place)
    wa = 1.0 - place[0] - place[1]
    u = stage.uvs[corner[0], 0] * wa + stage.uvs[corner[1], 0] * place[0] + stage.uvs[corner[2], 0] * place[1]
    v = stage.uvs[corner[0], 1] * wa + stage.uvs[corner[1], 1] * place[0] + stage.uvs[corner[2], 1] * place[1]
    if material == FLAME:
        return mix(FLAME_GLOW, scale(FLAME_GLOW, 0.45), fade(0.9, 0.1, abs(dot(smooth, d))))
    if material != LEAF and dot(smooth, d) > 0.0:
        smooth = (-smooth[0], -smooth[1], -smooth[2])
    foot = foot / max(0.2, abs(dot(smooth, d)))
    albedo, tu, tv, gloss = look(material, int(stage.parts[triangle]), at, (u, v), foot)
    normal = tilted(stage, corner, smooth, (tu, tv))
    facing = leaf_sun(normal) if material == LEAF else max(0.0, dot(normal, SUN))
    sun = facing * sunlit(stage.sun, at, smooth) if facing > 0.0 else 0.0
    if material == WATER:
        return shiny(d, normal, (0.2, 0.3, 0.6), 1.0)
    bright = shiny(d, normal, light, gloss) if gloss > 0.0 else (0.0, 0.0, 0.0)
    return (
        albedo[0] * (light[0] + SUN_COLOUR[0] * sun) + bright[0],
        albedo[1] * (light[1] + SUN_COLOUR[1] * sun) + bright[1],
        albedo[2] * (light[2] + SUN_COLOUR[2] * sun) + bright[2],
    )


@kernel
def shade(stage: Stage, batch: RayBatch, out: Floats, start: int, stop: int) -> None:
    """Fills ``out`` (n, 3) with the radiance of rays ``start`` to ``stop``."""
    for i in range(start, stop):
        d = (float(batch.rays[i, 3]), float(batch.rays[i, 4]), float(batch.rays[i, 5]))
        triangle = batch.triangle[i]
        if triangle < 0:
            colour = sky(d)
        else:
            place = (float(batch.place[i, 0]), float(batch.place[i, 1]))
            foot = float(batch.distance[i]) * batch.spread
            colour = colour_of(stage, triangle, place, d, foot)
        out[i, 0], out[i, 1], out[i, 2] = colour


@kernel
def surface_glow(stage: Stage, albedo: Floats, out: Floats) -> None:
    """Fills ``out`` (m, 3) with what each triangle sends back: its mean colour times its light; flames send their own."""
    for t in range(len(stage.triangles)):
        corner = (int(stage.triangles[t, 0]), int(stage.triangles[t, 1]), int(stage.triangles[t, 2]))
        light = weigh(stage.light, corner, (0.3333, 0.3333))
        at = weigh(stage.points, corner, (0.3333, 0.3333))
        normal = unit(weigh(stage.normals, corner, (0.3333, 0.3333)))
        facing = max(0.0, dot(normal, SUN))
        sun = facing * sunlit(stage.sun, at, normal) if facing > 0.0 else 0.0
        for k in range(3):
            out[t, k] = albedo[t, k] * (light[k] + SUN_COLOUR[k] * sun)
        if stage.materials[t] == FLAME:
            out[t, 0], out[t, 1], out[t, 2] = FLAME_GLOW


@kernel
def mean_colours(stage: Stage, out: Floats) -> None:
    """Fills ``out`` (m, 3) with each triangle's mean texture colour."""
    for t in range(len(stage.triangles)):
        corner = (int(stage.triangles[t, 0]), int(stage.triangles[t, 1]), int(stage.triangles[t, 2]))
        at = weigh(stage.points, corner, (0.3333, 0.3333))
        uv = (float(stage.uvs[corner[0], 0]), float(stage.uvs[corner[0], 1]))
        colour, _, _, _ = look(int(stage.materials[t]), int(stage.parts[t]), at, uv, 0.4)
        out[t, 0], out[t, 1], out[t, 2] = colour


def empty_colours(count: int) -> Floats:
    """(count, 3) float32 zeros."""
    return np.zeros((count, 3), np.float32)
