"""Where the stored tiles of an image lie, so that a request on the grid is answered by copying bytes.

The JPEG tiles of a TIFF share their tables (TIFF Technical Note 2): a tile becomes a picture of its own when its scan data is put
behind them: tables without their end marker, then the tile without its start marker. The tiles at the right and lower edge, which a
TIFF pads to their full size, stand cropped in ``edges.pack``; AVIF tiles in ``avif.pack``.
"""

from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import NotFoundError
from archive.publications.read import PackIndex, Publications
from archive.records.tile_grid import GridTile
from viewer.iiif.tiff import TiledPage, read_pages

PYRAMID, EDGES, AVIF = "pyramid.tif", "edges.pack", "avif.pack"
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
class Pack:
    """A file of many tiles, and where each lies: key of a ``GridTile`` → (offset, length)."""

    path: Path
    index: PackIndex


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a tile lies: what to put before it, and the bytes of a file."""

    path: Path
    offset: int
    length: int
    before: bytes = b""


@dataclass(frozen=True, slots=True)
class Pyramid:
    """An image in levels, each half of the one before. ``as_pages``: levels are pages of the file, else sub-images of the first."""

    path: Path
    levels: tuple[Level, ...]
    as_pages: bool
    edges: Pack | None = field(default=None, hash=False)
    avif: Pack | None = field(default=None, hash=False)

    @property
    def width(self) -> int:
        """Pixels of the full image."""
        return self.levels[0].width

    @property
    def height(self) -> int:
        """Pixels of the full image."""
        return self.levels[0].height


def open_image(publications: Publications, slug: str, generation: int, asset_id: str) -> Pyramid:
    """The pyramid of an asset in the current generation of a site, with the packs that are published beside it.

    Raises:
        NotFoundError: another generation, or an asset without a pyramid.
    """
    path = publications.media(slug, generation, asset_id, PYRAMID)
    packs = [_pack(publications, slug, generation, asset_id, name) for name in (EDGES, AVIF)]
    return read_pyramid(path, edges=packs[0], avif=packs[1])


def _pack(publications: Publications, slug: str, generation: int, asset_id: str, name: str) -> Pack | None:
    try:
        return Pack(*publications.pack(slug, generation, asset_id, name))
    except NotFoundError:
        return None


def read_pyramid(path: Path, *, edges: Pack | None = None, avif: Pack | None = None) -> Pyramid:
    """Read the directories of a pyramidal TIFF; no pixel is decoded.

    Raises:
        OSError: the file is no tiled TIFF.
    """
    pages, as_pages = read_pages(path)
    return Pyramid(path, tuple(map(_level, pages)), as_pages, edges, avif)


def stored_tile(pyramid: Pyramid, tile: GridTile, form: str = "jpg") -> Stored | None:
    """Where the bytes of a tile lie that answer a request for it; None where they must be drawn.

    Args:
        pyramid: the image.
        tile: one of its ``grid``.
        form: "jpg" or "avif".
    """
    if form == "avif":
        return _packed(pyramid.avif, tile)
    level = pyramid.levels[tile.scale.bit_length() - 1]
    if form != "jpg" or not tile.is_full(level.tile_width, (level.width, level.height)):
        return _packed(pyramid.edges, tile) if form == "jpg" else None
    number = tile.row * level.columns + tile.column
    offset, length = level.offsets[number] + _START_OF_IMAGE, level.lengths[number] - _START_OF_IMAGE
    return Stored(pyramid.path, offset, length, level.tables)


def _packed(pack: Pack | None, tile: GridTile) -> Stored | None:
    if pack is None or tile.key not in pack.index:
        return None
    return Stored(pack.path, *pack.index[tile.key])


def _level(page: TiledPage) -> Level:
    tables = page.tables[:-_END_OF_IMAGE] if page.tables else b"\xff\xd8"
    return Level(page.width, page.height, page.tile_width, page.tile_height, page.offsets, page.lengths, tables)
