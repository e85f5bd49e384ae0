"""The image service: one small raw ASGI application below ``/iiif``, because tiles are most of what a tour asks for."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import unquote
from zlib import crc32

from anyio import CapacityLimiter, to_thread
from starlette.types import Receive, Scope, Send

from archive.errors import DitichError
from archive.publications.read import Publications
from viewer.iiif.grid import grid, tile_bytes
from viewer.iiif.pyramid import Pyramid, open_image
from viewer.iiif.render import render
from viewer.iiif.request import MAX_AREA, MEDIA_TYPES, QUALITIES, BadImageRequestError, ImageRequest, parse
from viewer.media import FOR_GOOD, matches

_PROFILE = "http://iiif.io/api/image/3/level2.json"
_CONTEXT = "http://iiif.io/api/image/3/context.json"
_CORS = (b"access-control-allow-origin", b"*")
_KEPT_PYRAMIDS = 256
_KEPT_OCTETS = 32 * 1024 * 1024
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes
    media_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[bytes, bytes], ...] = ()


class ImageService:
    """Answers ``/iiif/<slug>/<generation>/<asset id>/…``: info.json, tiles by copying, everything else by libvips."""

    def __init__(
        self, publications: Publications, *, public_address: str = "", pyramids: int = _KEPT_PYRAMIDS, octets: int = _KEPT_OCTETS
    ) -> None:
        self._publications = publications
        self._most_pyramids = pyramids
        self._most_octets = octets
        self._public_address = public_address
        self._pyramids: OrderedDict[str, Pyramid] = OrderedDict()
        self._rendered: OrderedDict[str, bytes] = OrderedDict()
        self._rendered_octets = 0
        self._lock = Lock()
        self._limiter: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["method"] not in {"GET", "HEAD", "OPTIONS"}:
            answer = _Answer(405, b"Only GET and HEAD.", headers=((b"allow", b"GET, HEAD, OPTIONS"),))
        else:
            answer = await self._answer(scope)
        length = str(len(answer.body)).encode()
        headers = [(b"content-type", answer.media_type.encode()), (b"content-length", length), _CORS, *answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope) -> _Answer:
        path = scope["raw_path"].partition(b"?")[0].decode("latin-1")
        segments = path.strip("/").split("/")[1:]
        if scope["method"] == "OPTIONS":
            return _Answer(204, b"", headers=((b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),))
        try:
            pyramid = self._pyramid(segments[:3])
            return await self._image(scope, path, segments, pyramid)
        except BadImageRequestError as error:
            return _Answer(400, str(error).encode())
        except (DitichError, OSError):
            return _Answer(404, b"No such image.")

    async def _image(self, scope: Scope, path: str, segments: list[str], pyramid: Pyramid) -> _Answer:
        base = f"{self._address(scope)}/iiif/{'/'.join(segments[:3])}"
        rest = segments[3:]
        if not rest:
            return _Answer(303, b"", headers=((b"location", f"{base}/info.json".encode()),))
        if rest == ["info.json"]:
            return _information(scope, base, pyramid)
        etag = f'"{"-".join(segments[1:3])}-{_digest("/".join(rest))}"'
        request = parse(rest, pyramid.width, pyramid.height)
        canonical = f'<{base}/{request.canonical(pyramid.width, pyramid.height)}>;rel="canonical",<{_PROFILE}>;rel="profile"'
        headers = ((b"etag", etag.encode()), (b"cache-control", FOR_GOOD.encode()), (b"link", canonical.encode("latin-1")))
        if matches(_header(scope, b"if-none-match"), etag):
            return _Answer(304, b"", MEDIA_TYPES[request.form], headers)
        body = _copied(pyramid, request) or await self._drawn(path, pyramid, request)
        return _Answer(200, body, MEDIA_TYPES[request.form], headers)

    async def _drawn(self, path: str, pyramid: Pyramid, request: ImageRequest) -> bytes:
        found = self._rendered.get(path)
        if found is not None:
            return found
        if self._limiter is None:
            self._limiter = CapacityLimiter(_AT_ONCE)
        drawn = await to_thread.run_sync(render, pyramid, request, limiter=self._limiter)
        with self._lock:
            if path not in self._rendered and len(drawn) < self._most_octets // 16:
                self._rendered[path] = drawn
                self._rendered_octets += len(drawn)
            while self._rendered_octets > self._most_octets:
                self._rendered_octets -= len(self._rendered.popitem(last=False)[1])
        return drawn

    def _pyramid(self, segments: list[str]) -> Pyramid:
        if len(segments) != 3 or not segments[1].isdecimal() or len(segments[1]) > 9:
            raise FileNotFoundError
        slug, asset_id = unquote(segments[0], errors="replace"), unquote(segments[2], errors="replace")
        path = self._publications.media(slug, int(segments[1]), asset_id, "pyramid.tif")
        with self._lock:
            known = self._pyramids.get(str(path))
        if known is not None:
            return known
        read = open_image(self._publications, slug, int(segments[1]), asset_id)
        with self._lock:
            self._pyramids[str(path)] = read
            if len(self._pyramids) > self._most_pyramids:
                self._pyramids.popitem(last=False)
        return read

    def _address(self, scope: Scope) -> str:
        if self._public_address:
            return self._public_address.rstrip("/")
        return f"{scope['scheme']}://{_header(scope, b'host') or 'localhost'}"


def information(base: str, pyramid: Pyramid) -> dict[str, Any]:
    """``info.json`` (section 5): what is there and in which sizes it costs nothing."""
    first = pyramid.levels[0]
    factors = [1 << power for power in range(len(pyramid.levels))]
    return {
        "@context": _CONTEXT,
        "id": base,
        "type": "ImageService3",
        "protocol": "http://iiif.io/api/image",
        "profile": "level2",
        "width": pyramid.width,
        "height": pyramid.height,
        "maxArea": MAX_AREA,
        "sizes": [{"width": level.width, "height": level.height} for level in reversed(pyramid.levels)],
        "tiles": [{"width": first.tile_width, "height": first.tile_height, "scaleFactors": factors}],
        "preferredFormats": ["jpg"],
        "extraFormats": ["webp"],
        "extraQualities": list(QUALITIES[1:]),
        "extraFeatures": ["mirroring", "sizeUpscaling", "canonicalLinkHeader", "profileLinkHeader"],
    }


def _information(scope: Scope, base: str, pyramid: Pyramid) -> _Answer:
    linked = "application/ld+json" in _header(scope, b"accept")
    media_type = f'application/ld+json;profile="{_CONTEXT}"' if linked else "application/json"
    headers = ((b"link", f'<{_PROFILE}>;rel="profile"'.encode()), (b"vary", b"Accept"), (b"cache-control", b"no-cache"))
    return _Answer(200, json.dumps(information(base, pyramid)).encode(), media_type, headers)


def _header(scope: Scope, name: bytes) -> str:
    found = next((value for key, value in scope["headers"] if key == name), b"")
    return str(found.decode("latin-1"))


def _digest(text: str) -> str:
    return f"{crc32(text.encode()):08x}"


def _copied(pyramid: Pyramid, request: ImageRequest) -> bytes | None:
    if not request.is_plain:
        return None
    return next((tile_bytes(pyramid, tile) for tile in grid(pyramid) if (tile.region, tile.size) == (request.region, request.size)), None)
