"""The first tile of a cloud, chosen evenly and never heavy: everybody sees it, and many see nothing else for a while.

Greedy Poisson-disk choice among the points that the tournament gave to the coarsest levels (after Cook 1986; candidates two levels
deeper are dense enough for an even result). What it takes moves up to the root; points of the root that it leaves move one level
down, where every one of them had won a sampling cell of its own: no tile comes to hold more than one point for each of its cells. Where
that would still be more points than a first picture may cost, the least distance grows until it is not.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pipeline.derive.point_tiles import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.derive.point_tiles.tileset import Node

CANDIDATE_LEVELS = 2
"""How many levels below the root candidates come from."""
HELD_POINTS = 1 << 21
"""More candidates than this (a dense volume, not a surface) would cost memory: the deepest level is then left out."""
MOST_ROOT_POINTS = 12_000
"""Nine bytes a point at the worst, with subtree and tileset.json: at most 120 kB until something is seen."""
TIGHTER = 1.04
GAP = 0.8
"""Least distance of two points of the root in sampling cells: as many points as cells that a surface meets, or fewer."""
ROOT = (0, 0, 0, 0)


@dataclass(slots=True, eq=False)
class Coarse:
    """The nodes of the coarsest levels while the tiles are built. ``depth``: the deepest level that is still held back."""

    depth: int = CANDIDATE_LEVELS
    points: int = 0
    parts: "defaultdict[Node, list[NDArray[np.uint32]]]" = field(default_factory=lambda: defaultdict(list))
    whole: "set[Node]" = field(default_factory=set)

    def add(self, node: "Node", part: "NDArray[np.uint32]", *, whole: bool) -> None:
        """Keep records of a node. ``whole``: nothing will be added to it."""
        self.parts[node].append(part)
        if whole:
            self.whole.add(node)
        if node[0] <= self.depth:
            self.points += len(part)

    def surplus(self) -> "list[tuple[Node, NDArray[np.uint32]]]":
        """Whole nodes that need not be held back any longer; while too many points are held, a level fewer is."""
        while self.depth and self.points > HELD_POINTS:
            self.points -= sum(len(part) for node, parts in self.parts.items() if node[0] == self.depth for part in parts)
            self.depth -= 1
        # What the root does not take goes to the level below, so that one is never given away.
        ready = sorted(node for node in self.whole if node[0] > max(self.depth, 1))
        self.whole.difference_update(ready)
        return [(node, np.concatenate(self.parts.pop(node))) for node in ready]

    def chosen(self, bits: int) -> "list[tuple[Node, NDArray[np.uint32]]]":
        """All nodes still held, the root evenly chosen, in the order of their names."""
        nodes = {node: np.concatenate(parts) for node, parts in self.parts.items()}
        held = sorted(node for node in nodes if node[0] <= self.depth)
        if ROOT in nodes and (len(held) > 1 or len(nodes[ROOT]) > MOST_ROOT_POINTS):
            below = {node: nodes.pop(node) for node in sorted(nodes) if node[0] <= max(self.depth, 1)}
            nodes |= _spread_root(below, self.depth, bits)
        return sorted(nodes.items(), key=lambda item: item[0])


def _spread_root(nodes: "dict[Node, NDArray[np.uint32]]", depth: int, bits: int) -> "dict[Node, NDArray[np.uint32]]":
    """The same points in the same nodes, but for an even choice in the root and what it displaced one level below.

    Args:
        nodes: the root and the level below it, at least.
        depth: candidates for the root come from so many levels below it.
        bits: of the grid.
    """
    rest = {node: part for node, part in nodes.items() if node[0] > depth}
    names = [node for node in nodes if node[0] <= depth]
    candidates = np.concatenate([nodes[name] for name in names])
    owners = np.repeat(np.arange(len(names), dtype=np.uint16), [len(nodes[name]) for name in names])
    order = _morton_order(candidates, bits)
    candidates, owners = candidates[order], owners[order]
    taken = _taken(candidates, bits)
    left = np.flatnonzero(~taken)
    left = left[np.argsort(owners[left], kind="stable")]
    ends = np.cumsum(np.bincount(owners[left], minlength=len(names)))
    rest |= dict(zip(names, np.split(candidates[left], ends[:-1]), strict=True))
    _displace(rest, rest.pop(ROOT), bits)
    return {ROOT: candidates[taken], **{node: part for node, part in rest.items() if len(part)}}


def _taken(candidates: "NDArray[np.uint32]", bits: int) -> "NDArray[np.bool_]":
    """Which candidates (n, 4), in Morton order, the root shows: as near to one another as their number allows."""
    gap = GAP * float(1 << (bits - kernels.SAMPLE_LEVELS))
    while True:
        taken = np.zeros(len(candidates), np.bool_)
        side = max(bits - kernels.SAMPLE_LEVELS, math.ceil(math.log2(gap)))
        kernels.spread_evenly(candidates, side, gap, taken)
        count = int(taken.sum())
        if count <= MOST_ROOT_POINTS:
            return taken
        # On a surface the number falls with the square of the distance.
        gap *= TIGHTER * math.sqrt(count / MOST_ROOT_POINTS)


def _displace(nodes: "dict[Node, NDArray[np.uint32]]", records: "NDArray[np.uint32]", bits: int) -> None:
    """Add records to the nodes one level below the root."""
    octant = (records[:, :3] >> np.uint32(bits - 1)) @ np.array([1, 2, 4], np.uint32)
    for number in np.unique(octant).tolist():
        child = (1, number & 1, number >> 1 & 1, number >> 2)
        joined = np.concatenate([nodes.get(child, records[:0]), records[octant == number]])
        nodes[child] = joined[_morton_order(joined, bits)]


def _morton_order(records: "NDArray[np.uint32]", bits: int) -> "NDArray[np.int64]":
    """Places of the records in Morton order; equal ones keep theirs."""
    keys = np.empty(len(records), np.uint64)
    kernels.make_keys(records, bits, 0, min(kernels.KEY_LEVELS, bits), keys)
    keys.sort()
    return (keys & np.uint64((1 << kernels.INDEX_BITS) - 1)).astype(np.int64)
