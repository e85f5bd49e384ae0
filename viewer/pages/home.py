"""The home page: every published site, with what has been digitised of it."""

from starlette.requests import Request
from starlette.responses import Response

from archive.records.publication import LEVELS
from viewer import addresses, newest, pictures
from viewer.pages.page import Page, language_of
from viewer.purse import Purse
from viewer.screen import Context, Frame


def show(context: Context, request: Request) -> Response:
    """All sites, the most fully digitised first."""
    language = language_of(request)
    sites = sorted(context.publications.sites(), key=lambda site: (-LEVELS.index(site.level), site.slug))
    frame = Frame(
        language,
        context.screen.say(language, "home.title"),
        path=addresses.home,
        description=context.screen.say(language, "home.lead"),
    )
    purse = Purse()
    covers = [(site, pictures.cover(site)) for site in sites]
    cards = [(site, cover if purse.pays(cover) else None) for site, cover in covers]
    return context.screen.page(request, "home.html", frame, cards=cards, newest=newest.assets(sites), levels=LEVELS)


PAGE = Page("/{language:language}/", show)
