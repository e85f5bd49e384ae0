"""Cutting a cloud into buckets that fit in memory: cells of the octree, counted, split again where they hold too many points.

Rules: a bucket is a run of neighbouring cells of one table in Morton order; a table is the 64³ cells of the root or the 16³
cells of one crowded cell. A single far-off point, or a cloud that is one dense spot in a wide box, only makes tables deeper.
What cannot be cut further (equal positions) stays one bucket, which is then worked through in pieces.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pipeline.derive.point_tiles import kernels
from pipeline.derive.point_tiles.kernels import ROOT_CELLS, ROOT_LEVELS, SUB_CELLS, SUB_LEVELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

BUCKET_POINTS = 1 << 20
LEAF_POINTS = 30_000
MAX_TABLES = 20_000
NOT_CLAMPED = 255


@dataclass(frozen=True, slots=True)
class Table:
    """A block of cells: ``first`` its place in the cell arrays, ``base`` the depth of the cell it divides, ``levels`` how finely."""

    first: int
    base: int
    levels: int

    @property
    def cells(self) -> slice:
        """Its part of the cell arrays."""
        return slice(self.first, self.first + (1 << (3 * self.levels)))


@dataclass(frozen=True, slots=True)
class Bucket:
    """Cells ``low`` to ``high`` (exclusive, counted within the table) of one table, and how many points they hold."""

    table: Table
    low: int
    high: int
    points: int

    @property
    def base(self) -> int:
        """Depth of the octree cell that holds the whole bucket."""
        return self.table.base + (self.table.levels if self.high - self.low == 1 else 0)

    def holds(self, node: tuple[int, int, int, int]) -> bool:
        """Whether the node (level, x, y, z) and all its points lie in this bucket."""
        level = node[0] - self.table.base
        if level >= self.table.levels:
            return True
        if level < 0:
            return False
        x, y, z = (value & ((1 << level) - 1) for value in node[1:])
        code = int(kernels.morton(np.uint64(x), np.uint64(y), np.uint64(z)))
        span = 3 * (self.table.levels - level)
        return self.low <= code << span and (code + 1) << span <= self.high


@dataclass(slots=True, eq=False)
class Partition:
    """All cells: ``cells`` holds the bucket of a cell, or -1 - the number of the table that divides it further."""

    bits: int
    cells: "NDArray[np.int32]" = field(default_factory=lambda: np.zeros(ROOT_CELLS, np.int32))
    leaves: "NDArray[np.uint8]" = field(default_factory=lambda: np.zeros(0, np.uint8))
    tables: list[Table] = field(default_factory=lambda: [Table(0, 0, ROOT_LEVELS)])
    buckets: list[Bucket] = field(default_factory=list)


def _divide(partition: Partition, counts: "NDArray[np.int64]", fresh: list[Table]) -> list[Table]:
    """Give every crowded cell of the ``fresh`` tables a table of its own; the tables that were added."""
    added: list[Table] = []
    for table in fresh:
        depth = table.base + table.levels
        if depth + SUB_LEVELS > partition.bits:
            continue
        for cell in np.flatnonzero(counts[table.cells] > BUCKET_POINTS):
            number = len(partition.tables) - 1
            if number >= MAX_TABLES:
                return added
            partition.cells[table.first + cell] = -1 - number
            new = Table(ROOT_CELLS + number * SUB_CELLS, depth, SUB_LEVELS)
            partition.tables.append(new)
            added.append(new)
    partition.cells = np.concatenate([partition.cells, np.zeros(len(added) * SUB_CELLS, np.int32)])
    return added


def _leaf_depths(counts: "NDArray[np.int64]", table: Table) -> "NDArray[np.uint8]":
    """For each cell the depth of its largest ancestor within the table that is a small subtree; NOT_CLAMPED where there is none."""
    out = np.full(len(counts), NOT_CLAMPED, np.uint8)
    sums = counts
    for level in range(table.levels, 0, -1):
        small = np.repeat(sums <= LEAF_POINTS, 8 ** (table.levels - level))
        out[small] = table.base + level
        sums = sums.reshape(-1, 8).sum(axis=1)
    if table.base == 0 and sums[0] <= LEAF_POINTS:
        out[:] = 0
    return out


def _fill_buckets(partition: Partition, counts: "NDArray[np.int64]", table: Table) -> None:
    """Group the cells of one table. A divided cell ends a bucket, so that no bucket spans points of other tables."""
    own = counts[table.cells]
    divided = partition.cells[table.cells] < 0
    low, points = 0, 0

    def close(at: int) -> None:
        nonlocal low, points
        if points:
            partition.buckets.append(Bucket(table, low, at, points))
        low, points = at, 0

    for cell in (int(place) for place in np.flatnonzero((own > 0) | divided)):
        alone = bool(divided[cell]) or own[cell] > BUCKET_POINTS // 4
        if alone or points + own[cell] > BUCKET_POINTS:
            close(cell)
        points += 0 if divided[cell] else int(own[cell])
        if alone:
            close(cell + 1)
    close(1 << (3 * table.levels))


def _number_cells(partition: Partition) -> None:
    for number, bucket in enumerate(partition.buckets):
        part = partition.cells[bucket.table.cells][bucket.low : bucket.high]
        part[part >= 0] = number


def partition_points(bits: int, grids: Callable[[], "Iterable[NDArray[np.uint32]]"]) -> Partition:
    """Count and divide. ``grids()`` gives all grid positions, (n, 3) uint32, and is called once for each depth of tables."""
    partition = Partition(bits)
    fresh = list(partition.tables)
    counts = np.zeros(ROOT_CELLS, np.int64)
    while fresh:
        first = fresh[0].first
        for grid in grids():
            kernels.count_cells(grid, bits, partition.cells, first, counts)
        fresh = _divide(partition, counts, fresh)
        counts = np.concatenate([counts, np.zeros(len(fresh) * SUB_CELLS, np.int64)])
    partition.leaves = np.concatenate([_leaf_depths(counts[table.cells], table) for table in partition.tables])
    for table in partition.tables:
        _fill_buckets(partition, counts, table)
    _number_cells(partition)
    return partition
