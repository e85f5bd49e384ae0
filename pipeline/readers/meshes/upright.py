"""Which axis points up in formats that do not say it: the usual one, unless the form itself contradicts.

Two signs count against the usual axis. A thing much longer along the other axis stands on its end. A thing a little longer along it
whose surface is open below does too: what was scanned standing somewhere has no underside, so the sum of its faces' directions points up.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pipeline.readers.meshes import MeshPart

TALL = 1.8
OPEN = 0.04
"""Least share of the surface that must be missing below."""


def up_axis(parts: "Sequence[MeshPart]", usual: str) -> str:
    """The axis that points up, "y" or "z".

    Args:
        parts: with valid triangles.
        usual: what the format is mostly used with.
    """
    low = np.min([part.positions[part.triangles.ravel()].min(axis=0) for part in parts], axis=0)
    high = np.max([part.positions[part.triangles.ravel()].max(axis=0) for part in parts], axis=0)
    extent = high - low
    other = "z" if usual == "y" else "y"
    axis, across = ("xyz".index(name) for name in (other, usual))
    longest = max(float(extent[0]), float(extent[across]))
    if extent[axis] > TALL * longest:
        return other
    if extent[axis] <= longest:
        return usual
    net, area = np.zeros(3), 0.0
    for part in parts:
        a, b, c = (part.positions[part.triangles[:, k]] for k in range(3))
        faces = np.cross(b - a, c - a)
        net += faces.sum(axis=0)
        area += float(np.linalg.norm(faces, axis=1).sum())
    return other if net[axis] > OPEN * area and net[axis] > 2 * abs(net[across]) else usual
