"""The bare address: sends a visitor to the home page in the language that the browser asks for."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from viewer import addresses
from viewer.languages import HELLO, negotiate
from viewer.pages.page import Page
from viewer.screen import Context


def show(_: Context, request: Request) -> Response:
    """303 to the home page; the answer depends on Accept-Language and is kept by nobody."""
    language = negotiate(request.headers.get("accept-language", ""))
    headers = {"vary": "Accept-Language", "cache-control": "no-store"}
    return RedirectResponse(addresses.home(language) + HELLO, 303, headers=headers)


PAGE = Page("/", show)
