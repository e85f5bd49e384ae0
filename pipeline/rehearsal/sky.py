"""The sky of a late afternoon in the dry season, the sun, and the far tree line."""

import math

import numpy as np

from pipeline.rehearsal.kernels import Triple, clouds2, dot, fade, kernel, mix, noise2, scale

SUN_AZIMUTH = math.radians(236.0)
SUN_ALTITUDE = math.radians(31.0)
SUN: Triple = (
    math.sin(SUN_AZIMUTH) * math.cos(SUN_ALTITUDE),
    math.cos(SUN_AZIMUTH) * math.cos(SUN_ALTITUDE),
    math.sin(SUN_ALTITUDE),
)
SUN_COLOUR: Triple = (4.5, 3.15, 1.8)
"""Light of the sun on a surface that faces it, divided by pi."""


@kernel
def sky(d: Triple) -> Triple:
    """Radiance from a direction that meets nothing of the model."""
    up = max(0.0, d[2])
    towards = max(0.0, dot(d, SUN))
    colour = mix((1.0, 0.84, 0.66), (0.22, 0.38, 0.70), fade(0.0, 0.5, up**0.75))
    colour = mix(colour, (1.5, 1.08, 0.66), 0.55 * towards**6)
    if d[2] > 0.02:
        reach = 1.0 / (d[2] + 0.12)
        cover = clouds2(d[0] * reach * 1.3 + 15.6, d[1] * reach * 1.3 + 5.2, 60)
        thick = fade(0.47, 0.74, cover)
        lit = mix((0.80, 0.77, 0.78), (1.45, 1.22, 0.95), 0.35 + 0.65 * towards)
        colour = mix(colour, lit, 0.85 * thick * fade(0.02, 0.22, d[2]))
    colour = mix(colour, (6.0, 4.8, 3.2), fade(0.9993, 0.9998, towards))
    return _far(d, colour)


@kernel
def _far(d: Triple, colour: Triple) -> Triple:
    """Hills and trees beyond the walls, in the haze."""
    azimuth = math.atan2(d[0], d[1])
    hills = 0.035 + 0.06 * clouds2(azimuth * 2.2 + 9.0, 0.3, 71)
    trees = 0.03 + 0.05 * clouds2(azimuth * 9.0 + 40.0, 0.7, 73) + 0.012 * noise2(azimuth * 70.0, 0.5, 75)
    colour = mix(colour, (0.42, 0.47, 0.50), 0.85 * fade(hills + 0.004, hills, d[2]))
    colour = mix(
        colour, scale((0.13, 0.17, 0.09), 0.9 + 0.6 * noise2(azimuth * 120.0, d[2] * 160.0, 77)), fade(trees + 0.003, trees - 0.002, d[2])
    )
    return mix(colour, (0.16, 0.15, 0.075), fade(0.0, -0.02, d[2]))


def sun_frame() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Right, up and towards-the-sun as unit vectors (3,): the axes of the shadow map."""
    towards = np.array(SUN)
    right = np.cross(np.array([0.0, 0.0, 1.0]), towards)
    right /= np.linalg.norm(right)
    return right, np.cross(towards, right), towards
