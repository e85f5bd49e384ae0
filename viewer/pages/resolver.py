"""Permanent addresses: an ARK leads to its page, or to a sentence that it is not public, or to its tombstone. Never to nothing."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from archive.errors import NotFoundError
from archive.records.publication import PublicSite, Resolution, ResolverEntry
from viewer.discovery.catalogue import is_date
from viewer.languages import HELLO, negotiate
from viewer.pages.page import Page
from viewer.screen import Context, Frame

_KEPT_BY_NOBODY = {"vary": "Accept-Language", "cache-control": "no-store"}


def show(context: Context, request: Request) -> Response:
    """303 to the page of a public thing, 403 with a sentence where it is not public, 410 with the tombstone where withdrawn."""
    language = negotiate(request.headers.get("accept-language", ""))
    ark = f"ark:{request.path_params['name'].lstrip('/')}"
    found = context.publications.resolve(ark)
    if found is None:
        raise NotFoundError(f"No published archive knows {ark}.", advice="Compare it with the sign, character by character.")
    site, entry = found
    if entry.resolution is Resolution.PUBLIC:
        path = entry.path.strip("/")
        tail = "/" if path == site.slug else ""
        return RedirectResponse(f"/{language}/{path}{tail}{HELLO}", 303, headers=_KEPT_BY_NOBODY)
    return _notice(context, request, site, entry)


def _notice(context: Context, request: Request, site: PublicSite, entry: ResolverEntry) -> Response:
    language = negotiate(request.headers.get("accept-language", ""))
    withdrawn = entry.resolution is Resolution.WITHDRAWN
    kind = "withdrawn" if withdrawn else "not_public"
    open_site = any(other.slug == site.slug for other in context.publications.sites())
    frame = Frame(language, context.screen.say(language, f"notice.{kind}.title"), status=410 if withdrawn else 403)
    shown_site, since = site if open_site else None, entry.since if is_date(entry.since) else ""
    return context.screen.page(request, "notice.html", frame, kind=kind, ark=entry.ark, since=since, site=shown_site)


PAGE = Page("/ark:{name:path}", show)
