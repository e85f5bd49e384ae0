"""``feed.xml``: new sites and new material as RSS 2.0 (https://www.rssboard.org/rss-specification), of all or of one site."""

from email.utils import format_datetime

from starlette.requests import Request
from starlette.responses import Response

from archive.records.text import Language
from viewer import addresses
from viewer.discovery.catalogue import News, instant, news
from viewer.discovery.xml_text import document, element, xml_answer
from viewer.pages.page import language_of
from viewer.screen import Context

MOST = 60
"""Entries of a feed."""
_NAMES = {"version": "2.0", "xmlns:atom": "http://www.w3.org/2005/Atom"}


def everything(context: Context, request: Request) -> Response:
    """The feed of all sites."""
    language = language_of(request)
    return _feed(context, request, addresses.home(language), addresses.feed(language))


def of_site(context: Context, request: Request) -> Response:
    """The feed of one site."""
    language, slug = language_of(request), context.publications.site(request.path_params["slug"]).slug
    return _feed(context, request, addresses.site(language, slug), addresses.feed(language, slug))


def _feed(context: Context, request: Request, page: str, own: str) -> Response:
    language, origin, slug = language_of(request), context.screen.origin(request), request.path_params.get("slug", "")
    sites = context.publications.sites()
    shown = news(tuple(site for site in sites if slug in {"", site.slug}))[:MOST]
    say = context.screen.say
    name = f" – {context.screen.plain(context.publications.site(slug).name, language)}" if slug else ""
    channel = [
        element("title", f"{say(language, 'feed.title')}{name} – Ditich"),
        element("link", origin + page),
        element("description", say(language, "feed.about")),
        element("language", str(language)),
        element("atom:link", attributes={"href": origin + own, "rel": "self", "type": "application/rss+xml"}),
    ]
    if shown:
        channel.append(element("lastBuildDate", format_datetime(max(instant(one.when) for one in shown))))
    items = (_item(context, one, language, origin) for one in shown)
    content = document(element("rss", attributes=_NAMES, inside=[element("channel", inside=[*channel, *items])]))
    return xml_answer(request, content, "application/rss+xml; charset=utf-8")


def _item(context: Context, one: News, language: Language, origin: str) -> str:
    subject, plain = one.subject, context.screen.plain
    ark = subject.site.ark if subject.asset is None else subject.asset.ark
    title = plain(subject.title, language)
    inside = [
        element("title", title if subject.asset is None else f"{title} – {plain(subject.site.name, language)}"),
        element("link", origin + addresses.site(language, subject.site.slug) + subject.below),
        element("guid", ark, {"isPermaLink": "false"}),
        element("pubDate", format_datetime(instant(one.when))),
    ]
    if subject.description.best(language) is not None:
        inside.append(element("description", plain(subject.description, language)))
    return element("item", inside=inside)
