"""PRONOM's word on a file, through Siegfried (pygfried). A witness beside our own parsers, never the judge."""

import io
import os
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class PronomMatch:
    """One identification: PUID, PRONOM's name and version of the format, media type, and how it was recognised."""

    puid: str
    format: str
    version: str
    media_type: str
    basis: str


def pronom_matches(stream: BinaryIO) -> tuple[PronomMatch, ...]:
    """What PRONOM recognises in an open file; nothing for a stream that is no file, and nothing where Siegfried fails."""
    import pygfried

    try:
        path = f"/dev/fd/{stream.fileno()}"
    except (OSError, io.UnsupportedOperation):
        return ()
    if not os.access(path, os.R_OK, effective_ids=os.access in os.supports_effective_ids):
        return ()
    try:
        answer = pygfried.identify(path, detailed=True)
    except (pygfried.GoError, pygfried.EmptySourceError):
        return ()
    return tuple(
        PronomMatch(match["id"], match.get("format", ""), match.get("version", ""), match.get("mime", ""), match.get("basis", ""))
        for match in answer["files"][0]["matches"]
        if match.get("id", "UNKNOWN") != "UNKNOWN"
    )
