"""Colours of vertices as an image, for viewers that show images only: every triangle gets half of a small square of it."""

from typing import TYPE_CHECKING

import numpy as np

from pipeline.readers.meshes import MeshPart

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

LONGEST = 2048
FINEST, COARSEST = 8, 4
"""Pixels along a square: as many as there is room for."""


def atlas_of(part: MeshPart) -> "tuple[Image, NDArray[np.float64]]":
    """The image, and where in it the corners of all triangles stand: (3 m, 2), origin in the upper left corner.

    Args:
        part: with colours.
    """
    from PIL import Image

    count = len(part.triangles)
    squares = -(-count // 2)
    across = max(1, int(np.ceil(np.sqrt(squares))))
    side = int(np.clip(LONGEST // across, COARSEST, FINEST))
    first = _first_pixels(count, across, side)
    height = int(-(-squares // across)) * side
    pixels = np.zeros((height, across * side, 3), np.uint8)
    colours = _colours(part)
    upper = np.arange(count) % 2 == 1
    for row in range(side):
        for column in range(side):
            own = upper if row + column >= side else ~upper
            x, y = (side - 1 - column, side - 1 - row) if row + column >= side else (column, row)
            b, c = x / (side - 2), y / (side - 2)
            mixed = colours[own, 0] * (1 - b - c) + colours[own, 1] * b + colours[own, 2] * c
            pixels[first[own, 1] + row, first[own, 0] + column] = np.clip(np.rint(mixed), 0, 255)
    return Image.fromarray(pixels), _corners(first, upper, side) / (across * side, height)


def _first_pixels(count: int, across: int, side: int) -> "NDArray[np.int64]":
    """Left and upper pixel (m, 2) of each triangle's square."""
    square = np.arange(count) // 2
    return np.stack([square % across, square // across], axis=1) * side


def _corners(first: "NDArray[np.int64]", upper: "NDArray[np.bool_]", side: int) -> "NDArray[np.float64]":
    """Middles of the pixels (3 m, 2) that hold the corners' own colours; those of the other half begin in the opposite corner."""
    lower = np.array([(0, 0), (side - 2, 0), (0, side - 2)])
    place = np.where(upper[:, None, None], side - 1 - lower, lower)
    return np.asarray((first[:, None, :] + place + 0.5).reshape(-1, 2))


def _colours(part: MeshPart) -> "NDArray[np.float64]":
    """Colours (m, 3 corners, 3) of the triangles, sRGB."""
    if part.colours is None:
        return np.full((len(part.triangles), 3, 3), 255.0)
    return part.colours[:, :3].astype(np.float64)[part.triangles]
