"""How far a light view strays from the mesh that it stands for, measured: what somebody measures in it is uncertain by that much."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.readers.meshes import MeshPart

SAMPLES = 20_000
PAIRS = 2
"""Of each triangle sampled: one corner and its middle."""


def samples_of(parts: "list[MeshPart]") -> "NDArray[np.float32]":
    """Places (n, 3) on the surface, spread evenly over its triangles in the order of the file."""
    total = sum(len(part.triangles) for part in parts)
    step = max(1, total * PAIRS // SAMPLES)
    places = []
    for part in parts:
        corners = part.positions[part.triangles[::step]]
        places += [corners[:, 0], corners.mean(axis=1)]
    return np.concatenate(places).astype(np.float32)


def deviation(places: "NDArray[np.float32]", light: "list[MeshPart]") -> dict[str, float]:
    """Distances of places on the original to the light surface, in the unit shown: mean, that which 95 % keep, and the largest."""
    import open3d

    scene: Any = open3d.t.geometry.RaycastingScene(nthreads=1)
    tensor: Any = open3d.core.Tensor  # its stub does not know that arrays become tensors
    for part in light:
        corners = np.ascontiguousarray(part.positions, np.float32)
        scene.add_triangles(tensor(corners), tensor(np.ascontiguousarray(part.triangles, np.uint32)))
    away = scene.compute_distance(tensor(places), nthreads=1).numpy().astype(np.float64)
    return {"mean": _short(away.mean()), "p95": _short(np.quantile(away, 0.95)), "max": _short(away.max())}


def _short(value: "np.floating[Any]") -> float:
    return float(f"{float(value):.3g}")
