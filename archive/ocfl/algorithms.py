"""Digest algorithms by the names that inventories use (specification section 3.4, extension 0009)."""

import hashlib
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

SIZE = "size"
"""extension 0009: the length of a file in decimal notation stands in for a digest"""


class Hash(Protocol):
    """What hashlib gives."""

    def update(self, block: bytes | memoryview, /) -> None:
        """Take the next block."""

    def hexdigest(self) -> str:
        """The digest so far."""


NewHash = Callable[[bytes], Hash]
CONTENT = ("sha512", "sha256")
"""the algorithms that content may be addressed by"""

ALGORITHMS: dict[str, NewHash] = {
    "sha512": hashlib.sha512,
    "sha256": hashlib.sha256,
    "md5": partial(hashlib.md5, usedforsecurity=False),
    "sha1": partial(hashlib.sha1, usedforsecurity=False),
    "blake2b-512": hashlib.blake2b,
    "blake2b-160": partial(hashlib.blake2b, digest_size=20),
    "blake2b-256": partial(hashlib.blake2b, digest_size=32),
    "blake2b-384": partial(hashlib.blake2b, digest_size=48),
}
"""algorithms that are checked; in front those of the specification, then those of extension 0009"""
ALGORITHMS |= {"sha512/256": partial(hashlib.new, "sha512_256")} if "sha512_256" in hashlib.algorithms_available else {}

ENCODING_CODES = {"sha1": "E029", "sha256": "E030", "sha512": "E031", "blake2b-512": "E032"}
"""the rule that a digest of this algorithm breaks when it is not hexadecimal"""
LENGTHS = {name: len(new(b"").hexdigest()) for name, new in ALGORITHMS.items()}
"""characters of a digest"""
_HEX = re.compile("[0-9a-fA-F]+")
_MARKS = re.compile("[-_/ ]")
_VOCABULARY = {_MARKS.sub("", name.casefold()): name for name in (*ALGORITHMS, "sha512/256", SIZE)}


def is_hexadecimal(digest: str) -> bool:
    """Whether a digest is written in base 16."""
    return _HEX.fullmatch(digest) is not None


def meant_algorithm(name: str) -> str | None:
    """The algorithm that a name of no vocabulary is a misspelling of ("SHA-512"), or None."""
    meant = _VOCABULARY.get(_MARKS.sub("", name.casefold()))
    return None if meant == name else meant


def is_lower_case(digests: Iterable[str]) -> bool:
    """Whether no digest has an upper-case letter: one look at all together."""
    joined = "".join(digests)
    return joined == joined.lower()


def all_hexadecimal(digests: list[str], length: int) -> bool:
    """Whether all digests are hexadecimal and of this length: one look at all together."""
    if any(len(digest) != length for digest in digests):
        return False
    joined = "".join(digests)
    try:
        return 2 * len(bytes.fromhex(joined)) == len(joined)
    except ValueError:
        return False
