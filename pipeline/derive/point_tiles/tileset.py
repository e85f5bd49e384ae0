"""The pack of tiles, the subtrees that say which tiles exist, and tileset.json (3D Tiles 1.1, OGC 22-025r4, implicit octree)."""

import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.derive.point_tiles import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.derive.point_tiles.frame import Frame

Node = tuple[int, int, int, int]

ONE_SUBTREE_LEVELS = 6
SUBTREE_LEVELS = 5
CONTENT = "content/{level}/{x}/{y}/{z}.glb"
SUBTREE = "subtrees/{level}/{x}/{y}/{z}.subtree"


@dataclass(frozen=True, slots=True)
class Tile:
    """A node of the octree, its GLB, and how many points that shows."""

    node: Node
    content: bytes
    points: int


def _name(node: Node) -> str:
    level, x, y, z = node
    return CONTENT.format(level=level, x=x, y=y, z=z)


class Pack:
    """tiles.pack as it grows. ``index``: name to (offset, length)."""

    def __init__(self, path: Path) -> None:
        self._stream = path.open("wb")
        self._place = 0
        self.index: dict[str, list[int]] = {}
        self.nodes: list[Node] = []
        self.points: dict[Node, int] = {}

    def add(self, name: str, content: bytes) -> None:
        """Append ``content`` under ``name``."""
        self._stream.write(content)
        self.index[name] = [self._place, len(content)]
        self._place += len(content)

    def add_node(self, tile: Tile) -> None:
        """Append the GLB of a node."""
        self.add(_name(tile.node), tile.content)
        self.nodes.append(tile.node)
        self.points[tile.node] = tile.points

    def levels(self, frame: "Frame") -> list[dict[str, float]]:
        """What each level adds, from the coarsest: points, tiles, bytes, and the spacing down to which it is seen, in the cloud's unit.

        A viewer that may show so many points goes no deeper than the levels whose points it can bear.
        """
        deepest = max(node[0] for node in self.nodes)
        found = []
        for level in range(deepest + 1):
            nodes = [node for node in self.nodes if node[0] == level]
            size = sum(self.index[_name(node)][1] for node in nodes)
            spacing = frame.cube / (1 << (kernels.SAMPLE_LEVELS + level))
            found.append({"points": sum(self.points[node] for node in nodes), "tiles": len(nodes), "bytes": size, "spacing": spacing})
        return found

    def close(self) -> None:
        """Finish the file."""
        self._stream.close()


def _code(x: int, y: int, z: int) -> int:
    return int(kernels.morton(np.uint64(x), np.uint64(y), np.uint64(z)))


def _with_ancestors(nodes: Iterable[Node]) -> set[Node]:
    found: set[Node] = set()
    for node in nodes:
        current = node
        while current not in found:
            found.add(current)
            level, x, y, z = current
            if level:
                current = (level - 1, x >> 1, y >> 1, z >> 1)
    return found


def _availability(bits: "NDArray[np.bool_]", blob: bytearray, views: list[dict[str, int]]) -> dict[str, int]:
    """A constant where all bits agree, else a bitstream appended to ``blob`` (8-byte aligned)."""
    count = int(bits.sum())
    if count in {0, len(bits)}:
        return {"constant": 1 if count else 0}
    packed = np.packbits(bits, bitorder="little").tobytes()
    views.append({"buffer": 0, "byteOffset": len(blob), "byteLength": len(packed)})
    blob += packed + bytes(-len(packed) % 8)
    return {"bitstream": len(views) - 1, "availableCount": count}


def encode_subtree(*, tiles: "NDArray[np.bool_]", contents: "NDArray[np.bool_]", children: "NDArray[np.bool_]") -> bytes:
    """Binary subtree: bits by level, then Morton order (22-025r4, 7.2.4)."""
    blob, views = bytearray(), list[dict[str, int]]()
    document: dict[str, Any] = {
        "tileAvailability": _availability(tiles, blob, views),
        "contentAvailability": [_availability(contents, blob, views)],
        "childSubtreeAvailability": _availability(children, blob, views),
    }
    if blob:
        document = {"buffers": [{"byteLength": len(blob)}], "bufferViews": views, **document}
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<4sIQQ", b"subt", 1, len(text), len(blob)) + text + bytes(blob)


def write_subtrees(pack: Pack) -> tuple[int, int]:
    """Append all subtrees; (levels of the octree, levels of one subtree)."""
    contents = set(pack.nodes)
    tiles = _with_ancestors(contents)
    deepest = max(node[0] for node in tiles)
    height = deepest + 1 if deepest < ONE_SUBTREE_LEVELS else SUBTREE_LEVELS
    sizes = [(8**level - 1) // 7 for level in range(height + 2)]
    parts: dict[Node, tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]] = {}
    for node in sorted(tiles):
        level, x, y, z = node
        depth = level % height
        top = (level - depth, x >> depth, y >> depth, z >> depth)
        if depth == 0:
            parts[top] = (np.zeros(sizes[height], np.bool_), np.zeros(sizes[height], np.bool_), np.zeros(8**height, np.bool_))
            _mark_child(parts, top, height)
        mask = (1 << depth) - 1
        place = sizes[depth] + _code(x & mask, y & mask, z & mask)
        parts[top][0][place] = True
        parts[top][1][place] = node in contents
    for (level, x, y, z), (present, filled, below) in parts.items():
        encoded = encode_subtree(tiles=present, contents=filled, children=below)
        pack.add(SUBTREE.format(level=level, x=x, y=y, z=z), encoded)
    return deepest + 1, height


def _mark_child(parts: "dict[Node, tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]]", top: Node, height: int) -> None:
    level, x, y, z = top
    if level:
        mask = (1 << height) - 1
        parent = (level - height, x >> height, y >> height, z >> height)
        parts[parent][2][_code(x & mask, y & mask, z & mask)] = True


def tileset_document(frame: "Frame", levels: int, subtree_levels: int) -> dict[str, Any]:
    """tileset.json: one implicit octree over the cube, refined by adding; no place in the world is in it."""
    half = frame.cube / 2
    middle = [corner + half for corner in frame.corner]
    spacing = frame.cube / (1 << kernels.SAMPLE_LEVELS)
    return {
        "asset": {"version": "1.1", "generator": "Ditich"},
        "geometricError": spacing * 2,
        "root": {
            "boundingVolume": {"box": [*middle, half, 0.0, 0.0, 0.0, half, 0.0, 0.0, 0.0, half]},
            "geometricError": spacing,
            "refine": "ADD",
            "content": {"uri": CONTENT},
            "implicitTiling": {
                "subdivisionScheme": "OCTREE",
                "availableLevels": levels,
                "subtreeLevels": subtree_levels,
                "subtrees": {"uri": SUBTREE},
            },
        },
    }
