"""Puts the viewer together: pages, media, images and static files over one folder of publications. No global state."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from archive.errors import NotFoundError
from archive.publications.read import Publications
from archive.records.text import Language
from viewer import exports, files, former
from viewer.compression import PressedAnswers
from viewer.discovery import activity, feeds, oembed, sitemap
from viewer.discovery.arrival import arrive
from viewer.discovery.content_state import PARAMETER
from viewer.iiif.endpoint import ImageService, ImagesFirst
from viewer.iiif.request import STRICT, Rules
from viewer.kept_pages import KeptPages
from viewer.languages import negotiate
from viewer.origin import OneOrigin
from viewer.pages import PAGES, embed
from viewer.policies import PoliteHeaders, PrintableAddresses, complete
from viewer.screen import STATIC, Context, Frame, open_screen

LAST_WORDS = (
    '<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Ditich</title>'
    "<h1>Ditich</h1><p>Có lỗi ở phía chúng tôi. Xin thử lại sau ít phút.</p>"
    '<p lang="en">Something went wrong on our side. Please try again in a few minutes.</p>'
    '<p lang="th">เกิดข้อผิดพลาดทางฝั่งเรา โปรดลองใหม่ในอีกไม่กี่นาที</p><p><a href="/">Ditich</a></p></html>'
)
"""What a visitor reads where not even the page for errors can be made."""


class LanguageConvertor(Convertor[str]):
    """The language in an address: one of ours, anything else is no page."""

    regex = "|".join(Language)

    def convert(self, value: str) -> str:
        """The code as it stands."""
        return value

    def to_string(self, value: str) -> str:
        """The code as it stands."""
        return value


register_url_convertor("language", LanguageConvertor())


def create_app(publications_root: Path, *, static: Path = STATIC, public_address: str = "", rules: Rules = STRICT) -> Starlette:
    """The viewer over a folder of publications.

    Args:
        publications_root: the folder that ``ditich publish`` writes; may be empty or missing.
        static: the stylesheet, the icons and the built scripts.
        public_address: scheme and host under which visitors come, for absolute addresses; "" takes them from each request.
        rules: how image requests are judged.
    """
    publications = Publications(publications_root)
    context = Context(publications, open_screen(static, public_address), PressedAnswers())
    images = ImageService(publications, public_address=public_address, rules=rules)
    return Starlette(
        routes=_routes(context),
        middleware=[
            Middleware(ImagesFirst, service=images),
            Middleware(OneOrigin, public_address=public_address),
            Middleware(PoliteHeaders),
            Middleware(PrintableAddresses),
            Middleware(KeptPages, publications=publications),
        ],
        exception_handlers={
            NotFoundError: partial(_lost, context),
            HTTPException: partial(_refused, context),
            500: partial(_broken, context),
        },
    )


def _routes(context: Context) -> list[BaseRoute]:
    return [
        Route("/media/{slug}/{generation}/{asset}/{name:path}", _with(context, files.media)),
        Route("/export/{slug}/{name}", _with(context, exports.export)),
        Route("/static/{name:path}", _with(context, files.static)),
        *_finding(context),
        *(Route(page.path, _page(context, page.show)) for page in (embed.SCENE, embed.ASSET, *PAGES)),
        Route("/{language:language}", _with_slash),
        Route("/{language:language}/{slug}/scene/", _site_again),
    ]


def _with(context: Context, show: Callable[[Context, Request], Response]) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        return show(context, request)

    return answer


def _finding(context: Context) -> list[BaseRoute]:
    """The addresses that programs ask for: maps, feeds, changes, how to embed."""
    return [
        Route("/robots.txt", _with(context, sitemap.robots)),
        Route("/sitemap.xml", _with(context, sitemap.whole)),
        Route("/sitemap-{number:int}.xml", _with(context, sitemap.part)),
        Route("/oembed", _with(context, oembed.show)),
        Route("/activity/all.json", _with(context, activity.collection)),
        Route("/activity/page-{number:int}.json", _with(context, activity.page)),
        Route("/{language:language}/feed.xml", _with(context, feeds.everything)),
        Route("/{language:language}/{slug}/feed.xml", _with(context, feeds.of_site)),
    ]


def _page(context: Context, show: Callable[[Context, Request], Response]) -> Callable[[Request], Response]:
    """A page; with a content state in its address it leads to what that names."""

    def answer(request: Request) -> Response:
        return arrive(context, request) if PARAMETER in request.query_params else show(context, request)

    return answer


def _with_slash(request: Request) -> Response:
    return RedirectResponse(f"/{request.path_params['language']}/", 308)


def _site_again(request: Request) -> Response:
    return RedirectResponse(f"/{request.path_params['language']}/{request.path_params['slug']}/", 308)


def _lost(context: Context, request: Request, _: Exception) -> Response:
    """Nothing is there (any more): what answers in its place, or a page that helps on for people, a sentence for programs."""
    elsewhere = former.present_address(context.publications, request.url.path)
    if elsewhere:
        return RedirectResponse(elsewhere, 303, headers={"cache-control": "no-store"})
    return _notice(context, request, "not_found", 404)


def _refused(context: Context, request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if status != 404:
        return PlainTextResponse("Not allowed.", status, headers=headers)
    return _notice(context, request, "not_found", 404)


def _broken(context: Context, request: Request, _: Exception) -> Response:
    """The only answer that is made outside all middleware: it brings its headers along, and needs nothing that can itself be broken."""
    try:
        answer = _notice(context, request, "broken", 500)
    except Exception:  # noqa: BLE001 - whatever broke the page may break the notice: templates, catalogues, a full disk
        answer = HTMLResponse(LAST_WORDS, 500)
    answer.raw_headers = complete(answer.raw_headers)
    return answer


def _notice(context: Context, request: Request, kind: str, status: int) -> Response:
    if request.url.path.startswith(("/media/", "/export/", "/static/")):
        return PlainTextResponse("Not here.", status)
    code = request.url.path.strip("/").partition("/")[0]
    language = Language(code) if code in set(Language) else negotiate(request.headers.get("accept-language", ""))
    frame = Frame(language, context.screen.say(language, f"notice.{kind}.title"), status=status)
    return context.screen.page(request, "notice.html", frame, kind=kind, ark="", since="", site=None)
