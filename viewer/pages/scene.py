"""A scene: one standpoint of a tour, and each of its four directions. Complete as plain HTML; the script takes over where it can."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from archive.errors import NotFoundError
from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language
from archive.records.tour import Guide, Scene, View
from viewer import addresses, guides, plans, walk, wording
from viewer.discovery.subject import Subject
from viewer.epochs import comparisons
from viewer.pages.page import Page, language_of, manifest_of
from viewer.panorama import panorama_config
from viewer.screen import Context, Frame
from viewer.sights import Sight, sights
from viewer.walk import Outlook, Stop, Way

_MOST_STOPS = 24
"""listed beside a scene; of a longer walk those around it, the site's page has all"""


@dataclass(frozen=True, slots=True)
class Look:
    """One direction as a page shows it: its own address, and what lies there."""

    outlook: Outlook
    href: str
    ways: list[Way]
    sights: list[Sight]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a visitor stands."""

    site: PublicSite
    scene: Scene
    panorama: PublicAsset
    looks: list[Outlook]


def show(context: Context, request: Request) -> Response:
    """The scene as it opens."""
    place = _place(context, request)
    return _page(context, request, place, walk.first_outlook(place.looks, place.scene.view))


def show_direction(context: Context, request: Request) -> Response:
    """The scene towards one of its four directions."""
    place = _place(context, request)
    facing = next((look for look in place.looks if look.name == request.path_params["direction"]), None)
    if facing is None:
        raise NotFoundError("Nobody looks that way here.", advice="Choose a direction from the scene's page.")
    return _page(context, request, place, facing)


def _place(context: Context, request: Request) -> _Place:
    site = context.publications.site(request.path_params["slug"])
    scene = walk.scene_of(site, request.path_params["scene"])
    panorama = walk.panorama_of(site, scene) if scene else None
    if scene is None or panorama is None:
        raise NotFoundError("There is no such scene.", advice="Choose one from the site's page.")
    return _Place(site, scene, panorama, walk.outlooks(site, scene, panorama))


def _page(context: Context, request: Request, place: _Place, facing: Outlook) -> Response:
    language, site, scene = language_of(request), place.site, place.scene
    seen = sights(site, scene, language)
    exits = walk.ways(site, scene, language)
    looks = [_look(place, look, (exits, seen), language) for look in place.looks]
    here = next(look for look in looks if look.outlook is facing)
    view = scene.view if here.outlook is walk.first_outlook(place.looks, scene.view) else View(yaw=facing.yaw)
    if facing.yaw != walk.first_outlook(place.looks, scene.view).yaw:
        exits.sort(key=lambda way: wording.apart(way.yaw, facing.yaw))
    stops = [Stop(number, stop) for number, (stop, _) in enumerate(walk.stops(site), 1)]
    own = context.screen.origin(request) + addresses.scene(language, site.slug, scene.id)
    return context.screen.page(
        request,
        "scene.html",
        _frame(context, place, here, language),
        site=site,
        scene=scene,
        panorama=place.panorama,
        facing=here,
        looks=looks,
        turns=_turns(looks, here),
        ways=exits,
        sights=seen,
        descriptions=walk.descriptions(scene),
        config=panorama_config(site, place.panorama, heading=scene.heading, view=view),
        drawing=plans.drawing_of(site, scene, view.yaw, language),
        nearby=_around(stops, scene),
        stops=len(stops),
        guides=_guides_here(site, scene),
        comparisons=comparisons(site, place.panorama, language),
        address=own + walk.fragment(view),
        embed_address=f"{own}/embed",
    )


def _frame(context: Context, place: _Place, here: Look, language: Language) -> Frame:
    site, scene, outlook = place.site, place.scene, here.outlook
    say, plain = context.screen.say, context.screen.plain
    is_first = outlook is walk.first_outlook(place.looks, scene.view)
    looking = "" if is_first else f", {say(language, 'scene.looking', direction=say(language, f'compass.{outlook.key}'))}"
    return Frame(
        language,
        f"{plain(scene.title, language)}{looking} – {plain(site.name, language)}",
        path=lambda other: _address(place, outlook, other),
        script="panorama",
        description=plain(scene.description, language),
        picture=outlook.picture.jpeg if outlook.picture else "",
        subject=Subject(site, place.panorama, scene),
        manifest=manifest_of(site.slug, context.publications.exports(site.slug), "tour"),
    )


def _look(place: _Place, outlook: Outlook, seen: tuple[list[Way], list[Sight]], language: Language) -> Look:
    ways, things = seen
    return Look(
        outlook,
        _address(place, outlook, language),
        [way for way in ways if way.known and walk.outlook_towards(place.looks, way.yaw) is outlook],
        [thing for thing in things if walk.outlook_towards(place.looks, thing.yaw) is outlook],
    )


def _address(place: _Place, outlook: Outlook, language: Language) -> str:
    """A direction's own page; that of the first one is the scene's."""
    if outlook is walk.first_outlook(place.looks, place.scene.view):
        return addresses.scene(language, place.site.slug, place.scene.id)
    return addresses.direction(language, place.site.slug, place.scene.id, outlook.name)


def _turns(looks: list[Look], here: Look) -> list[tuple[str, Look]]:
    at = looks.index(here)
    return [(side, looks[(at + quarter) % len(looks)]) for side, quarter in (("left", -1), ("behind", 2), ("right", 1))]


def _around(stops: list[Stop], scene: Scene) -> list[Stop]:
    """The stops before and after a scene; all of them where they are few."""
    at = next((index for index, stop in enumerate(stops) if stop.scene.id == scene.id), 0)
    start = max(0, min(at - _MOST_STOPS // 2, len(stops) - _MOST_STOPS))
    return stops[start : start + _MOST_STOPS]


def _guides_here(site: PublicSite, scene: Scene) -> list[tuple[Guide, guides.Step]]:
    """The guided walks that stop here, each with its first step that does."""
    found = []
    for guide, steps in guides.guides(site):
        step = next((step for step in steps if step.scene is not None and step.scene.id == scene.id), None)
        if step is not None:
            found.append((guide, step))
    return found


PAGE = Page("/{language:language}/{slug}/scene/{scene}", show)
DIRECTION = Page("/{language:language}/{slug}/scene/{scene}/{direction}", show_direction)
