"""What the image service answers with, and the headers that all its answers carry."""

from dataclasses import dataclass

from starlette.types import Scope

from viewer.policies import FILE_POLICY

_EVERY = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", FILE_POLICY.encode()),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"link"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
"""A view of a panorama is a dozen tiles: policies that mean nothing to a picture would cost it kilobytes."""
_METHODS = b"GET, HEAD, OPTIONS"
_PLAIN = b"text/plain; charset=utf-8"
Header = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; pictures and sentences alike."""

    status: int
    body: bytes = b""
    media_type: bytes = _PLAIN
    headers: tuple[Header, ...] = ()

    def all_headers(self) -> list[Header]:
        """Its own headers and those of every answer; 204 and 304 have no content to describe."""
        if self.status in {204, 304}:
            return [*self.headers, *_EVERY]
        return [(b"content-type", self.media_type), (b"content-length", b"%d" % len(self.body)), *self.headers, *_EVERY]


PREFLIGHT = Answer(
    204,
    headers=(
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-allow-headers", b"*"),
        (b"access-control-max-age", b"86400"),
        (b"allow", _METHODS),
    ),
)
"""What a browser asks before a request with headers of its own."""


def header(scope: Scope, name: bytes) -> str:
    """A header of the request; "" where it has none."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return ""
