"""The words fit, in every size, and hide little."""

import numpy as np
import pytest
import pyvips

from pipeline.derive.badge import WORDS, stamp_photo, stamp_sphere
from pipeline.derive.sphere import SpherePart


def grey(width: int, height: int) -> pyvips.Image:
    return pyvips.Image.new_from_array(np.full((height, width, 3), 128, np.uint8)).copy(interpretation="srgb")


def changed(before: pyvips.Image, after: pyvips.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    assert (before.width, before.height, after.bands, after.format) == (after.width, after.height, 3, "uchar")
    return np.asarray((before.numpy() != after.numpy()).any(axis=2))


@pytest.mark.parametrize("nature", WORDS)
@pytest.mark.parametrize("size", [(4000, 3000), (400, 300), (300, 400), (120, 90), (20, 12)])
def test_a_photo_carries_one_label_in_its_lower_left(nature: str, size: tuple[int, int]) -> None:
    before = grey(*size)
    marked = changed(before, stamp_photo(before, nature))
    rows, _ = np.where(marked)
    assert rows.size
    assert rows.min() >= size[1] * 0.2 or size[1] < 20
    assert marked.mean() < 0.12 or size[0] < 200


def test_a_survey_carries_none() -> None:
    before = grey(400, 300)
    assert stamp_photo(before, "survey") is before
    assert stamp_sphere(before, "", SpherePart(400, 300, 0, 0, 400, 300)) is before


@pytest.mark.parametrize("width", [1024, 4096])
def test_a_sphere_carries_labels_all_round_below_the_horizon(width: int) -> None:
    before = grey(width, width // 2)
    marked = changed(before, stamp_sphere(before, "simulated", SpherePart(width, width // 2, 0, 0, width, width // 2)))
    rows, columns = np.where(marked)
    pitch = 90 - rows / (width / 2) * 180
    assert (pitch.min() > -25, pitch.max() < -10) == (True, True)
    gaps = np.diff(np.unique(columns))
    assert gaps.max() < width / 3
    assert marked.mean() < 0.02


def test_a_part_that_does_not_reach_so_low_carries_them_at_its_edge() -> None:
    before = grey(300, 200)
    marked = changed(before, stamp_sphere(before, "simulated", SpherePart(4096, 2048, 1900, 700, 300, 200)))
    rows, columns = np.where(marked)
    assert rows.max() == 199
    assert columns.size
