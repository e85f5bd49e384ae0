"""One tiled pyramidal TIFF per picture: thumbnails, deep zoom, panoramas and IIIF tiles all come out of it.

Upright, sRGB, JPEG tiles, no text. Each level halves the one before until it fits in one tile. A panorama is brought to a sphere
512·2ⁿ pixels wide; of one that shows only a part of the sphere, only that part is stored.
"""

from pathlib import Path
from typing import Any

import pyvips

from archive.records.derivative import MediaRole
from pipeline.derive.deriver import Made, MadeFile
from pipeline.derive.edge_tiles import write_edges
from pipeline.derive.levels import levels_at_hand
from pipeline.derive.tile_picture import tile_side, upright_picture

NAME = "pyramid.tif"


def make(sources: tuple[tuple[str, Path], ...], output: Path, asset_facts: dict[str, Any], *, tile: int, quality: int) -> Made:
    """Write ``pyramid.tif``, and its edges cropped, from the best picture among the sources.

    Args:
        sources: (logical path, file), principal first.
        output: empty folder.
        asset_facts: "kind", "nature", "formats", and "crop" of a panorama.
        tile: side of a tile in pixels.
        quality: JPEG quality; below 90 chroma is halved.

    Returns:
        facts: ``pyramid`` {width, height, tile, levels}, ``applied`` (words), and ``crop`` in pyramid pixels of a part of a sphere.

    Raises:
        UnreadableError: no reader knows the picture.
    """
    picture, facts = upright_picture(sources, asset_facts)
    target = output / NAME
    side = tile_side(picture.width, picture.height, tile)
    form = {"tile": True, "pyramid": True, "tile_width": side, "tile_height": side, "compression": "jpeg", "Q": quality}
    with levels_at_hand(picture, output, side) as levels:
        levels[0].tiffsave(str(target), keep="none", resunit="cm", **form)
        edges = write_edges(levels, output, side=side, quality=quality)
    facts["pyramid"] = {"width": picture.width, "height": picture.height, "tile": side, "levels": _levels(target)}
    return Made((MadeFile(MediaRole.PYRAMID, NAME, "image/tiff", picture.width, picture.height), *edges), facts)


def _levels(path: Path) -> list[list[int]]:
    """[width, height] of every level as stored, the largest first."""
    first = pyvips.Image.tiffload(str(path))
    pages = int(first.get("n-pages"))
    levels = (pyvips.Image.tiffload(str(path), page=page) for page in range(pages))
    return [[level.width, level.height] for level in levels]
