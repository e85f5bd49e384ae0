"""The requests that are answered by copying stored bytes, and the addresses that they have."""

from collections.abc import Iterator

from archive.records.tile_grid import GridTile, tile_grid
from viewer.iiif.pyramid import Pyramid, stored_tile
from viewer.iiif.render import render
from viewer.iiif.request import ImageRequest, Rules, parse
from viewer.media import read_slice


def grid(pyramid: Pyramid) -> Iterator[GridTile]:
    """Every tile of every level, the largest level first, row by row."""
    return tile_grid(pyramid.width, pyramid.height, pyramid.levels[0].tile_width, len(pyramid.levels))


def tile_at(pyramid: Pyramid, region: tuple[int, int, int, int], size: tuple[int, int]) -> GridTile | None:
    """The tile that is exactly this region in this size; None where a request does not meet the grid."""
    x, y, w, h = region
    for power, level in enumerate(pyramid.levels):
        reach, scale = level.tile_width << power, 1 << power
        is_cut = (w, h) == (min(reach, pyramid.width - x), min(reach, pyramid.height - y))
        if is_cut and x % reach == 0 and y % reach == 0 and size == (-(-w // scale), -(-h // scale)):
            return GridTile(scale, x // reach, y // reach, region, size, (w, h) == (pyramid.width, pyramid.height))
    return None


def addresses(tile: GridTile) -> tuple[str, ...]:
    """``region/size/rotation/quality`` without the format: the canonical form (section 4.7) first, then others that clients write."""
    x, y, w, h = tile.region
    across, down = tile.size
    regions = ("full", f"{x},{y},{w},{h}") if tile.is_whole else (f"{x},{y},{w},{h}",)
    sizes = ("max", f"{across},{down}") if (w, h) == tile.size else (f"{across},{down}",)
    return tuple(f"{region}/{size}/0/default" for region in regions for size in sizes)


def tile_bytes(pyramid: Pyramid, tile: GridTile, form: str = "jpg") -> bytes | None:
    """The tile as a file of its own, copied where it is stored; a JPEG that is not (an older publication) is drawn.

    Returns:
        None where an AVIF is asked for that is not stored.
    """
    stored = stored_tile(pyramid, tile, form)
    if stored is not None:
        return stored.before + read_slice(stored.path, stored.offset, stored.length)
    if form != "jpg":
        return None
    return render(pyramid, ImageRequest(tile.region, tile.size, mirrored=False, turn=0, quality="default", form=form))


def level0_whole(pyramid: Pyramid) -> bytes:
    """The answer to ``full/max`` beside frozen tiles: the whole picture as a JPEG within the area of one tile."""
    side = pyramid.levels[0].tile_width
    return render(pyramid, parse(("full", "max", "0", "default.jpg"), pyramid.width, pyramid.height, Rules(most=side * side)))
