"""Whether two objects of a root have the same id, in eight bytes an object (E037)."""

import hashlib
from array import array
from collections.abc import Iterator
from itertools import pairwise

_BUCKETS = 256


class ObjectIds:
    """Remembers ids by a short digest; which ones are the same must be looked at again."""

    def __init__(self) -> None:
        self._buckets = [array("Q") for _ in range(_BUCKETS)]

    def add(self, object_id: str) -> None:
        """Remember an id."""
        short = short_digest(object_id)
        self._buckets[short % _BUCKETS].append(short)

    def repeated(self) -> set[int]:
        """The short digests that more than one object had."""
        return {short for bucket in self._buckets for short in _repeated(bucket)}


def short_digest(object_id: str) -> int:
    """Eight bytes that stand for an id."""
    return int.from_bytes(hashlib.blake2b(object_id.encode(), digest_size=8).digest(), "little")


def _repeated(bucket: "array[int]") -> Iterator[int]:
    ordered = sorted(bucket)
    return (one for one, other in pairwise(ordered) if one == other)
