"""How far apart the points of a cloud stand at full detail, measured on samples: a length taken between them is uncertain by it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

WINDOWS = 4
WINDOW_POINTS = 600
"""Neighbours in Morton order are neighbours in space: a window is a patch, and few of its points have their nearest outside."""
SHARES = (0.5, 0.9)


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """Distances (n,) in grid steps of some of the points of a piece to their nearest, and how many points those speak for."""

    distances: "NDArray[np.float64]"
    points: int


def neighbours_of(ordered: "NDArray[np.uint32]") -> Neighbours:
    """Sample records (n, 4) in Morton order."""
    found = []
    for window in range(WINDOWS):
        first = max(0, (2 * window + 1) * len(ordered) // (2 * WINDOWS) - WINDOW_POINTS // 2)
        patch = ordered[first : first + WINDOW_POINTS, :3].astype(np.float64)
        if len(patch) > 1:
            found.append(cKDTree(patch).query(patch, k=2)[0][:, 1])
    return Neighbours(np.concatenate(found) if found else np.zeros(0), len(ordered))


def spacing_of(pieces: list[Neighbours]) -> tuple[float, float]:
    """The distances within which SHARES of all points have their nearest neighbour; zeros where no point has any."""
    known = [piece for piece in pieces if len(piece.distances)]
    if not known:
        return 0.0, 0.0
    distances = np.concatenate([piece.distances for piece in known])
    weights = np.concatenate([np.full(len(piece.distances), piece.points / len(piece.distances)) for piece in known])
    order = np.argsort(distances, kind="stable")
    total = np.cumsum(weights[order])
    half, most = (float(distances[order][np.searchsorted(total, share * total[-1])]) for share in SHARES)
    return half, most
