"""Which other files a mesh or cloud names inside its own bytes. Runs in a parser worker; reads a bounded amount.

Sources: Wavefront OBJ/MTL (``mtllib``, ``map_*``, ``bump``, ``disp``, ``decal``, ``refl``, ``norm``), glTF 2.0 §3.6.1 and §3.9.2 (``uri``,
percent-encoded, ``data:`` inline), Collada 1.4/1.5 ``image/init_from``, the ``comment TextureFile`` that MeshLab writes into PLY.
"""

import json
import re
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from archive.errors import UnreadableError

if TYPE_CHECKING:
    from pipeline.workers import WorkerInput

READ_AT_MOST = 64 * 2**20
"""OBJ keeps ``mtllib`` at the top by habit, not by rule; other formats keep their references in a header or are small."""
_MAP = re.compile(rb"^\s*(?:map_\w+|bump|disp|decal|refl|norm)\s+(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_MTLLIB = re.compile(rb"^\s*mtllib\s+(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_OPTION = re.compile(r"^-(?:(?:o|s|t)(?:\s+-?[\d.]+){1,3}|mm(?:\s+-?[\d.]+){2}|[a-z]+\s+\S+)\s+", re.IGNORECASE)
_INIT_FROM = re.compile(rb"<init_from>\s*(?:<ref>)?\s*([^<]+?)\s*<", re.IGNORECASE)
_TEXTURE_COMMENT = re.compile(rb"^comment\s+TextureFile\s+(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_GLB_JSON = 0x4E4F534A


def read(source: "WorkerInput", *, name: str) -> tuple[str, ...]:
    """Names of other files as written in this one, in their order, without repeats; ``name`` is the format.

    Raises:
        UnreadableError: a glTF whose JSON cannot be read.
    """
    head = source.stream.read(READ_AT_MOST)
    return tuple(dict.fromkeys(reference for reference in _READERS[name](head) if reference))


def _obj(head: bytes) -> Iterator[str]:
    for match in _MTLLIB.finditer(head):
        yield _words(match[1])


def _mtl(head: bytes) -> Iterator[str]:
    for match in _MAP.finditer(head):
        yield without_options(_words(match[1]))


def without_options(text: str) -> str:
    """The file name of a ``map_`` statement: options before it are dropped, quotes around it too, blanks inside it kept."""
    while option := _OPTION.match(text):
        text = text[option.end() :]
    return text.strip().strip('"')


def _gltf(head: bytes) -> Iterator[str]:
    try:
        document = json.loads(_glb_json(head) if head.startswith(b"glTF") else head)
    except (ValueError, RecursionError, struct.error) as error:
        raise UnreadableError(f"The glTF's JSON cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise UnreadableError("The glTF's JSON is not an object.")
    for part in ("buffers", "images"):
        for entry in _list(document.get(part)):
            uri = entry.get("uri") if isinstance(entry, dict) else None
            if isinstance(uri, str) and not uri.startswith("data:"):
                yield unquote(uri)


def _glb_json(head: bytes) -> bytes:
    length, kind = struct.unpack_from("<II", head, 12)
    return head[20 : 20 + length] if kind == _GLB_JSON else b"{}"


def _dae(head: bytes) -> Iterator[str]:
    for match in _INIT_FROM.finditer(head):
        reference = unquote(_words(match[1]))
        # An init_from without a dot is the identifier of an image in the same document.
        if "." in reference:
            yield reference.removeprefix("file://").removeprefix("./")


def _ply(head: bytes) -> Iterator[str]:
    for match in _TEXTURE_COMMENT.finditer(head.partition(b"end_header")[0]):
        yield _words(match[1])


def _words(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape").strip().strip('"')


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_READERS = {"obj": _obj, "mtl": _mtl, "gltf": _gltf, "glb": _gltf, "dae": _dae, "ply": _ply}
FORMATS_WITH_REFERENCES = frozenset(_READERS)
