"""Ray casting: the only module of the rehearsal that knows Open3D."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from pipeline.rehearsal.mesher import Floats, Indices, Mesh


@dataclass(frozen=True, slots=True)
class Hits:
    """What rays met: distance in units of the direction (inf: nothing), triangle (-1: nothing), place in it (n, 2)."""

    distance: Floats
    triangle: Indices
    place: Floats


class Tracer:
    """A mesh that rays can be cast against."""

    def __init__(self, mesh: Mesh) -> None:
        library: Any = import_module("open3d")  # a second and 100 MB to import: only for those who cast rays
        self._core: Any = library.core
        self._scene: Any = library.t.geometry.RaycastingScene()
        self._scene.add_triangles(library.core.Tensor(mesh.points), library.core.Tensor(mesh.triangles.astype(np.uint32)))

    def cast(self, rays: Floats) -> Hits:
        """Casts rays, (n, 6) float32: origin and direction."""
        answer = self._scene.cast_rays(self._core.Tensor(rays))
        triangle = answer["primitive_ids"].numpy().view(np.int32)
        return Hits(answer["t_hit"].numpy(), triangle, answer["primitive_uvs"].numpy())

    def blocked(self, rays: Floats) -> np.ndarray:
        """(n,) bool: whether something stands between the origin and origin + direction."""
        return np.asarray(self._scene.test_occlusions(self._core.Tensor(rays), 0.0, 1.0).numpy())
