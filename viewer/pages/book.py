"""The tour book: the whole walk of a site on pages for printing, each stop with a QR code to its exact view."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from archive.records.publication import PublicAsset, PublicSite
from archive.records.text import Language
from archive.records.tour import Scene
from viewer import addresses, pictures, plans, rights, walk
from viewer.guides import guides
from viewer.pages.page import Page, language_of
from viewer.pictures import Picture
from viewer.screen import Context, Frame
from viewer.sights import Sight, sights
from viewer.walk import Outlook, Way

_QUIET_ZONE = 4
"""modules of white around a code (ISO/IEC 18004, 9.1)"""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One stop on paper."""

    number: int
    scene: Scene
    panorama: PublicAsset
    picture: Picture | None
    facing: Outlook
    looks: list[Outlook]
    ways: list[Way]
    sights: list[Sight]
    address: str
    printed: str
    code: Markup


@dataclass(frozen=True, slots=True)
class Credit:
    """Whose pictures these are, and what may be done with them."""

    words: str
    rights: str
    licence: str | None
    statement: str | None


def show(context: Context, request: Request) -> Response:
    """Cover, plan, stops, guided walks, credits."""
    language = language_of(request)
    site = context.publications.site(request.path_params["slug"])
    origin = context.screen.origin(request)
    leaves = list(_leaves(site, language, origin))
    name = context.screen.plain(site.name, language)
    frame = Frame(
        language,
        f"{context.screen.say(language, 'book.title')} – {name}",
        path=lambda other: addresses.book(other, site.slug),
        description=context.screen.plain(site.summary, language),
    )
    address = origin + addresses.site(language, site.slug)
    return context.screen.page(
        request,
        "book.html",
        frame,
        site=site,
        cover=pictures.cover(site),
        leaves=leaves,
        drawings=plans.drawings(site, language),
        guides=guides(site),
        credits=_credits([leaf.panorama for leaf in leaves]),
        address=address,
        printed=_printed(site, addresses.site(language, site.slug), origin),
        code=qr_code(address),
    )


def qr_code(address: str) -> Markup:
    """A QR code as inline SVG, error correction at least M, black on white; its size is the stylesheet's."""
    import segno

    code = segno.make(address, error="m", micro=False)
    drawn: str = code.svg_inline(omitsize=True, svgclass=None, lineclass=None, border=_QUIET_ZONE, light="#fff")
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704 - made of our own numbers


def _leaves(site: PublicSite, language: Language, origin: str) -> Iterator[Leaf]:
    for number, (scene, panorama) in enumerate(walk.stops(site), 1):
        looks = walk.outlooks(site, scene, panorama)
        facing = walk.first_outlook(looks, scene.view)
        address = origin + addresses.scene(language, site.slug, scene.id) + walk.fragment(scene.view)
        yield Leaf(
            number=number,
            scene=scene,
            panorama=panorama,
            picture=facing.picture,
            facing=facing,
            looks=looks,
            ways=walk.ways(site, scene, language),
            sights=[sight for sight in sights(site, scene, language) if any(sight.text.get(spoken) for spoken in Language)],
            address=address,
            printed=_printed(site, addresses.scene(language, site.slug, scene.id), origin),
            code=qr_code(address),
        )


def _printed(site: PublicSite, path: str, origin: str) -> str:
    """What stands beside a code for who has to type it: the short address of the sign that hangs there, else the page's own."""
    below = path.lstrip("/").partition("/")[2]
    sign = next((label.code for label in site.labels if label.path == below and not label.retired), "")
    return f"{origin}/q/{sign}".partition("://")[2] if sign else f"{origin}{path}".partition("://")[2]


def _credits(panoramas: list[PublicAsset]) -> list[Credit]:
    """Every different credit once, in the order of the walk."""
    made = (
        Credit(
            panorama.credit or panorama.creator,
            panorama.rights,
            rights.licence_name(panorama.rights),
            rights.statement_key(panorama.rights),
        )
        for panorama in panoramas
    )
    return list(dict.fromkeys(made))


PAGE = Page("/{language:language}/{slug}/book", show)
