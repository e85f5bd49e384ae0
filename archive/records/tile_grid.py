"""The grid on which an image's tiles are stored and asked for.

The rule is that of the IIIF Image API 3.0, implementation notes, "Tiles": at scale factor s a tile of side t covers t·s pixels of the
image, cut where the image ends, and measures the covered size divided by s, rounded up.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GridTile:
    """One tile of the grid.

    Attributes:
        scale: 1, 2, 4 … pixels of the image for each of the tile.
        column: counted from the left edge.
        row: counted from the upper edge.
        region: x, y, width, height in pixels of the image.
        size: width and height of the tile.
        is_whole: whether the region is the whole image.
    """

    scale: int
    column: int
    row: int
    region: tuple[int, int, int, int]
    size: tuple[int, int]
    is_whole: bool

    @property
    def key(self) -> str:
        """Its name in packs: "scale/column/row"."""
        return f"{self.scale}/{self.column}/{self.row}"

    def is_full(self, side: int, level: tuple[int, int]) -> bool:
        """Whether a level of that width and height, whose halves were rounded down, holds all of it as a tile of full side."""
        return (self.column + 1) * side <= level[0] and (self.row + 1) * side <= level[1]


def tile_grid(width: int, height: int, side: int, levels: int) -> Iterator[GridTile]:
    """Every tile of every level, the largest level first, row by row.

    Args:
        width: of the image in pixels.
        height: of the image in pixels.
        side: of a tile in pixels.
        levels: how many; each halves the one before.
    """
    for power in range(levels):
        scale = 1 << power
        reach = side * scale
        for y in range(0, height, reach):
            for x in range(0, width, reach):
                w, h = min(reach, width - x), min(reach, height - y)
                size = -(-w // scale), -(-h // scale)
                yield GridTile(scale, x // reach, y // reach, (x, y, w, h), size, (w, h) == (width, height))
