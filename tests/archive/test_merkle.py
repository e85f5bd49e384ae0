import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.ledger.merkle import EMPTY_ROOT, Frontier, inclusion_proof, leaf_hash, node_hash, root_from_proof, root_of


def test_the_empty_tree_and_the_first_trees() -> None:
    a, b, c = (leaf_hash(name) for name in (b"a", b"b", b"c"))
    assert root_of([]) == EMPTY_ROOT == hashlib.sha256().digest()
    assert root_of([a]) == a == hashlib.sha256(b"\0a").digest()
    assert root_of([a, b, c]) == node_hash(node_hash(a, b), c)


def reference_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(reference_root(leaves[:split]), reference_root(leaves[split:]))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 70), st.integers(0, 70))
def test_appending_in_two_parts_is_the_tree_of_the_whole(first: int, second: int) -> None:
    leaves = [leaf_hash(b"%d" % number) for number in range(first + second)]
    frontier = Frontier().extended(leaves[:first]).extended(leaves[first:])
    assert frontier.size == first + second
    assert frontier.root() == reference_root(leaves)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 40), st.data())
def test_every_entry_can_be_proved_and_nothing_else(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(b"%d" % number) for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(leaves, index)
    root = root_of(leaves)
    assert root_from_proof(leaves[index], index, size, proof) == root
    assert root_from_proof(leaf_hash(b"other"), index, size, proof) != root
    assert root_from_proof(leaves[index], index, size, (*proof, b"more")) != root


@pytest.mark.parametrize(("index", "size", "proof"), [(0, 1, (b"x",)), (0, 2, ()), (5, 2, (b"x",)), (0, 4, (b"x",)), (3, 4, (b"x",))])
def test_proofs_that_do_not_fit(index: int, size: int, proof: tuple[bytes, ...]) -> None:
    assert root_from_proof(leaf_hash(b"a"), index, size, proof) is None
