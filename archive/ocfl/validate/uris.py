"""Whether a text is a URI (RFC 3986 section 3): a scheme, a colon, and only characters that a URI has."""

import re

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")


def is_uri(text: str) -> bool:
    """Whether the text is a URI with a scheme and something after it."""
    return _URI.fullmatch(text) is not None
