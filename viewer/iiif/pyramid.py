"""Where the stored tiles of a pyramidal TIFF lie, so that a request on the grid is answered by copying bytes.

The JPEG tiles of a TIFF share their tables (TIFF Technical Note 2): a tile becomes a picture of its own when its scan data is put
behind them: tables without their end marker, then the tile without its start marker.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viewer.iiif.request import ImageRequest
from viewer.media import read_slice

_END_OF_IMAGE = 2
_START_OF_IMAGE = 2


@dataclass(frozen=True, slots=True)
class Level:
    """One size of the image; ``tables`` are the shared JPEG tables without their end marker."""

    width: int
    height: int
    tile_width: int
    tile_height: int
    offsets: tuple[int, ...]
    lengths: tuple[int, ...]
    tables: bytes

    @property
    def columns(self) -> int:
        """Tiles in a row."""
        return -(-self.width // self.tile_width)


@dataclass(frozen=True, slots=True)
class Pyramid:
    """An image in levels, each half of the one before. ``as_pages``: levels are pages of the file, else sub-images of the first."""

    path: Path
    levels: tuple[Level, ...]
    as_pages: bool

    @property
    def width(self) -> int:
        """Pixels of the full image."""
        return self.levels[0].width

    @property
    def height(self) -> int:
        """Pixels of the full image."""
        return self.levels[0].height


def read_pyramid(path: Path) -> Pyramid:
    """Read the directories of a pyramidal TIFF; no pixel is decoded."""
    import tifffile

    with tifffile.TiffFile(path) as file:
        first: Any = file.pages[0]
        inside = list(first.pages or ()) if first.subifds else []
        pages: list[Any] = [first, *inside] if inside else list(file.pages)
        return Pyramid(path, tuple(_level(page) for page in pages), as_pages=not inside)


def stored_tile(pyramid: Pyramid, request: ImageRequest) -> bytes | None:
    """The bytes that answer the request as they are stored; None where it does not meet the grid."""
    if not request.is_plain:
        return None
    x, y, w, h = request.region
    for power, level in enumerate(pyramid.levels):
        scale = 1 << power
        if (w, h) != (level.tile_width * scale, level.tile_height * scale) or x % w or y % h:
            continue
        column, row = x // w, y // h
        whole = (column + 1) * level.tile_width <= level.width and (row + 1) * level.tile_height <= level.height
        if request.size != (level.tile_width, level.tile_height) or not whole:
            return None
        number = row * level.columns + column
        tile = read_slice(pyramid.path, level.offsets[number], level.lengths[number])
        return level.tables + tile[_START_OF_IMAGE:]
    return None


def _level(page: Any) -> Level:
    tables = page.jpegtables
    return Level(
        width=page.imagewidth,
        height=page.imagelength,
        tile_width=page.tilewidth,
        tile_height=page.tilelength,
        offsets=tuple(page.dataoffsets),
        lengths=tuple(page.databytecounts),
        tables=bytes(tables[:-_END_OF_IMAGE]) if tables else b"\xff\xd8",
    )
