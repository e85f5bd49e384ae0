"""What the triangles of a mesh form together."""

import numpy as np

from pipeline.readers.meshes import Mesh


def is_closed(mesh: Mesh) -> bool:
    """Whether every edge belongs to exactly two triangles that run along it in opposite directions, so that the surface has an inside.

    Vertices at the same place count as one: seams of texture coordinates are no holes.
    """
    corners = np.concatenate([part.positions[part.triangles.ravel()] for part in mesh.parts])
    _, places = np.unique(corners, axis=0, return_inverse=True)
    triangles = places.reshape(-1, 3).astype(np.int64)
    a, b, c = triangles.T
    triangles = triangles[(a != b) & (b != c) & (c != a)]
    if not len(triangles):
        return False
    count = int(triangles.max()) + 1
    first, second = triangles.ravel(), triangles[:, [1, 2, 0]].ravel()
    forward, back = np.sort(first * count + second), np.sort(second * count + first)
    return bool((forward == back).all() and (np.diff(forward) > 0).all())
