"""Errors of a disk at the system calls of the whole command ``ditich ingest``: it stops in words, and the same command again completes."""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.proofs.conftest import Extent
from tests.proofs.ingest_driver import READING, Outcome, calls_of, spread
from tests.proofs.whole_ingest import Started, started


@pytest.fixture(scope="module")
def ingest(strace: str) -> Iterator[Started]:
    assert strace
    with started() as found:
        yield found


CODES = ("EIO", "ENOSPC", "EDQUOT", "EROFS", "EINTR")


def wrong_words(outcome: Outcome) -> Iterator[str]:
    """What is wrong with how the command stopped."""
    if outcome.trace or not outcome.error:
        yield f"a traceback, or less than was asked for: {outcome}"
    elif not outcome.error["advice"]:
        yield f"it does not say what to do: {outcome.error}"
    elif "/" not in outcome.error["message"] and "." not in outcome.error["message"]:
        yield f"no file is named: {outcome.error}"


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("code", CODES)
def test_errors_in_ingest(code: str, ingest: Started, extent: Extent, record_proof: Callable[[str], None]) -> None:
    """The whole gives every call one of the errors; every error at every call is the proof of the accession alone."""
    told: Counter[str] = Counter()
    chosen = spread(ingest.points[CODES.index(code) :: len(CODES)], extent.pick(1, len(ingest.points)), f"{extent.seed} {code}")
    for call in chosen:
        outcome = ingest.disturbed(call, f"error={code}")
        where = f"{code} at {call}: {outcome.done or outcome.error}"
        told["not reached"] += not outcome.reached  # pipes are not written to equally often in every run
        assert outcome.done == ingest.whole or list(wrong_words(outcome)) == [], where
        told["went on" if outcome.done else "stopped"] += 1
        assert list(ingest.completed(outcome)) == [], where
    assert told["not reached"] <= 0.1 * len(chosen) + 1
    counts = ", ".join(f"{number} {word}" for word, number in sorted(told.items()) if number)
    record_proof(f"{code} at calls of the whole ingest: {len(chosen)} of {len(ingest.points)} points ({counts}), 0 lost, 0 tracebacks")


@pytest.mark.timeout(600)
def test_a_failing_disk_while_ingest_reads(ingest: Started, extent: Extent, record_proof: Callable[[str], None]) -> None:
    log = ingest.undisturbed(READING)
    points = [call for call in calls_of(log, reads=True) if str(ingest.run) in call.arguments and call.name != "lseek"]
    chosen, reached = spread(points, extent.pick(1, 40), f"{extent.seed} reads"), 0
    for call in chosen:
        outcome = ingest.disturbed(call, "error=EIO")
        where = f"EIO at {call}: {outcome.done or outcome.error}"
        assert outcome.done or list(wrong_words(outcome)) == [], where
        reached += outcome.reached
        assert list(ingest.completed(outcome)) == [], where
    record_proof(f"EIO at reading calls of the whole ingest: {reached} of {len(points)} points, 0 lost, 0 tracebacks")
