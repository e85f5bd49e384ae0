"""Compiled loops of the rehearsal: one decorator, hashing and noise.

Everything is a pure function of its arguments, so that the pictures are the same whatever the number of threads.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeAlias, TypeVar

import numba

Triple: TypeAlias = tuple[float, float, float]
P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compiles a numeric function; it releases the interpreter lock and is cached on disk."""
    compiled: Callable[P, R] = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    return compiled


@kernel
def hash3(i: int, j: int, k: int) -> float:
    """A number in [0, 1) that belongs to a lattice point."""
    h = i * 374761393 + j * 668265263 + k * 1440662683
    h = (h ^ ((h >> 13) & 0x7FFFF)) * 1274126177
    h = (h ^ ((h >> 16) & 0xFFFF)) * 2246822519
    return float((h >> 8) & 0xFFFFFF) / 16777216.0


@kernel
def fade(low: float, high: float, value: float) -> float:
    """Smooth step from 0 at ``low`` to 1 at ``high``."""
    t = min(1.0, max(0.0, (value - low) / (high - low)))
    return t * t * (3.0 - 2.0 * t)


@kernel
def noise2(x: float, y: float, k: int) -> float:
    """Value noise in [0, 1] on a unit lattice."""
    i = math.floor(x)
    j = math.floor(y)
    fx = x - i
    fy = y - j
    fx = fx * fx * (3.0 - 2.0 * fx)
    fy = fy * fy * (3.0 - 2.0 * fy)
    i = int(i)
    j = int(j)
    low = hash3(i, j, k) * (1.0 - fx) + hash3(i + 1, j, k) * fx
    high = hash3(i, j + 1, k) * (1.0 - fx) + hash3(i + 1, j + 1, k) * fx
    return low * (1.0 - fy) + high * fy


@kernel
def noise3(x: float, y: float, z: float) -> float:
    """Value noise in [0, 1] in space."""
    k = math.floor(z)
    fz = z - k
    fz = fz * fz * (3.0 - 2.0 * fz)
    return noise2(x, y, int(k)) * (1.0 - fz) + noise2(x, y, int(k) + 1) * fz


@kernel
def clouds2(x: float, y: float, k: int) -> float:
    """Four octaves of :func:`noise2`, in [0, 1]."""
    total = 0.0
    weight = 0.5333
    for octave in range(4):
        total += weight * noise2(x, y, k + 17 * octave)
        x = x * 2.03 + 5.1
        y = y * 2.03 + 2.7
        weight *= 0.5
    return total


@kernel
def clouds3(x: float, y: float, z: float) -> float:
    """Three octaves of :func:`noise3`, in [0, 1]."""
    total = 0.5714 * noise3(x, y, z)
    total += 0.2857 * noise3(x * 2.03 + 3.1, y * 2.03 + 1.7, z * 2.03)
    return total + 0.1429 * noise3(x * 4.1 + 9.2, y * 4.1 + 8.3, z * 4.1)


@kernel
def mix(a: Triple, b: Triple, t: float) -> Triple:
    """Linear blend of two colours."""
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t)


@kernel
def scale(a: Triple, factor: float) -> Triple:
    """A colour made lighter or darker."""
    return (a[0] * factor, a[1] * factor, a[2] * factor)


@kernel
def dot(a: Triple, b: Triple) -> float:
    """Scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@kernel
def unit(a: Triple) -> Triple:
    """The vector with length one."""
    length = math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]) + 1e-12
    return (a[0] / length, a[1] / length, a[2] / length)


@kernel
def cross(a: Triple, b: Triple) -> Triple:
    """Vector product."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def forget_stale_kernels() -> None:
    """Removes compiled kernels that are older than a source of this package.

    Numba looks at the one file that holds a kernel; here kernels call kernels of other files, which are compiled into them.
    """
    folder = Path(__file__).parent
    newest = max(path.stat().st_mtime for path in folder.glob("*.py"))
    for compiled in (folder / "__pycache__").glob("*.nb[ic]"):
        if compiled.stat().st_mtime < newest:
            compiled.unlink(missing_ok=True)
