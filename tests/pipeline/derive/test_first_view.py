"""First views, thumbnails and stills look where they say."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips

from archive.records.derivative import MediaRole
from pipeline.derive import first_view
from pipeline.derive.deriver import Made
from tests.pipeline.derive.derive_builders import EAST, GROUND, NORTH, SOUTH, WEST, crop_of, save, sphere_pixels
from tests.pipeline.readers.pictures import is_upright, save_oriented

FACTS: dict[str, Any] = {"kind": "photo", "nature": "survey", "formats": {"a": "jpeg"}}


def make(path: Path, output: Path, **facts: Any) -> Made:
    output.mkdir(exist_ok=True)
    return first_view.make((("a", path),), output, FACTS | facts)


def centre(path: Path) -> tuple[int, ...]:
    picture = pyvips.Image.new_from_file(str(path))
    return tuple(int(value) for value in picture.getpoint(picture.width // 2, picture.height // 2))


def near(found: tuple[int, ...], colour: tuple[int, int, int]) -> bool:
    return max(abs(a - b) for a, b in zip(found, colour, strict=True)) < 30


def test_a_photo_has_a_first_view_and_a_thumbnail_twice(tmp_path: Path) -> None:
    made = make(save_oriented(tmp_path / "a.jpg", 6), tmp_path / "out")
    assert [(file.role, file.name) for file in made.files] == [
        (MediaRole.FIRST_VIEW, "first-view.avif"),
        (MediaRole.FIRST_VIEW, "first-view.jpg"),
        (MediaRole.THUMBNAIL, "thumbnail.avif"),
        (MediaRole.THUMBNAIL, "thumbnail.jpg"),
    ]
    for file in made.files:
        picture = pyvips.Image.new_from_file(str(tmp_path / "out" / file.name))
        assert (picture.width, picture.height) == (file.width, file.height) == (96, 64)
        assert is_upright(picture.numpy()[:, :, :3])


def test_a_large_photo_is_made_small(tmp_path: Path) -> None:
    made = make(save(sphere_pixels(3600), tmp_path / "a.jpg"), tmp_path / "out")
    assert {file.name: (file.width, file.height) for file in made.files if file.name.endswith("jpg")} == {
        "first-view.jpg": (1280, 640),
        "thumbnail.jpg": (400, 200),
    }


@pytest.mark.parametrize("suffix", ["avif", "jpg"])
def test_stills_look_to_the_right_of_the_image_centre(tmp_path: Path, suffix: str) -> None:
    made = make(save(sphere_pixels(2048), tmp_path / "a.jpg"), tmp_path / "out", kind="panorama")
    assert made.facts == {"stills": [0, 90, 180, 270]}
    for yaw, colour in {0: NORTH, 90: EAST, 180: SOUTH, 270: WEST}.items():
        assert near(centre(tmp_path / "out" / f"still-{yaw}.{suffix}"), colour), yaw
    still = pyvips.Image.new_from_file(str(tmp_path / "out" / "still-0.jpg"))
    sizes = {file.name: (file.width, file.height) for file in made.files if file.name.startswith(("still-0", "first-view"))}
    assert sizes == {"still-0.avif": (780, 585), "still-0.jpg": (600, 450), "first-view.avif": (1024, 512), "first-view.jpg": (768, 384)}
    assert (still.width, still.height) == (600, 450)
    assert near(tuple(map(int, still.getpoint(300, 442))), GROUND)


def test_a_partial_panorama_stands_in_its_place_on_the_whole_sphere(tmp_path: Path) -> None:
    whole = sphere_pixels(1024)
    path = save(whole[128:384, 512:1024], tmp_path / "a.jpg")
    made = make(path, tmp_path / "out", kind="panorama", crop=crop_of((4096, 2048), 2048, 512, (2048, 1024)))
    first = pyvips.Image.new_from_file(str(tmp_path / "out" / "first-view.jpg"))
    assert (first.width, first.height) == (768, 384)
    assert near(tuple(map(int, first.getpoint(576, 192))), EAST)
    assert max(first.getpoint(150, 192)) < 60
    assert made.facts["stills"] == [0, 90, 180]
    assert near(centre(tmp_path / "out" / "still-90.jpg"), EAST)


def test_a_sliver_of_a_sphere_has_no_stills(tmp_path: Path) -> None:
    path = save(sphere_pixels(512)[100:150, 200:260], tmp_path / "a.jpg")
    made = make(path, tmp_path / "out", kind="panorama", crop=crop_of((512, 256), 200, 100, (60, 50)))
    assert made.facts == {"stills": []}
    assert {file.name for file in made.files} == {f"{name}.{suffix}" for name in ("first-view", "thumbnail") for suffix in ("avif", "jpg")}


def test_every_picture_of_a_simulation_says_so(tmp_path: Path) -> None:
    path = save(np.full((1024, 2048, 3), 200, np.uint8), tmp_path / "a.jpg")
    make(path, tmp_path / "plain", kind="panorama")
    made = make(path, tmp_path / "marked", kind="panorama", nature="simulated")
    for file in made.files:
        plain, marked = (pyvips.Image.new_from_file(str(tmp_path / folder / file.name)).numpy() for folder in ("plain", "marked"))
        assert (marked < 120).any(), file.name
        assert not (plain < 120).any(), file.name
