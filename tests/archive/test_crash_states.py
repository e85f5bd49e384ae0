"""A seeded sample of the states in which a power cut can leave an archive (the whole enumeration is a later test)."""

from dataclasses import replace

import pytest

from archive.access import head_of
from archive.accession import accession
from archive.audit import audit
from archive.errors import DitichError
from archive.home import Home
from archive.recovery import recover
from archive.storage.memory import MemoryStorage
from tests.archive.builders import NOW, draft, keep, memory_copy
from tests.archive.crash_states import Change, RecordingStorage, crash_states

OLD, NEW = "ark:99999/dtold", "ark:99999/dtnew"
SEED = 20261122


@pytest.fixture
def start(home: Home) -> Home:
    keep(home, draft(OLD, a=b"one", record_json=b"1"))
    return memory_copy(home)


def base_of(start: Home) -> dict[str, bytearray | None]:
    assert isinstance(start.tree, MemoryStorage)
    return start.tree.nodes


def recorded(start: Home, *drafts_of: int) -> list[Change]:
    """The changes of one accession: an update, and so many new objects."""
    storage = RecordingStorage(base_of(start))
    drafts = [draft(OLD, "v1", a=b"one", record_json=b"2"), *(draft(f"{NEW}{number}", a=b"%d" % number) for number in drafts_of)]
    accession(replace(start, tree=storage), drafts, agent="urn:x", now=NOW)
    return storage.changes


def survives(home: Home, *, acknowledged: bool, new: int) -> bool:
    """Whether recovery brings the archive to a valid state, without losing what was acknowledged; and twice is once."""
    try:
        recover(home)
        again = recover(home)
        heads = [head_of(home, OLD), *(head_of(home, f"{NEW}{number}") for number in range(new))]
        report = audit(home, now=NOW)
    except DitichError:
        return False
    allowed = [{"v2"} if acknowledged else {"v1", "v2"}, *([{"v1"}] if acknowledged else [{"v1", None}]) * new]
    kept = all(head in heads_allowed for head, heads_allowed in zip(heads, allowed, strict=True))
    return kept and again == () and report.problems == ()


@pytest.mark.parametrize(("new", "rounds"), [(1, 250), (20, 50)])
def test_a_power_cut_at_any_moment(start: Home, new: int, rounds: int) -> None:
    changes = recorded(start, *range(new))
    moments = set()
    for moment, disk in crash_states(base_of(start), changes, rounds=rounds, seed=SEED):
        assert survives(replace(start, tree=disk), acknowledged=moment == len(changes), new=new), f"seed {SEED}, after {moment} changes"
        moments.add(moment)
    assert len(moments) > 30


def test_the_test_bites(start: Home) -> None:
    changes = recorded(start, 0)
    states = crash_states(base_of(start), changes, rounds=60, seed=SEED, syncs_count=False)
    verdicts = [survives(replace(start, tree=disk), acknowledged=moment == len(changes), new=1) for moment, disk in states]
    assert not all(verdicts)
