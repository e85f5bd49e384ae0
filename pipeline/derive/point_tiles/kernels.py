"""The inner loops of the point octree, compiled: Morton keys, cells, levels of detail, node runs.

Positions are unsigned integers on a grid of 2^bits per axis (bits ≤ 32); depth d of the octree cuts an axis into 2^d. All
kernels release the interpreter lock, allocate little, and give the same result in any thread.
"""

# numba infers the types of these functions; annotations would repeat the docstrings without being checked.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment,operator"
# ruff: noqa: ANN001, ANN201, ANN202, PLR0913, PLR0917, C901

import numba
import numpy as np

ROOT_LEVELS = 6
SUB_LEVELS = 4
ROOT_CELLS = 1 << (3 * ROOT_LEVELS)
SUB_CELLS = 1 << (3 * SUB_LEVELS)
SAMPLE_LEVELS = 7
"""A node shows at most one point for each of its 2^7 cells an axis, and its children the rest."""
INDEX_BITS = 22
KEY_LEVELS = 14

njit = numba.njit(nogil=True, cache=True, boundscheck=False)


@njit
def spread(value):
    """Put two zero bits between the low 21 bits of ``value`` (Morton order, "magic bits")."""
    x = np.uint64(value) & np.uint64(0x1FFFFF)
    x = (x | (x << np.uint64(32))) & np.uint64(0x1F00000000FFFF)
    x = (x | (x << np.uint64(16))) & np.uint64(0x1F0000FF0000FF)
    x = (x | (x << np.uint64(8))) & np.uint64(0x100F00F00F00F00F)
    x = (x | (x << np.uint64(4))) & np.uint64(0x10C30C30C30C30C3)
    return (x | (x << np.uint64(2))) & np.uint64(0x1249249249249249)


@njit
def morton(x, y, z):
    """Interleave three coordinates of at most 21 bits; x is the lowest bit of each triple, as 3D Tiles orders octants."""
    return spread(x) | (spread(y) << np.uint64(1)) | (spread(z) << np.uint64(2))


@njit
def quantise(xyz, origin, unit, out):
    """Round float64 coordinates (n, 3) to the grid: out = round((xyz - origin) / unit), uint32."""
    for i in range(len(xyz)):
        for k in range(3):
            out[i, k] = np.uint32((xyz[i, k] - origin[k]) / unit + 0.5)


@njit
def shift(xyz, origin, out):
    """Integer coordinates (n, 3) less ``origin`` (int64), uint32."""
    for i in range(len(xyz)):
        for k in range(3):
            out[i, k] = np.uint32(np.int64(xyz[i, k]) - origin[k])


@njit
def _cell(cells, bits, x, y, z):
    """Walk the tables of cells to the innermost: (place in ``cells``, its depth)."""
    depth = ROOT_LEVELS
    mask = np.uint32((1 << ROOT_LEVELS) - 1)
    s = np.uint32(bits - depth)
    place = np.int64(morton((x >> s) & mask, (y >> s) & mask, (z >> s) & mask))
    while cells[place] < 0:
        depth += SUB_LEVELS
        mask = np.uint32((1 << SUB_LEVELS) - 1)
        s = np.uint32(bits - depth)
        base = ROOT_CELLS + (-np.int64(cells[place]) - 1) * SUB_CELLS
        place = base + np.int64(morton((x >> s) & mask, (y >> s) & mask, (z >> s) & mask))
    return place, depth


@njit
def count_cells(grid, bits, cells, first, counts):
    """Add points (n, 3) uint32 to ``counts`` of their innermost cells, of those cells from ``first`` on."""
    for i in range(len(grid)):
        place, _ = _cell(cells, bits, grid[i, 0], grid[i, 1], grid[i, 2])
        if place >= first:
            counts[place] += 1


@njit
def group_by_bucket(grid, colours, bits, cells, starts, records):
    """Write records (n, 4) uint32 x, y, z, colour grouped by bucket, stable; ``starts`` (buckets + 1) becomes the group limits."""
    n = len(grid)
    bucket = np.empty(n, np.int32)
    starts[:] = 0
    for i in range(n):
        place, _ = _cell(cells, bits, grid[i, 0], grid[i, 1], grid[i, 2])
        bucket[i] = cells[place]
        starts[bucket[i] + 1] += 1
    for b in range(1, len(starts)):
        starts[b] += starts[b - 1]
    cursor = starts.copy()
    for i in range(n):
        p = cursor[bucket[i]]
        cursor[bucket[i]] = p + 1
        records[p, 0] = grid[i, 0]
        records[p, 1] = grid[i, 1]
        records[p, 2] = grid[i, 2]
        records[p, 3] = colours[i]


@njit
def make_keys(records, bits, base, levels, keys):
    """Sort keys: ``levels`` levels of Morton code below depth ``base``, then the place in the bucket so that ties keep their order."""
    s = np.uint32(bits - base - levels)
    mask = np.uint32((1 << levels) - 1)
    for i in range(len(records)):
        code = morton((records[i, 0] >> s) & mask, (records[i, 1] >> s) & mask, (records[i, 2] >> s) & mask)
        keys[i] = (code << np.uint64(INDEX_BITS)) | np.uint64(i)


@njit
def gather(records, keys, out):
    """Bring records into key order and strip the places from the keys."""
    mask = np.uint64((1 << INDEX_BITS) - 1)
    for i in range(len(keys)):
        j = np.int64(keys[i] & mask)
        for k in range(4):
            out[i, k] = records[j, k]
        keys[i] >>= np.uint64(INDEX_BITS)


@njit
def _bits_of(value):
    """Number of significant bits of a uint64."""
    n = 0
    if value >> np.uint64(32):
        n += 32
        value >>= np.uint64(32)
    if value >> np.uint64(16):
        n += 16
        value >>= np.uint64(16)
    if value >> np.uint64(8):
        n += 8
        value >>= np.uint64(8)
    if value >> np.uint64(4):
        n += 4
        value >>= np.uint64(4)
    if value >> np.uint64(2):
        n += 2
        value >>= np.uint64(2)
    if value >> np.uint64(1):
        n += 1
        value >>= np.uint64(1)
    return n + np.int64(value)


@njit
def _off_centre(records, i, side):
    """Squared distance of record ``i`` from the centre of its cell of 2^side units."""
    half = 0.5 * ((np.int64(1) << np.int64(side)) - 1)
    mask = np.int64((np.int64(1) << np.int64(side)) - 1)
    total = 0.0
    for k in range(3):
        d = np.float64(np.int64(records[i, k]) & mask) - half
        total += d * d
    return total


@njit
def tournament(records, keys, bits, base, levels, out):
    """Level of detail of every point (sorted order): the shallowest node whose sampling cell the point wins.

    Of the points of a cell the one nearest to its centre goes on to the cell above. Neighbours in Morton order meet first where
    their codes part, so one stack and one comparison for each point play the whole tournament.
    """
    stack = np.empty(levels + 3, np.int64)
    joins = np.empty(levels + 3, np.int64)
    top = -1
    for i in range(len(keys) + 1):
        join = 0
        if 0 < i < len(keys):
            join = levels - (_bits_of(keys[i] ^ keys[i - 1]) + 2) // 3 + 1
        while top > 0 and joins[top] >= join:
            depth = base + joins[top]
            left, right = stack[top - 1], stack[top]
            side = bits - depth + 1
            if _off_centre(records, left, side) <= _off_centre(records, right, side):
                loser = right
            else:
                loser = left
                stack[top - 1] = right
            out[loser] = max(0, depth - SAMPLE_LEVELS)
            top -= 1
        if i < len(keys):
            top += 1
            stack[top] = i
            joins[top] = join
    if top == 0:
        out[stack[0]] = 0


@njit
def _first_from(keys, low, high, target):
    """First place in the sorted ``keys[low:high]`` that is not below ``target``."""
    while low < high:
        middle = (low + high) >> 1
        if keys[middle] < target:
            low = middle + 1
        else:
            high = middle
    return low


@njit
def _clamp_run(level, low, high, limit):
    for i in range(low, high):
        level[i] = min(np.int64(level[i]), limit)


@njit
def _split_run(keys, level, low, high, depth, base, levels, most):
    """Clamp levels below ``depth`` wherever a node's whole subtree has at most ``most`` points."""
    stack = np.empty((8 * (levels + 2), 3), np.int64)
    stack[0, 0], stack[0, 1], stack[0, 2] = low, high, depth
    top = 1
    while top > 0:
        top -= 1
        a, b, d = stack[top, 0], stack[top, 1], stack[top, 2]
        if b - a <= most or d - base >= levels:
            _clamp_run(level, a, b, d)
            continue
        s = np.uint64(3 * (levels - (d + 1 - base)))
        while a < b:
            end = _first_from(keys, a, b, ((keys[a] >> s) + np.uint64(1)) << s)
            stack[top, 0], stack[top, 1], stack[top, 2] = a, end, d + 1
            top += 1
            a = end


@njit
def clamp_leaves(records, keys, level, bits, cells, leaves, base, levels, most):
    """Keep small subtrees in one node: ``leaves`` says at which depth a cell's ancestors become small (255: not above the cell)."""
    low = 0
    while low < len(keys):
        place, depth = _cell(cells, bits, records[low, 0], records[low, 1], records[low, 2])
        s = np.uint64(3 * max(0, levels - (depth - base)))
        high = _first_from(keys, low, len(keys), ((keys[low] >> s) + np.uint64(1)) << s)
        if leaves[place] <= depth:
            _clamp_run(level, low, high, np.int64(leaves[place]))
        else:
            _split_run(keys, level, low, high, depth, base, levels, most)
        low = high


@njit
def node_runs(records, keys, level, bits, base, levels, out):
    """Bring records into level order (stable) and list the nodes: rows (nodes, 6) level, x, y, z, first, last + 1."""
    deepest = 0
    for i in range(len(level)):
        deepest = max(deepest, np.int64(level[i]))
    cursor = np.zeros(deepest + 2, np.int64)
    for i in range(len(level)):
        cursor[level[i] + 1] += 1
    for d in range(deepest + 1):
        cursor[d + 1] += cursor[d]
    code = np.full(deepest + 1, -1, np.int64)
    run = np.zeros(deepest + 1, np.int64)
    runs = np.empty((1024, 6), np.int64)
    count = 0
    for i in range(len(level)):
        d = np.int64(level[i])
        p = cursor[d]
        cursor[d] = p + 1
        for k in range(4):
            out[p, k] = records[i, k]
        prefix = np.int64(keys[i] >> np.uint64(3 * (levels - (d - base)))) if d > base else np.int64(0)
        if prefix != code[d]:
            if count == len(runs):
                longer = np.empty((2 * count, 6), np.int64)
                longer[:count] = runs
                runs = longer
            code[d] = prefix
            run[d] = count
            runs[count, 0] = d
            for k in range(3):
                runs[count, 1 + k] = np.int64(records[i, k]) >> np.int64(bits - d)
            runs[count, 4] = p
            count += 1
        runs[run[d], 5] = p + 1
    return runs[:count]


@njit
def node_arrays(records, side, coarse, positions, colours):
    """Node-relative uint16 positions (n, 4), the lowest ``coarse`` bits dropped, and RGBA8 colours (n, 4) of one node."""
    mask = np.uint32((np.int64(1) << np.int64(side)) - 1)
    for i in range(len(records)):
        for k in range(3):
            positions[i, k] = np.uint16((records[i, k] & mask) >> np.uint32(coarse))
            colours[i, k] = np.uint8((records[i, 3] >> np.uint32(8 * k)) & np.uint32(255))
        positions[i, 3] = 0
        colours[i, 3] = 255


@njit
def _is_free(records, heads, after, i, side, gap):
    """Whether no chosen record lies nearer than ``gap`` to record ``i``; its own cell is looked at first, most fail there."""
    cells = np.int64(1) << np.int64(SAMPLE_LEVELS)
    x, y, z = np.int64(records[i, 0]), np.int64(records[i, 1]), np.int64(records[i, 2])
    least = gap * gap
    for turn in range(28):
        step = 13 if turn == 0 else turn - 1
        cx, cy, cz = (x >> side) + step % 3 - 1, (y >> side) + step // 3 % 3 - 1, (z >> side) + step // 9 - 1
        if min(cx, cy, cz) < 0 or max(cx, cy, cz) >= cells:
            continue
        j = np.int64(heads[(cz * cells + cy) * cells + cx])
        while j >= 0:
            dx, dy, dz = np.int64(records[j, 0]) - x, np.int64(records[j, 1]) - y, np.int64(records[j, 2]) - z
            if np.float64(dx * dx + dy * dy + dz * dz) < least:
                return False
            j = np.int64(after[j])
    return True


@njit
def spread_evenly(records, side, gap, taken):
    """Mark records no two of which are nearer than ``gap`` (≤ 2^side units, the cell), in their order, until none is left to take."""
    cells = 1 << SAMPLE_LEVELS
    heads = np.full(cells * cells * cells, -1, np.int32)
    after = np.empty(len(records), np.int32)
    for i in range(len(records)):
        if _is_free(records, heads, after, i, np.int64(side), gap):
            place = ((np.int64(records[i, 2]) >> side) * cells + (np.int64(records[i, 1]) >> side)) * cells + (
                np.int64(records[i, 0]) >> side
            )
            after[i] = heads[place]
            heads[place] = i
            taken[i] = True
