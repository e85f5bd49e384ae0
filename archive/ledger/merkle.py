"""The Merkle tree of RFC 6962 (section 2.1): one root for a list of entries, proofs that an entry is in it, that it only grew.

Leaves are SHA-256(0x00 ‖ entry), nodes SHA-256(0x01 ‖ left ‖ right). An odd node is never doubled: it moves up as it is, which gives
the same tree as splitting at the largest power of two. Proofs are verified as RFC 9162 (sections 2.1.3.2 and 2.1.4.2) has it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256(b"").digest()
_HASH = 32


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
        size, peaks, digest = self.size, list(self.peaks), hashlib.sha256
        for leaf in leaves:
            top, remaining = leaf, size
            while remaining & 1:
                top = digest(b"\1" + peaks.pop() + top).digest()
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


class Tree:
    """All nodes of a tree, packed: 64 bytes a leaf. Any number of proofs cost what their length is.

    Args:
        leaves: leaf hashes, in order.
    """

    def __init__(self, leaves: Iterable[bytes]) -> None:
        level = b"".join(leaves)
        self.size = len(level) // _HASH
        self._levels = [level]
        digest = hashlib.sha256
        while len(level) > _HASH:
            pairs = range(0, len(level) - _HASH, 2 * _HASH)
            above = b"".join([digest(b"\1" + level[start : start + 2 * _HASH]).digest() for start in pairs])
            odd = level[len(pairs) * 2 * _HASH :]
            level = above + odd
            self._levels.append(level)

    def root(self) -> bytes:
        """The root of the whole tree."""
        return self._levels[-1] or EMPTY_ROOT

    def root_at(self, size: int) -> bytes:
        """The root that the tree had when it had so many leaves (at most as many as now)."""
        top = b""
        for low, high in reversed(_complete(0, size)):
            node = self._node(low, high)
            top = node_hash(node, top) if top else node
        return top or EMPTY_ROOT

    def inclusion(self, index: int) -> tuple[bytes, ...]:
        """The audit path of one leaf, nearest sibling first (RFC 6962, section 2.1.1)."""
        proof = []
        for height, level in enumerate(self._levels):
            start = ((index >> height) ^ 1) * _HASH
            if start < len(level):
                proof.append(level[start : start + _HASH])
        return tuple(proof)

    def consistency(self, old: int) -> tuple[bytes, ...]:
        """That the first ``old`` leaves are still the same (RFC 6962, section 2.1.2); 0 < old <= size."""
        proof: list[bytes] = []
        low, high, whole = 0, self.size, True
        while old < high:
            split = low + _split(high - low)
            if old <= split:
                proof.append(self._node(split, high))
                high = split
            else:
                proof.append(self._node(low, split))
                low, whole = split, False
        if not whole:
            proof.append(self._node(low, high))
        return tuple(reversed(proof))

    def _node(self, low: int, high: int) -> bytes:
        """The root over the leaves from ``low`` up to ``high``, one of the nodes of this tree."""
        height = (high - low - 1).bit_length()
        start = (low >> height) * _HASH
        return self._levels[height][start : start + _HASH]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The audit path of one of these leaf hashes, nearest sibling first (RFC 6962, section 2.1.1)."""
    return Tree(leaves).inclusion(index)


def consistency_proof(leaves: Sequence[bytes], old: int, new: int) -> tuple[bytes, ...]:
    """That the tree of the first ``new`` leaf hashes extends that of the first ``old`` (RFC 6962, section 2.1.2); 0 < old <= new."""
    return Tree(leaves[:new]).consistency(old)


def root_from_proof(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that this audit path leads to, or None when the path does not fit that index and size (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    place, last, top = index, size - 1, leaf
    for node in proof:
        if not last:
            return None
        if place & 1 or place == last:
            top = node_hash(node, top)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            top = node_hash(top, node)
        place, last = place >> 1, last >> 1
    return None if last else top


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether this leaf hash is number ``index`` of the ``size`` leaves under the root."""
    return len(leaf) == _HASH and root_from_proof(leaf, index, size, proof) == root


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of ``new_size`` leaves begins with that of ``old_size`` (RFC 9162, section 2.1.4.2).

    A proof says nothing of the empty tree, which every other extends: False.
    """
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return old_root == new_root and not proof
    return _roots_from_proof(old_size, old_root, new_size, proof) == (old_root, new_root)


def _roots_from_proof(old_size: int, old_root: bytes, new_size: int, proof: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not path:
        return None
    place, last = old_size - 1, new_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for node in path[1:]:
        if not last:
            return None
        if place & 1 or place == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, node)
        place, last = place >> 1, last >> 1
    return None if last else (old, new)


def _complete(low: int, high: int) -> list[tuple[int, int]]:
    """The complete subtrees that cover the leaves from ``low`` up to ``high``, largest first."""
    found = []
    while low < high:
        width = 1 << ((high - low).bit_length() - 1)
        found.append((low, low + width))
        low += width
    return found


def _split(size: int) -> int:
    """The largest power of two below ``size`` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)
