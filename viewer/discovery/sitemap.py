"""``/sitemap.xml`` and ``/robots.txt``: https://www.sitemaps.org/protocol.html , every page with its other languages."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from archive.errors import NotFoundError
from archive.records.text import Language
from viewer.discovery.catalogue import Listed, pages
from viewer.discovery.xml_text import document, element, xml_answer
from viewer.screen import Context

MOST = 15_000
"""Addresses in one map; more are parted under an index. The protocol allows 50,000, which with their languages would be 35 MB an answer."""
_NAMES = {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9", "xmlns:xhtml": "http://www.w3.org/1999/xhtml"}
_MEDIA_TYPE = "application/xml"


def whole(context: Context, request: Request) -> Response:
    """The map of all pages; an index of maps where they are too many for one."""
    origin, listed = context.screen.origin(request), list(pages(context.publications.sites()))
    parts = parted(listed)
    if len(parts) == 1:
        return xml_answer(request, _map(parts[0], origin), _MEDIA_TYPE)
    maps = (element("sitemap", inside=[element("loc", f"{origin}/sitemap-{number}.xml")]) for number in range(1, len(parts) + 1))
    return xml_answer(request, document(element("sitemapindex", attributes={"xmlns": _NAMES["xmlns"]}, inside=maps)), _MEDIA_TYPE)


def part(context: Context, request: Request) -> Response:
    """One of several maps."""
    parts = parted(list(pages(context.publications.sites())))
    number = int(request.path_params["number"])
    if not 1 <= number <= len(parts):
        raise NotFoundError("There is no such map.", advice="Begin with /sitemap.xml.")
    return xml_answer(request, _map(parts[number - 1], context.screen.origin(request)), _MEDIA_TYPE)


def robots(context: Context, request: Request) -> Response:
    """What need not be kept by search engines, and where the map is."""
    lines = ["User-agent: *", "Disallow: /iiif/", "Disallow: /*/search", "Disallow: /oembed", "Disallow: /*/embed$", ""]
    return PlainTextResponse("\n".join([*lines, f"Sitemap: {context.screen.origin(request)}/sitemap.xml", ""]))


def parted(listed: list[Listed], most: int = MOST) -> list[list[Listed]]:
    """The pages in as many lists as keep each at ``most`` addresses; a page has one in every language."""
    size = most // len(Language)
    return [listed[start : start + size] for start in range(0, len(listed), size)]


def _map(listed: list[Listed], origin: str) -> bytes:
    entries = (_entry(one, language, origin) for one in listed for language in Language)
    return document(element("urlset", attributes=_NAMES, inside=entries))


def _entry(one: Listed, language: Language, origin: str) -> str:
    inside = [element("loc", origin + one.path(language))]
    if one.changed:
        inside.append(element("lastmod", one.changed))
    for other in Language:
        attributes = {"rel": "alternate", "hreflang": str(other), "href": origin + one.path(other)}
        inside.append(element("xhtml:link", attributes=attributes))
    return element("url", inside=inside)
