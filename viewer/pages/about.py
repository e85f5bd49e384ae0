"""About the archive: what it keeps, what it promises, how to read its marks and how to cite it."""

from starlette.requests import Request
from starlette.responses import Response

from archive.records.asset import Nature
from viewer import addresses
from viewer.pages.page import Page, language_of
from viewer.screen import Context, Frame


def show(context: Context, request: Request) -> Response:
    """The same for every archive; what is particular to a site stands on its own page."""
    language = language_of(request)
    say = context.screen.say
    frame = Frame(language, say(language, "about.title"), path=addresses.about, description=say(language, "about.lead"))
    return context.screen.page(request, "about.html", frame, natures=tuple(Nature))


PAGE = Page("/{language:language}/about", show)
