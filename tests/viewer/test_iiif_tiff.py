"""Our reader of TIFF directories agrees with tifffile about where tiles lie, and refuses what it does not understand."""

from pathlib import Path

import numpy as np
import pytest
import pyvips
import tifffile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from viewer.iiif.tiff import read_pages

OPTIONS = {"tile": True, "pyramid": True, "tile_width": 128, "tile_height": 128}


@pytest.fixture(scope="module")
def picture() -> pyvips.Image:
    noise = np.random.default_rng(1).integers(0, 255, (300, 700, 3), np.uint8)
    return pyvips.Image.new_from_array(noise).copy(interpretation="srgb")


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize(("compression", "subifd"), [("jpeg", False), ("jpeg", True), ("deflate", False)])
def test_tiles_lie_where_tifffile_says(tmp_path: Path, picture: pyvips.Image, compression: str, *, big: bool, subifd: bool) -> None:
    path = tmp_path / "a.tif"
    picture.tiffsave(str(path), **OPTIONS, compression=compression, bigtiff=big, subifd=subifd)
    pages, as_pages = read_pages(path)
    assert as_pages != subifd
    with tifffile.TiffFile(path) as file:
        first = file.pages.first
        others = [first, *(first.pages or ())] if subifd else list(file.pages)
        assert len(pages) == len(others) == 4
        for page, other in zip(pages, others, strict=True):
            assert isinstance(other, tifffile.TiffPage)
            assert (page.width, page.height) == (other.imagewidth, other.imagelength)
            assert (page.tile_width, page.tile_height) == (other.tilewidth, other.tilelength)
            assert (page.offsets, page.lengths) == (tuple(other.dataoffsets), tuple(other.databytecounts))
            assert page.tables == (other.jpegtables or b"")


def test_the_order_of_bytes_is_the_files_own(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.zeros((64, 64), np.uint8), tile=(32, 32), byteorder=">")
    (page,), as_pages = read_pages(path)
    assert ((page.width, page.tile_width, len(page.offsets)), as_pages) == ((64, 32, 4), True)


def test_what_has_no_tiles_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, np.zeros((64, 64), np.uint8))
    for content in (path.read_bytes(), b"", b"GIF89a" * 9, b"II*\0" + bytes(12)):
        path.write_bytes(content)
        with pytest.raises(OSError, match=r"a\.tif"):
            read_pages(path)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), min_size=1, max_size=6))
def test_damage_is_an_error_and_nothing_else(tmp_path: Path, picture: pyvips.Image, changes: list[tuple[int, int]]) -> None:
    """Bytes are changed from the end, where the directories stand."""
    path = tmp_path / "a.tif"
    content = bytearray(picture.tiffsave_buffer(**OPTIONS, compression="jpeg", Q=20))
    for place, value in changes:
        content[-1 - place % len(content)] = value
    path.write_bytes(content)
    try:
        assert read_pages(path)[0]
    except OSError as error:
        assert "a.tif" in str(error)  # noqa: PT017 - damage need not be noticed
