"""AVIF tiles of a panorama on the grid of its pyramid: what a phone on a slow line asks for, at less than half the bytes of JPEG.

The levels are made from the same upright pixels as the pyramid's, not from its JPEG tiles. A level is written at one quality; where a
phone's view of its richest part would cost more than its share of the budget, the quality is lowered once.
"""

import io
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyvips

from archive.records.derivative import MediaRole
from archive.records.tile_grid import GridTile, tile_grid
from pipeline.derive.deriver import Made
from pipeline.derive.levels import levels_at_hand
from pipeline.derive.tile_pack import write_pack
from pipeline.derive.tile_picture import tile_side, upright_picture

_SPEED = 9
"""Against 8: the same bytes within 3 % for a quarter of the processor's time (panoramas of the corpus)."""
_LEAST_QUALITY = 28
_GROWTH = 0.041
"""How the logarithm of the bytes grows with a step of quality, on the panoramas of the corpus."""
_VIEW_TILES = 4
"""Columns and rows that a phone touches of the sharpest level that it asks for; of a small level, a quarter turn."""
_VIEW_BYTES = 170_000
"""What that may cost: with the page, its scripts and the coarser tiles that bridge the wait it stays below 250 kB."""


_Tiles = dict[GridTile, bytes]


def make(sources: tuple[tuple[str, Path], ...], output: Path, asset_facts: dict[str, Any], *, tile: int, quality: int) -> Made:
    """Write ``avif.pack`` and ``avif.json``: every tile of every level, edges included.

    Args:
        sources: (logical path, file), principal first.
        output: empty folder.
        asset_facts: "kind", "nature", "formats" and "crop".
        tile: side of a tile in pixels.
        quality: AVIF quality to begin with.

    Returns:
        facts: ``avif`` {"quality": of each level, the largest first}.

    Raises:
        UnreadableError: no reader knows the picture.
    """
    picture, facts = upright_picture(sources, asset_facts)
    side = tile_side(picture.width, picture.height, tile)
    turn = facts["crop"]["full_width"] if "crop" in facts else picture.width
    tiles: _Tiles = {}
    qualities: list[int] = []
    with levels_at_hand(picture, output, side) as levels:
        grid = list(tile_grid(picture.width, picture.height, side, len(levels)))
        for power, level in enumerate(levels):
            places = [place for place in grid if place.scale == 1 << power]
            view = min(_VIEW_TILES, math.ceil(turn / side / 4 / (1 << power)))
            lowered, made = _encoded(partial(_tile, level, side), places, quality, view)
            qualities.append(lowered)
            tiles |= made
    return Made(write_pack(output, "avif", MediaRole.AVIF_TILES, tiles.items()), {"avif": {"quality": qualities}})


def _encoded(encode: Callable[[GridTile, int], bytes], places: list[GridTile], quality: int, view: int) -> tuple[int, _Tiles]:
    """The tiles of a level at the quality asked for, or at a lower one that should keep the budget; and that quality."""
    tiles = {place: encode(place, quality) for place in places}
    excess = _dearest_view(tiles, view) / _VIEW_BYTES
    if excess <= 1:
        return quality, tiles
    lower = max(_LEAST_QUALITY, quality - math.ceil(math.log(excess) / _GROWTH))
    return lower, {place: encode(place, lower) for place in places}


def _dearest_view(tiles: _Tiles, view: int) -> int:
    """Bytes of the richest block of so many columns and rows."""
    sizes = {(place.column, place.row): len(content) for place, content in tiles.items()}
    block = [(i, j) for i in range(view) for j in range(view)]
    return max(sum(sizes.get((column + i, row + j), 0) for i, j in block) for column, row in sizes)


def _tile(level: pyvips.Image, side: int, place: GridTile, quality: int) -> bytes:
    """One tile as AVIF, the same bytes on any number of threads (so not by libvips)."""
    from PIL import Image

    crop = level.crop(place.column * side, place.row * side, *place.size)
    written = io.BytesIO()
    pixels = Image.frombuffer("RGB", place.size, crop.write_to_memory(), "raw", "RGB", 0, 1)
    pixels.save(written, "AVIF", quality=quality, speed=_SPEED, max_threads=1, autotiling=False)
    return written.getvalue()
