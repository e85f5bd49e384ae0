"""A stage alone, for the pages of others: a scene or an asset with its badge, title, credit and a link to the full page.

Only these pages may be framed by anybody. Ways lead to the embedded form of the next scene, so that one walks inside the frame.
"""

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from archive.errors import NotFoundError
from archive.records.publication import PublicAsset
from archive.records.text import Language
from viewer import addresses, walk
from viewer.discovery.subject import Subject
from viewer.object_stage import needs, stage_of
from viewer.pages.page import Page, language_of
from viewer.panorama import panorama_config
from viewer.policies import framed
from viewer.screen import Context, Frame
from viewer.sights import sights


def show_scene(context: Context, request: Request) -> Response:
    """The panorama of a scene."""
    site = context.publications.site(request.path_params["slug"])
    scene = walk.scene_of(site, request.path_params["name"])
    panorama = walk.panorama_of(site, scene) if scene else None
    if scene is None or panorama is None:
        raise NotFoundError("There is no such scene.", advice="Choose one from the site's page.")
    language = language_of(request)
    first = walk.first_outlook(walk.outlooks(site, scene, panorama), scene.view)
    ways = [replace(way, href=_inside(way.href)) for way in walk.ways(site, scene, language)]
    things = [replace(thing, href=_inside(thing.href)) for thing in sights(site, scene, language)]
    config = panorama_config(site, panorama, heading=scene.heading, view=scene.view)
    shown = {"config": config, "first": first, "ways": ways, "sights": things}
    return _page(context, request, Subject(site, panorama, scene), panorama, shown)


def show_asset(context: Context, request: Request) -> Response:
    """The stage of a photo, a panorama, or a thing in space; the picture of anything else."""
    site = context.publications.site(request.path_params["slug"])
    asset = context.publications.asset(site.slug, request.path_params["name"])
    shown = stage_of(context, site, asset, language_of(request))
    return _page(context, request, Subject(site, asset), asset, {"first": None, "ways": [], "sights": [], **shown})


def _page(context: Context, request: Request, subject: Subject, asset: PublicAsset, shown: dict[str, Any]) -> Response:
    language = language_of(request)
    policy, script = needs(asset)
    title = context.screen.plain(subject.title, language)
    frame = Frame(
        language,
        f"{title} – {context.screen.plain(subject.site.name, language)}",
        path=lambda other: _full(subject, other),
        policy=framed(policy),
        script="panorama" if subject.scene else script,
        indexed=False,
    )
    names: dict[str, Any] = {"site": subject.site, "asset": asset, "title": subject.title, "full": _full(subject, language)}
    return context.screen.page(request, "embed.html", frame, **names, **shown)


def _full(subject: Subject, language: Language) -> str:
    return addresses.site(language, subject.site.slug) + subject.below


def _inside(href: str) -> str:
    """The embedded form of an address of ours, its fragment kept."""
    page, mark, fragment = href.partition("#")
    return f"{addresses.embed(page)}{mark}{fragment}" if page else ""


SCENE = Page("/{language:language}/{slug}/scene/{name}/embed", show_scene)
ASSET = Page("/{language:language}/{slug}/{name}/embed", show_asset)
