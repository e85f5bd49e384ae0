"""Names in a bag: which are safe, which must be encoded, which some systems cannot keep apart (RFC 8493 sections 2.1.3, 5.1.4)."""

import re
import unicodedata

PAYLOAD = "data/"
_SUSPICIOUS = re.compile(r"[\\%\x00-\x1f\x7f]|(?:^|/)\.{0,2}(?:/|$)|^~|^[A-Za-z]:")
_OUTSIDE = re.compile(r"^(?:[/\\~]|[A-Za-z]:|%[^%/\\]*%(?:[/\\]|$))")
_ENCODED = re.compile("%0[aA]|%0[dD]|%25")
_OLD_ENCODED = re.compile("%0[aA]|%0[dD]")
_DECODED = {"%0A": "\n", "%0D": "\r", "%25": "%"}
_TO_ENCODE = re.compile("[%\r\n]")
SYSTEM_FILES = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", ".localized"})


def is_plain(path: str) -> bool:
    """Whether nothing about the written path needs a second look."""
    return _SUSPICIOUS.search(path) is None


def leads_outside(path: str) -> bool:
    """Whether a path leaves the bag on any system: absolute, a home folder, a drive, a UNC path, a variable of Windows, or with ``..``."""
    parts = path.replace("\\", "/").split("/")
    return _OUTSIDE.search(path) is not None or ".." in parts or "\0" in path


def decoded(path: str, *, percent: bool) -> str:
    """The path that a manifest's line means; ``percent`` from version 1.0 on, where ``%`` itself is encoded too."""
    return (_ENCODED if percent else _OLD_ENCODED).sub(lambda match: _DECODED[match[0].upper()], path)


def encoded(path: str) -> str:
    """The path as a manifest of version 1.0 writes it."""
    return _TO_ENCODE.sub(lambda match: f"%{ord(match[0]):02X}", path)


def has_stray_percent(path: str) -> bool:
    """Whether the written path has a ``%`` that stands for itself."""
    return "%" in _ENCODED.sub("", path)


def portable_name(path: str) -> str:
    """The path as the least discerning file system sees it: without case, one Unicode form."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path.casefold())


def is_system_file(path: str) -> bool:
    """Whether the last part is a name that operating systems leave behind."""
    name = path.rpartition("/")[2]
    return name.lower() in SYSTEM_FILES or name.startswith("._")
