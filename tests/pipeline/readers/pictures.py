"""Small pictures with four known corners, written in every format and every orientation."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

CORNERS = ((220, 30, 30), (30, 200, 40), (40, 60, 220), (240, 240, 240))
"""Upper left, upper right, lower left, lower right, as seen upright."""
SIZE = (96, 64)
ORIENTATION = 274
_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How upright pixels have to be turned so that a reader who obeys the tag turns them back (TIFF 6.0, Orientation)."""


def four_corners(size: tuple[int, int] = SIZE) -> Image.Image:
    """An upright picture, each quarter of another colour."""
    picture = Image.new("RGB", size)
    across, down = size[0] // 2, size[1] // 2
    for index, colour in enumerate(CORNERS):
        picture.paste(colour, ((index % 2) * across, (index // 2) * down, (index % 2 + 1) * across, (index // 2 + 1) * down))
    return picture


def stored(orientation: int) -> Image.Image:
    """The four corners as a camera stores them under that orientation."""
    turn = _STORED[orientation]
    return four_corners() if turn is None else four_corners().transpose(turn)


def save_oriented(path: Path, orientation: int) -> Path:
    """Write the four corners under an orientation; the suffix names the format."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options: dict[str, Any] = {"exif": exif}
    if path.suffix in {".jpg", ".webp", ".avif"}:
        options |= {"quality": 95}
    if path.suffix == ".tif":
        options = {"tiffinfo": {ORIENTATION: orientation}}
    stored(orientation).save(path, **options)
    return path


def corners_of(pixels: NDArray[np.uint8]) -> list[tuple[int, ...]]:
    """The middle colour of each quarter of (h, w, 3) pixels, in the order of CORNERS."""
    height, width = pixels.shape[:2]
    rows, columns = (height // 4, 3 * height // 4), (width // 4, 3 * width // 4)
    return [tuple(int(value) for value in pixels[row, column]) for row in rows for column in columns]


def is_upright(pixels: NDArray[np.uint8], tolerance: int = 30) -> bool:
    """Whether the corners are where they belong."""
    found = np.array(corners_of(pixels), dtype=int)
    return bool((abs(found - np.array(CORNERS)) <= tolerance).all())
