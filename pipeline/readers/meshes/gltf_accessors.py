"""The numbers of a glTF: buffers, views, accessors and the two compressions, with every length checked before it is used."""

import base64
import binascii
import ctypes
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import numpy as np

from pipeline.readers.meshes import Material, Sources, refusal
from pipeline.readers.meshes.companions import companion_bytes
from pipeline.readers.meshes.draco import decoded

if TYPE_CHECKING:
    from numpy.typing import NDArray

COMPONENTS = {5120: "i1", 5121: "u1", 5122: "i2", 5123: "u2", 5125: "u4", 5126: "f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")
DRACO = "KHR_draco_mesh_compression"
KNOWN = {"KHR_mesh_quantization", *MESHOPT, DRACO}
MOST_ZEROS = 1_000_000
MOST_DECODED = 1 << 30
WANTED = ("POSITION", "NORMAL", "COLOR_0")


@dataclass(frozen=True, slots=True)
class Document:
    """A glTF's JSON, the buffer inside its GLB, and the files delivered with it."""

    json: dict[str, Any]
    blob: bytes | None
    sources: Sources


@dataclass(slots=True)
class Accessors:
    """Reads accessors and images of one document; buffers and decoded views are kept while it is read."""

    document: Document
    materials: dict[int, Material] = field(default_factory=dict)
    _buffers: dict[int, bytes] = field(default_factory=dict)
    _views: dict[int, bytes] = field(default_factory=dict)

    def primitive(self, primitive: dict[str, Any]) -> "dict[str, NDArray[Any]]":
        """The attributes that a drawing needs, each (n, k), and "indices" (n, 1) where stated; normalised integers as 0–1."""
        attributes = primitive["attributes"]
        names = [name for name in attributes if name in WANTED or name.startswith("TEXCOORD_")]
        squeezed = primitive.get("extensions", {}).get(DRACO)
        if squeezed is not None:
            return decoded(self.view(squeezed["bufferView"]), {name: squeezed["attributes"][name] for name in names})
        found = {name: self.array(attributes[name]) for name in names}
        if "indices" in primitive:
            found["indices"] = self.array(primitive["indices"])
        return found

    def array(self, place: int) -> "NDArray[Any]":
        """An accessor's elements (count, width); normalised integers become float64."""
        accessor = self.document.json["accessors"][_index(place)]
        kind = np.dtype("<" + COMPONENTS[accessor["componentType"]])
        count, width = _count(accessor["count"]), WIDTHS[accessor["type"]]
        if "bufferView" in accessor:
            values = self._strided(accessor, kind, (count, width))
        elif count <= MOST_ZEROS:
            values = np.zeros((count, width), kind)
        else:
            raise refusal(f"it states {count} elements and has no bytes for them")
        if "sparse" in accessor:
            values = self._sparse(values, accessor["sparse"])
        if not accessor.get("normalized") or kind.kind == "f":
            return values
        # glTF 2.0, 3.11: c / (2^b - 1), and max(c / (2^(b-1) - 1), -1) for signed ones.
        return np.maximum(values.astype(np.float64) / np.iinfo(kind).max, -1.0)

    def _strided(self, accessor: dict[str, Any], kind: "np.dtype[Any]", shape: tuple[int, int]) -> "NDArray[Any]":
        view = self.document.json["bufferViews"][_index(accessor["bufferView"])]
        content = self.view(accessor["bufferView"])
        start, row = _count(accessor.get("byteOffset", 0)), kind.itemsize * shape[1]
        stride = _count(view.get("byteStride", 0)) or row
        if shape[0] and start + (shape[0] - 1) * stride + row > len(content):
            raise refusal(f"it states {shape[0]} elements where there are bytes for {max(0, len(content) - start) // stride}")
        if not shape[0]:
            return np.zeros(shape, kind)
        return np.ndarray(shape, kind, content, start, (stride, kind.itemsize)).copy()

    def _sparse(self, values: "NDArray[Any]", sparse: dict[str, Any]) -> "NDArray[Any]":
        count = _count(sparse["count"])
        stated = sparse["indices"]
        places = self._strided(stated, np.dtype("<" + COMPONENTS[stated["componentType"]]), (count, 1))[:, 0]
        changed = self._strided(sparse["values"], values.dtype, (count, values.shape[1]))
        if count and int(places.max()) >= len(values):
            raise refusal("a sparse accessor changes elements that do not exist")
        values[places] = changed
        return values

    def view(self, place: int) -> bytes:
        """The bytes of a buffer view, decompressed."""
        place = _index(place)
        if place not in self._views:
            view = self.document.json["bufferViews"][place]
            packed = next((one for name in MESHOPT if (one := view.get("extensions", {}).get(name))), None)
            self._views[place] = _unpacked(self._slice(packed), packed) if packed else self._slice(view)
        return self._views[place]

    def _slice(self, view: dict[str, Any]) -> bytes:
        content = self.buffer(view["buffer"])
        start, size = _count(view.get("byteOffset", 0)), _count(view["byteLength"])
        if start + size > len(content):
            raise refusal(f"a buffer ends {start + size - len(content)} bytes before its content")
        return content[start : start + size]

    def buffer(self, place: int) -> bytes:
        """A buffer's bytes: inside the GLB, in the JSON as data, or in a file beside it."""
        place = _index(place)
        if place not in self._buffers:
            stated = self.document.json["buffers"][place]
            if "uri" in stated:
                content, missing = self._fetched(stated["uri"])
            else:
                content, missing = (self.document.blob, "") if place == 0 else (None, "")
            if content is None:
                raise refusal(f"its buffer {missing or place} is not among the files")
            self._buffers[place] = content
        return self._buffers[place]

    def _fetched(self, uri: str) -> tuple[bytes | None, str]:
        if not uri.startswith("data:"):
            return companion_bytes(self.document.sources, uri), unquote(uri)
        head, _, body = uri.partition(",")
        try:
            return (base64.b64decode(body, validate=True) if head.endswith(";base64") else unquote(body).encode("latin-1")), ""
        except (binascii.Error, UnicodeEncodeError):
            return None, "in its own JSON"

    def image(self, place: int) -> tuple[bytes | None, str]:
        """An image's bytes, or None and the name of what is missing."""
        stated = self.document.json["images"][_index(place)]
        if "bufferView" in stated:
            return self.view(stated["bufferView"]), ""
        content, name = self._fetched(stated["uri"])
        return content, "" if content else name


def _index(place: Any) -> int:
    if not isinstance(place, int) or place < 0:
        raise refusal(f"it names a part by “{str(place)[:40]}”")
    return place


def _count(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value < 1 << 40:
        raise refusal(f"it states “{str(value)[:40]}” where a count should stand")
    return value


def _unpacked(content: bytes, packed: dict[str, Any]) -> bytes:
    """Undo EXT_meshopt_compression: attributes, triangles or indices, then the filter."""
    from meshoptimizer._loader import lib  # the wrapper has no filters and copies twice

    count, stride, mode = _count(packed["count"]), _count(packed["byteStride"]), packed["mode"]
    if count * stride > MOST_DECODED or stride not in ({2, 4} if mode != "ATTRIBUTES" else range(4, 257, 4)):
        raise refusal(f"a compressed part states {count} elements of {stride} bytes")
    out = np.zeros(count * stride, np.uint8)
    place, size = out.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t
    source = np.frombuffer(content, np.uint8)
    decode = {"ATTRIBUTES": "VertexBuffer", "TRIANGLES": "IndexBuffer", "INDICES": "IndexSequence"}[mode]
    function = getattr(lib, f"meshopt_decode{decode}")
    given = source.ctypes.data_as(ctypes.POINTER(ctypes.c_ubyte))
    if function(place, size(count), size(stride), given, size(len(source))):
        raise refusal("a compressed part is damaged")
    name = {"OCTAHEDRAL": "Oct", "QUATERNION": "Quat", "EXPONENTIAL": "Exp"}.get(packed.get("filter", "NONE"))
    if name:
        undo = getattr(lib, f"meshopt_decodeFilter{name}")
        undo.argtypes, undo.restype = [ctypes.c_void_p, size, size], None
        undo(place, count, stride)
    return out.tobytes()
