"""What every procedural texture is made of: the answer's shape, joints between bricks, and where a detail is too small to be seen."""

from typing import TypeAlias

from pipeline.rehearsal.kernels import Triple, fade, kernel

Look: TypeAlias = tuple[Triple, float, float, float]
"""Colour (linear, 0…1), tilt of the normal along u and along v, gloss (0 dull … 1 mirror)."""

UV: TypeAlias = tuple[float, float]


@kernel
def joint(t: float, period: float, width: float, foot: float) -> float:
    """How much of a pixel (``foot`` metres wide) a joint covers, 0…1; joints stand at every ``period`` metres of ``t``."""
    phase = t / period
    away = abs(phase - float(round(phase))) * period
    sharp = 1.0 - fade(0.5 * width - 0.5 * foot, 0.5 * width + 0.5 * foot + 1e-4, away)
    blurred = width / period
    share = fade(0.35 * period, 0.8 * period, foot)
    return sharp * (1.0 - share) + blurred * share


@kernel
def seen(size: float, foot: float) -> float:
    """1 when a detail of ``size`` metres can be seen in a pixel of ``foot`` metres, 0 when it cannot."""
    return 1.0 - fade(0.35 * size, 1.1 * size, foot)
