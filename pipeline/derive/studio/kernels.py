"""The compiled loop that finds out how much of the sky each pixel of a drawn surface does not see."""

# numba infers the types of these functions; annotations would repeat the docstrings without being checked.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment,operator"
# ruff: noqa: ANN001, ANN201, D417

import numba
import numpy as np

njit = numba.njit(nogil=True, cache=True)

SAMPLES = 14
GOLDEN = 2.399963229728653


@njit
def ambient(depth, normals, focal, radius, out):
    """Ambient light 0–1 (height, width) by the obscurance of McGuire et al., "The Alchemy Screen-Space Ambient Obscurance" (2011).

    Args:
        depth: (height, width) float32 along the viewing direction, infinite where nothing is.
        normals: (height, width, 3) in camera axes (right, down, forward).
        focal: in pixels.
        radius: how far, in the model's unit, things darken one another.
    """
    height, width = depth.shape
    for row in range(height):
        for column in range(width):
            here = depth[row, column]
            if not here < np.inf:
                continue
            x, y = (column + 0.5 - width / 2) * here / focal, (row + 0.5 - height / 2) * here / focal
            reach = min(max(radius * focal / here, 3.0), width / 6)
            # A turn of the pattern that differs between neighbours; averaging the picture down blends them.
            turn = ((column * 7 + row * 13) % 16) * (GOLDEN / 16) * 2.6
            total = 0.0
            for k in range(SAMPLES):
                away = reach * np.sqrt((k + 0.5) / SAMPLES)
                u, v = column + int(away * np.cos(k * GOLDEN + turn)), row + int(away * np.sin(k * GOLDEN + turn))
                if not (0 <= u < width and 0 <= v < height) or not depth[v, u] < np.inf:
                    continue
                far = depth[v, u]
                dx, dy, dz = (u + 0.5 - width / 2) * far / focal - x, (v + 0.5 - height / 2) * far / focal - y, far - here
                above = dx * normals[row, column, 0] + dy * normals[row, column, 1] + dz * normals[row, column, 2]
                square = dx * dx + dy * dy + dz * dz
                if square < 4 * radius * radius:
                    total += max(0.0, above - 0.002 * here) / (square + 0.0004 * radius * radius) * radius
            out[row, column] = max(0.0, 1.0 - 0.42 * total / SAMPLES)
