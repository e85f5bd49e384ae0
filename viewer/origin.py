"""Under which scheme and host visitors come: what absolute addresses begin with."""

import re

from starlette.datastructures import Headers
from starlette.types import Scope

_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")


def origin_of(scope: Scope, public_address: str = "") -> str:
    """The origin without a slash at its end: the configured address, else the host that the request names.

    A host with any other character than host names have is no host: nothing of it is written anywhere.
    """
    if public_address:
        return public_address.rstrip("/")
    host = Headers(scope=scope).get("host", "")
    return f"{scope['scheme']}://{host if _HOST.fullmatch(host) else 'localhost'}"
