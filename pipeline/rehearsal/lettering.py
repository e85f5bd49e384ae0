"""Words in pixels: the badge that says *simulated*, and the writing on drawings.

The letters are Roboto's, which comes with Open3D; they are drawn into images, and no font file is passed on.
"""

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pipeline.rehearsal.place import BADGE

Pixels = NDArray[np.uint8]


@lru_cache
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """A face that holds all Vietnamese letters."""
    found = find_spec("open3d")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("open3d", name="open3d")
    name = "Roboto-Bold.ttf" if bold else "Roboto-Medium.ttf"
    path = Path(found.submodule_search_locations[0]) / "resources" / name
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache
def stencil(size: int) -> NDArray[np.float32]:
    """The badge as coverage, (height, width) 0…1, in letters ``size`` pixels high."""
    left, top, right, bottom = font(size).getbbox(BADGE)
    image = Image.new("L", (int(right - left) + size, int(bottom - top) + size // 2), 0)
    ImageDraw.Draw(image).text((size // 2 - left, size // 4 - top), BADGE, fill=255, font=font(size))
    return np.asarray(image, np.float32) / 255.0


def badge_photo(picture: Pixels) -> None:
    """Burns the badge into the lower right corner of a picture, in place."""
    letters = stencil(max(11, picture.shape[1] // 85))
    height, width = letters.shape
    margin = height // 2
    area = picture[-height - margin : -margin, -width - margin : -margin]
    _print(area, letters)


def badge_panorama(picture: Pixels) -> None:
    """Burns the badge into an equirectangular picture: around the nadir, and small near the horizon opposite the heading."""
    height, width = picture.shape[:2]
    small = stencil(max(9, width // 200))
    row = int(height * (0.5 + 9.0 / 180.0))
    columns = (np.arange(small.shape[1]) - small.shape[1] // 2) % width
    area = picture[row : row + small.shape[0], columns]
    _print(area, small)
    picture[row : row + small.shape[0], columns] = area
    letters = stencil(max(10, width // 110))
    for quarter in range(4):
        _print_at_nadir(picture, letters, quarter)


def _print_at_nadir(picture: Pixels, letters: NDArray[np.float32], quarter: int) -> None:
    """Letters on a ring 76 degrees below the horizon, stretched so that they look upright to who looks down."""
    height, width = picture.shape[:2]
    first = int(height * (0.5 + 74.0 / 180.0))
    rows = np.arange(first, min(height, first + letters.shape[0]))
    for k, row in enumerate(rows):
        shrink = max(0.05, np.cos((row / height - 0.5) * np.pi))
        span = int(min(letters.shape[1] / shrink * 0.4, width / 5.0))
        source = (np.arange(span) * letters.shape[1] / span).astype(np.int64)
        columns = (int((quarter + 0.5) * width / 4) - span // 2 + np.arange(span)) % width
        area = picture[row, columns][None]
        _print(area, letters[k : k + 1, source])
        picture[row, columns] = area[0]


def _print(area: Pixels, letters: NDArray[np.float32]) -> None:
    """White letters over a veil that darkens what is under them."""
    veil = area.astype(np.float32) * 0.62
    area[:] = (veil + (250.0 - veil) * 0.88 * letters[..., None] + 0.5).astype(np.uint8)
