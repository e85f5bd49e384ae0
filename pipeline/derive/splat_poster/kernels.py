"""The compiled loop that lays Gaussians over one another, front to back."""

# numba infers the types of these functions; annotations would repeat the docstrings without being checked.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment,operator"
# ruff: noqa: ANN001, ANN201, D417, PLR0913, PLR0917

import numba
import numpy as np

njit = numba.njit(nogil=True, cache=True)

FAINT = 1 / 255


@njit
def blend(order, seen, spread, reach, colours, opacities, light, through):
    """Draw Gaussians (Zwicker et al. 2001; Kerbl et al. 2023, front to back).

    Args:
        order: nearest first. seen: (n, 2) middle in pixels. spread: (n, 3) inverse covariance in pixels (xx, xy, yy).
        reach: (n,) three standard deviations in pixels. colours: (n, 3). opacities: (n,).
        light: (height, width, 3) what has been gathered. through: (height, width) how much still passes, begun with 1.
    """
    height, width = through.shape
    for i in order:
        u, v, r = seen[i, 0], seen[i, 1], reach[i]
        for row in range(max(0, int(v - r)), min(height - 1, int(v + r)) + 1):
            for column in range(max(0, int(u - r)), min(width - 1, int(u + r)) + 1):
                if through[row, column] < FAINT:
                    continue
                x, y = column + 0.5 - u, row + 0.5 - v
                power = 0.5 * (spread[i, 0] * x * x + 2 * spread[i, 1] * x * y + spread[i, 2] * y * y)
                alpha = min(0.99, opacities[i] * np.exp(-power))
                if alpha < FAINT:
                    continue
                for k in range(3):
                    light[row, column, k] += through[row, column] * alpha * colours[i, k]
                through[row, column] *= 1 - alpha
