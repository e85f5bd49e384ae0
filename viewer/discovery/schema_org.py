"""What a page is about, in the words of https://schema.org , as a data block that no markup can leave."""

import json
import re
from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from archive.records.asset import AssetKind, Nature
from archive.records.derivative import MediaRole
from archive.records.publication import PublicAsset, PublicFile, PublicSite
from archive.records.text import Language, LocalText
from viewer import addresses, pictures, rights
from viewer.discovery.subject import Subject

Plain = Callable[[LocalText], str]
"""Words in the language of the page."""
_TYPES = {
    AssetKind.PHOTO: "ImageObject",
    AssetKind.PANORAMA: "ImageObject",
    AssetKind.POINT_CLOUD: "Dataset",
    AssetKind.MESH: "3DModel",
    AssetKind.SPLAT: "3DModel",
    AssetKind.DOCUMENT: "DigitalDocument",
    AssetKind.RECORDING: "AudioObject",
    AssetKind.FILE: "CreativeWork",
}
_MADE = {
    Nature.SURVEY: "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
    Nature.RECONSTRUCTION: "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation",
    Nature.SIMULATED: "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation",
}
"""IPTC digital source types: captured from life, or created by a person."""
_DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2}(?:T[0-9:.]+(?:Z|[+-]\d{2}:\d{2})?)?)?)?")
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&'\u2028\u2029\u0085"}


def data_block(document: dict[str, Any]) -> Markup:
    """The document for a ``<script type="application/ld+json">``: nothing in it ends the element or begins another."""
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Markup(written.translate(_ESCAPES))  # noqa: S704 the translation leaves no character with a meaning in HTML


def described(subject: Subject, language: Language, origin: str, plain: Plain) -> dict[str, Any]:
    """The subject of a page as one schema.org thing; absolute addresses begin with ``origin``."""
    site, asset = subject.site, subject.asset
    thing = _site(site, origin) if asset is None else _asset(site, asset, origin, plain)
    page = f"{origin}/{language}/{site.slug}/{subject.below}"
    common = {
        "@context": "https://schema.org",
        "name": plain(subject.title),
        "description": plain(subject.description) if _written(subject.description) else "",
        "url": page,
        "inLanguage": str(language),
        "identifier": site.ark if asset is None else asset.ark,
        "image": _absolute(origin, subject.picture.jpeg if subject.picture else ""),
        "isPartOf": _part_of(site, language, origin, plain) if asset else None,
    }
    return {name: value for name, value in {**common, **thing}.items() if value}


def _site(site: PublicSite, origin: str) -> dict[str, Any]:
    """A real place is a landmark; a model house is a work."""
    real = site.nature is Nature.SURVEY
    return {
        "@type": "LandmarksOrHistoricalBuildings" if real else "CreativeWork",
        "@id": f"{origin}/{site.ark}",
        "digitalSourceType": "" if real else _MADE[site.nature],
        "geo": _geo(site.latitude, site.longitude) if real else None,
    }


def _asset(site: PublicSite, asset: PublicAsset, origin: str, plain: Plain) -> dict[str, Any]:
    is_video = any(file.media_type.startswith("video/") for file in asset.downloads)
    thumbnail = pictures.of_role(site, asset, MediaRole.THUMBNAIL)
    place = _geo(asset.latitude, asset.longitude)
    known = asset.facts
    return {
        "@type": "VideoObject" if asset.kind is AssetKind.RECORDING and is_video else _TYPES[asset.kind],
        "@id": f"{origin}/{asset.ark}",
        "license": asset.rights if rights.is_address(asset.rights) else "",
        "creditText": asset.credit,
        "creator": asset.creator,
        "dateCreated": asset.captured if _DAY.fullmatch(asset.captured) else "",
        "datePublished": site.published[:10],
        "keywords": list(asset.subject),
        "digitalSourceType": _MADE[asset.nature],
        "isBasedOn": [{"@type": "CreativeWork", "name": plain(fact.value)} for fact in asset.paradata if fact.name == "sources"],
        "contentLocation": {"@type": "Place", "geo": place} if place else None,
        "thumbnailUrl": _absolute(origin, thumbnail.jpeg if thumbnail else ""),
        "width": known.get("width") if isinstance(known.get("width"), int) else None,
        "height": known.get("height") if isinstance(known.get("height"), int) else None,
        **_offered(site, asset, origin),
    }


def _offered(site: PublicSite, asset: PublicAsset, origin: str) -> dict[str, Any]:
    """Files by address, only where they are offered: of a data set all, of a work the first."""
    files = asset.downloads
    if not files:
        return {}
    if asset.kind is AssetKind.POINT_CLOUD:
        return {"distribution": [{"@type": "DataDownload", **_file(site, asset, file, origin)} for file in files]}
    return _file(site, asset, files[0], origin)


def _file(site: PublicSite, asset: PublicAsset, file: PublicFile, origin: str) -> dict[str, Any]:
    address = addresses.media(site, asset, f"original/{file.name}")
    return {"contentUrl": _absolute(origin, address), "encodingFormat": file.media_type, "contentSize": f"{file.size} B"}


def _part_of(site: PublicSite, language: Language, origin: str, plain: Plain) -> dict[str, Any]:
    kind = "LandmarksOrHistoricalBuildings" if site.nature is Nature.SURVEY else "CreativeWork"
    return {"@type": kind, "@id": f"{origin}/{site.ark}", "name": plain(site.name), "url": origin + addresses.site(language, site.slug)}


def _geo(latitude: float | None, longitude: float | None) -> dict[str, Any] | None:
    if latitude is None or longitude is None:
        return None
    return {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}


def _written(text: LocalText) -> bool:
    return text.best(Language.VI) is not None


def _absolute(origin: str, path: str) -> str:
    return origin + path if path else ""
