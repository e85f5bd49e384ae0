"""The one function through which everything public passes: what an archived asset looks like to the public, or nothing.

Rules, in order:

1. A withdrawn asset is not shown. Nothing of a site that is not public is shown.
2. RESTRICTED is not shown. REDUCED is shown by title and thumbnail alone: no words, no place, no larger picture, no download.
3. A position is shown only where the asset's location and the site's coordinates are both public, rounded as the site says.
4. An original is offered only under the same condition (its header, its name or its geometry may tell the place), where the place that
   it may tell is not rounded, and under a licence that lets others copy it. Where only the place speaks against it, a picture's access
   copy is offered instead, named by the asset's id.
5. Only facts in ``PUBLIC_FACTS`` are copied from the record; nothing is copied because it is there. What is said of how the asset was
   made passes through ``paradata``, which names what it takes too.

Left to the derivers: that derived files hold nothing but pixels and geometry.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from archive.records.access import AccessLevel
from archive.records.asset import Asset, AssetKind, OriginalFile
from archive.records.derivative import Derivative, DerivedFile, MediaRole
from archive.records.identifiers import identifier_of
from archive.records.publication import PublicAsset, PublicFile
from archive.records.site import Site
from archive.records.text import Language, LocalText
from pipeline.publish.paradata import paradata_of

PUBLIC_FACTS = ("width", "height", "projection", "camera", "pages", "points", "triangles", "vertices", "textures", "unit", "duration")
"""Measured values of the record that say nothing about place or person."""
_LENGTHS = frozenset({"metre", "foot", "US survey foot"})
PLACE_FACTS = frozenset({"crs", "offset", "origin", "georeference", "transform", "frame", "position", "latitude", "longitude", "heading"})
"""Names that no derivative's facts may bring in. ``frame`` leads from a scan's own coordinates to those shown: whoever had both would know
the place. Publishing reads it to carry annotations over."""
_SCANS = frozenset({AssetKind.POINT_CLOUD, AssetKind.MESH, AssetKind.SPLAT})


class Withheld(StrEnum):
    """Why an asset, or a part of it, is not shown."""

    SITE_NOT_PUBLIC = "site-not-public"
    WITHDRAWN = "withdrawn"
    RESTRICTED = "restricted"
    REDUCED = "reduced"
    LOCATION = "location-not-public"
    SITE_LOCATION = "site-location-not-public"
    ROUNDED = "location-rounded"
    NO_OPEN_LICENCE = "no-open-licence"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What may be shown of an asset, and each reason against the rest.

    ``access_copy``: the originals would tell the place, but a copy that holds nothing but pixels may be handed out.
    """

    shown: bool
    whole: bool = False
    location: bool = False
    originals: bool = False
    access_copy: bool = False
    withheld: tuple[Withheld, ...] = ()


def judge(asset: Asset, site: Site) -> Judgement:
    """What may be shown of an asset of this site."""
    if asset.withdrawn:
        return Judgement(shown=False, withheld=(Withheld.WITHDRAWN,))
    if site.access.level is not AccessLevel.PUBLIC:
        return Judgement(shown=False, withheld=(Withheld.SITE_NOT_PUBLIC,))
    if asset.access.level is AccessLevel.RESTRICTED:
        return Judgement(shown=False, withheld=(Withheld.RESTRICTED,))
    if asset.access.level is AccessLevel.REDUCED:
        return Judgement(shown=True, withheld=(Withheld.REDUCED,))
    against = _against_location(asset, site)
    precise = against or _against_precision(asset, site)
    licence = asset.rights.lets_others_copy
    withheld = (*precise, *(() if licence else (Withheld.NO_OPEN_LICENCE,)))
    return Judgement(True, True, not against, not withheld, bool(precise) and licence, withheld)


def _against_location(asset: Asset, site: Site) -> tuple[Withheld, ...]:
    if asset.location_access.level is not AccessLevel.PUBLIC:
        return (Withheld.LOCATION,)
    if _tells_place(asset) and site.coordinates.access is not AccessLevel.PUBLIC:
        return (Withheld.SITE_LOCATION,)
    return ()


def _against_precision(asset: Asset, site: Site) -> tuple[Withheld, ...]:
    """Where the site rounds its coordinates, a file that holds them whole would give away what was rounded off."""
    return (Withheld.ROUNDED,) if _tells_place(asset) and site.coordinates.public_decimals is not None else ()


def _tells_place(asset: Asset) -> bool:
    return asset.position is not None or asset.kind in _SCANS


def public_asset(
    asset: Asset, site: Site, derivatives: tuple[Derivative, ...], fallback_title: LocalText, archived: str = ""
) -> PublicAsset | None:
    """An asset as the public sees it; None when it does not see it at all.

    Args:
        asset: the archived record.
        site: the record of its site.
        derivatives: what was derived from it.
        fallback_title: shown where nobody has given it a title.
        archived: date on which the archive took it in, "" where that is not known.
    """
    judgement = judge(asset, site)
    if not judgement.shown:
        return None
    titled = any((asset.title.vi, asset.title.en, asset.title.th))
    whole = judgement.whole
    position = asset.position if judgement.location else None
    return PublicAsset(
        ark=asset.ark,
        id=identifier_of(asset.ark),
        kind=asset.kind,
        nature=asset.nature,
        title=_all_clean(asset.title) if titled else fallback_title,
        description=_all_clean(asset.description) if whole else LocalText(),
        creator=clean(asset.creator) if whole else "",
        captured=clean(_captured(asset)) if whole else "",
        rights=clean(asset.rights.statement),
        credit=clean(asset.rights.credit or asset.rights.holder),
        subject=tuple(map(clean, asset.subject)) if whole else (),
        files=_files(asset, derivatives, judgement),
        facts=_facts(asset, derivatives) if whole else {},
        downloads=tuple(download for download, _ in downloads_of(asset)) if judgement.originals else (),
        latitude=rounded(position.latitude, site) if position else None,
        longitude=rounded(position.longitude, site) if position else None,
        paradata=paradata_of(asset, place_is_public=judgement.location) if whole else (),
        archived=archived if whole else "",
    )


def _files(asset: Asset, derivatives: tuple[Derivative, ...], judgement: Judgement) -> tuple[DerivedFile, ...]:
    """The derived files that may be seen."""
    files = files_of(derivatives)
    if not judgement.whole:
        return tuple(file for file in files if file.role is MediaRole.THUMBNAIL)
    named = (_named(file, asset) if file.role is MediaRole.ACCESS_COPY else file for file in files)
    return tuple(file for file in named if file.role is not MediaRole.ACCESS_COPY or judgement.access_copy)


def _named(copy: DerivedFile, asset: Asset) -> DerivedFile:
    """An access copy under the asset's id: whoever saves it finds its way back, and the original's name may tell the place."""
    return replace(copy, name=identifier_of(asset.ark) + PurePosixPath(copy.name).suffix)


def files_of(derivatives: tuple[Derivative, ...]) -> tuple[DerivedFile, ...]:
    """The derived files that a publication holds; of two with one name the first."""
    files: dict[str, DerivedFile] = {}
    for derivative in derivatives:
        for file in derivative.files:
            files.setdefault(file.name, file)
    return tuple(files.values())


def downloads_of(asset: Asset) -> tuple[tuple[PublicFile, OriginalFile], ...]:
    """Every original as it would be offered, with the file it is. Folders are left out of names; equal names get a number."""
    offered: dict[str, tuple[PublicFile, OriginalFile]] = {}
    for file in asset.originals:
        name = _plain_name(file.path)
        number = 1
        while name in offered:
            number += 1
            name = f"{number}-{_plain_name(file.path)}"
        label = " ".join(filter(None, (file.format.name.upper(), file.format.version)))
        offered[name] = (PublicFile(name, label, file.format.media_type, file.size, file.sha512), file)
    return tuple(offered.values())


def rounded(degrees: float, site: Site) -> float:
    """A coordinate with no more decimals than the site makes public."""
    decimals = site.coordinates.public_decimals
    return degrees if decimals is None else round(degrees, decimals)


def _plain_name(path: str) -> str:
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace").lstrip(".") or "file"


def clean(text: str) -> str:
    """The text with "?" for bytes that were no UTF-8 where it was read: pages, XML and the index cannot hold those."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _all_clean(text: LocalText) -> LocalText:
    return LocalText(*(None if (words := text.get(language)) is None else clean(words) for language in Language))


def _captured(asset: Asset) -> str:
    return str(asset.captured.value) if asset.captured is not None else ""


def _facts(asset: Asset, derivatives: tuple[Derivative, ...]) -> dict[str, Any]:
    facts: dict[str, Any] = {name: asset.facts[name].value for name in PUBLIC_FACTS if name in asset.facts}
    if asset.kind in _SCANS:
        # What is shown stands in the record's unit unless a deriver turned it into another.
        facts["shown_unit"] = facts.get("unit", "")
    if asset.kind is AssetKind.POINT_CLOUD and "crs" in asset.facts and facts.get("unit") in _LENGTHS:
        # x leads east and y north: a cloud can say so without saying where it stands
        facts["oriented"] = True
    for derivative in derivatives:
        facts |= without_place(derivative.facts)
    return facts


def without_place(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts without those that tell where on earth something is, at any depth."""
    return {name: without_place(value) if isinstance(value, Mapping) else value for name, value in facts.items() if name not in PLACE_FACTS}
