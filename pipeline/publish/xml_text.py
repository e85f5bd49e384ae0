"""Text as XML 1.0 can hold it; shared by the exports that are XML."""

import re

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without characters that XML 1.0 cannot hold."""
    return _UNPRINTABLE.sub("", text)
