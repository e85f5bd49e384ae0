"""One tiled pyramidal TIFF per picture: thumbnails, deep zoom, panoramas and IIIF tiles all come out of it.

Upright, sRGB, JPEG tiles, no text. Each level halves the one before until it fits in one tile. A panorama is brought to a sphere
512·2ⁿ pixels wide; of one that shows only a part of the sphere, only that part is stored.
"""

from pathlib import Path
from typing import Any

import pyvips

from archive.records.derivative import MediaRole
from pipeline.derive.badge import WORDS, stamp_photo, stamp_sphere
from pipeline.derive.deriver import Made, MadeFile
from pipeline.derive.edge_tiles import write_edges
from pipeline.derive.levels import levels_at_hand
from pipeline.derive.sphere import SpherePart, part_of, pyramid_width
from pipeline.readers.images import choose_picture, open_upright

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


def upright_picture(sources: tuple[tuple[str, Path], ...], asset_facts: dict[str, Any]) -> tuple[pyvips.Image, dict[str, Any]]:
    """The pixels that tiles are cut from: upright, a panorama at its size on the sphere, with the words for its nature.

    Returns:
        The picture, read once from top to bottom unless it is labelled; facts ``applied`` and, of a part of a sphere, ``crop``.

    Raises:
        UnreadableError: no reader knows the picture.
    """
    path, format_name = choose_picture(sources, asset_facts["formats"])
    nature = asset_facts["nature"]
    # A label is laid on rows that are read a second time, so they must all be at hand.
    opened = open_upright(path, format_name, random_access=nature in WORDS)
    picture = opened.picture
    facts: dict[str, Any] = {"applied": list(opened.applied)}
    if asset_facts["kind"] == "panorama":
        part = part_of(picture.width, picture.height, asset_facts.get("crop"))
        part = part.scaled_to(pyramid_width(part.full_width))
        picture = stamp_sphere(_sized(picture, part), nature, part)
        if not part.is_whole:
            facts["crop"] = _crop(part)
    else:
        picture = stamp_photo(picture, nature)
    return picture, facts


def tile_side(width: int, height: int, tile: int) -> int:
    """The side of a tile: that asked for, or less for a picture that is smaller (libvips refuses tiles far larger than their picture).

    Sides are multiples of 16 as TIFF wants.
    """
    return min(tile, -(-max(width, height) // 16) * 16)


def _sized(picture: pyvips.Image, part: SpherePart) -> pyvips.Image:
    width, height = int(part.width), int(part.height)
    if (width, height) == (picture.width, picture.height):
        return picture
    return picture.thumbnail_image(width, height=height, size="force", no_rotate=True)


def _crop(part: SpherePart) -> dict[str, int]:
    names = ("full_width", "full_height", "left", "top", "width", "height")
    return {name: int(getattr(part, name)) for name in names}


def _levels(path: Path) -> list[list[int]]:
    """[width, height] of every level as stored, the largest first."""
    first = pyvips.Image.tiffload(str(path))
    pages = int(first.get("n-pages"))
    levels = (pyvips.Image.tiffload(str(path), page=page) for page in range(pages))
    return [[level.width, level.height] for level in levels]
