"""A small reader of our point tiles, written from the specifications and not from the writer: the tests' second opinion."""

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from meshoptimizer import decode_vertex_buffer
from numpy.typing import NDArray


@dataclass(frozen=True)
class Tile:
    document: dict[str, Any]
    points: NDArray[np.float64]  # local frame, z up
    colours: NDArray[np.uint8]  # linear


def unpack(folder: Path) -> dict[str, bytes]:
    pack = (folder / "tiles.pack").read_bytes()
    index = json.loads((folder / "tiles.json").read_text())
    assert sum(length for _, length in index.values()) == len(pack)
    return {name: pack[offset : offset + length] for name, (offset, length) in index.items()}


def read_glb(content: bytes) -> tuple[dict[str, Any], bytes]:
    magic, version, size, json_size, json_kind = struct.unpack_from("<4sIIII", content)
    assert (magic, version, size, json_kind) == (b"glTF", 2, len(content), 0x4E4F534A)
    assert json_size % 4 == 0
    assert size % 4 == 0
    document = json.loads(content[20 : 20 + json_size])
    blob_size, blob_kind = struct.unpack_from("<II", content, 20 + json_size)
    assert blob_kind == 0x004E4942
    assert blob_size == document["buffers"][0]["byteLength"]
    return document, content[28 + json_size : 28 + json_size + blob_size]


def _values(document: dict[str, Any], blob: bytes, accessor: int, kind: type) -> NDArray[Any]:
    about = document["accessors"][accessor]
    view = document["bufferViews"][about["bufferView"]]
    packed = view["extensions"]["EXT_meshopt_compression"]
    raw = blob[packed["byteOffset"] : packed["byteOffset"] + packed["byteLength"]]
    assert raw[0] == 0xA0  # codec version 0, the one that the extension defines
    assert packed["count"] == about["count"]
    stride = packed["byteStride"]
    flat = decode_vertex_buffer(packed["count"], stride, np.frombuffer(raw, np.uint8))
    table = np.ascontiguousarray(flat).view(np.uint8).reshape(packed["count"], stride)
    return table.view(kind)[:, :3]


def read_tile(content: bytes) -> Tile:
    document, blob = read_glb(content)
    attributes = document["meshes"][0]["primitives"][0]["attributes"]
    steps = _values(document, blob, attributes["POSITION"], np.uint16)
    colours = _values(document, blob, attributes["COLOR_0"], np.uint8)
    about = document["accessors"][attributes["POSITION"]]
    assert steps.min(axis=0).tolist() == about["min"]
    assert steps.max(axis=0).tolist() == about["max"]
    matrix = np.array(document["nodes"][0]["matrix"]).reshape(4, 4).T
    placed = steps @ matrix[:3, :3].T + matrix[:3, 3]
    x, y, z = placed.T
    return Tile(document, np.stack([x, -z, y], axis=1), colours)


def read_tiles(folder: Path) -> dict[tuple[int, int, int, int], Tile]:
    found = {}
    for name, content in unpack(folder).items():
        if name.startswith("content/"):
            level, x, y, z = (int(part) for part in name.removeprefix("content/").removesuffix(".glb").split("/"))
            found[level, x, y, z] = read_tile(content)
    return found


def _interleave(x: int, y: int, z: int) -> int:
    return sum(((x >> bit & 1) | (y >> bit & 1) << 1 | (z >> bit & 1) << 2) << (3 * bit) for bit in range(21))


def _bits(about: dict[str, int], document: dict[str, Any], blob: bytes, count: int) -> NDArray[np.bool_]:
    if "constant" in about:
        return np.full(count, about["constant"] == 1)
    view = document["bufferViews"][about["bitstream"]]
    assert view["byteOffset"] % 8 == 0
    raw = np.frombuffer(blob[view["byteOffset"] : view["byteOffset"] + view["byteLength"]], np.uint8)
    bits = np.unpackbits(raw, bitorder="little")[:count].astype(bool)
    assert bits.sum() == about["availableCount"]
    return bits


def walk_subtrees(folder: Path) -> tuple[set[tuple[int, int, int, int]], set[tuple[int, int, int, int]]]:
    """(tiles, contents) that the subtrees declare available, walked from the root as a viewer does."""
    files = unpack(folder)
    implicit = json.loads((folder / "tileset.json").read_text())["root"]["implicitTiling"]
    height, levels = implicit["subtreeLevels"], implicit["availableLevels"]
    tiles: set[tuple[int, int, int, int]] = set()
    contents: set[tuple[int, int, int, int]] = set()
    waiting = [(0, 0, 0, 0)]
    while waiting:
        level, x, y, z = waiting.pop()
        raw = files[f"subtrees/{level}/{x}/{y}/{z}.subtree"]
        magic, version, json_size, blob_size = struct.unpack_from("<4sIQQ", raw)
        assert (magic, version, len(raw)) == (b"subt", 1, 24 + json_size + blob_size)
        document, blob = json.loads(raw[24 : 24 + json_size]), raw[24 + json_size :]
        count = (8**height - 1) // 7
        present = _bits(document["tileAvailability"], document, blob, count)
        filled = _bits(document["contentAvailability"][0], document, blob, count)
        below = _bits(document["childSubtreeAvailability"], document, blob, 8**height)
        for place in np.flatnonzero(present):
            depth = next(d for d in range(height) if place < (8 ** (d + 1) - 1) // 7)
            node = _at(level, x, y, z, depth=depth, code=int(place) - (8**depth - 1) // 7)
            assert node[0] < levels
            tiles.add(node)
            if filled[place]:
                contents.add(node)
        waiting += [_at(level, x, y, z, depth=height, code=int(code)) for code in np.flatnonzero(below)]
    return tiles, contents


def _at(level: int, x: int, y: int, z: int, *, depth: int, code: int) -> tuple[int, int, int, int]:
    parts = [sum((code >> (3 * bit + axis) & 1) << bit for bit in range(depth)) for axis in range(3)]
    assert _interleave(*parts) == code
    return (level + depth, (x << depth) + parts[0], (y << depth) + parts[1], (z << depth) + parts[2])
