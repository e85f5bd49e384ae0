"""What a rights statement is called. The statement itself is a URI; people read a name."""

import re

_CREATIVE_COMMONS = re.compile(r"https?://creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)(?:/.*)?")
_PUBLIC_DOMAIN = re.compile(r"https?://creativecommons\.org/publicdomain/(zero|mark)/(\d\.\d)(?:/.*)?")
_STATEMENT = re.compile(r"https?://rightsstatements\.org/(?:vocab|page)/([A-Za-z-]+)/1\.0/?(?:\?.*)?")


def licence_name(uri: str) -> str:
    """The name of a Creative Commons licence or mark, the same in every language; "" for anything else."""
    if match := _CREATIVE_COMMONS.fullmatch(uri):
        return f"CC {match[1].upper()} {match[2]}"
    if match := _PUBLIC_DOMAIN.fullmatch(uri):
        return f"CC0 {match[2]}" if match[1] == "zero" else f"Public Domain Mark {match[2]}"
    return ""


def statement_key(uri: str) -> str:
    """The catalogue key of a RightsStatements.org statement ("rights.InC"); "" for anything else."""
    match = _STATEMENT.fullmatch(uri)
    return f"rights.{match[1]}" if match else ""


def is_address(uri: str) -> bool:
    """Whether the statement may stand as a link."""
    return uri.startswith(("https://", "http://"))
