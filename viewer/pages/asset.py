"""An asset's page: a photo, panorama, point cloud, mesh, document, recording or splat, with its rights, citation and files."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from archive.records.asset import AssetKind
from archive.records.derivative import MediaRole
from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language
from archive.records.tour import View
from viewer import addresses, pictures, rights, walk
from viewer.pages.page import Page, exports_of, language_of
from viewer.panorama import panorama_config
from viewer.policies import MODEL_POLICY, PHOTO_POLICY, TOUR_POLICY
from viewer.screen import Context, Frame

_POLICIES = {AssetKind.PHOTO: PHOTO_POLICY, AssetKind.POINT_CLOUD: MODEL_POLICY, AssetKind.MESH: MODEL_POLICY}
_SCRIPTS = {
    AssetKind.PHOTO: "photo",
    AssetKind.PANORAMA: "panorama",
    AssetKind.POINT_CLOUD: "space",
    AssetKind.MESH: "space",
}
_MEASURES = ("pixels", "points", "triangles", "vertices", "splats", "stations", "pages", "duration", "unit", "camera")


def show(context: Context, request: Request) -> Response:
    """One asset."""
    language = language_of(request)
    site = context.publications.site(request.path_params["slug"])
    asset = context.publications.asset(site.slug, request.path_params["asset"])
    picture = pictures.large(site, asset)
    frame = Frame(
        language,
        f"{context.screen.plain(asset.title, language)} – {context.screen.plain(site.name, language)}",
        path=lambda other: addresses.asset(other, site.slug, asset.id),
        policy=_POLICIES.get(asset.kind, TOUR_POLICY),
        script=_SCRIPTS.get(asset.kind, ""),
        description=context.screen.plain(asset.description, language),
        picture=picture.jpeg if picture else "",
    )
    return context.screen.page(
        request,
        "asset.html",
        frame,
        site=site,
        asset=asset,
        picture=picture,
        measures=measures(asset),
        licence=rights.licence_name(asset.rights),
        statement=rights.statement_key(asset.rights),
        is_link=rights.is_address(asset.rights),
        exports=exports_of(context.publications.exports(site.slug), asset.id),
        **_by_kind(site, asset, language),
    )


def measures(asset: PublicAsset) -> list[tuple[str, Any]]:
    """The facts of an asset that people understand, by catalogue name; others stay in the record."""
    facts = dict(asset.facts)
    if "width" in facts and "height" in facts:
        facts["pixels"] = (facts["width"], facts["height"])
    if isinstance(facts.get("stations"), list):
        facts["stations"] = len(facts["stations"])
    return [(name, facts[name]) for name in _MEASURES if facts.get(name)]


def _by_kind(site: PublicSite, asset: PublicAsset, language: Language) -> dict[str, Any]:
    """What only one kind of asset needs, as variables of the template; None for the others."""
    is_panorama = asset.kind is AssetKind.PANORAMA
    scene = next((scene for scene, panorama in walk.scenes_with_panoramas(site) if panorama is asset), None) if is_panorama else None
    heading = scene.heading if scene else None
    return {
        "config": panorama_config(site, asset, heading=heading, view=View()) if is_panorama else None,
        "ahead": pictures.still(site, asset, 0) if is_panorama else None,
        "scene_address": addresses.scene(language, site.slug, scene.id) if scene else "",
        "zoom_address": f"{addresses.image(site, asset)}/info.json" if _has(asset, MediaRole.PYRAMID) else "",
        "space": _space(site, asset),
    }


def _space(site: PublicSite, asset: PublicAsset) -> dict[str, Any] | None:
    """Where the 3D viewer finds its material, and how many bytes that is at most."""
    model = next((file for file in asset.files if file.role is MediaRole.MODEL), None)
    if model is not None:
        return {"form": "mesh", "address": addresses.media(site, asset, model.name), "octets": model.size, "focus": ""}
    pack = next((file for file in asset.files if file.role is MediaRole.TILES and file.name.endswith(".pack")), None)
    if _has(asset, MediaRole.TILESET) and pack is not None:
        address = addresses.media(site, asset, "tiles/tileset.json")
        return {"form": "cloud", "address": address, "octets": pack.size, "focus": _focus(asset)}
    return None


def _focus(asset: PublicAsset) -> str:
    """Two corners of where a cloud mostly is, as six numbers in its own frame; empty for tiles made before this was measured."""
    box = asset.facts.get("focus")
    return " ".join(f"{value:.3f}" for value in (*box["minimum"], *box["maximum"])) if box else ""


def _has(asset: PublicAsset, role: MediaRole) -> bool:
    return any(file.role is role for file in asset.files)


PAGE = Page("/{language:language}/{slug}/{asset}", show)
