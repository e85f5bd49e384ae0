"""Eight processes that write the same and other objects at once, some of them killed: nothing is acknowledged twice, nothing is lost."""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.home import Home, create_home
from archive.recovery import recover
from tests.proofs.acknowledged import disagreements, versions_of
from tests.proofs.conftest import Extent
from tests.proofs.deposit import scratch_folder
from tests.proofs.rival_writer import SHARED

REPOSITORY = Path(__file__).parents[2]
WRITERS = 8


@pytest.fixture
def home() -> Iterator[Home]:
    with scratch_folder("many") as folder:
        yield create_home(folder / "home", name="Kho đông người", keys=folder / "keys")


def start(home: Home, name: str, rounds: int, seed: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.proofs.rival_writer", str(home.root), str(home.keys), name, str(rounds), str(seed)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    return subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def acknowledged(said: str) -> Iterator[tuple[tuple[str, str], str]]:
    """((object, version), sha512 of its inventory) of every whole line."""
    for line in said.splitlines(keepends=True):
        if line.startswith("kept ") and line.endswith("\n"):
            _kept, name, version, inventory = line.split()
            yield (name, version), inventory


@pytest.mark.timeout(300)
@pytest.mark.parametrize("killed", [0, 3])
def test_eight_writers(killed: int, home: Home, extent: Extent, record_proof: Callable[[str], None]) -> None:
    chance = random.Random(extent.seed)
    rounds = extent.pick(6, 60)
    writers = [start(home, f"w{number}", rounds, extent.seed) for number in range(WRITERS)]
    for writer in chance.sample(writers, killed):
        time.sleep(chance.uniform(0.3, 0.6))
        writer.kill()
    told = [writer.communicate(timeout=240) for writer in writers]
    crashed = [errors for writer, (_said, errors) in zip(writers, told, strict=True) if writer.returncode not in (0, -9)]
    assert crashed == []
    recover(home)
    assert recover(home) == ()
    kept = [one for said, _errors in told for one in acknowledged(said)]
    twice = [key for key, times in Counter(key for key, _inventory in kept).items() if times > 1]
    assert twice == []
    found = versions_of(home)
    assert [one for one in kept if found.get(one[0]) != one[1]] == []
    assert list(disagreements(home)) == []
    assert not any((home.work / "tx").iterdir())
    shared = sum(1 for (name, _version), _inventory in kept if name in SHARED)
    assert shared
    late = sum(int(line.split()[1]) for said, _errors in told for line in said.splitlines() if line.startswith("late"))
    record_proof(
        f"{WRITERS} writers at once, {killed} of them killed: {len(kept)} versions acknowledged ({shared} of the same "
        f"{len(SHARED)} objects), {late} batches came too late, 0 acknowledged twice, 0 lost"
    )
