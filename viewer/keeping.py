"""What a phone keeps of a tour for places without a network: the walk's pages and pictures, tiles for its screen, spoken words.

Everything comes from the public record. Addresses have no leading slash: they count from wherever the viewer stands.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.publications.read import Publications
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language
from archive.records.tour import GuideStep, Scene
from viewer import addresses, walk
from viewer.guides import guides
from viewer.iiif.grid import grid
from viewer.iiif.pyramid import Pyramid, open_image, stored_tile
from viewer.screen import file_version

SHARP_WIDTH = 5900
"""Pixels round the whole horizon that a phone of 390 × 844 points at two pixels each shows at 75 degrees."""
_PAGE = 9_000
"""Bytes that a page is counted as; they are made anew for each visitor and only a small part."""
_SCRIPTS = ("panorama", "guide", "compare", "page", "offline")
_IMPORTS = re.compile(r"""(?:from|import)\s*["'`]\./(shared-[^"'`]+\.js)["'`]""")
_SHOWN = frozenset({MediaRole.FIRST_VIEW, MediaRole.STILL, MediaRole.THUMBNAIL, MediaRole.POSTER})
_SPOKEN = frozenset({MediaRole.NARRATION, MediaRole.CAPTIONS})


@dataclass(frozen=True, slots=True)
class Kept:
    """One address to keep: bytes, and "avif" or "jpg" where the same picture has both forms, else ""."""

    address: str
    octets: int
    form: str = ""


@dataclass(frozen=True, slots=True)
class KeepList:
    """All that belongs to a tour in one language. ``edition`` changes with the publication and with the viewer itself."""

    slug: str
    language: Language
    edition: str
    files: tuple[Kept, ...]

    @property
    def octets(self) -> int:
        """Bytes that a phone takes which shows AVIF, as nearly all do."""
        twice = {kept.address.rpartition(".")[0] for kept in self.files if kept.form == "avif"}
        return sum(kept.octets for kept in self.files if kept.form != "jpg" or kept.address.rpartition(".")[0] not in twice)


def edition_of(site: PublicSite, static: Path) -> str:
    """What a kept tour is of: the publication's generation and the viewer's own files."""
    versions = "".join(file_version(path) for path in sorted((static / "built").glob("*.*s")))
    return f"{site.generation}-{hashlib.sha256(versions.encode()).hexdigest()[:8]}"


def keep_list(publications: Publications, site: PublicSite, language: Language, static: Path) -> KeepList:
    """What a phone keeps of a site's tour in one language."""
    files = [
        *(Kept(address.lstrip("/"), _PAGE) for address in _pages(site, language)),
        *_own_files(static),
        *_pictures(site),
        *_tiles(publications, site),
        *_spoken(site, language),
    ]
    return KeepList(site.slug, language, edition_of(site, static), tuple({kept.address: kept for kept in files}.values()))


def _pages(site: PublicSite, language: Language) -> Iterator[str]:
    yield addresses.site(language, site.slug)
    yield addresses.offline(language, site.slug)
    for scene, panorama in walk.scenes_with_panoramas(site):
        yield addresses.scene(language, site.slug, scene.id)
        yield from _directions(site, scene, panorama, language)
    for guide, steps in guides(site):
        yield addresses.guide(language, site.slug, guide.id)
        yield from (addresses.step(language, site.slug, guide.id, step.number) for step in steps)
    yield from (addresses.asset(language, site.slug, asset.id) for asset in _visited(site))


def _directions(site: PublicSite, scene: Scene, panorama: PublicAsset, language: Language) -> Iterator[str]:
    for look in walk.outlooks(site, scene, panorama):
        yield addresses.direction(language, site.slug, scene.id, look.name)


def _visited(site: PublicSite) -> list[PublicAsset]:
    """Assets that the walk itself leads to: panoramas, sights, stops of guided walks."""
    if site.tour is None:
        return []
    steps: Iterable[GuideStep] = (step for guide in site.tour.guides for step in guide.steps)
    named = {step.asset for step in steps} | {spot.asset for scene in site.tour.scenes for spot in scene.hotspots}
    named |= {panorama.ark for _, panorama in walk.scenes_with_panoramas(site)}
    return [asset for asset in site.assets if named & {asset.ark, asset.id}]


def _own_files(static: Path) -> Iterator[Kept]:
    """The stylesheets, the icon, the scripts of the walk and what they import. What loads on tap (3D, deep zoom) stays out."""
    names = ["style.css", "object.css", *(f"{name}.js" for name in _SCRIPTS)]
    waiting = [static / "built" / name for name in names if (static / "built" / name).is_file()]
    seen: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        address = f"static/built/{path.name}"
        yield Kept(address if path.name.startswith("shared-") else f"{address}?v={file_version(path)}", path.stat().st_size)
        if path.suffix == ".js":
            waiting += [path.with_name(name) for name in _IMPORTS.findall(path.read_text(encoding="utf-8"))]
    icon = static / "icon.svg"
    yield Kept(f"static/icon.svg?v={file_version(icon)}", icon.stat().st_size)


def _pictures(site: PublicSite) -> Iterator[Kept]:
    for asset in site.assets:
        for file in asset.files:
            if file.role in _SHOWN and (file.role is MediaRole.THUMBNAIL or asset in _visited(site)):
                yield Kept(addresses.media(site, asset, file.name).lstrip("/"), file.size, _form(file))
    for file in site.files:
        if file.role is MediaRole.PLAN:
            yield Kept(addresses.site_file(site, file.name).lstrip("/"), file.size)


def _form(file: DerivedFile) -> str:
    return {"image/avif": "avif", "image/jpeg": "jpg"}.get(file.media_type, "")


def _tiles(publications: Publications, site: PublicSite) -> Iterator[Kept]:
    for _, panorama in walk.scenes_with_panoramas(site):
        if any(file.role is MediaRole.PYRAMID for file in panorama.files):
            pyramid = open_image(publications, site.slug, site.generation, panorama.id)
            yield from _tiles_of(pyramid, addresses.image(site, panorama).lstrip("/"))


def _tiles_of(pyramid: Pyramid, base: str) -> Iterator[Kept]:
    """The tiles up to the first level that is sharp on a phone."""
    widths = [level.width for level in pyramid.levels]
    sharp = max((width for width in widths if width >= SHARP_WIDTH), default=widths[0])
    finest = 1 << max(number for number, width in enumerate(widths) if width >= min(SHARP_WIDTH, sharp))
    for tile in grid(pyramid):
        if tile.scale < finest:
            continue
        address = f"{base}/{','.join(map(str, tile.region))}/{tile.size[0]},{tile.size[1]}/0/default"
        for form in ("avif", "jpg") if pyramid.avif else ("jpg",):
            stored = stored_tile(pyramid, tile, form)
            yield Kept(f"{address}.{form}", len(stored.before) + stored.length if stored else 0, form)


def _spoken(site: PublicSite, language: Language) -> Iterator[Kept]:
    steps: Iterable[GuideStep] = (step for guide, _ in guides(site) for step in guide.steps)
    spoken = [narration for step in steps for narration in step.narrations if narration.language is language]
    wanted = {name for narration in spoken for name in (narration.file, narration.captions)}
    for file in site.files:
        if file.role in _SPOKEN and file.name in wanted:
            yield Kept(addresses.site_file(site, file.name).lstrip("/"), file.size)
