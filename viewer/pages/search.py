"""Search in the public fields of all sites. Works as a plain form: words in the address, results in the page."""

import re
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from archive.publications.read import SearchHit
from archive.records.publication import PublicSite
from archive.records.text import Language
from viewer import addresses, pictures, walk
from viewer.pages.page import Page, language_of
from viewer.pictures import Picture
from viewer.screen import Context, Frame

_GUIDED = frozenset({"guide", "step"})
_ICONS = {"site": "roof", "text": "roof", "scene": "panorama", "guide": "walk", "step": "walk", "annotation": "info"}
LONGEST = 200
MOST = 60
_MARKS = re.compile(r"(?:^|(?<=\s))#{1,6}\s+|[*_`]+")


@dataclass(frozen=True, slots=True)
class Result:
    """One hit with where it leads and what it looks like."""

    hit: SearchHit
    href: str
    site: PublicSite
    picture: Picture | None

    @property
    def snippet(self) -> str:
        """The line of text without the marks of its Markdown."""
        return _MARKS.sub("", self.hit.snippet)

    @property
    def icon(self) -> str:
        """What stands where there is no picture."""
        return _ICONS.get(self.hit.kind, self.hit.kind)


def show(context: Context, request: Request) -> Response:
    """The form, and what was found for its words."""
    language = language_of(request)
    words = " ".join(request.query_params.get("q", "").replace("\0", " ").split())[:LONGEST]
    hits = context.publications.search(words, language, limit=MOST) if words else ()
    sites = {site.slug: site for site in context.publications.sites()}
    results = _places_first([_result(hit, sites[hit.slug], language) for hit in hits if hit.slug in sites])
    title = context.screen.say(language, "search.title")
    frame = Frame(
        language,
        f"{words} – {title}" if words else title,
        path=lambda other: addresses.search(other, words),
    )
    return context.screen.page(request, "search.html", frame, words=words, results=results)


def _result(hit: SearchHit, site: PublicSite, language: Language) -> Result:
    if hit.kind in _GUIDED:
        guide, _, number = hit.part.partition("/")
        href = addresses.step(language, site.slug, guide, int(number)) if number else addresses.guide(language, site.slug, guide)
        return Result(hit, href, site, pictures.cover(site))
    if hit.scene_id:
        scene = walk.scene_of(site, hit.scene_id)
        panorama = walk.panorama_of(site, scene) if scene else None
        picture = pictures.card(site, panorama) if panorama else None
        return Result(hit, addresses.scene(language, site.slug, hit.scene_id), site, picture)
    if hit.asset_id:
        asset = next((asset for asset in site.assets if asset.id == hit.asset_id), None)
        picture = pictures.card(site, asset) if asset else None
        return Result(hit, addresses.asset(language, site.slug, hit.asset_id), site, picture)
    return Result(hit, addresses.site(language, site.slug), site, pictures.cover(site))


def _places_first(results: list[Result]) -> list[Result]:
    """The same order, but the record of a panorama stands behind the scene that it was taken for, where both were found."""
    scenes = {(result.hit.slug, result.hit.scene_id): place for place, result in enumerate(results) if result.hit.kind == "scene"}

    def place(numbered: tuple[int, Result]) -> tuple[int, int]:
        at, result = numbered
        on_it = (scene for scene, panorama in walk.scenes_with_panoramas(result.site) if panorama.id == result.hit.asset_id)
        of = [scenes[key] for scene in on_it if (key := (result.hit.slug, scene.id)) in scenes]
        return (max(at, *of), 1) if of and not result.hit.scene_id else (at, 0)

    return [result for _, result in sorted(enumerate(results), key=place)]


PAGE = Page("/{language:language}/search", show)
