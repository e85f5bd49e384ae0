"""Pages of a site, kept as they were answered until the site's next generation: a crowd at one sign costs no more than its first visitor.

Which generation is current is read from the disk at every request, so what was withdrawn is gone with the very next one.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from archive.publications.read import Publications
from archive.records.text import Language
from viewer.media import matches

LIMIT = 32 * 1024 * 1024
_PAGE = re.compile(rf"/(?:{'|'.join(Language)})/([^/]+)/.*")
_CODINGS = ("br", "gzip")
_UNCHANGED = frozenset({b"etag", b"cache-control", b"vary", b"content-security-policy", b"content-language"})
"""What an answer 304 repeats of the whole one (RFC 9110 section 15.4.5), and the policy."""

_Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: tuple[int, int]
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    etag: str
    octets: int
    """What keeping it costs: the headers and the name count too, or many small pages under many hosts would be for nothing."""


class KeptPages:
    """Answers a page again from memory while its site's generation is the same; at most ``limit`` bytes, oldest use forgotten first."""

    def __init__(self, app: ASGIApp, publications: Publications, limit: int = LIMIT) -> None:
        self._app = app
        self._publications = publications
        self._limit = limit
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._octets = 0
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from memory, or pass the request on and keep what comes back."""
        key = _key_of(scope)
        stamp = self._stamp(scope) if key is not None else None
        if key is None or stamp is None:
            await self._app(scope, receive, send)
            return
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
        if found is not None and found.stamp == stamp:
            await _answer(found, scope, send)
        else:
            await self._app(scope, receive, _Listening(send, self, key, stamp))

    def keep(self, key: _Key, page: _Kept) -> None:
        """Remember a page, and forget the oldest when there are too many."""
        if page.octets > self._limit // 8:
            return
        with self._lock:
            self._octets += page.octets - self._kept.pop(key, _NOTHING).octets
            self._kept[key] = page
            while self._octets > self._limit:
                self._octets -= self._kept.popitem(last=False)[1].octets

    def _stamp(self, scope: Scope) -> tuple[int, int] | None:
        match = _PAGE.fullmatch(scope["path"])
        try:
            return self._publications.stamp(match[1]) if match else None
        except OSError:
            return None


_NOTHING = _Kept((0, 0), (), b"", "", 0)


class _Listening:
    """Passes an answer on and keeps it when it is a whole page."""

    def __init__(self, send: Send, pages: KeptPages, key: _Key, stamp: tuple[int, int]) -> None:
        self._send, self._pages, self._key, self._stamp = send, pages, key, stamp
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif self._start is not None and not message.get("more_body"):
            headers = Headers(raw=list(self._start["headers"]))
            if self._start["status"] == 200 and "etag" in headers and "content-language" in headers:
                body, given = message.get("body", b""), tuple(self._start["headers"])
                octets = len(body) + sum(len(name) + len(value) for name, value in given) + sum(map(len, self._key))
                page = _Kept(self._stamp, given, body, headers["etag"], octets)
                self._pages.keep(self._key, page)
            self._start = None
        else:
            self._start = None
        await self._send(message)


def _key_of(scope: Scope) -> _Key | None:
    """What the answer depends on besides the generation; None where it is not ours to keep."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
        return None
    headers = Headers(scope=scope)
    wishes = {part.partition(";")[0].strip().lower() for part in headers.get("accept-encoding", "").split(",")[:20]}
    if ";q=0" in headers.get("accept-encoding", "").replace(" ", ""):
        return None
    coding = next((coding for coding in _CODINGS if coding in wishes), "")
    return scope["scheme"], headers.get("host", ""), scope["path"], coding


async def _answer(page: _Kept, scope: Scope, send: Send) -> None:
    if matches(Headers(scope=scope).get("if-none-match", ""), page.etag):
        headers = [pair for pair in page.headers if pair[0].lower() in _UNCHANGED]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": list(page.headers)})
    await send({"type": "http.response.body", "body": page.body})
