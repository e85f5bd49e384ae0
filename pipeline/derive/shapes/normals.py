"""Normals where the file has none: smooth over surfaces, sharp over creases."""

# numba infers the types of the compiled functions; annotations would repeat the docstrings without being checked.
# mypy: disable-error-code="no-untyped-def,no-untyped-call,assignment,operator"
# ruff: noqa: ANN001, ANN202, D417, PLR0913, PLR0917

import math
from dataclasses import replace

import numba
import numpy as np

from pipeline.readers.meshes import MeshPart

njit = numba.njit(nogil=True, cache=True)

CREASE = math.cos(math.radians(55))
"""Faces that meet at a sharper angle than this keep an edge between them."""
STEPS = 100
"""Corners of one vertex whose normals differ by less than a hundredth share it."""


@njit
def _corner_normals(places, faces, order, starts, crease, out):
    """For every corner the sum of the areas' normals around its place that turn from its own by less than the crease.

    Args:
        places: (c,) the place that each corner stands at. faces: (c / 3, 3) normal of each face, as long as twice its area.
        order: corners sorted by place. starts: (p + 1,) where each place begins in ``order``.
    """
    for i in range(len(places)):
        own = faces[i // 3]
        size = np.sqrt(own[0] * own[0] + own[1] * own[1] + own[2] * own[2])
        for k in range(starts[places[i]], starts[places[i] + 1]):
            other = faces[order[k] // 3]
            length = np.sqrt(other[0] * other[0] + other[1] * other[1] + other[2] * other[2])
            if own[0] * other[0] + own[1] * other[1] + own[2] * other[2] >= crease * size * length:
                out[i, 0] += other[0]
                out[i, 1] += other[1]
                out[i, 2] += other[2]


def with_normals(part: MeshPart) -> MeshPart:
    """The part with normals: its own, or computed ones, for which a vertex on a crease is split."""
    if part.normals is not None:
        return part
    corners = part.triangles.ravel()
    used = part.positions[corners]
    _, places = np.unique(used.astype(np.float32), axis=0, return_inverse=True)
    places = places.ravel().astype(np.int64)
    a, b, c = used[0::3], used[1::3], used[2::3]
    order = np.argsort(places, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(places))])
    normals = np.zeros((len(corners), 3))
    _corner_normals(places, np.cross(b - a, c - a), order, starts, CREASE, normals)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    # A face without area points nowhere; up is as good as any.
    unit = np.where(lengths > 0, normals / np.maximum(lengths, 1e-300), [0.0, 1.0, 0.0]).astype(np.float32)
    key = np.concatenate([corners[:, None].astype(np.int64), np.rint(unit * STEPS).astype(np.int64)], axis=1)
    _, first, inverse = np.unique(key, axis=0, return_index=True, return_inverse=True)
    taken = corners[first]
    return replace(
        part,
        positions=part.positions[taken],
        triangles=inverse.reshape(-1, 3).astype(np.uint32),
        uv=None if part.uv is None else part.uv[taken],
        colours=None if part.colours is None else part.colours[taken],
        normals=unit[first],
    )
