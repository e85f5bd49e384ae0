"""Assets without a single pixel, and what would have been derived of them: for tours, guided walks and annotations."""

from dataclasses import replace
from typing import Any

from archive.records.access import AccessDecision, AccessLevel
from archive.records.asset import Asset, AssetKind, FileRole, FormatVerdict, Nature, OriginalFile
from archive.records.derivative import Derivative, DerivedFile, MediaRole
from archive.records.identifiers import ark_from_blade
from archive.records.site import Site
from archive.records.text import LocalText
from archive.records.tour import Tour
from pipeline.publish.compose import Composed, compose
from pipeline.publish.material import SiteMaterial
from tests.pipeline.publish.publish_builders import PUBLIC, public_site

SITE = replace(public_site(), texts=())
_ROLES = {AssetKind.MESH: (MediaRole.MODEL, "model.glb"), AssetKind.POINT_CLOUD: (MediaRole.TILESET, "tileset.json")}


def named(number: int, name: str, kind: AssetKind = AssetKind.PANORAMA, access: AccessDecision = PUBLIC, **changes: Any) -> Asset:
    """An asset delivered under that name."""
    file = OriginalFile(name, "", 1, f"{number:0128d}", "0" * 64, FileRole.PRINCIPAL, FormatVerdict("jpeg", "image/jpeg"))
    ark = ark_from_blade("99999", f"{number:016d}")
    return replace(Asset(ark, SITE.ark, kind, Nature.SURVEY, LocalText(vi=name), (file,), access=access, location_access=PUBLIC), **changes)


def made_of(asset: Asset, **facts: Any) -> Derivative:
    """What was derived of an asset: a pyramid of a picture, the tiles or the light model of anything else."""
    role, name = _ROLES.get(asset.kind, (MediaRole.PYRAMID, "pyramid.tif"))
    if role is MediaRole.PYRAMID:
        facts = {"pyramid": {"width": 4000, "height": 2000}} | facts
    file = DerivedFile(role, name, "image/tiff", 1, "0" * 64)
    return Derivative("k" * 64, "x", "1", asset.ark, (), {}, (file,), facts)


def composed(tour: Tour, *assets: Asset, site: Site = SITE, files: dict[str, bytes] | None = None, **facts: dict[str, Any]) -> Composed:
    """A site with that tour, as the public sees it. ``facts`` are those of derivatives by the file's name up to its dot."""
    derivatives = {asset.ark: (made_of(asset, **facts.get(asset.principal.path.partition(".")[0], {})),) for asset in assets}
    return compose(SiteMaterial(site, replace(tour, site=site.ark), assets, files=files or {}), derivatives)


def closed(level: AccessLevel) -> AccessDecision:
    """An access decision of that level."""
    return AccessDecision(level, "decided", "urn:x")
