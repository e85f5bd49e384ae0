"""XML of our own making: elements with text, every value escaped, characters that XML cannot hold left out."""

import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from starlette.requests import Request
from starlette.responses import Response

from viewer.compression import accepted_coding, press
from viewer.media import ASK_AGAIN

_UNFIT = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""https://www.w3.org/TR/xml/#charsets"""


def element(name: str, text: str = "", attributes: Mapping[str, str] | None = None, inside: Iterable[str] = ()) -> str:
    """One element; ``inside`` are elements made by this function."""
    given = "".join(f" {key}={quoteattr(_printable(value))}" for key, value in (attributes or {}).items())
    content = escape(_printable(text)) + "".join(inside)
    return f"<{name}{given}>{content}</{name}>" if content else f"<{name}{given}/>"


def document(root: str) -> bytes:
    """A whole document."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'.encode()


def xml_answer(request: Request, content: bytes, media_type: str) -> Response:
    """The document, compressed where that is accepted; anybody may read it."""
    coding = accepted_coding(request.headers.get("accept-encoding", ""), "application/xml", len(content))
    headers = {"cache-control": ASK_AGAIN, "vary": "Accept-Encoding", "access-control-allow-origin": "*"}
    if coding:
        headers["content-encoding"] = coding
        content = press(content, coding)
    return Response(content, headers=headers, media_type=media_type)


def _printable(text: str) -> str:
    return _UNFIT.sub("", text)
