"""The citation of an asset as a file for reference programs."""

import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from archive.errors import NotFoundError
from viewer import addresses
from viewer.citations import FORMATS, Reference
from viewer.media import ASK_AGAIN, attachment
from viewer.pages.page import Page, language_of
from viewer.screen import Context

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def show(context: Context, request: Request) -> Response:
    """The citation in one format, as a file to save."""
    language = language_of(request)
    site = context.publications.site(request.path_params["slug"])
    asset = context.publications.asset(site.slug, request.path_params["asset"])
    chosen = FORMATS.get(request.path_params["format"])
    if chosen is None:
        raise NotFoundError(request.url.path)
    match = _DATE.match(asset.captured)
    _, media_type, write = chosen
    reference = Reference(
        id=asset.id,
        title=_one_line(context.screen.plain(asset.title, language)),
        creator=_one_line(asset.creator),
        date=tuple(int(part) for part in match.groups() if part) if match else (),
        container=_one_line(context.screen.plain(site.name, language)),
        ark=asset.ark,
        url=f"{context.screen.origin(request)}{addresses.ark(asset.ark)}",
        rights=_one_line(asset.rights),
    )
    name = attachment(f"{asset.id}.{request.path_params['format']}")
    return PlainTextResponse(write(reference), media_type=media_type, headers={"content-disposition": name, "cache-control": ASK_AGAIN})


def _one_line(words: str) -> str:
    return " ".join(words.split())


PAGE = Page("/{language:language}/{slug}/{asset}/citation.{format}", show)
