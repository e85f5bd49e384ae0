"""Wavefront OBJ with its MTL: float64, several materials, relative indices, polygons, vertex colours, names with blanks."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.readers.meshes import PLAIN, Material, Mesh, MeshPart, Sources, refusal
from pipeline.readers.meshes import obj_kernels as kernels
from pipeline.readers.meshes.companions import companion_bytes
from pipeline.readers.meshes.faces import assemble, fan
from pipeline.readers.meshes.mtl import materials_of
from pipeline.readers.meshes.srgb import bytes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_BYTES = 4 << 30
_LIBRARY = re.compile(rb"^\s*mtllib\s+(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_CONTINUED = re.compile(rb"\\[ \t]*\r?\n")


@dataclass(frozen=True, slots=True, eq=False)
class _Statements:
    """The file's own lists. ``corners`` (c, 3): place, coordinate, normal from 0; -1 not stated, -2 impossible."""

    places: "NDArray[np.float64]"
    widths: "NDArray[np.int64]"
    coordinates: "NDArray[np.float64]"
    normals: "NDArray[np.float64]"
    corners: "NDArray[np.int64]"
    sizes: "NDArray[np.int64]"
    materials: "NDArray[np.int64]"
    names: tuple[str, ...]


def open_mesh(sources: Sources) -> Mesh:
    """Read the model with the materials that were delivered beside it.

    Raises:
        UnreadableError: no text, no faces, or none that names vertices that exist.
    """
    path = sources[0][1]
    if path.stat().st_size > MOST_BYTES:
        raise refusal("it is larger than 4 GiB, and OBJ has to be read whole")
    content = path.read_bytes()
    if b"\0" in content[:65536]:
        raise refusal("it holds bytes that no text has")
    stated = _statements(_CONTINUED.sub(b" ", content) if b"\\" in content else content)
    return assemble(_parts(stated, _materials(sources, content)), up="y")


def _statements(content: bytes) -> _Statements:
    text = np.frombuffer(content, np.uint8)
    v, vt, vn, f, m, c = (int(count) for count in kernels.count_statements(text))
    places, widths = np.full((v, 7), np.nan), np.zeros(v, np.int64)
    coordinates, normals = np.zeros((vt, 2)), np.zeros((vn, 3))
    corners, sizes = np.empty((c, 3), np.int64), np.zeros(f, np.int64)
    materials, changes = np.zeros(f, np.int64), np.zeros((m, 2), np.int64)
    kernels.fill_statements(text, places, coordinates, normals, corners, sizes, materials, changes, widths)
    corners[corners >= np.array([v, vt, vn])] = -2
    names = tuple(content[first:last].decode("utf-8", "replace").strip() for first, last in changes.tolist())
    return _Statements(places, widths, coordinates, normals, corners, sizes, materials, ("", *names))


def _materials(sources: Sources, content: bytes) -> dict[str, Material]:
    found: dict[str, Material] = {}
    for match in _LIBRARY.finditer(content):
        stated = match[1].decode("utf-8", "surrogateescape")
        # The specification allows several names in one line; names with blanks are more common.
        names = [stated] if companion_bytes(sources, stated) is not None else stated.split()
        for name in names:
            library = companion_bytes(sources, name)
            if library is not None:
                found |= materials_of(library, sources)
    return found


def _parts(stated: _Statements, materials: dict[str, Material]) -> list[MeshPart]:
    """One part for each material name that faces use."""
    if not len(stated.sizes):
        raise refusal("it has no faces")
    triangles = fan(stated.sizes)
    owner = stated.materials[np.repeat(np.arange(len(stated.sizes)), np.maximum(stated.sizes - 2, 0))]
    order = {name: place for place, name in enumerate(dict.fromkeys(stated.names))}
    owner = np.array([order[name] for name in stated.names])[owner]
    found = []
    for name, place in order.items():
        mine = triangles[owner == place]
        if len(mine):
            found.append(_part(stated, mine, materials.get(name) or Material(name, PLAIN.colour)))
    return found


def _part(stated: _Statements, triangles: "NDArray[np.int64]", material: Material) -> MeshPart:
    """Corners that are the same in place, coordinate and normal become one vertex."""
    corners = stated.corners[triangles.ravel()]
    has_uv, has_normals = bool((corners[:, 1] >= 0).all()), bool((corners[:, 2] >= 0).all())
    used = [0, *([1] if has_uv else []), *([2] if has_normals else [])]
    vertices, indices = np.unique(corners[:, used], axis=0, return_inverse=True)
    places = vertices[:, 0]
    # An impossible corner keeps its triangle, with a place that is no number: it is left out and counted like any other.
    positions = np.where((places >= 0)[:, None], stated.places[np.maximum(places, 0), :3], np.nan)
    uv = stated.coordinates[vertices[:, used.index(1)]] * [1, -1] + [0, 1] if has_uv else None
    normals = stated.normals[vertices[:, used.index(2)]].astype(np.float32) if has_normals else None
    return MeshPart(positions, indices.reshape(-1, 3).astype(np.uint32), uv, _colours(stated, places), normals, material)


def _colours(stated: _Statements, places: "NDArray[np.int64]") -> "NDArray[np.uint8] | None":
    """RGB behind x y z, as MeshLab, ZBrush and scanners write it: 0–1, or 0–255 where any value is above 1."""
    if not len(stated.widths) or (stated.widths < 6).any():
        return None
    values = stated.places[np.maximum(places, 0), 3:6]
    return bytes_of(values, scale=255.0 if np.nan_to_num(stated.places[:, 3:6]).max() > 1 else 1.0)
