"""Under which scheme and host visitors come: what absolute addresses begin with."""

import re
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")
_NOBODY = "localhost"


def origin_of(scope: Scope, public_address: str = "") -> str:
    """The origin without a slash at its end: the configured address, else the host that the request names.

    A host with any other character than host names have is no host: nothing of it is written anywhere.
    """
    if public_address:
        return public_address.rstrip("/")
    return f"{scope['scheme']}://{_host(scope)}"


class OneOrigin:
    """Gives every request the one scheme and host under which we are known, before anybody makes an address of what it says.

    Where a public address is set, that is the only one there is, whatever the request says: redirects, addresses in pages and the pages
    that are kept all follow it. Where none is set, a host that cannot be one becomes ``localhost``.
    """

    def __init__(self, app: ASGIApp, public_address: str = "") -> None:
        self._app = app
        known = urlsplit(public_address)
        self._known = (known.scheme, known.netloc.encode()) if known.scheme and known.netloc else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under that origin."""
        if scope["type"] == "http":
            scheme, host = self._known or (scope["scheme"], _host(scope).encode())
            others = [pair for pair in scope["headers"] if pair[0] != b"host"]
            scope = {**scope, "scheme": scheme, "headers": [(b"host", host), *others]}
        await self._app(scope, receive, send)


def _host(scope: Scope) -> str:
    given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    return given if _HOST.fullmatch(given) else _NOBODY
