"""Names inside an object: from delivered bytes to logical paths, from logical paths to content paths.

A logical path says what the file is called; the content path says where its bytes lie. They are the same text below
``vN/content/`` unless a disk could not hold it: a part longer than 255 bytes, or two names that differ only in case or in
Unicode form, which one of the systems that a copy may land on cannot keep apart.

A delivered path becomes a logical path by one rule that can be turned round: ``%``, control characters, bytes that are not UTF-8, and
parts that OCFL forbids (empty, ``.``, ``..``) are percent-encoded in lower-case hexadecimal. Nothing else changes: Vietnamese
names stay readable, NFC and NFD stay apart.
"""

import hashlib
import re
import unicodedata
from collections.abc import Container
from urllib.parse import unquote_to_bytes

from archive.errors import UsageError

_LONGEST_PART = 255
_KEPT_OF_LONG = 60
_ENCODED = re.compile("[%\x00-\x1f\x7f\udc80-\udcff]")
_FORBIDDEN = frozenset({"", ".", ".."})


def logical_path(delivered: bytes) -> str:
    """The logical path of a delivered path's exact bytes, ``/``-joined."""
    return "/".join(_part(part) for part in delivered.split(b"/"))


def delivered_path(logical: str) -> bytes:
    """The exact bytes that ``logical_path`` was given. An empty part is written ``%``."""
    return b"/".join(b"" if part == "%" else unquote_to_bytes(part) for part in logical.split("/"))


def require_logical(path: str) -> None:
    """Refuse what OCFL forbids as a path (E052, E053).

    Raises:
        UsageError: empty or dot parts, a leading or trailing slash, or text that is not UTF-8.
    """
    fault = any(part in _FORBIDDEN for part in path.split("/"))
    if fault or _has_surrogates(path):
        raise UsageError(
            f"“{path!r}” cannot be a path in the archive.", advice="Encode delivered names with archive.ocfl.paths.logical_path."
        )


def content_path(version: str, logical: str, sha512: str, taken: Container[str]) -> str:
    """Where the bytes of a new file lie in the object.

    Args:
        version: "v3".
        logical: the logical path.
        sha512: of the bytes; tells apart what a name cannot.
        taken: ``portable_name`` of the content paths that this version has already.
    """
    path = f"{version}/content/{'/'.join(_short(part) for part in logical.split('/'))}"
    if portable_name(path) in taken:
        path = f"{version}/content/alike-{sha512[:32]}-{hashlib.sha256(logical.encode()).hexdigest()[:16]}"
    return path


def portable_name(path: str) -> str:
    """The path as the least discerning file system sees it: without case, one Unicode form."""
    return unicodedata.normalize("NFC", path.casefold())


def _part(part: bytes) -> str:
    text = part.decode("utf-8", "surrogateescape")
    if text in _FORBIDDEN:
        return text.replace(".", "%2e") or "%"
    return _ENCODED.sub(_percent, text)


def _percent(match: re.Match[str]) -> str:
    return f"%{match[0].encode('utf-8', 'surrogateescape')[0]:02x}"


def _has_surrogates(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def _short(part: str) -> str:
    encoded = part.encode()
    if len(encoded) <= _LONGEST_PART:
        return part
    start = encoded[:_KEPT_OF_LONG].decode("utf-8", "ignore")
    return f"{start}-{hashlib.sha256(encoded).hexdigest()}"
