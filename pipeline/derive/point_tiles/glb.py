"""One tile as binary glTF 2.0: POINTS, KHR_mesh_quantization positions, COLOR_0 in linear light, EXT_meshopt_compression version 0."""

import ctypes
import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.derive.point_tiles import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.derive.point_tiles.frame import Frame

EXTENSIONS = ["KHR_mesh_quantization", "EXT_meshopt_compression"]
POINTS_MODE = 0
UNSIGNED_SHORT = 5123
UNSIGNED_BYTE = 5121
VERTEX_TARGET = 34962


def meshopt_library() -> Any:  # ctypes has no types for what it loads
    """The meshoptimizer library, set to write the codec version that EXT_meshopt_compression defines."""
    from meshoptimizer._loader import lib  # its wrapper copies every buffer twice

    lib.meshopt_encodeVertexVersion(0)
    return lib


def _encoded(library: Any, array: "NDArray[Any]") -> bytes:
    count, stride = len(array), array.strides[0]
    bound = library.meshopt_encodeVertexBufferBound(count, stride)
    out = np.empty(bound, np.uint8)
    place = out.ctypes.data_as(ctypes.POINTER(ctypes.c_ubyte))
    size = library.meshopt_encodeVertexBuffer(place, bound, array.ctypes.data_as(ctypes.c_void_p), count, stride)
    if size <= 0:
        message = "meshoptimizer refused a vertex buffer"
        raise RuntimeError(message)
    return out[:size].tobytes()


def _view(start: int, size: int, array: "NDArray[Any]", offset: int) -> dict[str, Any]:
    stride = array.strides[0]
    packed = {"buffer": 0, "byteOffset": start, "byteLength": size, "byteStride": stride, "count": len(array), "mode": "ATTRIBUTES"}
    return {
        "buffer": 1,
        "byteOffset": offset,
        "byteLength": len(array) * stride,
        "byteStride": stride,
        "target": VERTEX_TARGET,
        "extensions": {"EXT_meshopt_compression": packed},
    }


def node_matrix(frame: "Frame", node: tuple[int, int, int, int], coarse: int) -> list[float]:
    """Column-major matrix from node-relative steps to the local frame, turned from z up to glTF's y up: (x, y, z) → (x, z, -y).

    Dropped low bits are put back as their middle.
    """
    level, *place = node
    scale = frame.unit * (1 << coarse)
    middle = frame.unit * ((1 << coarse) - 1) / 2
    edge = frame.unit * (1 << (frame.bits - level))
    x, y, z = (place[k] * edge + frame.corner[k] + middle for k in range(3))
    return [scale, 0.0, 0.0, 0.0, 0.0, 0.0, -scale, 0.0, 0.0, scale, 0.0, 0.0, x, z, -y, 1.0]


def encode_node(library: Any, frame: "Frame", node: tuple[int, int, int, int], records: "NDArray[np.uint32]") -> bytes:
    """The GLB of one node (level, x, y, z) with its records (n, 4) uint32: grid x, y, z and packed linear colour."""
    side = frame.bits - node[0]
    coarse = max(0, side - 16)
    positions, colours = np.empty((len(records), 4), np.uint16), np.empty((len(records), 4), np.uint8)
    kernels.node_arrays(records, side, coarse, positions, colours)
    first, second = _encoded(library, positions), _encoded(library, colours)
    padding = -len(first) % 4
    blob = first + bytes(padding) + second + bytes(-len(second) % 4)
    document = {
        "asset": {"version": "2.0", "generator": "Ditich"},
        "extensionsUsed": EXTENSIONS,
        "extensionsRequired": EXTENSIONS,
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "matrix": node_matrix(frame, node, coarse)}],
        "meshes": [{"primitives": [{"mode": POINTS_MODE, "attributes": {"POSITION": 0, "COLOR_0": 1}}]}],
        "accessors": [
            {
                "bufferView": 0,
                "componentType": UNSIGNED_SHORT,
                "count": len(records),
                "type": "VEC3",
                "min": positions[:, :3].min(axis=0).tolist(),
                "max": positions[:, :3].max(axis=0).tolist(),
            },
            {"bufferView": 1, "componentType": UNSIGNED_BYTE, "normalized": True, "count": len(records), "type": "VEC3"},
        ],
        "bufferViews": [
            _view(0, len(first), positions, 0),
            _view(len(first) + padding, len(second), colours, positions.nbytes),
        ],
        "buffers": [
            {"byteLength": len(blob)},
            {"byteLength": positions.nbytes + colours.nbytes, "extensions": {"EXT_meshopt_compression": {"fallback": True}}},
        ],
    }
    return _container(document, blob)


def _container(document: dict[str, Any], blob: bytes) -> bytes:
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    size = 12 + 8 + len(text) + 8 + len(blob)
    head = struct.pack("<4sIIII", b"glTF", 2, size, len(text), 0x4E4F534A)
    return head + text + struct.pack("<II", len(blob), 0x004E4942) + blob
