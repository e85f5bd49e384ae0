"""Proofs of inclusion and consistency: the published vectors of the Certificate Transparency tree, and brute force over small trees."""

import random
from itertools import product

import pytest

from archive.ledger.merkle import (
    EMPTY_ROOT,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The eight leaves, their roots and proofs that the reference implementations of RFC 6962 publish (google/certificate-transparency,
# transparency-dev/merkle).
ENTRIES = tuple(
    bytes.fromhex(entry) for entry in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
)
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
INCLUSIONS = {
    (0, 1): (),
    (0, 8): (
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ),
    (5, 8): (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 3): ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",),
    (1, 5): (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
CONSISTENCIES = {
    (1, 1): (),
    (1, 8): INCLUSIONS[0, 8],
    (6, 8): (
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ),
    (2, 5): (
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ),
}
LEAVES = tuple(leaf_hash(entry) for entry in ENTRIES)
MOST = 33
SMALL = tuple(leaf_hash(b"%d" % number) for number in range(MOST))


def hashes(texts: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(text) for text in texts)


@pytest.mark.parametrize(("size", "root"), list(enumerate(ROOTS, start=1)))
def test_the_published_roots(size: int, root: str) -> None:
    assert Tree(LEAVES[:size]).root().hex() == root_of(LEAVES[:size]).hex() == root
    assert Tree(LEAVES).root_at(size).hex() == root


@pytest.mark.parametrize(("place", "proof"), list(INCLUSIONS.items()))
def test_the_published_inclusion_proofs(place: tuple[int, int], proof: tuple[str, ...]) -> None:
    index, size = place
    assert inclusion_proof(LEAVES[:size], index) == hashes(proof)
    assert verify_inclusion(LEAVES[index], index, size, hashes(proof), bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("sizes", "proof"), list(CONSISTENCIES.items()))
def test_the_published_consistency_proofs(sizes: tuple[int, int], proof: tuple[str, ...]) -> None:
    old, new = sizes
    assert consistency_proof(LEAVES, old, new) == hashes(proof)
    assert verify_consistency(old, bytes.fromhex(ROOTS[old - 1]), new, bytes.fromhex(ROOTS[new - 1]), hashes(proof))


def subproof(old: int, leaves: tuple[bytes, ...], *, whole: bool) -> list[bytes]:
    """RFC 6962, section 2.1.2, word for word."""
    if old == len(leaves):
        return [] if whole else [root_of(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old <= split:
        return [*subproof(old, leaves[:split], whole=whole), root_of(leaves[split:])]
    return [*subproof(old - split, leaves[split:], whole=False), root_of(leaves[:split])]


def test_every_pair_of_small_trees() -> None:
    trees = [Tree(SMALL[:size]) for size in range(MOST + 1)]
    assert trees[0].root() == EMPTY_ROOT == trees[MOST].root_at(0)
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            proof = trees[new].consistency(old)
            assert list(proof) == subproof(old, SMALL[:new], whole=True)
            assert verify_consistency(old, trees[old].root(), new, trees[new].root(), proof)
            assert trees[new].root_at(old) == trees[old].root()


def test_no_proof_fits_other_sizes_indexes_or_roots() -> None:
    size = 13
    roots = [Tree(SMALL[:many]).root() for many in range(size + 3)]
    for old, claimed_old, claimed_new in product(range(1, size), range(1, size + 2), range(1, size + 3)):
        proof = Tree(SMALL[:size]).consistency(old)
        holds = verify_consistency(claimed_old, roots[old], claimed_new, roots[size], proof)
        # a proof binds the leaves, not the names of the sizes: where another pair has the same shape it leads to the same roots
        assert holds or (claimed_old, claimed_new) != (old, size)
        if holds and claimed_old == claimed_new:
            pytest.fail("two trees of one size with different roots")
    for index, claimed in product(range(size), repeat=2):
        proof = inclusion_proof(SMALL[:size], index)
        assert verify_inclusion(SMALL[index], claimed, size, proof, roots[size]) == (claimed == index)


def test_every_changed_bit_of_a_proof_is_found() -> None:
    chance = random.Random(6962)
    tree = Tree(SMALL)
    for old in range(1, MOST):
        proof = tree.consistency(old)
        for number, node in enumerate(proof):
            wrong = bytearray(node)
            wrong[chance.randrange(32)] ^= 1 << chance.randrange(8)
            bent = (*proof[:number], bytes(wrong), *proof[number + 1 :])
            assert not verify_consistency(old, tree.root_at(old), MOST, tree.root(), bent)
        assert not verify_consistency(old, tree.root_at(old), MOST, tree.root(), (*proof, SMALL[0]))
        assert not verify_consistency(old, tree.root_at(old), MOST, tree.root(), proof[:-1])


@pytest.mark.parametrize(
    ("old", "old_root", "new", "new_root", "proof"),
    [
        (2, b"a", 1, b"b", ()),
        (0, EMPTY_ROOT, 3, b"b", ()),
        (0, EMPTY_ROOT, 0, EMPTY_ROOT, ()),
        (2, SMALL[0], 2, SMALL[0], (SMALL[1],)),
        (3, b"a", 5, b"b", ()),
        (-1, b"a", 5, b"b", ()),
    ],
)
def test_what_no_consistency_proof_can_say(old: int, old_root: bytes, new: int, new_root: bytes, proof: tuple[bytes, ...]) -> None:
    assert not verify_consistency(old, old_root, new, new_root, proof)


def test_a_leaf_is_a_hash() -> None:
    assert not verify_inclusion(b"", 0, 1, (), b"")
    assert node_hash(LEAVES[0], LEAVES[1]).hex() == ROOTS[1]
