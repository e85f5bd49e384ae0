"""An asset's page: a photo, panorama, point cloud, mesh, document, recording or splat, with its rights, citation and files."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from archive.records.publication import PublicAsset
from viewer import addresses, pictures, rights
from viewer.discovery.subject import Subject
from viewer.object_stage import needs, stage_of
from viewer.pages.page import Page, exports_of, language_of, manifest_of
from viewer.screen import Context, Frame

_MEASURES = ("pixels", "points", "triangles", "vertices", "splats", "stations", "pages", "duration", "unit", "camera")


def show(context: Context, request: Request) -> Response:
    """One asset."""
    language = language_of(request)
    site = context.publications.site(request.path_params["slug"])
    asset = context.publications.asset(site.slug, request.path_params["asset"])
    picture = pictures.large(site, asset)
    exports = context.publications.exports(site.slug)
    policy, script = needs(asset)
    frame = Frame(
        language,
        f"{context.screen.plain(asset.title, language)} – {context.screen.plain(site.name, language)}",
        path=lambda other: addresses.asset(other, site.slug, asset.id),
        policy=policy,
        script=script,
        description=context.screen.plain(asset.description, language),
        picture=picture.jpeg if picture else "",
        subject=Subject(site, asset),
        manifest=manifest_of(site.slug, exports, asset.id),
    )
    return context.screen.page(
        request,
        "asset.html",
        frame,
        site=site,
        asset=asset,
        measures=measures(asset),
        licence=rights.licence_name(asset.rights),
        statement=rights.statement_key(asset.rights),
        is_link=rights.is_address(asset.rights),
        exports=exports_of(exports, asset.id),
        **stage_of(context, site, asset, language),
    )


def measures(asset: PublicAsset) -> list[tuple[str, Any]]:
    """The facts of an asset that people understand, by catalogue name; others stay in the record."""
    facts = dict(asset.facts)
    if "width" in facts and "height" in facts:
        facts["pixels"] = (facts["width"], facts["height"])
    if isinstance(facts.get("stations"), list):
        facts["stations"] = len(facts["stations"])
    return [(name, facts[name]) for name in _MEASURES if facts.get(name)]


PAGE = Page("/{language:language}/{slug}/{asset}", show)
