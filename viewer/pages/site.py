"""A site's page: what it is, its facts with their sources, its texts, its tour and everything digitised of it."""

from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from archive.records.asset import AssetKind
from archive.records.publication import LEVELS, PublicAsset, PublicFact, PublicSite
from viewer import addresses, pictures, walk
from viewer.pages.page import Page, exports_of, language_of
from viewer.pictures import Picture
from viewer.screen import Context, Frame


def show(context: Context, request: Request) -> Response:
    """One site, whole."""
    language = language_of(request)
    site = context.publications.site(request.path_params["slug"])
    name = context.screen.plain(site.name, language)
    cover = pictures.cover(site)
    frame = Frame(
        language,
        name,
        path=lambda other: addresses.site(other, site.slug),
        description=context.screen.plain(site.summary, language),
        picture=cover.jpeg if cover else "",
    )
    scenes = [(scene, pictures.card(site, panorama)) for scene, panorama in walk.scenes_with_panoramas(site)]
    return context.screen.page(
        request,
        "site.html",
        frame,
        site=site,
        cover=cover,
        scenes=scenes,
        fact_groups=fact_groups(site.facts),
        collections=_collections(site),
        levels=LEVELS,
        exports=exports_of(context.publications.exports(site.slug)),
    )


def fact_groups(facts: tuple[PublicFact, ...]) -> list[tuple[str, list[PublicFact]]]:
    """Facts under their name, in the order of first mention: sources that conflict stand together."""
    order = list(dict.fromkeys(fact.name for fact in facts))
    by_name = sorted(facts, key=lambda fact: order.index(fact.name))
    return [(name, list(group)) for name, group in groupby(by_name, key=lambda fact: fact.name)]


def _collections(site: PublicSite) -> list[tuple[str, list[tuple[PublicAsset, Picture | None]]]]:
    """Photos, then everything else by kind; panoramas that are scenes of the tour stand there already."""
    in_tour = {panorama.id for _, panorama in walk.scenes_with_panoramas(site)}
    kinds = list(AssetKind)
    shown = sorted((asset for asset in site.assets if asset.id not in in_tour), key=lambda asset: kinds.index(asset.kind))
    groups = groupby(shown, key=lambda asset: "photos" if asset.kind is AssetKind.PHOTO else "others")
    return [(name, [(asset, pictures.card(site, asset)) for asset in group]) for name, group in groups]


PAGE = Page("/{language:language}/{slug}/", show)
