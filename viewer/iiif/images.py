"""The images of all publications, opened once, and forgotten with their generation."""

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from anyio import Lock, to_thread

from archive.publications.read import Publications
from viewer.iiif.grid import tile_at
from viewer.iiif.open_files import OpenFiles
from viewer.iiif.pyramid import Pyramid, Stored, open_image, stored_tile
from viewer.iiif.request import ImageRequest, Rules, parse

_GENERATION = re.compile(r"[1-9][0-9]{0,8}")
_MOST_ADDRESSES = 4096
"""Addresses remembered of one image: more than a deep zoom of 500 megapixels has tiles."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, and where its bytes lie if they are stored."""

    request: ImageRequest
    stored: Stored | None
    canonical: str


@dataclass(frozen=True, slots=True)
class Image:
    """One image in one generation; ``known`` are the addresses that were asked for, by the part behind the image's own."""

    name: str
    """slug/generation/asset id, as it stands in the address."""
    slug: str
    stamp: tuple[int, int]
    pyramid: Pyramid
    known: dict[str, Asked] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """The beginning of entity tags: the generation and the asset."""
        return self.name.partition("/")[2].replace("/", "-")

    def asked(self, rest: str, rules: Rules) -> Asked:
        """Read ``region/size/rotation/quality.format``.

        Raises:
            BadImageRequestError: it breaks a rule.
        """
        found = self.known.get(rest)
        if found is None:
            if len(self.known) >= _MOST_ADDRESSES:
                self.known.clear()
            found = self.known[rest] = self._read(rest, rules)
        return found

    def _read(self, rest: str, rules: Rules) -> Asked:
        pyramid = self.pyramid
        request = parse(rest.split("/"), pyramid.width, pyramid.height, rules)
        tile = tile_at(pyramid, request.region, request.size) if request.is_plain else None
        stored = stored_tile(pyramid, tile, request.form) if tile else None
        return Asked(request, stored, request.canonical(pyramid.width, pyramid.height, rules))


class Images:
    """Finds the image that an address names; for one event loop. ``forgotten`` is told the names of those that are gone."""

    def __init__(self, publications: Publications, most: int, forgotten: Callable[[str], None]) -> None:
        self._publications = publications
        self._most = most
        self._forgotten = forgotten
        self._opened: OrderedDict[str, Image] = OrderedDict()
        self._opening = Lock()
        self.files = OpenFiles()

    async def find(self, name: str) -> Image:
        """The image of ``slug/generation/asset id``.

        One look at the site's ``current`` tells whether anything was published or withdrawn since.

        Raises:
            OSError: the address names no image, or the site is gone.
            NotFoundError: another generation, or an asset without an image.
        """
        name = _tidy(name) if "%" in name else name
        known = self._known(name)
        if known is not None:
            return known
        async with self._opening:
            return self._known(name) or await self._open(name)

    def _known(self, name: str) -> Image | None:
        known = self._opened.get(name)
        if known is None:
            return None
        try:
            is_current = self._publications.stamp(known.slug) == known.stamp
        except OSError:
            is_current = False
        if is_current:
            self._opened.move_to_end(name)
            return known
        for other in [image.name for image in self._opened.values() if image.slug == known.slug]:
            self._forget(other)
        return None

    async def _open(self, name: str) -> Image:
        image = await to_thread.run_sync(_read, self._publications, name)
        self._opened[name] = image
        if len(self._opened) > self._most:
            self._forget(next(iter(self._opened)))
        return image

    def _forget(self, name: str) -> None:
        folder = self._opened.pop(name).pyramid.path.parent
        self.files.forget(folder)
        self._forgotten(name)


def _tidy(name: str) -> str:
    """One name for all spellings: else each would be opened, drawn and remembered as an image of its own."""
    return "/".join(quote(unquote(part, errors="replace"), safe="") for part in name.split("/"))


def _read(publications: Publications, name: str) -> Image:
    """Open the image of an address: reads its record and its directories, so not on the server's own thread."""
    parts = name.split("/")
    if len(parts) != 3 or not _GENERATION.fullmatch(parts[1]):
        raise FileNotFoundError(name)
    slug, asset_id = unquote(parts[0], errors="replace"), unquote(parts[2], errors="replace")
    if not (slug + asset_id).isprintable():
        raise FileNotFoundError(name)
    stamp = publications.stamp(slug)
    return Image(name, slug, stamp, open_image(publications, slug, int(parts[1]), asset_id))
