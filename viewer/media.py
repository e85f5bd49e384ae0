"""Files for visitors: ranges, entity tags, HEAD, downloads, and caching for good under a publication's generation.

One range at most is answered (RFC 9110 section 14 lets a server ignore the rest): a request for many small ranges costs no more
than one for the whole.
"""

import mimetypes
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from viewer.compression import PressedAnswers, accepted_coding

FOR_GOOD = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_TYPES = {".glb": "model/gltf-binary", ".subtree": "application/octet-stream", ".avif": "image/avif", ".json": "application/json"}
_SHOWN_IN_PLACE = ("image/", "audio/", "video/", "model/", "application/json", "application/octet-stream", "text/css", "text/javascript")


_BEST, _QUICK, _SMALL = 11, 5, 64 * 1024
"""What is small (our style and scripts) is pressed as hard as can be, once: a tenth less on every visitor's line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes to be answered: all of a file, or a slice of a pack.

    Attributes:
        etag: the strong entity tag without quotes; it changes when the bytes do.
        download: file name to save as; "" shows the file in place.
    """

    path: Path
    offset: int
    length: int
    media_type: str
    etag: str
    download: str = ""
    caching: str = FOR_GOOD


def whole(path: Path, *, etag: str, media_type: str = "", download: str = "", caching: str = FOR_GOOD) -> Piece:
    """A whole file as a piece. What a browser might run as a page is always a download."""
    kind = media_type or media_type_of(path.name)
    name = download or ("" if kind.startswith(_SHOWN_IN_PLACE) and not kind.startswith("image/svg") else path.name)
    return Piece(path, 0, path.stat().st_size, kind, etag, name, caching)


def media_type_of(name: str) -> str:
    """The media type by the name of one of our own files."""
    suffix = Path(name).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def requested_range(header: str, length: int) -> tuple[int, int] | None:
    """First and last byte asked for; None to answer the whole.

    Raises:
        ValueError: the range lies outside: answer 416.
    """
    match = _RANGE.fullmatch(header.replace(" ", ""))
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match[1], match[2]
    if not first:
        if int(last) == 0 or length == 0:
            raise ValueError(header)
        return max(0, length - int(last)), length - 1
    start, end = int(first), min(int(last or length), length - 1)
    if last and int(last) < start:
        return None
    if start >= length:
        raise ValueError(header)
    return start, end


class FileAnswer(Response):
    """Answers GET and HEAD for one piece."""

    def __init__(self, piece: Piece, pressed: PressedAnswers, *, cross_origin: bool = False) -> None:
        super().__init__(media_type=piece.media_type)
        self._piece = piece
        self._pressed = pressed
        self._cross_origin = cross_origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the piece, a part of it, or the news that it has not changed."""
        asked = Headers(scope=scope)
        coding = "" if "range" in asked else self._coding(asked)
        etag = f'"{self._piece.etag}{f"-{coding}" if coding else ""}"'
        headers = self._own_headers(etag)
        if matches(asked.get("if-none-match", ""), etag):
            await Response(status_code=304, headers=headers)(scope, receive, send)
        elif coding:
            content = await to_thread.run_sync(self._pressed_content, coding)
            headers["content-encoding"] = coding
            await Response(content, headers=headers, media_type=self._piece.media_type)(scope, receive, send)
        else:
            await self._send_slice(scope, send, asked, headers)

    def _coding(self, asked: Headers) -> str:
        return accepted_coding(asked.get("accept-encoding", ""), self._piece.media_type, self._piece.length)

    def _own_headers(self, etag: str) -> dict[str, str]:
        headers = {"etag": etag, "cache-control": self._piece.caching, "accept-ranges": "bytes"}
        if accepted_coding("br", self._piece.media_type, self._piece.length):
            headers["vary"] = "Accept-Encoding"
        if self._piece.download:
            headers["content-disposition"] = attachment(self._piece.download)
        if self._cross_origin:
            headers["access-control-allow-origin"] = "*"
        return headers

    def _pressed_content(self, coding: str) -> bytes:
        piece = self._piece
        content = read_slice(piece.path, piece.offset, piece.length)
        return self._pressed.press(f"{piece.etag}/{piece.offset}", coding, content, quality=_BEST if len(content) <= _SMALL else _QUICK)

    async def _send_slice(self, scope: Scope, send: Send, asked: Headers, headers: dict[str, str]) -> None:
        start, end, status = 0, self._piece.length - 1, 200
        try:
            wanted = None
            if asked.get("if-range", headers["etag"]) == headers["etag"]:
                wanted = requested_range(asked.get("range", ""), self._piece.length)
        except ValueError:
            headers |= {"content-range": f"bytes */{self._piece.length}", "content-length": "0"}
            await _start(send, 416, headers)
            await send({"type": "http.response.body", "body": b""})
            return
        if wanted is not None:
            start, end, status = *wanted, 206
            headers["content-range"] = f"bytes {start}-{end}/{self._piece.length}"
        headers |= {"content-length": str(end - start + 1), "content-type": self._piece.media_type}
        await _start(send, status, headers)
        if scope["method"] != "HEAD":
            async for chunk in _chunks(self._piece.path, self._piece.offset + start, end - start + 1):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def matches(if_none_match: str, etag: str) -> bool:
    """Whether the header names this tag (weak comparison, RFC 9110 section 13.1.2)."""
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")[:50]}
    return etag.removeprefix("W/") in tags or tags == {"*"}


def attachment(name: str) -> str:
    """A ``Content-Disposition`` that saves under exactly this name, whatever characters it has (RFC 6266, RFC 8187)."""
    printable = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    return f"attachment; filename=\"{printable}\"; filename*=UTF-8''{quote(name, safe='')}"


def read_slice(path: Path, offset: int, length: int) -> bytes:
    """Some bytes of a file. Short only when the file is."""
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(length)


async def _chunks(path: Path, offset: int, length: int) -> AsyncIterator[bytes]:
    file = await to_thread.run_sync(_opened_at, path, offset)
    try:
        while length > 0:
            chunk = await to_thread.run_sync(file.read, min(CHUNK, length))
            if not chunk:
                return
            yield chunk
            length -= len(chunk)
    finally:
        file.close()


def _opened_at(path: Path, offset: int) -> BinaryIO:
    file = path.open("rb")
    file.seek(offset)
    return file


async def _start(send: Send, status: int, headers: dict[str, str]) -> None:
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
