"""Finds the files that a model names beside itself (MTL, images, buffers) among those delivered with it."""

import unicodedata
from pathlib import Path
from urllib.parse import unquote

from pipeline.readers.meshes import Sources

MOST_BYTES = 512 * 2**20


def companion(sources: Sources, reference: str) -> Path | None:
    """The delivered file that ``reference`` means: the whole path beside the principal, else its last part, both read loosely."""
    wanted = _folded(reference)
    folder = _folded(sources[0][0]).rpartition("/")[0]
    by_name = {_folded(name): path for name, path in reversed(sources[1:])}
    by_last = {name.rpartition("/")[2]: path for name, path in by_name.items()}
    beside = f"{folder}/{wanted}" if folder else wanted
    return by_name.get(beside) or by_name.get(wanted) or by_last.get(wanted.rpartition("/")[2])


def companion_bytes(sources: Sources, reference: str) -> bytes | None:
    """Its bytes; None when it was not delivered or is larger than any texture or buffer should be."""
    path = companion(sources, reference) or companion(sources, unquote(reference))
    if path is None or path.stat().st_size > MOST_BYTES:
        return None
    return path.read_bytes()


def _folded(name: str) -> str:
    parts = [part for part in name.strip().strip('"').replace("\\", "/").split("/") if part not in {"", "."}]
    return unicodedata.normalize("NFC", "/".join(parts)).casefold()
