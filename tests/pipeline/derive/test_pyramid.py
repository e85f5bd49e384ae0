"""The pyramid: upright, tiled, level by level, a panorama at its place, the same bytes on any number of threads."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
import tifffile

from archive.errors import UnreadableError
from pipeline.derive import pyramid
from pipeline.derive.deriver import Made
from tests.pipeline.derive.derive_builders import EAST, NORTH, SKY, crop_of, save, sphere_pixels
from tests.pipeline.readers.pictures import is_upright, save_oriented

FACTS: dict[str, Any] = {"kind": "photo", "nature": "survey", "formats": {"a": "jpeg"}}


def make(path: Path, output: Path, **facts: Any) -> Made:
    output.mkdir(exist_ok=True)
    return pyramid.make((("a", path),), output, FACTS | facts, tile=512, quality=82)


def test_levels_halve_until_one_tile_is_enough(tmp_path: Path) -> None:
    made = make(save(sphere_pixels(3000), tmp_path / "a.jpg"), tmp_path / "out")
    assert made.facts["pyramid"] == {
        "width": 3000,
        "height": 1500,
        "tile": 512,
        "levels": [[3000, 1500], [1500, 750], [750, 375], [375, 187]],
    }
    with tifffile.TiffFile(tmp_path / "out" / "pyramid.tif") as tiff:
        for page, (width, height) in zip(tiff.pages, made.facts["pyramid"]["levels"], strict=True):
            assert isinstance(page, tifffile.TiffPage)
            assert (page.imagewidth, page.imagelength, page.tilewidth, page.tilelength) == (width, height, 512, 512)
            assert (tifffile.COMPRESSION(page.compression).name, page.jpegtables is not None) == ("JPEG", True)


@pytest.mark.parametrize(("size", "side"), [((3000, 10), 512), ((512, 100), 512), ((96, 64), 96), ((90, 97), 112), ((1, 1), 16)])
def test_small_pictures_have_small_tiles(tmp_path: Path, size: tuple[int, int], side: int) -> None:
    made = make(save(np.full((size[1], size[0], 3), 90, np.uint8), tmp_path / "a.png"), tmp_path / "out")
    assert made.facts["pyramid"]["tile"] == side
    assert abs(pyvips.Image.new_from_file(str(tmp_path / "out" / "pyramid.tif")).avg() - 90) < 12


@pytest.mark.parametrize("orientation", [1, 5, 6, 8])
def test_a_photo_is_stored_upright(tmp_path: Path, orientation: int) -> None:
    made = make(save_oriented(tmp_path / "a.jpg", orientation), tmp_path / "out")
    stored = pyvips.Image.new_from_file(str(tmp_path / "out" / "pyramid.tif"))
    assert is_upright(stored.numpy())
    assert made.files[0].width == stored.width
    assert not stored.get_typeof("orientation") or stored.get("orientation") == 1


def test_a_panorama_is_512_times_a_power_of_two_wide(tmp_path: Path) -> None:
    made = make(save(sphere_pixels(1300), tmp_path / "a.jpg"), tmp_path / "out", kind="panorama")
    assert made.facts["pyramid"]["levels"] == [[1024, 512], [512, 256]]
    assert "crop" not in made.facts


def test_of_a_part_of_a_sphere_only_the_part_is_stored(tmp_path: Path) -> None:
    """The file is a quarter of the size that its header counts in; yaw 0..180, pitch -45..45."""
    whole = sphere_pixels(1024)
    path = save(whole[128:384, 512:1024], tmp_path / "a.jpg")
    made = make(path, tmp_path / "out", kind="panorama", crop=crop_of((4096, 2048), 2048, 512, (2048, 1024)))
    assert made.facts["crop"] == crop_of((1024, 512), 512, 128, (512, 256))
    pixels = pyvips.Image.new_from_file(str(tmp_path / "out" / "pyramid.tif")).numpy().astype(int)
    assert pixels.shape == (256, 512, 3)
    at = {"north": pixels[128, 20], "east": pixels[128, 256], "sky": pixels[5, 100]}
    for name, colour in {"north": NORTH, "east": EAST, "sky": SKY}.items():
        assert abs(at[name] - np.array(colour)).max() < 30, name


def test_the_words_are_in_the_pixels_of_what_is_no_survey(tmp_path: Path) -> None:
    path = save(np.full((1200, 1600, 3), 200, np.uint8), tmp_path / "a.jpg")
    for nature, is_darker in {"survey": False, "simulated": True, "reconstruction": True}.items():
        make(path, tmp_path / nature, nature=nature)
        pixels = pyvips.Image.new_from_file(str(tmp_path / nature / "pyramid.tif")).numpy()
        corner = pixels[1100:, :500]
        assert ((corner < 120).any(), (corner > 245).any()) == (is_darker, is_darker)
        assert (abs(pixels[:900].astype(int) - 200) < 4).all()


def test_what_is_no_picture_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    with pytest.raises(UnreadableError):
        make(tmp_path / "a.jpg", tmp_path / "out")


RUN = """
import sys; from pathlib import Path; from pipeline.derive import avif_tiles, first_view, pyramid
facts = {"kind": "panorama", "nature": "simulated", "formats": {"a": "jpeg"}, "crop": None}
pyramid.make((("a", Path(sys.argv[1])),), Path(sys.argv[2]), facts, tile=512, quality=82)
avif_tiles.make((("a", Path(sys.argv[1])),), Path(sys.argv[2]), facts, tile=512, quality=52)
first_view.make((("a", Path(sys.argv[1])),), Path(sys.argv[2]), facts)
"""


def test_threads_clock_and_locale_do_not_change_a_byte(tmp_path: Path, checkout: Path) -> None:
    path = save(sphere_pixels(2600), tmp_path / "a.jpg")
    digests = []
    for index, settings in enumerate(
        ({"VIPS_CONCURRENCY": "1", "TZ": "UTC", "LC_ALL": "C"}, {"VIPS_CONCURRENCY": "7", "TZ": "Asia/Bangkok"})
    ):
        output = tmp_path / f"out {index}"
        output.mkdir()
        subprocess.run([sys.executable, "-c", RUN, path, output], cwd=checkout, env=os.environ | settings, check=True)
        digests.append({file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(output.iterdir())})
    assert digests[0] == digests[1]
    assert len(digests[0]) == 17
