"""What a browser may do with our answers: one content security policy per kind of page, and the headers of every answer."""

from collections.abc import Iterator, Sequence

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BASE = (
    "default-src 'none'; {script}; style-src 'self'; {images}; {connect}; media-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_PLAIN = _BASE.format(script="script-src 'self'", images="img-src 'self' data:", connect="connect-src 'self'")
TOUR_POLICY = f"{_PLAIN}; require-trusted-types-for 'script'; trusted-types 'none'"
"""Pages with our own code only: nothing may turn a string into code."""
PHOTO_POLICY = _PLAIN.replace("style-src 'self'", "style-src 'self' 'sha256-9xTiqzfwFaL2SGb1rmr8gysEwVVjIvqWAgmZgqFqpEE='")
"""OpenSeadragon writes innerHTML, so no Trusted Types; the hash is that of the one style element that it adds."""
MODEL_POLICY = _BASE.format(
    script="script-src 'self' 'wasm-unsafe-eval'", images="img-src 'self' data: blob:", connect="connect-src 'self' blob:"
)
"""3D pages: the meshopt decoder is WebAssembly, and textures inside GLB files become blobs."""
KEEPING_POLICY = TOUR_POLICY.replace("trusted-types 'none'", "trusted-types ditich")
"""The page that keeps a tour registers a service worker; the policy "ditich" lets that one address through."""
WORKER_POLICY = "default-src 'none'; connect-src 'self'"
"""The service worker fetches from here and does nothing else."""
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Whatever is not a page: opened by itself it can do nothing."""

SAME_ORIGIN_OPENER = (b"cross-origin-opener-policy", b"same-origin")


def framed(policy: str) -> str:
    """The policy of an embedded page: like any other, but anybody may frame it."""
    return policy.replace("frame-ancestors 'self'", "frame-ancestors *")


_PERMISSIONS = (
    "accelerometer=(self), fullscreen=(self), gyroscope=(self), xr-spatial-tracking=(self), "
    "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
)
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"permissions-policy", _PERMISSIONS.encode()),
)


class PoliteHeaders:
    """Adds the headers that every answer carries, the strictest policy to any that brings none, and keeps HEAD bodiless."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; complete the answer's headers on their way out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": complete(message["headers"])}
            if scope["method"] == "HEAD" and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app(scope, receive, completed)


def complete(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with those that every answer carries, and the strictest policy where it brings none."""
    return [*headers, *_ALWAYS, *_missing(headers)]


def _missing(headers: Sequence[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """What an answer lacks: the strictest policy; and who may load it or share a window with it.

    What anybody may read across origins (images, media, manifests) anybody may load; pages and scripts only pages of ours, and a page that
    anybody may frame keeps its opener's group, or frames in frames would lose their storage.
    """
    given = {name.lower(): value for name, value in headers}
    policy = given.get(b"content-security-policy", FILE_POLICY.encode())
    if b"content-security-policy" not in given:
        yield b"content-security-policy", policy
    framable = b"frame-ancestors *" in policy
    if b"cross-origin-resource-policy" not in given:
        shared = framable or given.get(b"access-control-allow-origin") == b"*"
        yield b"cross-origin-resource-policy", b"cross-origin" if shared else b"same-origin"
    if not framable and given.get(b"content-type", b"").startswith(b"text/html"):
        yield SAME_ORIGIN_OPENER


LONGEST_NAME = 255
"""Bytes of one part of an address: more than a file's name can have, and than anything of ours is called."""


class PrintableAddresses:
    """Answers 404 to addresses with control characters, bytes that are no UTF-8 or endless names: nothing here is called so."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or end it here."""
        if scope["type"] == "http" and not _is_address(scope["path"]):
            await PlainTextResponse("Not here.", 404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _is_address(path: str) -> bool:
    printable = path.replace("\ufffd", "\0").isprintable()
    return printable and all(len(part.encode("utf-8", "replace")) <= LONGEST_NAME for part in path.split("/"))
