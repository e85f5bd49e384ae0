"""The long proofs: a seeded sample of each in the gate, each whole by ``./ditich prove``.

A proof says what it did with ``record_proof``: one line with its counts and its seed, shown at the end of the run. A proof that this
machine cannot make (no root, no strace, no loop mount) says so aloud; in CI that is a failure.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest

T = TypeVar("T")
SEED = 20261123


@dataclass(frozen=True)
class Extent:
    """How far a proof goes in this run: a sample, or the whole."""

    whole: bool
    seed: int

    def pick(self, sample: T, whole: T) -> T:
        """What holds for this run of the two."""
        return whole if self.whole else sample


@pytest.fixture(scope="session")
def extent() -> Extent:
    """``DITICH_PROVE=whole`` asks for the whole; ``DITICH_SEED`` for another seed."""
    return Extent(os.environ.get("DITICH_PROVE") == "whole", int(os.environ.get("DITICH_SEED", SEED)))


@pytest.fixture
def record_proof(record_property: Callable[[str, object], None], extent: Extent) -> Callable[[str], None]:
    """Keeps one line of a proof for the end of the run."""

    def record(line: str) -> None:
        record_property("proof", f"{line} ({'whole' if extent.whole else 'sample'}, seed {extent.seed})")

    return record


@pytest.fixture(scope="session")
def root_user() -> None:
    """The proof mounts file systems or changes users."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("this proof did not run: it needs root")


@pytest.fixture(scope="session")
def strace() -> str:
    """The path of strace."""
    found = shutil.which("strace")
    if found is None:
        pytest.skip("this proof did not run: it needs strace (apt-get install strace)")
    return found
