"""A site's page: what it is, its facts with their sources, its texts, its walk and a choice of what is digitised of it."""

from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from archive.records.asset import AssetKind
from archive.records.publication import LEVELS, PublicAsset, PublicFact, PublicSite
from archive.records.tour import Scene
from viewer import addresses, guides, newest, pictures, plans, walk
from viewer.discovery.subject import Subject
from viewer.epochs import all_comparisons
from viewer.pages.page import Page, exports_of, language_of, manifest_of
from viewer.pictures import Picture
from viewer.purse import PAGE_PURSE, Purse
from viewer.screen import Context, Frame

_MOST_SCENES, _MOST_OTHERS, _MOST_PHOTOS = 8, 4, 8

Card = tuple[PublicAsset, Picture | None]


def show(context: Context, request: Request) -> Response:
    """One site, whole."""
    language = language_of(request)
    site = context.publications.site(request.path_params["slug"])
    cover = pictures.cover(site)
    exports = context.publications.exports(site.slug)
    purse = Purse(PAGE_PURSE - (cover.octets if cover else 0))
    stops = [(walk.Stop(number, scene), panorama) for number, (scene, panorama) in enumerate(walk.stops(site), 1)]
    pictured = _pictured_stops(site, stops, purse)
    frame = Frame(
        language,
        context.screen.plain(site.name, language),
        path=lambda other: addresses.site(other, site.slug),
        description=context.screen.plain(site.summary, language),
        picture=cover.jpeg if cover else "",
        subject=Subject(site),
        manifest=manifest_of(site.slug, exports),
    )
    return context.screen.page(
        request,
        "site.html",
        frame,
        site=site,
        cover=cover,
        scenes=pictured,
        more_stops=[stop for stop, _ in stops[len(pictured) :]],
        count=len(stops),
        drawings=plans.drawings(site, language),
        guides=[(guide, steps, guides.minutes(steps, language)) for guide, steps in guides.guides(site)],
        comparisons=all_comparisons(site, language),
        newest=newest.added(site),
        fact_groups=fact_groups(site.facts),
        collections=_collections(site, {panorama.id for _, panorama in walk.scenes_with_panoramas(site)}, purse),
        levels=LEVELS,
        exports=exports_of(exports),
    )


def fact_groups(facts: tuple[PublicFact, ...]) -> list[tuple[str, list[PublicFact]]]:
    """Facts under their name, in the order of first mention: sources that conflict stand together."""
    order = list(dict.fromkeys(fact.name for fact in facts))
    by_name = sorted(facts, key=lambda fact: order.index(fact.name))
    return [(name, list(group)) for name, group in groupby(by_name, key=lambda fact: fact.name)]


def _pictured_stops(site: PublicSite, stops: list[tuple[walk.Stop, PublicAsset]], purse: Purse) -> list[tuple[Scene, Picture | None]]:
    """The first stops with their pictures, as far as the purse goes; the others are a list of words."""
    shown: list[tuple[Scene, Picture | None]] = []
    for stop, panorama in stops[:_MOST_SCENES]:
        picture = pictures.card(site, panorama)
        if not purse.pays(picture):
            break
        shown.append((stop.scene, picture))
    return shown


def _collections(site: PublicSite, in_tour: set[str], purse: Purse) -> list[tuple[str, list[Card], int]]:
    """(name, some cards, how many there are): photos, then everything else; panoramas of the tour stand there already."""
    shown = [asset for asset in pictures.by_kind(site) if asset.id not in in_tour]
    photos = [asset for asset in shown if asset.kind is AssetKind.PHOTO]
    others = [asset for asset in shown if asset.kind is not AssetKind.PHOTO]
    chosen = {"others": _cards(site, others[:_MOST_OTHERS], purse), "photos": _cards(site, photos[:_MOST_PHOTOS], purse)}
    groups = (("photos", photos), ("others", others))
    return [(name, chosen[name], len(group)) for name, group in groups if group]


def _cards(site: PublicSite, assets: list[PublicAsset], purse: Purse) -> list[Card]:
    cards = [(asset, pictures.card(site, asset)) for asset in assets]
    return [(asset, picture) for asset, picture in cards if purse.pays(picture)]


PAGE = Page("/{language:language}/{slug}/", show)
