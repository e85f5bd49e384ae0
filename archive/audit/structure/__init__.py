"""Where inside a damaged file the damage is, as far as its format has checksums or lengths of its own: one module a format."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from itertools import islice
from typing import BinaryIO

from archive.audit.structure.base import MOST, Inside, Source

__all__ = ["LOCATORS", "Inside", "locate"]

LOCATORS: dict[str, tuple[tuple[int, bytes], ...]] = {
    "e57": ((0, b"ASTM-E57"),),
    "png": ((0, b"\x89PNG\r\n\x1a\n"), (1, b"PNG\r\n\x1a\n")),
    "zip": ((0, b"PK\x03\x04"), (0, b"PK\x05\x06")),
    "glb": ((0, b"glTF"),),
    "las": ((0, b"LASF"),),
}
"""module → (offset, bytes) of which one begins every such file"""
_BY_NAME = {".e57": "e57", ".png": "png", ".zip": "zip", ".usdz": "zip", ".glb": "glb", ".las": "las", ".laz": "las"}


def locate(stream: BinaryIO, size: int, name: str) -> tuple[Inside, ...]:
    """Where the damage is, nothing where the format does not tell.

    Args:
        stream: the damaged file, seekable. Its bytes are hostile: no error leaves this function.
        size: of the file.
        name: by whose ending the format is known where its first bytes are damaged.
    """
    found: list[Inside] = []
    with suppress(
        Exception
    ):  # a locator helps to describe damage that is already proved: whatever it stumbles over, it must not stop the audit
        source = Source(stream, size)
        module = _module(source.at(0, 16), name)
        if module:
            search: Callable[[Source], Iterator[Inside]] = import_module(f"archive.audit.structure.{module}").damage
            for inside in islice(search(source), MOST):
                found.append(inside)  # noqa: PERF402 - what was found before an error stays
    return tuple(found)


def _module(start: bytes, name: str) -> str:
    for module, marks in LOCATORS.items():
        if any(start[offset : offset + len(mark)] == mark for offset, mark in marks):
            return module
    ending = name[name.rfind(".") :].lower()
    return _BY_NAME.get(ending, "")
