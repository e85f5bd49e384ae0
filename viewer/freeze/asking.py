"""Asks the application for addresses in this very process, as a browser would, without a socket."""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote, unquote, urlsplit

from anyio.from_thread import start_blocking_portal
from starlette.types import ASGIApp, Message


@dataclass(frozen=True, slots=True)
class Answer:
    """What the application said. ``headers`` by lower-case name; ``media_type`` without its parameters."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """Its media type, like "text/html"."""
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def is_page(self) -> bool:
        """Whether people read it."""
        return self.media_type == "text/html"

    @property
    def leads_to(self) -> str:
        """Where it redirects to; "" where it does not."""
        return self.headers.get("location", "") if 300 <= self.status < 400 else ""


class Asker:
    """One event loop in a thread of its own, kept for all questions."""

    def __init__(self, app: ASGIApp, base: str) -> None:
        """Takes the application and the address under which it believes to be visited."""
        self._app = app
        self._host = urlsplit(base)
        self._open = ExitStack()
        self._portal = self._open.enter_context(start_blocking_portal())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def ask(self, address: str, language: str = "") -> Answer:
        """The answer to GET ``address`` (a path, perhaps with a query), in its uncompressed form."""
        return self._portal.call(self._ask, address, language)

    async def _ask(self, address: str, language: str) -> Answer:
        path, _, query = address.partition("?")
        headers = [(b"host", self._host.netloc.encode()), (b"accept-encoding", b"identity")]
        if language:
            headers.append((b"accept-language", language.encode()))
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "scheme": self._host.scheme, "root_path": "",
            "path": unquote(path), "raw_path": quote(path, safe="/%:,;=@!$&'()*+~").encode(), "query_string": query.encode(),
            "headers": headers, "client": ("127.0.0.1", 1), "server": (self._host.hostname or "", self._host.port or 443),
        }  # fmt: skip
        said: list[Message] = []
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if asked:
                await asyncio.Event().wait()  # a visitor who never leaves: whoever watches for that is cancelled with the answer
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            said.append(message)

        await self._app(scope, receive, send)
        pairs = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in said[0]["headers"]}
        return Answer(said[0]["status"], pairs, b"".join(message.get("body", b"") for message in said[1:]))
