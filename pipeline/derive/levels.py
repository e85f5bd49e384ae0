"""The levels of a picture as pixels at hand, each half of the one before, for cutting tiles in any order.

They are kept in files that the system may drop from memory, so a picture of any size costs little of it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyvips


@contextmanager
def levels_at_hand(picture: pyvips.Image, folder: Path, side: int) -> Iterator[list[pyvips.Image]]:
    """The picture and its halves, the largest first, until one tile holds all.

    Halves are rounded up, as the sizes of tiles are: an odd last row or column is doubled before halving. A new pixel is the mean of
    four.

    Args:
        picture: read once, from top to bottom.
        folder: for scratch files; empty again afterwards.
        side: of a tile in pixels.
    """
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        levels = [_at_hand(picture, Path(scratch, "0.v"))]
        while max(levels[-1].width, levels[-1].height) > side:
            last = levels[-1]
            even = last.embed(0, 0, last.width + last.width % 2, last.height + last.height % 2, extend="copy")
            levels.append(_at_hand(even.shrink(2, 2), Path(scratch, f"{len(levels)}.v")))
        yield levels


def _at_hand(picture: pyvips.Image, path: Path) -> pyvips.Image:
    """The picture, written and opened again. What this process may open of others' bytes stays as narrow as it is."""
    picture.vipssave(str(path))
    pyvips.operation_block_set("VipsForeignLoadVips", False)
    try:
        return pyvips.Image.vipsload(str(path))
    finally:
        pyvips.operation_block_set("VipsForeignLoadVips", True)
