"""Archived sites with real pictures, for publishing."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.accession import accession
from archive.home import Home, create_home
from archive.records.access import AccessDecision, AccessLevel, Rights
from archive.records.asset import Asset, AssetKind, GeoPosition, Nature, SourcedValue
from archive.records.identifiers import mint_asset, mint_site
from archive.records.package import FileToKeep, VersionDraft
from archive.records.serialise import to_json
from archive.records.site import Coordinates, Fact, Site
from archive.records.text import LocalText
from archive.records.tour import Tour
from tests.pipeline.derive.derive_builders import asset_of, save, sphere_pixels

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PUBLIC = AccessDecision(AccessLevel.PUBLIC, "decided", "urn:x")
RESTRICTED = AccessDecision(AccessLevel.RESTRICTED, "edict", "urn:x")
REDUCED = AccessDecision(AccessLevel.REDUCED, "people", "urn:x")
OPEN = Rights("https://creativecommons.org/licenses/by/4.0/", "Phòng Văn hóa", "© Phòng Văn hóa")
SECRETS = ("16.123456", "108.654321", "Ông Giữ Đền", "sắc phong", "548123.4", "Nha rieng")
"""Planted in records and originals; no page, picture or export may hold them."""
PLACE = GeoPosition(16.123456, 108.654321, 12.0, 90.0, "exif:GPS")


def home_at(root: Path) -> Home:
    """A new archive home."""
    return create_home(root / "home", name="Kho thử", keys=root / "keys")


def public_site(slug: str = "dinh-thu") -> Site:
    """A public site with a public place, two conflicting facts, and a custodian who is not public."""
    return Site(
        ark=mint_site("99999"),
        slug=slug,
        name=LocalText(vi="Đình Thử", en="The Trial Communal House"),
        summary=LocalText(vi="Một ngôi đình."),
        nature=Nature.SURVEY,
        facts=(
            Fact("dating", LocalText(vi="thế kỷ 18"), "Hồ sơ", "A"),
            Fact("dating", LocalText(vi="năm 1802"), "Bia", "B"),
            Fact("custodian", LocalText(vi="Ông Giữ Đền"), access=AccessLevel.RESTRICTED),
        ),
        coordinates=Coordinates("surveyed", 16.123456, 108.654321, access=AccessLevel.PUBLIC),
        access=PUBLIC,
        texts=("story", "untold"),
    )


def photo(path: Path, site: Site, seed: int = 0, **changes: Any) -> Asset:
    """A public photo with a place, a person and an open licence, and its file."""
    pixels = sphere_pixels(400)
    pixels[:8, :8] = seed
    asset = asset_of(save(pixels, path), AssetKind.PHOTO, width=400, height=200, bounds=[548123.4], crs="EPSG:9210")
    return _of_site(asset, site, **changes)


def panorama(path: Path, site: Site, seed: int, position: tuple[float, float] | None, heading: float | None = 0.0, **changes: Any) -> Asset:
    """A public panorama at (latitude, longitude), its image centre looking along the heading."""
    pixels = sphere_pixels(1024)
    pixels[:8, :8] = seed
    facts: dict[str, Any] = {"projection": "equirectangular"} | ({} if heading is None else {"heading": heading})
    asset = asset_of(save(pixels, path), AssetKind.PANORAMA, **facts)
    place = GeoPosition(*position, source="exif:GPS") if position else None
    return _of_site(replace(asset, position=place), site, **({"position": place} | changes))


def _of_site(asset: Asset, site: Site, **changes: Any) -> Asset:
    asset = replace(
        asset,
        ark=mint_asset("99999", site.ark, asset.principal.sha512),
        site=site.ark,
        title=LocalText(),
        creator="Người chụp",
        captured=SourcedValue("2026-05-04T10:00:00", "exif:DateTimeOriginal"),
        position=PLACE,
        rights=OPEN,
        access=PUBLIC,
        location_access=PUBLIC,
    )
    return replace(asset, **changes)


def archive_site(home: Home, site: Site, tour: Tour | None = None, base: str = "") -> Site:
    """Keep a site's record, tour and one text."""
    contents = {
        "site.json": to_json(site),
        "tour.json": to_json(tour or Tour(site.ark, ())),
        "texts/vi/story.md": "# Chuyện đình\n\nĐình dựng *năm 1802*.\n".encode(),
        "texts/en/story.md": b"Without a heading.\n",
    }
    keep(home, [VersionDraft(site.ark, base, tuple(_file(name, content) for name, content in contents.items()), "site")])
    return site


def archive_assets(home: Home, assets: Iterable[tuple[Asset, Path]], base: str = "") -> None:
    """Keep assets with their one original each."""
    drafts = []
    for asset, path in assets:
        record = _file("record.json", to_json(asset))
        file = asset.principal
        original = FileToKeep(f"original/{file.path}", file.sha512, file.sha256, file.size, source=None if base else path, kept=bool(base))
        drafts.append(VersionDraft(asset.ark, base, (original, record), "asset"))
    keep(home, drafts)


def keep(home: Home, drafts: list[VersionDraft]) -> None:
    """Accession drafts as the archive's own agent."""
    accession(home, drafts, agent=home.config.agent, now=NOW)


def _file(name: str, content: bytes) -> FileToKeep:
    return FileToKeep(name, hashlib.sha512(content).hexdigest(), hashlib.sha256(content).hexdigest(), len(content), content=content)
