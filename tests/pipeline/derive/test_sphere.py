"""Where a panorama lies on its sphere, whatever its header counts in."""

import pytest

from pipeline.derive.sphere import SpherePart, part_of, pyramid_width
from tests.pipeline.derive.derive_builders import crop_of


def test_without_a_crop_it_goes_all_round_with_the_horizon_in_the_middle() -> None:
    assert part_of(4000, 2000, None).is_whole
    assert part_of(4000, 1000, None) == SpherePart(4000, 2000, 0, 500, 4000, 1000)
    assert part_of(1000, 600, None) == SpherePart(1000, 600, 0, 0, 1000, 600)


def test_a_true_crop_keeps_its_place() -> None:
    part = part_of(4542, 1545, crop_of((4542, 2271), 0, 347, (4542, 1545)))
    assert part == SpherePart(4542, 2271, 0, 347, 4542, 1545)
    assert part.scaled_to(4096) == SpherePart(4096, 2048, 0, 313, 4096, 1393)


def test_a_file_scaled_after_capture_is_still_whole() -> None:
    assert part_of(4096, 2048, crop_of((8704, 4352), 0, 0, (8704, 4352))).is_whole


def test_a_crop_scaled_after_capture_keeps_its_proportions() -> None:
    part = part_of(1000, 250, crop_of((8000, 4000), 2000, 1500, (4000, 1000)))
    assert part == SpherePart(2000, 1000, 500, 375, 1000, 250)


@pytest.mark.parametrize(
    "crop",
    [
        {},
        {"full_width": "x"},
        crop_of((100, 50), 0, 0, (0, 50)),
        crop_of((100, 50), 0, 0, (200, 50)),
        crop_of((100, 50), 0, 0, (100, 51)),
        {"full_width": None, "full_height": 1, "width": 1, "height": 1},
    ],
)
def test_a_senseless_crop_counts_as_none(crop: dict[str, int]) -> None:
    assert part_of(400, 200, crop) == part_of(400, 200, None)


def test_a_crop_never_leaves_the_sphere() -> None:
    part = part_of(100, 50, crop_of((200, 100), 190, -5, (100, 50)))
    assert (part.left, part.top) == (100, 0)


@pytest.mark.parametrize(
    ("width", "stored"), [(300, 1024), (1024, 1024), (4096, 4096), (4542, 4096), (5376, 4096), (6144, 8192), (8704, 8192), (12288, 16384)]
)
def test_the_stored_sphere_is_512_times_a_power_of_two(width: int, stored: int) -> None:
    assert pyramid_width(width) == stored
