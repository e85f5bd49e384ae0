"""The image service: one raw ASGI application below ``/iiif``, because tiles are most of what a tour asks for."""

import json
from functools import partial
from zlib import crc32

from starlette.types import ASGIApp, Receive, Scope, Send

from archive.errors import DitichError
from archive.publications.read import Publications
from viewer.iiif.answer import PREFLIGHT, Answer, header
from viewer.iiif.drawings import Budget, BusyError, Drawings
from viewer.iiif.images import Asked, Image, Images
from viewer.iiif.information import CONTEXT, LEVEL_2, information
from viewer.iiif.render import render
from viewer.iiif.request import MEDIA_TYPES, STRICT, BadImageRequestError, Rules
from viewer.media import ASK_AGAIN, FOR_GOOD, matches
from viewer.origin import origin_of

_KEPT_IMAGES = 256
_NAME_PARTS = 3
_PREFIX = "/iiif/"
_TO_COME_AGAIN = (b"retry-after", b"2"), (b"cache-control", b"no-store")
_LINKED = f'application/ld+json;profile="{CONTEXT}"'


class ImageService:
    """Answers ``/iiif/<slug>/<generation>/<asset id>/…``: info.json, tiles by copying, everything else by libvips."""

    def __init__(
        self,
        publications: Publications,
        *,
        public_address: str = "",
        rules: Rules = STRICT,
        budget: Budget | None = None,
        most_images: int = _KEPT_IMAGES,
    ) -> None:
        self._rules = rules
        self._public_address = public_address.rstrip("/")
        self._drawings = Drawings(budget or Budget())
        self._images = Images(publications, most_images, self._drawings.forget)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        answer = await self._answer(scope, receive)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.all_headers()})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        if scope["method"] == "OPTIONS":
            return PREFLIGHT
        if scope["method"] not in {"GET", "HEAD"}:
            return Answer(405, b"Only GET and HEAD.", headers=((b"allow", b"GET, HEAD, OPTIONS"),))
        path = scope["raw_path"].partition(b"?")[0].decode("latin-1").removeprefix(_PREFIX)
        try:
            return await self._of_image(scope, receive, path)
        except BadImageRequestError as error:
            return Answer(400, str(error).encode())
        except BusyError:
            return Answer(503, b"Too busy to draw this now. Come again in a moment.", headers=_TO_COME_AGAIN)
        except (DitichError, OSError):
            return Answer(404, b"No such image.")

    async def _of_image(self, scope: Scope, receive: Receive, path: str) -> Answer:
        parts = path.split("/", _NAME_PARTS)
        rest = parts[_NAME_PARTS] if len(parts) > _NAME_PARTS else ""
        image = await self._images.find("/".join(parts[:_NAME_PARTS]))
        base = f"{origin_of(scope, self._public_address)}{_PREFIX}{image.name}"
        if not rest:
            return Answer(303, headers=((b"location", f"{base}/info.json".encode("latin-1")),))
        if rest == "info.json":
            return self._information(scope, base, image)
        asked = image.asked(rest, self._rules)
        etag = f'"{image.etag}-{crc32(asked.canonical.encode()):08x}"'
        links = f'<{base}/{asked.canonical}>;rel="canonical",<{LEVEL_2}>;rel="profile"'
        headers = ((b"etag", etag.encode()), (b"cache-control", FOR_GOOD.encode()), (b"link", links.encode("latin-1")))
        if matches(header(scope, b"if-none-match"), etag):
            return Answer(304, headers=headers)
        return Answer(200, await self._picture(receive, image, asked), MEDIA_TYPES[asked.request.form].encode(), headers)

    async def _picture(self, receive: Receive, image: Image, asked: Asked) -> bytes:
        stored = asked.stored
        if stored is not None:
            return stored.before + await self._images.files.read(stored.path, stored.offset, stored.length)
        found = self._drawings.known(image.name, asked.canonical)
        if found is not None:
            return found
        draw_one = partial(render, image.pyramid, asked.request)
        return await self._drawings.draw(image.name, asked.canonical, draw_one, partial(_gone, receive))

    def _information(self, scope: Scope, base: str, image: Image) -> Answer:
        content = json.dumps(information(base, image.pyramid, self._rules.most)).encode()
        is_linked = "application/ld+json" in header(scope, b"accept")
        etag = f'"{image.etag}-{crc32(content):08x}{"-ld" if is_linked else ""}"'
        headers = (
            (b"link", f'<{LEVEL_2}>;rel="profile"'.encode()),
            (b"vary", b"Accept"),
            (b"cache-control", ASK_AGAIN.encode()),
            (b"etag", etag.encode()),
        )
        if matches(header(scope, b"if-none-match"), etag):
            return Answer(304, headers=headers)
        return Answer(200, content, (_LINKED if is_linked else "application/json").encode(), headers)


class ImagesFirst:
    """Sends what lies below ``/iiif/`` to the image service before anything else looks at the request."""

    def __init__(self, app: ASGIApp, service: ImageService) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request to whom it concerns."""
        is_image = scope["type"] == "http" and scope["raw_path"].startswith(b"/iiif/")
        await (self._service if is_image else self._app)(scope, receive, send)


async def _gone(receive: Receive) -> None:
    """Return when the visitor has closed the connection; a request has no body worth reading."""
    await receive()
    while (await receive())["type"] != "http.disconnect":
        pass
