"""What a frozen copy will hold: every page that the site leads to, every file that it lists, every tile of its images."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.publications.read import Publications
from archive.records.derivative import MediaRole
from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language
from viewer import addresses, walk
from viewer.freeze.asking import Answer, Asker
from viewer.freeze.naming import is_negotiated
from viewer.freeze.rewriting import Edition, rewrite
from viewer.iiif.grid import addresses as tile_addresses
from viewer.iiif.grid import grid
from viewer.iiif.information import level0_information
from viewer.iiif.pyramid import AVIF, EDGES, PYRAMID, Pyramid, open_image, stored_tile

_PACKED = re.compile(r"(.*)\.(pack|json)")
_STATIC = frozenset({".css", ".js", ".svg", ".png", ".webmanifest"})
_WANTED_BY_ALL = ("/robots.txt",)
_WANTED_WITH_ADDRESS = ("/sitemap.xml",)
_IN_TEXT = re.compile(r"""[^\s"'<>\\]*""")


@dataclass(frozen=True, slots=True)
class Item:
    """One address and the files that hold its answer (tiles have several names); ``size`` is known before it is asked."""

    address: str
    files: tuple[str, ...]
    size: int
    kind: str = "file"
    language: str = ""


@dataclass(slots=True)
class Plan:
    """Everything that will be written, in order, and where people are sent on from (an address that chooses a language)."""

    items: list[Item] = field(default_factory=list)
    choosers: dict[str, dict[str, str]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    missing: list[tuple[str, str]] = field(default_factory=list)

    @property
    def octets(self) -> int:
        """Bytes before compressed copies are laid beside."""
        return sum(item.size * len(item.files) for item in self.items)

    @property
    def count(self) -> int:
        """Files before compressed copies are laid beside."""
        return sum(len(item.files) for item in self.items) + len(self.choosers) + len(self.redirects)


@dataclass(frozen=True, slots=True)
class Means:
    """What planning and writing ask: the application, the publication of one site and its folder, how the copy is written."""

    asker: Asker
    publications: Publications
    site: PublicSite
    edition: Edition
    static: Path
    folder: Path


def plan(means: Means, progress: Callable[[int], None] = lambda _: None) -> Plan:
    """Follow every link from the entrance on, and list every file of the site."""
    made = Plan()
    _follow(means, made, progress)
    known = {item.address for item in made.items}
    for item in (*_static(means), *_media(means), *_tiles(means)):
        if item.address not in known:
            made.items.append(item)
    return made


def _seeds(means: Means) -> Iterator[str]:
    yield "/"
    yield from _WANTED_BY_ALL
    if means.edition.public:
        yield from _WANTED_WITH_ADDRESS
    for language in Language:
        yield from (addresses.home(language), addresses.site(language, means.site.slug), addresses.search(language))
    yield from (addresses.ark(entry.ark) for entry in means.site.resolver)
    yield from (f"/q/{label.code}" for label in means.site.labels)
    yield from ("/service-worker.js", f"/offline/{means.site.slug}.json")
    if walk.scenes_with_panoramas(means.site):
        yield from (f"/{language}/{means.site.slug}/offline.json" for language in Language)
    yield from (addresses.export(means.site.slug, name) for name in means.publications.exports(means.site.slug))


def _follow(means: Means, made: Plan, progress: Callable[[int], None]) -> None:
    waiting = list(dict.fromkeys(_seeds(means)))[::-1]
    seen = set(waiting)
    came_from: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        led = _listed_by_itself(address)
        found = set() if led else _look(means, made, address, came_from.get(address, ""))
        progress(len(made.items))
        for other in sorted(found - seen, reverse=True):
            seen.add(other)
            came_from[other] = address
            waiting.append(other)


def _listed_by_itself(address: str) -> bool:
    """Files and tiles are known from the publication's own list; only drawn pictures (thumbnails of manifests) are asked for."""
    return address.startswith(("/media/", "/static/")) or (address.startswith("/iiif/") and not address.endswith((".jpg", ".png")))


def _look(means: Means, made: Plan, address: str, came_from: str) -> set[str]:
    """Ask once, note what has to be written, and give back where it leads."""
    if is_negotiated(address):
        return _look_in_languages(means, made, address, came_from)
    answer = means.asker.ask(address)
    if answer.leads_to:
        target = _path(means, answer)
        made.redirects[address] = target
        return {target}
    if answer.status != 200:
        made.missing.append((address, came_from))
        return set()
    return _noted(means, made, (address, means.edition.naming.file_of(address), ""), answer)


def _path(means: Means, answer: Answer) -> str:
    """Where an answer redirects to, as a path."""
    return (means.edition.internal(answer.leads_to) or answer.leads_to).partition("#")[0]


def _noted(means: Means, made: Plan, item: tuple[str, str, str], answer: Answer) -> set[str]:
    """Note what is to be written: (address, file, language) and its answer. Returns where it leads."""
    address, place, language = item
    kind = "page" if answer.is_page else "text" if is_text(answer.media_type) else "file"
    if kind != "page" and place.endswith("index.html"):  # words that are no page must never be opened as one
        made.missing.append((address, answer.media_type))
        return set()
    made.items.append(Item(address, (place,), len(answer.body), kind, language))
    if kind == "page":
        return rewrite(answer.body.decode(), place, means.edition).leads_to
    return _in_text(means.edition, answer.body) if kind == "text" and not address.endswith(".js") else set()


def _look_in_languages(means: Means, made: Plan, address: str, came_from: str) -> set[str]:
    """An address that answers in the visitor's language: all of them, and a page that lets one choose."""
    leads: dict[str, str] = {}
    found: set[str] = set()
    for language in Language:
        answer = means.asker.ask(address, language)
        if answer.leads_to:
            leads[language] = _path(means, answer)
            found.add(leads[language])
        elif answer.status == 404 or not answer.is_page:
            made.missing.append((address, came_from))
            return set()
        else:
            place = means.edition.naming.file_of(address).replace("index.html", f"{language}/index.html")
            leads[language] = f"/{place.removesuffix('index.html')}"
            found |= _noted(means, made, (address, place, language), answer)
    made.choosers[address] = leads
    return found


def is_text(media_type: str) -> bool:
    """Whether addresses may stand in it that have to be changed: manifests, records, feeds."""
    return media_type.endswith(("json", "xml", "/rss", "javascript", "bibtex", "research-info-systems")) or media_type.startswith("text/")


def _in_text(edition: Edition, body: bytes) -> set[str]:
    """Addresses of ours in a manifest, record or feed."""
    text = body.decode("utf-8", "replace")
    found = set()
    for start in re.finditer(re.escape(edition.base) + r"/", text):
        address = _IN_TEXT.match(text, start.end() - 1)
        path = address[0].partition("#")[0].partition("&")[0] if address else ""
        # only pictures are addresses to be asked for: a canvas or annotation has a name of this form and nothing lies there
        if path.startswith("/iiif/") and path.endswith((".jpg", ".png")):
            found.add(path)
    return found


def _static(means: Means) -> Iterator[Item]:
    for path in sorted(means.static.rglob("*")):
        if path.suffix in _STATIC and path.is_file() and path.name != "service-worker.js":
            name = path.relative_to(means.static).as_posix()
            yield Item(f"/static/{name}", (f"static/{name}",), path.stat().st_size)


def _media(means: Means) -> Iterator[Item]:
    for asset in means.site.assets:
        names = {file.name: file.size for file in asset.files if not _is_inside(file.name, asset)}
        names |= {f"original/{file.name}": file.size for file in asset.downloads}
        for name, size in names.items():
            yield _item(means, addresses.media(means.site, asset, name), size)
        if any(file.role is MediaRole.TILESET for file in asset.files):
            yield from _tiles_of_space(means, asset)
    for file in means.site.files:
        yield _item(means, f"/media/{means.site.slug}/{means.site.generation}/{means.site.id}/{file.name}", file.size)


def _item(means: Means, address: str, size: int) -> Item:
    return Item(address, (means.edition.naming.file_of(address),), size)


def _is_inside(name: str, asset: PublicAsset) -> bool:
    """Files that only the server opens: the pyramid, packs and their indexes; and the tileset, which has an address of its own."""
    stem = _PACKED.fullmatch(name)
    packs = {file.name for file in asset.files if file.name.endswith(".pack")}
    return name in {PYRAMID, AVIF, EDGES, "tileset.json"} or (stem is not None and f"{stem[1]}.pack" in packs)


def _tiles_of_space(means: Means, asset: PublicAsset) -> Iterator[Item]:
    site = means.site
    for name in ("tileset.json", *_packed_names(means, asset)):
        address = addresses.media(site, asset, f"tiles/{name}")
        if name == "tileset.json":
            size = next(file.size for file in asset.files if file.name == name)
        else:
            size = means.publications.packed(site.slug, site.generation, asset.id, name)[2]
        yield _item(means, address, size)


def _packed_names(means: Means, asset: PublicAsset) -> list[str]:
    if not any(file.name == "tiles.json" for file in asset.files):
        return []
    path = means.publications.media(means.site.slug, means.site.generation, asset.id, "tiles.json")
    return sorted(json.loads(path.read_bytes()))


def _tiles(means: Means) -> Iterator[Item]:
    for asset in means.site.assets:
        if any(file.role is MediaRole.PYRAMID for file in asset.files):
            yield from _image(means, asset)


def _image(means: Means, asset: PublicAsset) -> Iterator[Item]:
    base = addresses.image(means.site, asset)
    pyramid = open_image(means.publications, means.site.slug, means.site.generation, asset.id)
    place = means.edition.naming.file_of(base)
    yield Item(f"{base}/info.json", (f"{place}/info.json",), 800, "info")
    for tile in grid(pyramid):
        # of the two ways to ask for a tile in its own size, clients use the one with numbers
        names = [name for name in tile_addresses(tile) if tile.is_whole or "/max/" not in name]
        for form in ("jpg", "avif") if pyramid.avif else ("jpg",):
            files = tuple(f"{place}/{name}.{form}" for name in names)
            yield Item(f"{base}/{names[0]}.{form}", files, _size_of(pyramid, tile, form), "image")


def _size_of(pyramid: Pyramid, tile: object, form: str) -> int:
    stored = stored_tile(pyramid, tile, form)  # type: ignore[arg-type]
    return len(stored.before) + stored.length if stored else 20_000


def level0(means: Means, address: str) -> bytes:
    """``info.json`` of the frozen tiles. Its id names the copy's place where that is known, else one that leads nowhere."""
    _, _, slug, generation, asset, _ = address.split("/")
    pyramid = open_image(means.publications, slug, int(generation), asset)
    base = means.edition.absolute(address.removesuffix("/info.json")).rstrip("/")
    return json.dumps(level0_information(base, pyramid)).encode()
