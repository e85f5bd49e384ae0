"""Digests of streams. One read serves every digest that is wanted of it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from archive.storage.base import BLOCK

ALGORITHMS = ("sha512", "sha256")


@dataclass(frozen=True, slots=True)
class Digests:
    """What one read of a file yields; digests in lower-case hexadecimal."""

    sha512: str
    sha256: str
    size: int


class Digester:
    """Takes blocks and knows both digests and the size at the end."""

    def __init__(self) -> None:
        self._sha512 = hashlib.sha512()
        self._sha256 = hashlib.sha256()
        self._size = 0

    def update(self, block: bytes) -> None:
        """Take the next block."""
        self._sha512.update(block)
        self._sha256.update(block)
        self._size += len(block)

    def digests(self) -> Digests:
        """The digests of everything that was given."""
        return Digests(self._sha512.hexdigest(), self._sha256.hexdigest(), self._size)


def digests_of(content: bytes) -> Digests:
    """The digests of bytes in memory."""
    return Digests(hashlib.sha512(content).hexdigest(), hashlib.sha256(content).hexdigest(), len(content))


def sha512_of(content: bytes) -> str:
    """The sha512 of bytes in memory, lower-case hexadecimal."""
    return hashlib.sha512(content).hexdigest()


def digest_of_stream(stream: BinaryIO, algorithm: str, progress: Callable[[int], None] | None = None) -> str:
    """The digest of everything that the stream still holds, lower-case hexadecimal; memory stays flat.

    Args:
        stream: open for reading.
        algorithm: one of ALGORITHMS.
        progress: told the bytes of every block.
    """
    digest = hashlib.new(algorithm)
    buffer = bytearray(BLOCK)
    view = memoryview(buffer)
    while count := stream.readinto(buffer):  # type: ignore[attr-defined]  # every binary stream has it; BinaryIO does not say so
        digest.update(view[:count])
        if progress is not None:
            progress(count)
    return digest.hexdigest()
