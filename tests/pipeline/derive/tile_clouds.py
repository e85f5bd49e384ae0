"""Clouds to be tiled, and the tiling of a file."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from pipeline.derive.deriver import Made
from pipeline.derive.point_tiles import make
from tests.pipeline.derive.tiles_reader import read_tiles


def tiled(source: Path, output: Path) -> Made:
    output.mkdir()
    return make(((source.name, source),), output, {})


def terrain(count: int, seed: int = 3) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    x, y = rng.random((2, count)) * 40
    return np.asarray(np.round(np.stack([x, y, 3 + np.sin(x) * np.cos(y)], axis=1) + np.array([588_000, 1_776_000, 0]), 3))


def all_points(folder: Path, made: Made) -> NDArray[np.float64]:
    local = np.concatenate([tile.points for tile in read_tiles(folder).values()])
    return np.asarray(local + made.facts["offset"])


def sorted_rows(xyz: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(xyz[np.lexsort(xyz.T)])


def assert_same_points(got: NDArray[np.float64], expected: NDArray[np.float64], within: float) -> None:
    """As many points in both, and each of either has a partner in the other within a distance along each axis."""
    assert got.shape == expected.shape
    for one, other in ((got, expected), (expected, got)):
        assert cKDTree(one).query(other, p=np.inf)[0].max() <= within
