"""The compiled loops that draw textured triangles into a depth buffer and light them."""

# numba infers the types of these functions; annotations would repeat the docstrings without being checked.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment,operator"
# ruff: noqa: ANN001, ANN201, ANN202, C901, D417, PLR0913, PLR0915, PLR0917

import numba
import numpy as np

njit = numba.njit(nogil=True, cache=True)


@njit
def _texel(texture, table, u, v, out):
    """Linear RGBA at (u, v), blended from four texels; the image repeats."""
    height, width = texture.shape[0], texture.shape[1]
    x, y = (u - np.floor(u)) * width - 0.5, (v - np.floor(v)) * height - 0.5
    left, top = int(np.floor(x)), int(np.floor(y))
    fx, fy = x - left, y - top
    for k in range(4):
        out[k] = 0.0
    for down in range(2):
        for right in range(2):
            weight = (fx if right else 1 - fx) * (fy if down else 1 - fy)
            row, column = (top + down) % height, (left + right) % width
            for k in range(3):
                out[k] += weight * table[texture[row, column, k]]
            out[3] += weight * texture[row, column, 3] / 255


@njit
def draw(triangles, seen, normals, uv, colours, texture, table, base, masked, depth, light, facing):
    """Draw the triangles of one part.

    Args:
        triangles: (m, 3). seen: (n, 3) float64 pixel and depth of each vertex.
        normals: (n, 3) float32 in camera axes. uv: (n, 2) or (0, 2). colours: (n, 3) float32 linear or (0, 3).
        texture: (h, w, 4) uint8 or (0, 0, 4). table: (256,) float32, sRGB to linear. base: (3,) linear factor.
        masked: whether texels below half opacity are holes.
        depth: (height, width) float32, nearest so far. light: (height, width, 3) float32 colour. facing: the same, normals.
    """
    height, width = depth.shape
    texel = np.ones(4)
    for t in range(len(triangles)):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        if seen[a, 2] <= 1e-9 or seen[b, 2] <= 1e-9 or seen[c, 2] <= 1e-9:
            continue
        ax, ay, bx, by, cx, cy = seen[a, 0], seen[a, 1], seen[b, 0], seen[b, 1], seen[c, 0], seen[c, 1]
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        if area == 0.0:
            continue
        first_u, last_u = max(0, int(min(ax, bx, cx) - 0.5)), min(width - 1, int(max(ax, bx, cx) + 0.5))
        first_v, last_v = max(0, int(min(ay, by, cy) - 0.5)), min(height - 1, int(max(ay, by, cy) + 0.5))
        for row in range(first_v, last_v + 1):
            for column in range(first_u, last_u + 1):
                x, y = column + 0.5, row + 0.5
                wa = ((bx - x) * (cy - y) - (cx - x) * (by - y)) / area
                wb = ((cx - x) * (ay - y) - (ax - x) * (cy - y)) / area
                wc = 1.0 - wa - wb
                if wa < -1e-9 or wb < -1e-9 or wc < -1e-9:
                    continue
                # Perspective: what is linear on the screen is a value divided by its depth.
                pa, pb, pc = wa / seen[a, 2], wb / seen[b, 2], wc / seen[c, 2]
                far = 1.0 / (pa + pb + pc)
                if not far < depth[row, column]:
                    continue
                pa, pb, pc = pa * far, pb * far, pc * far
                if len(uv):
                    u, v = pa * uv[a, 0] + pb * uv[b, 0] + pc * uv[c, 0], pa * uv[a, 1] + pb * uv[b, 1] + pc * uv[c, 1]
                    _texel(texture, table, u, v, texel)
                    if masked and texel[3] < 0.5:
                        continue
                depth[row, column] = far
                for k in range(3):
                    value = base[k] * texel[k]
                    if len(colours):
                        value *= pa * colours[a, k] + pb * colours[b, k] + pc * colours[c, k]
                    light[row, column, k] = value
                    facing[row, column, k] = pa * normals[a, k] + pb * normals[b, k] + pc * normals[c, k]


@njit
def turn_to_viewer(depth, facing, focal):
    """Make the drawn normals (height, width, 3) unit long and turned towards the eye: a surface has two sides."""
    height, width = depth.shape
    for row in range(height):
        for column in range(width):
            if not depth[row, column] < np.inf:
                continue
            n = facing[row, column]
            size = np.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2])
            toward = n[0] * (column + 0.5 - width / 2) / focal + n[1] * (row + 0.5 - height / 2) / focal + n[2]
            factor = (-1.0 if toward > 0 else 1.0) / max(size, 1e-12)
            for k in range(3):
                n[k] *= factor


@njit
def illuminate(depth, facing, shade, sun, up, light):
    """Multiply colours by the light that falls on them: a wide warm lamp, the sky above, the paper below.

    Args:
        shade: (height, width) ambient light 0–1. sun: (3,) unit, towards the lamp, camera axes. up: (3,) unit, camera axes.
    """
    height, width = depth.shape
    for row in range(height):
        for column in range(width):
            if not depth[row, column] < np.inf:
                continue
            n = facing[row, column]
            lamp = max(0.0, (n[0] * sun[0] + n[1] * sun[1] + n[2] * sun[2] + 0.25) / 1.25)
            high = 0.5 + 0.5 * (n[0] * up[0] + n[1] * up[1] + n[2] * up[2])
            grey = shade[row, column]
            for k in range(3):
                sky, paper, warm = (0.60, 0.62, 0.66)[k], (0.46, 0.42, 0.37)[k], (1.0, 0.965, 0.91)[k]
                light[row, column, k] *= grey * (sky * high + paper * (1 - high)) + (0.35 + 0.65 * grey) * lamp * 0.62 * warm
