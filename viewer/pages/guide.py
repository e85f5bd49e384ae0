"""Guided walks: a page that says what awaits one, and a page for every step with its view, its words and its narration."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from archive.errors import NotFoundError
from archive.records.asset import AssetKind
from archive.records.publication import PublicSite
from archive.records.text import Language
from archive.records.tour import Guide, View
from viewer import addresses, pictures, walk
from viewer.guides import Step, guides, minutes, narrations
from viewer.pages.page import Page, language_of
from viewer.panorama import panorama_config
from viewer.pictures import Picture
from viewer.screen import Context, Frame
from viewer.sights import sights


@dataclass(frozen=True, slots=True)
class _Stage:
    """What a step shows before its words: variables of the template."""

    picture: Picture | None
    view: View
    shown: dict[str, Any]


def show(context: Context, request: Request) -> Response:
    """A guided walk: summary, length, steps."""
    language = language_of(request)
    site, guide, steps = _guide(context, request)
    cards = [(step, pictures.card(site, step.asset)) for step in steps]
    frame = Frame(
        language,
        f"{context.screen.plain(guide.title, language)} – {context.screen.plain(site.name, language)}",
        path=lambda other: addresses.guide(other, site.slug, guide.id),
        script="guide",
        description=context.screen.plain(guide.summary, language),
        picture=cards[0][1].jpeg if cards[0][1] else "",
    )
    return context.screen.page(
        request, "guide.html", frame, site=site, guide=guide, cards=cards, minutes=minutes(steps, language)
    )  # fmt: skip


def show_step(context: Context, request: Request) -> Response:
    """One step. Its view is its own; the next and the previous one are links."""
    language = language_of(request)
    site, guide, steps = _guide(context, request)
    step = _numbered(steps, request.path_params["number"])
    stage = _stage(site, step, language)
    address = _exact(addresses.step(language, site.slug, guide.id, step.number), step, stage)
    return context.screen.page(
        request,
        "step.html",
        _frame(context, (site, guide, step), language, stage),
        site=site,
        guide=guide,
        step=step,
        count=len(steps),
        before=_neighbour(steps, step.number - 1),
        after=_neighbour(steps, step.number + 1),
        asset=step.asset,
        picture=stage.picture,
        narrations=narrations(step.step, language),
        address=context.screen.origin(request) + address,
        page_of_its_own=_own_page(site, step, language, stage.view),
        **stage.shown,
    )


def _guide(context: Context, request: Request) -> tuple[PublicSite, Guide, list[Step]]:
    site = context.publications.site(request.path_params["slug"])
    for guide, steps in guides(site):
        if guide.id == request.path_params["guide"]:
            return site, guide, steps
    raise NotFoundError("There is no such guided walk.", advice="Choose one from the site's page.")


def _numbered(steps: list[Step], number: str) -> Step:
    found = next((step for step in steps if str(step.number) == number), None)
    if found is None:
        raise NotFoundError("The guided walk has no such step.", advice="Begin with its first one.")
    return found


def _neighbour(steps: list[Step], number: int) -> Step | None:
    return next((step for step in steps if step.number == number), None)


def _frame(context: Context, place: tuple[PublicSite, Guide, Step], language: Language, stage: _Stage) -> Frame:
    site, guide, step = place
    plain = context.screen.plain
    return Frame(
        language,
        f"{step.number}. {plain(step.title, language)} – {plain(guide.title, language)}",
        path=lambda other: addresses.step(other, site.slug, guide.id, step.number),
        script="panorama" if stage.shown["config"] else "",
        description=plain(step.step.text, language),
        picture=stage.picture.jpeg if stage.picture else "",
    )


def _stage(site: PublicSite, step: Step, language: Language) -> _Stage:
    """A panorama as one can move in it, with its ways and sights; anything else as its picture."""
    scene, asset = step.scene, step.asset
    view = step.step.view or (scene.view if scene else View())
    if asset.kind is not AssetKind.PANORAMA:
        shown: dict[str, Any] = {"config": None, "key": "", "ways": [], "sights": []}
        return _Stage(pictures.large(site, asset), view, shown)
    looks = walk.outlooks(site, scene, asset) if scene else []
    facing = walk.outlook_towards(looks, view.yaw) if scene else None
    return _Stage(
        facing.picture if facing else pictures.still(site, asset, _nearest_still(view.yaw)),
        view,
        {
            "config": panorama_config(site, asset, heading=scene.heading if scene else None, view=view),
            "key": facing.key if facing else walk.direction_key(None, view.yaw),
            "ways": walk.ways(site, scene, language) if scene else [],
            "sights": sights(site, scene, language) if scene else [],
        },
    )


def _nearest_still(yaw: float) -> int:
    return pictures.STILL_YAWS[round(yaw % 360 / 90) % 4]


def _own_page(site: PublicSite, step: Step, language: Language, view: View) -> str:
    """Where the scene or thing of a step can be seen by itself, with everything that is known of it."""
    if step.scene is not None:
        return addresses.scene(language, site.slug, step.scene.id) + walk.fragment(view)
    return addresses.asset(language, site.slug, step.asset.id)


def _exact(address: str, step: Step, stage: _Stage) -> str:
    return address + (walk.fragment(stage.view) if step.asset.kind is AssetKind.PANORAMA else "")


PAGE = Page("/{language:language}/{slug}/guide/{guide}", show)
STEP = Page("/{language:language}/{slug}/guide/{guide}/{number}", show_step)
