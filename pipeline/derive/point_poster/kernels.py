"""The inner loops of the point renderer, compiled: how much room a point has, nearest depth, blended colour, shading by depth."""

# numba infers the types of these functions; annotations would repeat the docstrings without being checked.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment,operator"
# ruff: noqa: ANN001, ANN201, ANN202, PLR0913, PLR0917

import numba
import numpy as np

njit = numba.njit(nogil=True, cache=True)

SLOTS = 1 << 23


@njit
def room_of(xyz, edge, reach):
    """Expected distance (n,) to neighbours on a surface, from how many points share a cell of ``edge``; none beyond ``reach`` counts.

    Cells are counted in a hash table: two cells that fall together only make their points look denser.
    """
    counts = np.zeros(SLOTS, np.int32)
    slots = np.empty(len(xyz), np.int32)
    for i in range(len(xyz)):
        slot = np.int64(0)
        for k in range(3):
            bounded = min(max(xyz[i, k], -reach), reach)
            slot = slot * 73856093 + np.int64(np.floor(bounded / edge)) * 19349663
        slots[i] = (slot ^ (slot >> 17)) & (SLOTS - 1)
        counts[slots[i]] += 1
    out = np.empty(len(xyz), np.float32)
    for i in range(len(xyz)):
        out[i] = edge / np.sqrt(np.float32(counts[slots[i]]))
    return out


@njit
def detail_seen(xyz, light, turn, place, focal, size):
    """Score of a view: covered pixels of a small picture, more where neighbouring pixels differ."""
    width, height = size[0], size[1]
    depth = np.full((height, width), np.inf)
    shade = np.zeros((height, width))
    step = max(1, len(xyz) // 400_000)
    for i in range(0, len(xyz), step):
        x, y, z = xyz[i, 0] - place[0], xyz[i, 1] - place[1], xyz[i, 2] - place[2]
        far = turn[2, 0] * x + turn[2, 1] * y + turn[2, 2] * z
        if far <= 0:
            continue
        u = int(focal * (turn[0, 0] * x + turn[0, 1] * y + turn[0, 2] * z) / far + width / 2)
        v = int(focal * (turn[1, 0] * x + turn[1, 1] * y + turn[1, 2] * z) / far + height / 2)
        if 0 <= u < width and 0 <= v < height and far < depth[v, u]:
            depth[v, u] = far
            shade[v, u] = np.sqrt(light[i, 0] + light[i, 1] + light[i, 2])
    score = 0.0
    for v in range(height - 1):
        for u in range(width - 1):
            if depth[v, u] < np.inf:
                score += 1.0
                if depth[v, u + 1] < np.inf and depth[v + 1, u] < np.inf:
                    score += abs(shade[v, u] - shade[v, u + 1]) + abs(shade[v, u] - shade[v + 1, u])
    return score


@njit
def _seen(xyz, i, turn, place):
    x, y, z = xyz[i, 0] - place[0], xyz[i, 1] - place[1], xyz[i, 2] - place[2]
    across = turn[0, 0] * x + turn[0, 1] * y + turn[0, 2] * z
    down = turn[1, 0] * x + turn[1, 1] * y + turn[1, 2] * z
    far = turn[2, 0] * x + turn[2, 1] * y + turn[2, 2] * z
    return across, down, far


@njit
def nearest_depth(xyz, room, turn, place, focal, largest, depth):
    """Nearest depth (height, width) float32, every point drawn as a disc as wide as its room, of at most ``largest`` pixels."""
    height, width = depth.shape
    for i in range(len(xyz)):
        across, down, far = _seen(xyz, i, turn, place)
        if far <= 1e-9:
            continue
        u, v = focal * across / far + width / 2, focal * down / far + height / 2
        r = min(max(0.8 * focal * room[i] / far, 0.8), largest)
        first_u, last_u = max(0, int(np.floor(u - r))), min(width - 1, int(np.floor(u + r)))
        for row in range(max(0, int(np.floor(v - r))), min(height - 1, int(np.floor(v + r))) + 1):
            for column in range(first_u, last_u + 1):
                du, dv = column + 0.5 - u, row + 0.5 - v
                if du * du + dv * dv <= r * r and far < depth[row, column]:
                    depth[row, column] = far


@njit
def blended_light(xyz, light, room, turn, place, focal, largest, depth, out):
    """Weighted light and weight (height, width, 4) of the points that lie on the nearest surface."""
    height, width = depth.shape
    for i in range(len(xyz)):
        across, down, far = _seen(xyz, i, turn, place)
        if far <= 1e-9:
            continue
        u, v = focal * across / far + width / 2, focal * down / far + height / 2
        r = min(max(0.8 * focal * room[i] / far, 0.8), largest)
        behind = 1.5 * room[i] + 0.002 * far
        first_u, last_u = max(0, int(np.floor(u - r))), min(width - 1, int(np.floor(u + r)))
        for row in range(max(0, int(np.floor(v - r))), min(height - 1, int(np.floor(v + r))) + 1):
            for column in range(first_u, last_u + 1):
                du, dv = column + 0.5 - u, row + 0.5 - v
                off = (du * du + dv * dv) / (r * r)
                if off <= 1.0 and far <= depth[row, column] + behind:
                    weight = np.exp(-2.5 * off)
                    for k in range(3):
                        out[row, column, k] += weight * light[i, k]
                    out[row, column, 3] += weight


@njit
def _nearer(depth, row, column, limit):
    """How many of the eight neighbours two pixels away are nearer than ``limit``, and the sum of their depths."""
    count, total = 0, 0.0
    for place in range(9):
        there = depth[row + 2 * (place // 3) - 2, column + 2 * (place % 3) - 2]
        if there < limit:
            count += 1
            total += there
    return count, total


@njit
def fill_holes(depth, light):
    """Close pinholes: a pixel that lies far behind most of its neighbours takes their depth and light (height, width, 4), in place."""
    height, width = depth.shape
    old = depth.copy()
    for row in range(2, height - 2):
        for column in range(2, width - 2):
            limit = old[row, column] * 0.985
            count, total = _nearer(old, row, column, limit)
            if count < 6:
                continue
            depth[row, column] = total / count
            light[row, column] = 0
            for place in range(9):
                v, u = row + 2 * (place // 3) - 2, column + 2 * (place % 3) - 2
                if old[v, u] < limit:
                    light[row, column] += light[v, u]


@njit
def depth_shade(depth, radius, strength, out):
    """Eye-dome lighting (Boucheny 2009): multiply ``out`` by how far each pixel lies behind its neighbours at ``radius``."""
    height, width = depth.shape
    downs, acrosses = np.empty(8, np.int64), np.empty(8, np.int64)
    for step in range(8):
        downs[step] = int(np.rint(radius * np.sin(step * np.pi / 4)))
        acrosses[step] = int(np.rint(radius * np.cos(step * np.pi / 4)))
    for row in range(height):
        for column in range(width):
            here = depth[row, column]
            if not here < np.inf:
                continue
            total = 0.0
            for step in range(8):
                v, u = row + downs[step], column + acrosses[step]
                if 0 <= v < height and 0 <= u < width and depth[v, u] < here:
                    total += min((here - depth[v, u]) / (here * 0.0015 * radius), 1.0)
            out[row, column] *= np.exp(-strength * total / 8)
