"""From the faces that a file states to parts that can be trusted: polygons into triangles, invalid ones left out and counted."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pipeline.readers.meshes import MOST_TRIANGLES, Mesh, MeshPart, refusal
from pipeline.readers.meshes.upright import up_axis

if TYPE_CHECKING:
    from numpy.typing import NDArray

FARTHEST = 1e15
"""A coordinate beyond this, or none at all, is no place."""


def fan(counts: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """Triangles (m, 3) of polygons given by their numbers of corners, as places in the list of all corners.

    A polygon of k corners gives k - 2 triangles around its first corner; fewer than three corners give none.
    """
    starts = np.cumsum(counts) - counts
    each = np.maximum(counts - 2, 0)
    first = np.repeat(starts, each)
    step = np.arange(len(first)) - np.repeat(np.cumsum(each) - each, each)
    return np.stack([first, first + step + 1, first + step + 2], axis=1)


def valid_part(part: MeshPart) -> tuple[MeshPart, int]:
    """The part without triangles that name no vertex or no finite place, and how many those were."""
    triangles = np.asarray(part.triangles)
    inside = ((triangles >= 0) & (triangles < len(part.positions))).all(axis=1)
    kept = triangles[inside].astype(np.uint32)
    with np.errstate(invalid="ignore"):
        finite = np.asarray((np.abs(part.positions) < FARTHEST).all(axis=1))
    if not finite.all():
        kept = kept[finite[kept].all(axis=1)]
    return replace(part, triangles=kept, uv=_finite(part.uv), normals=_unit(part.normals)), len(triangles) - len(kept)


def _finite(uv: "NDArray[np.float64] | None") -> "NDArray[np.float64] | None":
    return None if uv is None else np.clip(np.nan_to_num(uv, nan=0.0, posinf=0.0, neginf=0.0), -1e4, 1e4)


def _unit(normals: "NDArray[np.float32] | None") -> "NDArray[np.float32] | None":
    """Normals of unit length; None when any of them is none, for then the file's are not to be trusted."""
    if normals is None:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.linalg.norm(normals.astype(np.float64), axis=1)
    if not (np.isfinite(lengths) & (lengths > 1e-12)).all():
        return None
    return np.asarray((normals / lengths[:, None]).astype(np.float32))


def assemble(parts: Iterable[MeshPart], *, up: str, unit: str = "", sure: bool = False) -> Mesh:
    """A mesh of the parts' valid triangles.

    Args:
        parts: as read; their indices may be anything.
        up: "y" or "z", the axis that points up in the file, or mostly does in its format.
        unit: as in ``Mesh``.
        sure: whether the file, or its format's specification, says which axis points up.

    Raises:
        UnreadableError: nothing is left to draw.
    """
    kept, invalid = [], 0
    for part in parts:
        valid, lost = valid_part(part)
        invalid += lost
        if len(valid.triangles):
            kept.append(valid)
    if not kept:
        raise refusal("none of its triangles names vertices that exist" if invalid else "it has no triangles")
    total = sum(len(part.triangles) for part in kept)
    if total > MOST_TRIANGLES:
        raise refusal(f"it has {total} triangles, more than can be opened at once")
    return Mesh(tuple(kept), up if sure else up_axis(kept, up), unit, invalid)
