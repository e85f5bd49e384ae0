"""From any number of parts of any size to few parts with few triangles: joined by material, welded, simplified, given normals."""

import ctypes
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.derive.shapes.normals import with_normals
from pipeline.readers.meshes import MeshPart, refusal

if TYPE_CHECKING:
    from numpy.typing import NDArray

PRUNE, PERMISSIVE = 1 << 3, 1 << 5
"""Options of meshopt_simplify: drop bits that float free and are smaller than the error; collapse across seams."""
UV_WEIGHT, NORMAL_WEIGHT, COLOUR_WEIGHT = 0.6, 0.4, 0.5
MOST_PARTS = 64
"""More materials than this are drawn with the look of the largest of them that has the same kinds of numbers."""


def prepared(parts: list[MeshPart]) -> list[MeshPart]:
    """One part for each look, welded.

    Raises:
        UnreadableError: no triangle has an area.
    """
    joined = [part for one in _joined(parts) if len((part := _welded(one)).triangles)]
    if not joined:
        raise refusal("all its triangles are without area")
    return joined


def thinned(parts: list[MeshPart], most: int) -> list[MeshPart]:
    """Prepared parts with at most about ``most`` triangles in all; what it gives can be thinned again."""
    total = sum(len(part.triangles) for part in parts)
    if total <= most:
        return parts
    simplified = [_simplified(part, max(4, len(part.triangles) * most // total)) for part in parts]
    return [part for part in simplified if len(part.triangles)] or parts


def finished(parts: list[MeshPart]) -> list[MeshPart]:
    """The parts with normals, ready to be written, the largest first."""
    return sorted((_ordered(with_normals(part)) for part in parts), key=lambda part: -len(part.triangles))


def _look(part: MeshPart) -> tuple[Any, ...]:
    """What two parts must share to become one."""
    material = part.material
    uv = part.uv is not None and material.texture is not None
    look = (material.colour, material.texture if uv else None, material.alpha, material.shade)
    return (*look, uv, part.colours is not None, part.normals is not None)


def _joined(parts: list[MeshPart]) -> list[MeshPart]:
    """One part for each look; beyond MOST_PARTS looks, those that only differ in colour or image fall together."""
    looks = {_look(part) for part in parts}
    groups: dict[tuple[Any, ...], list[MeshPart]] = {}
    for part in sorted(parts, key=lambda part: -len(part.triangles)):
        look = _look(part)
        groups.setdefault(look if len(looks) <= MOST_PARTS else look[4:], []).append(part)
    return [_one(group) for group in groups.values()]


def _one(group: list[MeshPart]) -> MeshPart:
    first = group[0]
    keep_uv = first.uv is not None and first.material.texture is not None
    starts = np.cumsum([0, *(len(part.positions) for part in group)])

    def together(name: str) -> Any:
        arrays = [getattr(part, name) for part in group]
        return np.concatenate(arrays) if all(array is not None for array in arrays) else None

    return MeshPart(
        together("positions"),
        np.concatenate([part.triangles + np.uint32(start) for part, start in zip(group, starts[:-1], strict=True)]),
        together("uv") if keep_uv else None,
        together("colours"),
        together("normals"),
        first.material,
    )


def _subset(part: MeshPart, places: "NDArray[Any]", triangles: "NDArray[np.uint32]") -> MeshPart:
    """The part with only the vertices ``places``, in that order."""
    return MeshPart(
        part.positions[places],
        triangles,
        None if part.uv is None else part.uv[places],
        None if part.colours is None else part.colours[places],
        None if part.normals is None else part.normals[places],
        part.material,
    )


def _welded(part: MeshPart) -> MeshPart:
    """Vertices that are the same in everything become one; unused ones and triangles without area go."""
    used = np.unique(part.triangles)
    rows = [part.positions[used].astype(np.float32)]
    if part.uv is not None:
        rows.append(part.uv[used].astype(np.float32))
    if part.normals is not None:
        rows.append(np.rint(part.normals[used] * 64).astype(np.float32))
    if part.colours is not None:
        rows.append(part.colours[used].astype(np.float32))
    # Adding zero turns -0 into 0: rows are compared by their bytes.
    table = np.ascontiguousarray(np.concatenate(rows, axis=1) + np.float32(0))
    keys = table.view(np.dtype((np.void, table.itemsize * table.shape[1])))[:, 0]
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    # In the order of the file: neighbours in the file are neighbours in space.
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    of_vertex = np.zeros(int(used[-1]) + 1, np.uint32)
    of_vertex[used] = rank[inverse]
    triangles = of_vertex[part.triangles]
    a, b, c = triangles.T
    triangles = triangles[(a != b) & (b != c) & (c != a)]
    return _subset(part, used[first[order]], triangles)


def _attributes(part: MeshPart) -> "tuple[NDArray[np.float32], NDArray[np.float32]]":
    """Per-vertex numbers that a simplification should spare, and their weights."""
    columns: list[NDArray[Any]] = []
    weights: list[float] = []
    if part.uv is not None:
        columns.append(part.uv.astype(np.float32))
        weights += [UV_WEIGHT] * 2
    if part.normals is not None:
        columns.append(part.normals)
        weights += [NORMAL_WEIGHT] * 3
    if part.colours is not None:
        columns.append(part.colours[:, :3].astype(np.float32) / 255)
        weights += [COLOUR_WEIGHT] * 3
    if not columns:
        return np.zeros((len(part.positions), 1), np.float32), np.zeros(1, np.float32)
    return np.ascontiguousarray(np.concatenate(columns, axis=1)), np.array(weights, np.float32)


def _simplified(part: MeshPart, most: int) -> MeshPart:
    """At most about ``most`` triangles: seams are kept where that can be done, else collapsed across; free bits go first."""
    triangles = _collapsed(part, most, PRUNE)
    if len(triangles) > 1.1 * most:
        triangles = _collapsed(part, most, PRUNE | PERMISSIVE)
    places, inverse = np.unique(triangles, return_inverse=True)
    return _subset(part, places, inverse.reshape(-1, 3).astype(np.uint32)) if len(places) else replace(part, triangles=triangles)


def _pointer(array: "NDArray[Any]") -> Any:
    return array.ctypes.data_as(ctypes.c_void_p)


def _collapsed(part: MeshPart, most: int, options: int) -> "NDArray[np.uint32]":
    from meshoptimizer._loader import lib  # its own wrapper of this function declares no argument types: floats arrive as garbage

    size, real, place = ctypes.c_size_t, ctypes.c_float, ctypes.c_void_p
    collapse = lib.meshopt_simplifyWithAttributes
    collapse.argtypes = [place, place, size, place, size, size, place, size, place, size, place, size, real, ctypes.c_uint, place]
    collapse.restype = size
    positions, indices = part.positions.astype(np.float32), np.ascontiguousarray(part.triangles).ravel()
    attributes, weights = _attributes(part)
    out = np.empty_like(indices)
    count = collapse(
        *(_pointer(out), _pointer(indices), len(indices), _pointer(positions), len(positions), 12),
        *(_pointer(attributes), attributes.strides[0], _pointer(weights), len(weights), None, most * 3, 1.0, options, None),
    )
    return out[:count].reshape(-1, 3)


def _ordered(part: MeshPart) -> MeshPart:
    """Triangles and vertices in the order that compresses best and that graphics cards like."""
    from meshoptimizer import optimize_vertex_cache

    indices = np.ascontiguousarray(part.triangles).ravel()
    out = np.empty_like(indices)
    optimize_vertex_cache(out, indices, vertex_count=len(part.positions))
    _, first, inverse = np.unique(out, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return _subset(part, out[first[order]].astype(np.int64), rank[inverse].reshape(-1, 3).astype(np.uint32))
