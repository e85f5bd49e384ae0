"""Answers made smaller for the way: brotli or gzip, kept in a bounded memory so that the same bytes are pressed once."""

import gzip
from collections import OrderedDict
from threading import Lock

import brotli

SMALLEST = 600
LARGEST = 8 * 1024 * 1024
_PRESSABLE = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/xml",
    "application/octet-stream",
    "image/svg+xml",
    "model/gltf-binary",
    "model/gltf+json",
)


def accepted_coding(accept_encoding: str, media_type: str, length: int) -> str:
    """The content coding to use: "br", "gzip" or "" (RFC 9110 section 12.5.3; a weight of zero refuses)."""
    if not SMALLEST <= length <= LARGEST or not media_type.startswith(_PRESSABLE):
        return ""
    wishes = {part.partition(";")[0].strip().lower(): part for part in accept_encoding.split(",")[:20]}
    for coding in ("br", "gzip"):
        if coding in wishes and wishes[coding].replace(" ", "").partition(";q=")[2] not in {"0", "0.0", "0.00", "0.000"}:
            return coding
    return ""


class PressedAnswers:
    """Compressed bytes by content key, at most ``limit`` bytes of them, oldest use forgotten first."""

    def __init__(self, limit: int = 48 * 1024 * 1024) -> None:
        self._limit = limit
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._octets = 0
        self._lock = Lock()

    def press(self, key: str, coding: str, content: bytes, *, quality: int = 9) -> bytes:
        """``content`` in that coding. ``key`` names the content for good (its digest, or path and version)."""
        with self._lock:
            found = self._kept.get((key, coding))
            if found is not None:
                self._kept.move_to_end((key, coding))
                return found
        pressed = press(content, coding, quality=quality)
        with self._lock:
            if (key, coding) not in self._kept:
                self._kept[key, coding] = pressed
                self._octets += len(pressed)
            while self._octets > self._limit:
                self._octets -= len(self._kept.popitem(last=False)[1])
        return pressed


def press(content: bytes, coding: str, *, quality: int = 5) -> bytes:
    """``content`` in brotli or gzip; deterministic."""
    if coding == "br":
        return bytes(brotli.compress(content, quality=quality))
    return gzip.compress(content, compresslevel=min(quality, 9), mtime=0)
