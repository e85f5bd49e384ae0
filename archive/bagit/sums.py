"""The digests that manifests name: which there are, and all of them from one read of a file."""

import hashlib
from collections.abc import Callable, Sequence
from typing import BinaryIO

from archive.storage.base import BLOCK

WEAK = frozenset({"md5", "sha1"})
_HASHLIB = {
    "md5": "md5",
    "sha1": "sha1",
    "sha224": "sha224",
    "sha256": "sha256",
    "sha384": "sha384",
    "sha512": "sha512",
    "sha3224": "sha3_224",
    "sha3256": "sha3_256",
    "sha3384": "sha3_384",
    "sha3512": "sha3_512",
    "blake2b": "blake2b",
    "blake2b512": "blake2b",
    "blake2s": "blake2s",
    "blake2s256": "blake2s",
}
"""name in a manifest's file name (RFC 8493 section 2.4: lower case, letters and digits only) → name in hashlib"""
WIDTHS = {name: hashlib.new(known, usedforsecurity=False).digest_size * 2 for name, known in _HASHLIB.items()}
"""characters of a digest"""


def normal_name(algorithm: str) -> str:
    """An algorithm's name as manifests write it: "SHA-512" becomes "sha512"."""
    return "".join(character for character in algorithm.lower() if character.isalnum())


def digests_of(
    stream: BinaryIO, algorithms: Sequence[str], size: int, progress: Callable[[int], None] | None = None
) -> tuple[list[str], int]:
    """Every digest of what the stream holds, in order, in lower-case hexadecimal, and the number of bytes; memory stays flat.

    Args:
        stream: unbuffered, open for reading.
        algorithms: names of WIDTHS.
        size: bytes that are expected. A small file is read by one call, which asks for one byte more to see that it has not grown.
        progress: told the bytes of every block.
    """
    sums = [hashlib.new(_HASHLIB[name], usedforsecurity=False) for name in algorithms]
    wanted = min(size + 1, BLOCK)
    read = 0
    while block := stream.read(wanted):
        read += len(block)
        for one in sums:
            one.update(block)
        if progress is not None:
            progress(len(block))
        if read >= size and len(block) < wanted:
            break
    return [one.hexdigest() for one in sums], read
