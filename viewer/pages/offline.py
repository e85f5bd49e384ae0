"""Keeping a tour on a phone: the page that asks, the list of what is kept, the current edition, the worker that answers offline."""

import json

from starlette.requests import Request
from starlette.responses import Response

from archive.errors import NotFoundError
from viewer import addresses, pictures, walk
from viewer.keeping import edition_of, keep_list
from viewer.languages import Catalogue
from viewer.media import media_type_of
from viewer.pages.page import Page, language_of
from viewer.policies import KEEPING_POLICY, WORKER_POLICY
from viewer.screen import NATIVE_NAMES, Context, Frame

_ASKED_EVERY_TIME = {"cache-control": "no-cache"}


def show(context: Context, request: Request) -> Response:
    """The page on which a visitor decides; the size stands there before anything is fetched."""
    language = language_of(request)
    site = context.publications.site(request.path_params["slug"])
    scenes = walk.scenes_with_panoramas(site)
    if not scenes:
        raise NotFoundError("This site has no tour that could be kept.", advice="Look at the site's page.")
    frame = Frame(
        language,
        f"{context.screen.say(language, 'offline.title')} – {context.screen.plain(site.name, language)}",
        path=lambda other: addresses.offline(other, site.slug),
        policy=KEEPING_POLICY,
        script="offline",
    )
    kept = keep_list(context.publications, site, language, context.screen.static)
    count, cover = len(walk.stops(site)), pictures.cover(site)
    return context.screen.page(request, "offline.html", frame, site=site, kept=kept, count=count, cover=cover)


def listed(context: Context, request: Request) -> Response:
    """What is kept: ``files`` as [address, bytes, form]."""
    language = language_of(request)
    site = context.publications.site(request.path_params["slug"])
    kept = keep_list(context.publications, site, language, context.screen.static)
    content = {
        "slug": kept.slug,
        "language": kept.language,
        "edition": kept.edition,
        "octets": kept.octets,
        "home": addresses.site(language, site.slug).lstrip("/"),
        "name": context.screen.plain(site.name, language),
        "spoken": NATIVE_NAMES[language],
        "missing": {code: _missing(words) for code, words in context.screen.catalogues.items()},
        "files": [[one.address, one.octets, one.form] for one in kept.files],
    }
    return _json(context, request, content)


def _missing(say: Catalogue) -> list[str]:
    """What the worker says of a page that was not kept."""
    return [say("offline.not_kept_title"), say("offline.not_kept"), say("offline.again")]


def edition(context: Context, request: Request) -> Response:
    """The edition that a kept tour must have to be shown; 404 where the site is no longer public."""
    site = context.publications.site(request.path_params["name"].removesuffix(".json"))
    return _json(context, request, {"slug": site.slug, "edition": edition_of(site, context.screen.static)})


def worker(context: Context, _: Request) -> Response:
    """The service worker: at the root, because it may answer only for what lies below its own address."""
    path = context.screen.static / "built/service-worker.js"
    if not path.is_file():
        raise NotFoundError("The viewer's scripts are not built.", advice="Run: ./ditich")
    headers = {**_ASKED_EVERY_TIME, "content-security-policy": WORKER_POLICY}
    return Response(path.read_bytes(), headers=headers, media_type=media_type_of(path.name))


def _json(_: Context, request: Request, content: dict[str, object]) -> Response:
    from viewer.compression import accepted_coding, press

    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    coding = accepted_coding(request.headers.get("accept-encoding", ""), "application/json", len(body))
    headers = {**_ASKED_EVERY_TIME, "vary": "Accept-Encoding"}
    if coding:
        body = press(body, coding)
        headers["content-encoding"] = coding
    return Response(body, headers=headers, media_type="application/json")


PAGE = Page("/{language:language}/{slug}/offline", show)
LIST = Page("/{language:language}/{slug}/offline.json", listed)
EDITION = Page("/offline/{name}", edition)
WORKER = Page("/service-worker.js", worker)
