"""The coarsest nodes held back for the even choice: what is let go, what is kept, and that no thread has a say."""

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.derive.point_tiles import even, kernels

BITS = 10


def records(count: int, seed: int, low: int = 0, high: int = 1 << BITS) -> NDArray[np.uint32]:
    rng = np.random.default_rng(seed)
    grid = rng.integers(low, high, (count, 3)).astype(np.uint32)
    return np.concatenate([grid, np.arange(count, dtype=np.uint32)[:, None]], axis=1)


def test_a_single_node_stays_as_it_is() -> None:
    coarse = even.Coarse()
    part = records(50, 1)
    coarse.add(even.ROOT, part, whole=True)
    ((node, kept),) = coarse.chosen(BITS)
    assert node == even.ROOT
    assert np.array_equal(kept, part)


def test_what_the_root_leaves_goes_to_the_octant_that_holds_it() -> None:
    """All points of the old root in one cell: one stays, the others make a tile where none was."""
    coarse = even.Coarse()
    coarse.add(even.ROOT, records(5, 2, 1020, 1024), whole=True)
    coarse.add((1, 0, 0, 0), records(3, 3, 0, 4), whole=False)
    nodes = dict(coarse.chosen(BITS))
    assert {node: len(part) for node, part in nodes.items()} == {even.ROOT: 2, (1, 0, 0, 0): 2, (1, 1, 1, 1): 4}
    assert (nodes[1, 1, 1, 1][:, :3] >= 512).all()


def test_whole_nodes_are_let_go_from_the_deepest_level_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(even, "HELD_POINTS", 100)
    coarse = even.Coarse()
    coarse.add(even.ROOT, records(40, 1), whole=False)
    coarse.add((2, 0, 0, 0), records(40, 2, 0, 256), whole=True)
    assert coarse.surplus() == []
    coarse.add((1, 0, 0, 0), records(50, 3, 0, 512), whole=True)
    assert [node for node, _ in coarse.surplus()] == [(2, 0, 0, 0)]
    coarse.add((2, 3, 3, 3), records(9, 4, 768), whole=True)
    coarse.add((2, 3, 3, 2), records(9, 4, 768), whole=False)
    assert [node for node, _ in coarse.surplus()] == [(2, 3, 3, 3)]
    coarse.add((1, 1, 1, 1), records(50, 5, 512), whole=True)
    assert coarse.surplus() == [], "the level below the root takes what the root may not show"
    assert coarse.depth == 0
    kept = [(node, len(part)) for node, part in coarse.chosen(BITS)]
    assert kept == [(even.ROOT, 40), ((1, 0, 0, 0), 50), ((1, 1, 1, 1), 50), ((2, 3, 3, 2), 9)]


@pytest.mark.parametrize("held", [even.HELD_POINTS, 10])
def test_a_crowded_root_shows_no_more_than_a_first_picture_may_cost(monkeypatch: pytest.MonkeyPatch, held: int) -> None:
    """With and without room for candidates from below, and no point is lost."""
    monkeypatch.setattr(even, "HELD_POINTS", held)
    monkeypatch.setattr(even, "MOST_ROOT_POINTS", 300)
    coarse = even.Coarse()
    given = records(5000, 1)
    coarse.add(even.ROOT, given, whole=True)
    coarse.add((1, 1, 1, 1), records(50, 2, 512), whole=True)
    assert coarse.surplus() == []
    nodes = dict(coarse.chosen(BITS))
    assert 200 < len(nodes[even.ROOT]) <= 300
    assert sum(map(len, nodes.values())) == 5050
    assert max(node[0] for node in nodes) == 1
    for (_, *place), part in nodes.items():
        assert len(part) == len(nodes[even.ROOT]) or (part[:, :3] >> np.uint32(BITS - 1) == np.array(place)).all()


def test_no_two_chosen_are_near_and_none_is_missing() -> None:
    """By its definition, in the order given."""
    side, gap = BITS - kernels.SAMPLE_LEVELS, 6.5
    given = records(4000, 7, 0, 200)
    taken = np.zeros(len(given), np.bool_)
    kernels.spread_evenly(given, side, gap, taken)
    places = given[:, :3].astype(float)
    chosen: list[NDArray[np.float64]] = []
    for place, was_taken in zip(places, taken.tolist(), strict=True):
        free = not chosen or bool((np.linalg.norm(np.array(chosen) - place, axis=1) >= gap).all())
        assert free == was_taken
        if free:
            chosen.append(place)
