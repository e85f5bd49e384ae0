"""Reads where the tiles of a TIFF lie: only its directories, only what tiles need (TIFF 6.0, section 2; BigTIFF).

A reader of our own because it is read before the first tile of every image: a library for all of TIFF takes longer to load than a
visitor should wait.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_WIDTH, _HEIGHT, _TILE_WIDTH, _TILE_HEIGHT, _OFFSETS, _LENGTHS, _INSIDE, _TABLES = 256, 257, 322, 323, 324, 325, 330, 347
_WANTED = frozenset({_WIDTH, _HEIGHT, _TILE_WIDTH, _TILE_HEIGHT, _OFFSETS, _LENGTHS, _INSIDE, _TABLES})
_TYPES = {1: "B", 3: "H", 4: "I", 7: "B", 13: "I", 16: "Q", 18: "Q"}
_BIG = 43
_MOST_DIRECTORIES = 64
_MOST_VALUES = 1 << 22


@dataclass(frozen=True, slots=True)
class TiledPage:
    """One picture of a TIFF. ``tables`` are the JPEG tables that its tiles share, b"" for none; ``inside`` where sub-images stand."""

    width: int
    height: int
    tile_width: int
    tile_height: int
    offsets: tuple[int, ...]
    lengths: tuple[int, ...]
    tables: bytes
    inside: tuple[int, ...]


def read_pages(path: Path) -> tuple[tuple[TiledPage, ...], bool]:
    """The pictures of a file, in order: all its pages, or its first page and the sub-images of that.

    Returns:
        The pictures, and whether they are pages.

    Raises:
        OSError: the file is no TIFF of tiles.
    """
    with path.open("rb") as file:
        try:
            reader = _Reader(file)
            pages = tuple(reader.chain())
            if not pages[0].inside:
                return pages, True
            return (pages[0], *(reader.directory(place)[0] for place in pages[0].inside)), False
        except (struct.error, KeyError, ValueError, IndexError) as error:
            raise OSError(f"{path.name}: {error}") from error


class _Reader:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        head = file.read(16)
        self._order = {b"II": "<", b"MM": ">"}[head[:2]]
        self._big = struct.unpack_from(f"{self._order}H", head, 2)[0] == _BIG
        self._word = "Q" if self._big else "I"
        self._first = int(struct.unpack_from(f"{self._order}{self._word}", head, 8 if self._big else 4)[0])

    def chain(self) -> Iterator[TiledPage]:
        place = self._first
        for _ in range(_MOST_DIRECTORIES):
            if not place:
                return
            page, place = self.directory(place)
            yield page

    def directory(self, place: int) -> tuple[TiledPage, int]:
        """The page of one directory, and where the next one stands; 0 after the last."""
        self._file.seek(place)
        count, entry = self._numbers("Q" if self._big else "H", 1)[0], 20 if self._big else 12
        entries = self._file.read(count * entry)
        following = self._numbers(self._word, 1)[0]
        tags = {tag: values for tag, values in map(self._tag, (entries[at : at + entry] for at in range(0, len(entries), entry))) if tag}
        page = TiledPage(
            width=tags[_WIDTH][0],
            height=tags[_HEIGHT][0],
            tile_width=tags[_TILE_WIDTH][0],
            tile_height=tags[_TILE_HEIGHT][0],
            offsets=tags[_OFFSETS],
            lengths=tags[_LENGTHS],
            tables=bytes(tags.get(_TABLES, ())),
            inside=tags.get(_INSIDE, ()),
        )
        return page, following

    def _tag(self, entry: bytes) -> tuple[int, tuple[int, ...]]:
        tag, kind, count = struct.unpack_from(f"{self._order}HH{self._word}", entry)
        if tag not in _WANTED:
            return 0, ()
        if count > _MOST_VALUES:
            raise ValueError(f"{count} values of tag {tag}")
        form, room = f"{self._order}{count}{_TYPES[kind]}", 8 if self._big else 4
        value = entry[-room:]
        if struct.calcsize(form) > room:
            self._file.seek(struct.unpack(f"{self._order}{self._word}", value)[0])
            value = self._file.read(struct.calcsize(form))
        return tag, struct.unpack_from(form, value)

    def _numbers(self, form: str, count: int) -> tuple[int, ...]:
        form = f"{self._order}{count}{form}"
        return struct.unpack(form, self._file.read(struct.calcsize(form)))
