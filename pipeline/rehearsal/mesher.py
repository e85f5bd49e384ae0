"""Collects the surfaces of the model.

Every surface is a grid of points, so that it has metres along it (for textures), smooth normals, and a place in a texture atlas.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.int32]


class Material(IntEnum):
    """What a surface is made of; the number chooses the procedural texture."""

    PAVING = 0
    GRASS = 1
    PLASTER = 2
    STONE = 3
    FLOOR = 4
    ROOF_TILE = 5
    MOSAIC = 6
    WATER = 7
    WOOD = 8
    RAFTER = 9
    RED_LACQUER = 10
    GOLD = 11
    BOARD = 12
    CLOTH = 13
    BRONZE = 14
    PORCELAIN = 15
    LEAF = 16
    BARK = 17
    FLOWER = 18
    FLAME = 19
    BRICK = 20
    STELE = 21


@dataclass(frozen=True, slots=True)
class Patch:
    """Where a grid lies in the mesh's arrays: its first vertex, its rows and columns, its first triangle."""

    first_vertex: int
    rows: int
    columns: int
    first_triangle: int
    group: str


@dataclass(frozen=True, slots=True)
class Mesh:
    """The finished model, metres, x east, y north, z up.

    Attributes:
        points, normals: (n, 3) float32. uvs: (n, 2) float32, metres along the surface.
        triangles: (m, 3) int32. materials: (m,) int32. parts: (m,) int32, one number for each separate piece.
        bake_at: (n,) int32, the vertex whose baked light a vertex uses (leaves share one).
        patches: the grids, for texture atlases.
    """

    points: Floats
    normals: Floats
    uvs: Floats
    triangles: Indices
    materials: Indices
    parts: Indices
    bake_at: Indices
    patches: tuple[Patch, ...]


@dataclass
class Mesher:
    """Takes grids and quads, gives a :class:`Mesh`."""

    group: str = "site"
    points: list[Doubles] = field(default_factory=list)
    normals: list[Doubles] = field(default_factory=list)
    uvs: list[Doubles] = field(default_factory=list)
    triangles: list[Indices] = field(default_factory=list)
    materials: list[Indices] = field(default_factory=list)
    parts: list[Indices] = field(default_factory=list)
    bake_at: list[Indices] = field(default_factory=list)
    patches: list[Patch] = field(default_factory=list)
    vertices: int = 0
    faces: int = 0
    part: int = 0

    def next_part(self) -> None:
        """Begins another piece: textures differ a little from piece to piece."""
        self.part += 1

    def grid(self, points: Doubles, material: Material, *, uv: Doubles | None = None) -> None:
        """Adds a grid.

        Args:
            points: (rows, columns, 3), metres. The outside is where columns × rows points to.
            material: of all of it.
            uv: (rows, columns, 2); by default the metres along the middle row and column.
        """
        rows, columns = points.shape[:2]
        uv = metres_along(points) if uv is None else uv
        self.patches.append(Patch(self.vertices, rows, columns, self.faces, self.group))
        index = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
        a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
        faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
        self._add(points.reshape(-1, 3), grid_normals(points).reshape(-1, 3), uv.reshape(-1, 2))
        self._add_faces(faces, material, np.arange(rows * columns, dtype=np.int32))

    def leaves(self, corners: Doubles, normals: Doubles, material: Material) -> None:
        """Adds many loose quads.

        Args:
            corners: (n, 4, 3), metres.
            normals: (n, 3), the side that takes the light.
            material: of all of them.
        """
        count = len(corners)
        uv = np.tile(np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]), (count, 1))
        base = 4 * np.arange(count, dtype=np.int32)[:, None]
        faces = np.concatenate([base + np.array([[0, 1, 2]], np.int32), base + np.array([[0, 2, 3]], np.int32)])
        self._add(corners.reshape(-1, 3), np.repeat(normals, 4, axis=0), uv)
        self._add_faces(faces.astype(np.int32), material, np.repeat(base[:, 0], 4).astype(np.int32))

    def _add(self, points: Doubles, normals: Doubles, uv: Doubles) -> None:
        self.points.append(points)
        self.normals.append(normals)
        self.uvs.append(uv)

    def _add_faces(self, faces: Indices, material: Material, bake_at: Indices) -> None:
        self.triangles.append(faces + np.int32(self.vertices))
        self.materials.append(np.full(len(faces), material, np.int32))
        self.parts.append(np.full(len(faces), self.part, np.int32))
        self.bake_at.append(bake_at + np.int32(self.vertices))
        self.vertices += len(bake_at)
        self.faces += len(faces)

    def finish(self) -> Mesh:
        """The mesh of all that was added."""
        return Mesh(
            np.concatenate(self.points).astype(np.float32),
            np.concatenate(self.normals).astype(np.float32),
            np.concatenate(self.uvs).astype(np.float32),
            np.concatenate(self.triangles),
            np.concatenate(self.materials),
            np.concatenate(self.parts),
            np.concatenate(self.bake_at),
            tuple(self.patches),
        )


def metres_along(points: Doubles) -> Doubles:
    """(rows, columns, 2): distance along the middle row and the middle column of a grid."""
    rows, columns = points.shape[:2]
    across = np.linalg.norm(np.diff(points[rows // 2], axis=0), axis=1)
    down = np.linalg.norm(np.diff(points[:, columns // 2], axis=0), axis=1)
    u = np.concatenate([[0.0], np.cumsum(across)])
    v = np.concatenate([[0.0], np.cumsum(down)])
    return np.stack(np.broadcast_arrays(u[None, :], v[:, None]), -1)


def grid_normals(points: Doubles) -> Doubles:
    """(rows, columns, 3): unit normals of a grid, smooth along it."""
    across = np.gradient(points, axis=1)
    down = np.gradient(points, axis=0)
    normal = np.cross(across, down)
    length = np.linalg.norm(normal, axis=-1, keepdims=True)
    fallback = normal.reshape(-1, 3).sum(axis=0)
    fallback = fallback / max(float(np.linalg.norm(fallback)), 1e-9)
    return np.asarray(np.where(length > 1e-9, normal / np.maximum(length, 1e-9), fallback))
