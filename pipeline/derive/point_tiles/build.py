"""From a spooled scan to the tiles of its octree: out of core, in parallel, and the same bytes whatever the number of threads."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import numpy as np

from pipeline.derive.point_tiles import kernels
from pipeline.derive.point_tiles.even import CANDIDATE_LEVELS, Coarse
from pipeline.derive.point_tiles.glb import encode_node, meshopt_library
from pipeline.derive.point_tiles.neighbours import Neighbours, neighbours_of, spacing_of
from pipeline.derive.point_tiles.partition import LEAF_POINTS, Bucket, Partition, partition_points
from pipeline.derive.point_tiles.tileset import Tile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.derive.cloud.shading import Shading
    from pipeline.derive.cloud.spool import Spool, SpooledPoints
    from pipeline.derive.point_tiles.frame import Frame
    from pipeline.derive.point_tiles.tileset import Node, Pack

PIECE_POINTS = 1 << kernels.INDEX_BITS
RECORD_BYTES = 16

Given = TypeVar("Given")
Result = TypeVar("Result")


def thread_count() -> int:
    """Threads to use: the processors of this machine, at most four. The result does not depend on it."""
    return max(1, min(4, os.cpu_count() or 1))


def in_order(pool: ThreadPoolExecutor, ahead: int, work: Callable[[Given], Result], given: Iterable[Given]) -> Iterator[Result]:
    """Results of ``work`` in the order of ``given``, with at most ``ahead`` of them begun beforehand."""
    waiting: deque[Future[Result]] = deque()
    for one in given:
        waiting.append(pool.submit(work, one))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bucket small enough to sort: ``first`` its place in the record file. ``whole``: the bucket has no other."""

    bucket: Bucket
    first: int
    points: int
    whole: bool


@dataclass(frozen=True, slots=True)
class PieceNodes:
    """What one piece gave: finished tiles; whole nodes of the coarsest levels; records of nodes that other buckets add to; neighbours."""

    near: "Neighbours"
    tiles: "list[Tile]"
    coarse: "list[tuple[Node, NDArray[np.uint32]]]"
    shared: "list[tuple[Node, NDArray[np.uint32]]]"


def _distribute(build: "Build", partition: Partition, records: BinaryIO) -> "NDArray[np.int64]":
    """Write all records grouped by bucket; where each bucket begins (buckets + 1)."""
    sizes = [bucket.points for bucket in partition.buckets]
    begins = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    cursor = begins[:-1].copy()

    def grouped(points: "SpooledPoints") -> "tuple[NDArray[np.uint32], NDArray[np.int64]]":
        grid = build.frame.on_grid(points)
        colours = build.shading.linear(points, grid)
        starts = np.empty(len(sizes) + 1, np.int64)
        out = np.empty((len(grid), 4), np.uint32)
        kernels.group_by_bucket(grid, colours, build.frame.bits, partition.cells, starts, out)
        return out, starts

    for out, starts in in_order(build.pool, build.threads, grouped, build.spool.chunks()):
        for number in np.flatnonzero(np.diff(starts)):
            part = out[starts[number] : starts[number + 1]]
            records.seek(int(cursor[number]) * RECORD_BYTES)
            records.write(part.data)
            cursor[number] += len(part)
    records.flush()
    return begins


def _pieces(partition: Partition, begins: "NDArray[np.int64]") -> Iterator[Piece]:
    for number, bucket in enumerate(partition.buckets):
        for first in range(0, bucket.points, PIECE_POINTS):
            count = min(PIECE_POINTS, bucket.points - first)
            yield Piece(bucket, int(begins[number]) + first, count, count == bucket.points)


@dataclass(frozen=True, slots=True, eq=False)
class Build:
    """All that the steps of one build share."""

    spool: "Spool"
    frame: "Frame"
    shading: "Shading"
    pool: ThreadPoolExecutor
    threads: int
    library: Any

    def grids(self) -> "Iterator[NDArray[np.uint32]]":
        """Grid positions of all points, chunk by chunk."""
        return in_order(self.pool, self.threads, self.frame.on_grid, self.spool.chunks())

    def nodes(self, piece: Piece, partition: Partition, path: Path) -> PieceNodes:
        """Sort one piece, give every point its level, and encode the nodes that no other piece adds to."""
        records = np.fromfile(path, np.uint32, piece.points * 4, offset=piece.first * RECORD_BYTES).reshape(-1, 4)
        bits, base = self.frame.bits, piece.bucket.base
        levels = min(kernels.KEY_LEVELS, bits - base)
        keys = np.empty(len(records), np.uint64)
        kernels.make_keys(records, bits, base, levels, keys)
        keys.sort()
        ordered = np.empty_like(records)
        kernels.gather(records, keys, ordered)
        near = neighbours_of(ordered)
        level = np.empty(len(records), np.uint8)
        kernels.tournament(ordered, keys, bits, base, levels, level)
        kernels.clamp_leaves(ordered, keys, level, bits, partition.cells, partition.leaves, base, levels, LEAF_POINTS)
        runs = kernels.node_runs(ordered, keys, level, bits, base, levels, records)
        found = PieceNodes(near, [], [], [])
        for row in runs.tolist():
            node = (row[0], row[1], row[2], row[3])
            part = records[row[4] : row[5]]
            if not (piece.whole and piece.bucket.holds(node)):
                found.shared.append((node, part.copy()))
            elif node[0] <= CANDIDATE_LEVELS:
                found.coarse.append((node, part.copy()))
            else:
                found.tiles.append(self.tile((node, part)))
        return found

    def tile(self, item: "tuple[Node, NDArray[np.uint32]]") -> Tile:
        """A node and its GLB."""
        return Tile(item[0], encode_node(self.library, self.frame, *item), len(item[1]))


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """What is known of a cloud once it is tiled.

    Attributes:
        coarsest: (n, 3) grid positions of the points of the coarsest tile.
        spacing: half of the points have their nearest neighbour within the first, nine of ten within the second; grid steps.
    """

    coarsest: "NDArray[np.uint32]"
    spacing: tuple[float, float]


def build_tiles(spool: "Spool", frame: "Frame", shading: "Shading", pack: "Pack", scratch: Path) -> Built:
    """Add a tile for every node of the octree of ``spool`` to ``pack``; ``scratch`` is an existing folder for the record file."""
    threads = thread_count()
    path = scratch / "records"
    coarse = Coarse()
    near: list[Neighbours] = []
    with ThreadPoolExecutor(threads) as pool:
        build = Build(spool, frame, shading, pool, threads, meshopt_library())
        partition = partition_points(frame.bits, build.grids)
        with path.open("wb") as records:
            begins = _distribute(build, partition, records)
        pieces = _pieces(partition, begins)
        for found in in_order(pool, threads, lambda piece: build.nodes(piece, partition, path), pieces):
            near.append(found.near)
            for node, part in found.coarse:
                coarse.add(node, part, whole=True)
            for node, part in found.shared:
                coarse.add(node, part, whole=False)
            for tile in (*found.tiles, *map(build.tile, coarse.surplus())):
                pack.add_node(tile)
        nodes = coarse.chosen(frame.bits)
        for tile in in_order(pool, threads, build.tile, nodes):
            pack.add_node(tile)
    return Built(nodes[0][1][:, :3], spacing_of(near))
