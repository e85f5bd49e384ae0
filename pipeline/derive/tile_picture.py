"""The pixels that tiles are cut from, the same for every form of tile: upright, at their size, labelled."""

from pathlib import Path
from typing import Any

import pyvips

from pipeline.derive.badge import WORDS, stamp_photo, stamp_sphere
from pipeline.derive.sphere import SpherePart, part_of, pyramid_width
from pipeline.readers.images import choose_picture, open_upright


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
