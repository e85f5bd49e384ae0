"""``/oembed``: how to embed one of our pages. https://oembed.com/ , JSON only; only addresses of our own are answered."""

import json
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from archive.errors import NotFoundError
from archive.records.text import Language
from viewer import addresses
from viewer.discovery.subject import Subject, subject_at
from viewer.media import ASK_AGAIN
from viewer.screen import Context

WIDTH, HEIGHT = 800, 500
LEAST, MOST = 200, 2000
_PAGE = re.compile(r"/([a-z]{2})/([^/]+)/(?:(scene)/)?([^/]+?)(?:/embed)?")
_HEADERS = {"access-control-allow-origin": "*", "cache-control": ASK_AGAIN, "vary": "Accept-Encoding"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """The page that is asked about."""

    language: Language
    subject: Subject


def show(context: Context, request: Request) -> Response:
    """The embed code of a scene or an asset: 404 for anything else, 501 for XML, 400 without an address."""
    query = request.query_params
    if query.get("format", "json") != "json":
        return PlainTextResponse("JSON only.", 501, headers=_HEADERS)
    if not query.get("url"):
        return PlainTextResponse("Which url?", 400, headers=_HEADERS)
    origin = context.screen.origin(request)
    asked = _asked(context, query["url"], origin)
    if asked is None:
        return PlainTextResponse("Not here.", 404, headers=_HEADERS)
    size = fitting(query.get("maxwidth", ""), query.get("maxheight", ""))
    content = json.dumps(_described(context, asked, origin, size), ensure_ascii=False)
    return Response(content, headers=_HEADERS, media_type="application/json")


def fitting(most_width: str, most_height: str) -> tuple[int, int]:
    """Width and height within what is asked for, in our proportions; what is no number asks for nothing."""
    width, height = WIDTH, HEIGHT
    if most_width.isascii() and most_width.isdecimal():
        width = min(max(int(most_width[:6]), LEAST), MOST)
        height = round(width * HEIGHT / WIDTH)
    if most_height.isascii() and most_height.isdecimal():
        height = min(height, max(int(most_height[:6]), LEAST))
    return width, height


def embed_code(source: str, title: str, size: tuple[int, int]) -> str:
    """The frame that others put into their pages; every value is escaped."""
    allowed = "fullscreen; gyroscope; accelerometer; xr-spatial-tracking"
    return (
        f'<iframe src="{escape(source)}" width="{size[0]}" height="{size[1]}" title="{escape(title)}" '
        f'loading="lazy" allow="{allowed}" allowfullscreen></iframe>'
    )


def _asked(context: Context, url: str, origin: str) -> _Asked | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    match = _PAGE.fullmatch(parts.path)
    if f"{parts.scheme}://{parts.netloc}" != origin or match is None or match[1] not in set(Language):
        return None
    try:
        subject = subject_at(context.publications.site(unquote(match[2])), match[3] or "", unquote(match[4]))
    except NotFoundError:
        return None
    return _Asked(Language(match[1]), subject) if subject is not None else None


def _described(context: Context, asked: _Asked, origin: str, size: tuple[int, int]) -> dict[str, object]:
    subject, language = asked.subject, asked.language
    page = f"{origin}{addresses.site(language, subject.site.slug)}{subject.below}"
    title = f"{context.screen.plain(subject.title, language)} – {context.screen.plain(subject.site.name, language)}"
    found: dict[str, object] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": subject.asset.credit or subject.asset.creator if subject.asset else "",
        "provider_name": "Ditich",
        "provider_url": f"{origin}/",
        "cache_age": 3600,
        "html": embed_code(addresses.embed(page), title, size),
        "width": size[0],
        "height": size[1],
    }
    picture = subject.picture
    if picture is not None:
        found |= {"thumbnail_url": origin + picture.jpeg, "thumbnail_width": picture.width, "thumbnail_height": picture.height}
    return found
