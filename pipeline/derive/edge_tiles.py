"""The tiles at the right and lower edge of every level, cropped, so that they too are answered by copying bytes.

A TIFF pads its edge tiles to their full size, with black that bleeds into the colours of the last pixels. These are cut from the same
pixels as the levels, not from the TIFF: they lose no more than any other tile, and the black is gone.
"""

from collections.abc import Iterator
from pathlib import Path

import pyvips

from archive.records.derivative import MediaRole
from archive.records.tile_grid import GridTile, tile_grid
from pipeline.derive.deriver import MadeFile
from pipeline.derive.tile_pack import write_pack


def write_edges(levels: list[pyvips.Image], output: Path, *, side: int, quality: int) -> tuple[MadeFile, MadeFile]:
    """Write ``edges.pack`` and ``edges.json``.

    Args:
        levels: all of them at hand, halves rounded up, the largest first.
        output: folder to write to.
        side: of a tile in pixels.
        quality: JPEG quality of the pyramid.
    """
    return write_pack(output, "edges", MediaRole.EDGE_TILES, _edges(levels, side, quality))


def _edges(levels: list[pyvips.Image], side: int, quality: int) -> Iterator[tuple[GridTile, bytes]]:
    width, height = levels[0].width, levels[0].height
    for tile in tile_grid(width, height, side, len(levels)):
        # The TIFF halves its levels rounding down.
        if not tile.is_full(side, (width // tile.scale, height // tile.scale)):
            level = levels[tile.scale.bit_length() - 1]
            crop = level.crop(tile.column * side, tile.row * side, *tile.size)
            yield tile, crop.jpegsave_buffer(Q=quality, keep="none")
