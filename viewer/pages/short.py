"""The short address on a printed sign. It never leads to nothing: to the page, to the story of a sign taken down, or to help."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.publications.read import is_open
from archive.records.label import is_code
from archive.records.publication import PublicLabel, PublicSite
from viewer import addresses
from viewer.languages import HELLO, negotiate
from viewer.pages.page import Page
from viewer.screen import Context, Frame

_KEPT_BY_NOBODY = {"vary": "Accept-Language", "cache-control": "no-store"}


def show(context: Context, request: Request) -> Response:
    """302 to the page in the visitor's language; 410 with the story or the tombstone; 403 where it is not public; 404 that helps on."""
    language = negotiate(request.headers.get("accept-language", ""))
    code = request.path_params["code"].lower()
    found = context.publications.label(code)
    if found is None:
        return _notice(context, request, None, None, kind="mistyped" if not is_code(code) else "unknown")
    site, label = found
    if label.retired:
        return _notice(context, request, site, label, kind="retired")
    if label.withdrawn and is_open(site):
        return _tombstone(context, request, site, label)
    if not label.path or not is_open(site):
        return _notice(context, request, site, label, kind="closed")
    return RedirectResponse(f"/{language}/{label.path}{HELLO}", 302, headers=_KEPT_BY_NOBODY)


_STATUS = {"retired": 410, "closed": 403, "unknown": 404, "mistyped": 404}


def _notice(context: Context, request: Request, site: PublicSite | None, label: PublicLabel | None, *, kind: str) -> Response:
    language = negotiate(request.headers.get("accept-language", ""))
    frame = Frame(language, context.screen.say(language, f"sign.{kind}.title"), status=_STATUS[kind])
    shown = site if site is not None and is_open(site) else None
    code = request.path_params["code"][:20]
    answer = context.screen.page(request, "sign.html", frame, kind=kind, label=label, site=shown, code=code, home=addresses.home(language))
    answer.headers.update(_KEPT_BY_NOBODY)
    return answer


def _tombstone(context: Context, request: Request, site: PublicSite, label: PublicLabel) -> Response:
    """What the sign stands for was taken from the public: the same words as at its ARK."""
    language = negotiate(request.headers.get("accept-language", ""))
    frame = Frame(language, context.screen.say(language, "notice.withdrawn.title"), status=410)
    answer = context.screen.page(request, "notice.html", frame, kind="withdrawn", ark="", since=label.withdrawn, site=site)
    answer.headers.update(_KEPT_BY_NOBODY)
    return answer


PAGE = Page("/q/{code}", show)
