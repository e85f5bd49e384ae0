"""The Merkle tree of RFC 6962 (section 2.1): one root for a list of entries, and proofs that an entry is in it.

Leaves are SHA-256(0x00 ‖ entry), nodes SHA-256(0x01 ‖ left ‖ right). An odd node is never doubled.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The leaf of an entry."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node above two hashes."""
    return hashlib.sha256(b"\1" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that is needed to go on appending: how many leaves there are, and the roots of the complete subtrees, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def extended(self, leaves: Iterable[bytes]) -> "Frontier":
        """The frontier after these leaf hashes."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            top, remaining = leaf, size
            while remaining & 1:
                top = node_hash(peaks.pop(), top)
                remaining >>= 1
            peaks.append(top)
            size += 1
        return Frontier(size, tuple(peaks))

    def root(self) -> bytes:
        """The root of the whole tree."""
        if not self.peaks:
            return EMPTY_ROOT
        top = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            top = node_hash(peak, top)
        return top


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes."""
    return Frontier().extended(leaves).root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The audit path of one leaf, nearest sibling first (RFC 6962, section 2.1.1).

    Args:
        leaves: all leaf hashes of the tree.
        index: which one, from 0.
    """
    if len(leaves) == 1:
        return ()
    split = _split(len(leaves))
    if index < split:
        return (*inclusion_proof(leaves[:split], index), root_of(leaves[split:]))
    return (*inclusion_proof(leaves[split:], index - split), root_of(leaves[:split]))


def root_from_proof(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that this audit path leads to, or None when the path does not fit that index and size."""
    if size == 1:
        return leaf if not proof else None
    if not proof or not 0 <= index < size:
        return None
    split = _split(size)
    if index < split:
        left = root_from_proof(leaf, index, split, proof[:-1])
        return None if left is None else node_hash(left, proof[-1])
    right = root_from_proof(leaf, index - split, size - split, proof[:-1])
    return None if right is None else node_hash(proof[-1], right)


def _split(size: int) -> int:
    """The largest power of two below ``size`` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)
