"""glTF 2.0 in both containers: nodes placed, buffers inside or beside, strides, sparse accessors, quantised and compressed meshes."""

import json
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from archive.errors import UnreadableError
from pipeline.readers.meshes import MOST_TRIANGLES, Material, Mesh, MeshPart, Sources, refusal
from pipeline.readers.meshes.faces import assemble
from pipeline.readers.meshes.gltf_accessors import Accessors, Document
from pipeline.readers.meshes.gltf_materials import material_of, texture_frame
from pipeline.readers.meshes.srgb import to_srgb_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

GLB_JSON = 0x4E4F534A
GLB_BIN = 0x004E4942
MOST_JSON = 256 * 2**20
DEEPEST = 256
MOST_PLACED = 200_000
TRIANGLES, STRIP, FAN = 4, 5, 6
SHAPE_ERRORS = (struct.error, KeyError, IndexError, TypeError, ValueError, OverflowError, AttributeError, RecursionError)
"""What reading a document raises whose parts are not what the specification says; each is told as one sentence."""


def read_document(content: bytes) -> tuple[dict[str, Any], bytes | None]:
    """The JSON of a glTF or GLB, and the GLB's own buffer.

    Raises:
        UnreadableError: no JSON object, or a container whose lengths do not fit.
    """
    text, blob = content, None
    if content[:4] == b"glTF":
        version, length = struct.unpack_from("<II", content, 4) if len(content) >= 20 else (0, 0)
        if version != 2 or not 20 <= length <= len(content):
            raise refusal(f"its container is of version {version} and says it has {length} bytes; there are {len(content)}")
        text, blob = _chunks(content, length)
    if len(text) > MOST_JSON:
        raise refusal("its JSON is longer than 256 MiB")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refusal("its JSON is damaged", str(error)) from error
    if not isinstance(document, dict) or not isinstance(document.get("asset"), dict):
        raise refusal("its JSON does not describe a glTF asset")
    return document, blob


def _chunks(content: bytes, length: int) -> tuple[bytes, bytes | None]:
    size, kind = struct.unpack_from("<II", content, 12)
    if kind != GLB_JSON or 20 + size > length:
        raise refusal("it ends within its JSON")
    at, blob = 20 + size, None
    while at + 8 <= length and blob is None:
        more, kind = struct.unpack_from("<II", content, at)
        if at + 8 + more > length:
            raise refusal("it ends within its buffer")
        blob = content[at + 8 : at + 8 + more] if kind == GLB_BIN else None
        at += 8 + more
    return content[20 : 20 + size], blob


def open_mesh(sources: Sources) -> Mesh:
    """Read the scene.

    Raises:
        UnreadableError: damaged, looping, missing its buffers, compressed in a way that cannot be undone, or empty.
    """
    document, blob = read_document(sources[0][1].read_bytes())
    try:
        accessors = Accessors(Document(document, blob, sources))
        return assemble(_parts(document, accessors), up="y", unit="metre", sure=True)
    except UnreadableError:
        raise
    except SHAPE_ERRORS as error:
        raise refusal("its parts are not what the glTF specification says", f"{type(error).__name__}: {error}") from error


def _parts(document: dict[str, Any], accessors: Accessors) -> list[MeshPart]:
    parts: list[MeshPart] = []
    read: dict[int, list[MeshPart]] = {}
    total = 0
    for mesh, matrix in placed(document):
        if mesh not in read:
            read[mesh] = [part for one in document["meshes"][mesh]["primitives"] if (part := _primitive(document, accessors, one))]
        for part in read[mesh]:
            total += len(part.triangles)
            if total > MOST_TRIANGLES or len(parts) > MOST_PLACED:
                raise refusal("placing its parts gives more triangles or parts than can be opened at once")
            parts.append(_moved(part, matrix))
    return parts


def placed(document: dict[str, Any]) -> "list[tuple[int, NDArray[np.float64]]]":
    """Every mesh of the scene with the matrix (4, 4) that places it; without scenes, every node that is no child.

    Raises:
        UnreadableError: nodes that hold one another, or more of them than any model has.
    """
    nodes = document.get("nodes", [])
    scenes = document.get("scenes")
    if scenes:
        roots = scenes[document.get("scene", 0)].get("nodes", [])
    else:
        roots = sorted(set(range(len(nodes))) - {child for node in nodes for child in node.get("children", [])})
        if nodes and not roots:
            raise refusal("its nodes hold one another in a circle")
    found: list[tuple[int, NDArray[np.float64]]] = []
    open_nodes: list[tuple[int, NDArray[np.float64], int]] = [(root, np.eye(4), 0) for root in reversed(roots)]
    visited = 0
    while open_nodes:
        place, above, depth = open_nodes.pop()
        visited += 1
        if depth > DEEPEST or visited > MOST_PLACED:
            raise refusal("its nodes hold one another in a circle, or there are too many of them")
        node = nodes[place]
        matrix = above @ _matrix(node)
        if "mesh" in node:
            found.append((node["mesh"], matrix))
        open_nodes.extend((child, matrix, depth + 1) for child in reversed(node.get("children", [])))
    if not nodes:
        found = [(place, np.eye(4)) for place in range(len(document.get("meshes", [])))]
    return found


def _matrix(node: dict[str, Any]) -> "NDArray[np.float64]":
    """The node's own transform (glTF 2.0, 3.5.3): a matrix, or translation × rotation × scale."""
    if "matrix" in node:
        return np.array(node["matrix"], np.float64).reshape(4, 4).T
    x, y, z, w = (float(value) for value in node.get("rotation", (0, 0, 0, 1)))
    turn = np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.array(node.get("scale", (1, 1, 1)), np.float64)
    matrix[:3, 3] = node.get("translation", (0, 0, 0))
    return matrix


def _moved(part: MeshPart, matrix: "NDArray[np.float64]") -> MeshPart:
    linear = matrix[:3, :3]
    with np.errstate(all="ignore"):
        positions = part.positions @ linear.T + matrix[:3, 3]
    mirrored = np.linalg.det(linear) < 0
    triangles = part.triangles[:, ::-1] if mirrored else part.triangles
    if part.normals is None:
        return replace(part, positions=positions, triangles=triangles)
    with np.errstate(all="ignore"):
        cofactors = np.cross(linear[[1, 2, 0]], linear[[2, 0, 1]]) * (-1 if mirrored else 1)
        normals = (part.normals @ cofactors.T).astype(np.float32)
    return replace(part, positions=positions, triangles=triangles, normals=normals)


def _primitive(document: dict[str, Any], accessors: Accessors, primitive: dict[str, Any]) -> MeshPart | None:
    mode = primitive.get("mode", TRIANGLES)
    if mode not in {TRIANGLES, STRIP, FAN}:
        return None
    attributes = accessors.primitive(primitive)
    positions = attributes["POSITION"][:, :3].astype(np.float64)
    indices = attributes.get("indices")
    if indices is None:
        indices = np.arange(len(positions), dtype=np.int64)[:, None]
    material, channel, transform = _material(document, accessors, primitive)
    uv = attributes.get(f"TEXCOORD_{channel}")
    colours, normals = attributes.get("COLOR_0"), attributes.get("NORMAL")
    return MeshPart(
        positions,
        _triangles(indices[:, 0].astype(np.int64), mode),
        None if uv is None or len(uv) != len(positions) else uv[:, :2].astype(np.float64) @ transform[:2, :2].T + transform[:2, 2],
        None if colours is None or len(colours) != len(positions) else to_srgb_bytes(colours),
        None if normals is None or len(normals) != len(positions) else normals[:, :3].astype(np.float32),
        material,
    )


def _material(document: dict[str, Any], accessors: Accessors, primitive: dict[str, Any]) -> "tuple[Material, int, NDArray[np.float64]]":
    place = primitive.get("material")
    if place is None:
        return Material(), 0, np.eye(3)
    stated = document["materials"][place]
    if place not in accessors.materials:
        accessors.materials[place] = material_of(document, stated, accessors.image)
    return accessors.materials[place], *texture_frame(stated)


def _triangles(indices: "NDArray[np.int64]", mode: int) -> "NDArray[np.uint32]":
    """Triangles (m, 3), kept signed here so that what is out of range stays so."""
    if mode == TRIANGLES:
        return indices[: len(indices) // 3 * 3].reshape(-1, 3)  # type: ignore[return-value]
    steps = np.arange(max(len(indices) - 2, 0))
    if mode == FAN:
        corners = np.stack([steps + 1, steps + 2, np.zeros_like(steps)], axis=1)
    else:
        odd = steps % 2
        corners = np.stack([steps, steps + 1 + odd, steps + 2 - odd], axis=1)
    return indices[corners]  # type: ignore[return-value]
