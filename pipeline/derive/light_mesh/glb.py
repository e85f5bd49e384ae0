"""Writes the light view as binary glTF 2.0: quantised, EXT_meshopt_compression version 0, WebP textures, nothing in words."""

import ctypes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.derive.glb_container import container
from pipeline.readers.meshes.srgb import linear_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.derive.shapes.frame import Frame
    from pipeline.readers.meshes import Material, MeshPart

BYTE, UNSIGNED_BYTE, UNSIGNED_SHORT, UNSIGNED_INT, FLOAT = 5120, 5121, 5123, 5125, 5126
VERTICES, INDICES = 34962, 34963
STEPS = 65535


@dataclass(slots=True)
class _Writer:
    """The document as it grows: ``blob`` holds compressed bytes, ``loose`` counts the bytes they stand for."""

    document: dict[str, Any]
    blob: bytearray = field(default_factory=bytearray)
    loose: int = 0

    def add(self, name: str, entry: dict[str, Any]) -> int:
        """Append to one of the document's lists; its place there."""
        entries: list[dict[str, Any]] = self.document.setdefault(name, [])
        entries.append(entry)
        return len(entries) - 1

    def append(self, content: bytes) -> int:
        """Append bytes to the buffer, aligned; where they begin."""
        self.blob += bytes(-len(self.blob) % 4)
        start = len(self.blob)
        self.blob += content
        return start

    def packed(self, content: bytes, shape: tuple[int, int], mode: str) -> int:
        """A compressed view of (elements, bytes of one)."""
        count, stride = shape
        start, self.loose = self.loose, self.loose + count * stride
        packed = {"buffer": 0, "byteOffset": self.append(content), "byteLength": len(content), "byteStride": stride, "count": count}
        view: dict[str, Any] = {"buffer": 1, "byteOffset": start, "byteLength": count * stride}
        if mode == "ATTRIBUTES":
            view |= {"byteStride": stride, "target": VERTICES}
        else:
            view["target"] = INDICES
        return self.add("bufferViews", view | {"extensions": {"EXT_meshopt_compression": packed | {"mode": mode}}})

    def attribute(self, values: "NDArray[Any]", component: int, width: int, **more: Any) -> int:
        """An accessor over one vertex attribute (n, columns); ``width`` of its columns count, the rest is padding."""
        view = self.packed(_encoded(values), (len(values), values.strides[0]), "ATTRIBUTES")
        kind = {2: "VEC2", 3: "VEC3"}[width]
        return self.add("accessors", {"bufferView": view, "componentType": component, "count": len(values), "type": kind, **more})


def _library() -> Any:
    from meshoptimizer._loader import lib  # its wrapper copies every buffer twice

    lib.meshopt_encodeVertexVersion(0)
    lib.meshopt_encodeIndexVersion(1)
    return lib


def _encoded(values: "NDArray[Any]") -> bytes:
    library = _library()
    count, stride = len(values), values.strides[0]
    out = np.empty(library.meshopt_encodeVertexBufferBound(count, stride), np.uint8)
    place = out.ctypes.data_as(ctypes.POINTER(ctypes.c_ubyte))
    size = library.meshopt_encodeVertexBuffer(place, len(out), values.ctypes.data_as(ctypes.c_void_p), count, stride)
    return out[:size].tobytes()


def _encoded_indices(indices: "NDArray[np.uint32]", vertices: int) -> bytes:
    library = _library()
    out = np.empty(library.meshopt_encodeIndexBufferBound(len(indices), vertices), np.uint8)
    place, given = (array.ctypes.data_as(ctypes.POINTER(kind)) for array, kind in ((out, ctypes.c_ubyte), (indices, ctypes.c_uint)))
    size = library.meshopt_encodeIndexBuffer(place, len(out), given, len(indices))
    return out[:size].tobytes()


def _padded(values: "NDArray[Any]", columns: int) -> "NDArray[Any]":
    out = np.zeros((len(values), columns), values.dtype)
    out[:, : values.shape[1]] = values
    return out


def _geometry(writer: _Writer, part: "MeshPart", grid: "tuple[NDArray[np.float64], float]") -> dict[str, Any]:
    """One primitive without its material."""
    low, step = grid
    places = np.clip(np.rint((part.positions - low) / step), 0, STEPS).astype(np.uint16)
    ends = {"min": places.min(axis=0).tolist(), "max": places.max(axis=0).tolist()}
    attributes = {"POSITION": writer.attribute(_padded(places, 4), UNSIGNED_SHORT, 3, **ends)}
    if part.normals is not None:
        attributes["NORMAL"] = writer.attribute(_padded(np.rint(part.normals * 127).astype(np.int8), 4), BYTE, 3, normalized=True)
    if part.colours is not None:
        light = np.rint(linear_of(part.colours[:, :3] / 255) * STEPS).astype(np.uint16)
        attributes["COLOR_0"] = writer.attribute(_padded(light, 4), UNSIGNED_SHORT, 3, normalized=True)
    if part.uv is not None:
        attributes["TEXCOORD_0"] = _coordinates(writer, part.uv)
    indices = np.ascontiguousarray(part.triangles).ravel()
    view = writer.packed(_encoded_indices(indices, len(places)), (len(indices), 4), "TRIANGLES")
    accessor = {"bufferView": view, "componentType": UNSIGNED_INT, "count": len(indices), "type": "SCALAR"}
    return {"attributes": attributes, "indices": writer.add("accessors", accessor)}


def _coordinates(writer: _Writer, uv: "NDArray[np.float64]") -> int:
    """Sixteen bits where they lie on the image; floats where the image repeats."""
    if uv.min() >= 0 and uv.max() <= 1:
        return writer.attribute(np.rint(uv * STEPS).astype(np.uint16), UNSIGNED_SHORT, 2, normalized=True)
    return writer.attribute(np.ascontiguousarray(uv.astype(np.float32)), FLOAT, 2)


def _material(writer: _Writer, material: "Material", image: int | None) -> int:
    surface: dict[str, Any] = {"baseColorFactor": [round(value, 6) for value in material.colour], "metallicFactor": 0, "roughnessFactor": 1}
    if image is not None:
        surface["baseColorTexture"] = {"index": image}
    entry: dict[str, Any] = {"pbrMetallicRoughness": surface, "doubleSided": True}
    if material.alpha != "opaque":
        entry["alphaMode"] = material.alpha.upper()
    return writer.add("materials", entry)


def _textures(writer: _Writer, textures: dict[bytes, bytes]) -> dict[bytes, int]:
    places = {}
    for source, content in textures.items():
        view = writer.add("bufferViews", {"buffer": 0, "byteOffset": writer.append(content), "byteLength": len(content)})
        image = writer.add("images", {"bufferView": view, "mimeType": "image/webp"})
        places[source] = writer.add("textures", {"extensions": {"EXT_texture_webp": {"source": image}}})
    return places


def grid_step(frame: "Frame") -> float:
    """The step of the grid that positions are rounded to, in the unit shown."""
    return float((frame.high - frame.low).max()) / STEPS or 1.0


def glb_of(parts: "list[MeshPart]", textures: dict[bytes, bytes], frame: "Frame") -> bytes:
    """The GLB.

    Args:
        parts: with normals, in the frame.
        textures: image as delivered → WebP.
        frame: for the grid on which positions stand: one step for all axes.
    """
    extensions = ["KHR_mesh_quantization", "EXT_meshopt_compression", *(["EXT_texture_webp"] if textures else [])]
    step = grid_step(frame)
    writer = _Writer(
        {
            "asset": {"version": "2.0", "generator": "Ditich"},
            "extensionsUsed": extensions,
            "extensionsRequired": extensions,
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": [{"mesh": 0, "translation": [float(value) for value in frame.low], "scale": [step] * 3}],
        }
    )
    primitives = [_geometry(writer, part, (frame.low, step)) for part in parts]
    places = _textures(writer, textures)
    for part, primitive in zip(parts, primitives, strict=True):
        image = places.get(part.material.texture) if part.material.texture and part.uv is not None else None
        primitive["material"] = _material(writer, part.material, image)
    writer.document["meshes"] = [{"primitives": primitives}]
    writer.append(b"")
    loose = {"byteLength": writer.loose, "extensions": {"EXT_meshopt_compression": {"fallback": True}}}
    writer.document["buffers"] = [{"byteLength": len(writer.blob)}, loose]
    return container(writer.document, bytes(writer.blob))
