"""Real power cuts on real file systems: nothing that was acknowledged is lost, and a writer whose syncs do nothing loses (the control)."""

import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pytest

from archive.access import head_of
from archive.errors import DitichError
from archive.home import Home, create_home, open_home
from archive.ocfl.object import read_inventory
from archive.recovery import recover
from tests.archive.builders import oracle_accepts
from tests.proofs.acknowledged import disagreements
from tests.proofs.conftest import Extent
from tests.proofs.deposit import scratch_folder
from tests.proofs.power import Disk, require_maker
from tests.proofs.power_writer import Writers

LONGEST = 0.15
"""seconds between a writer's first word and the cut"""
WAITED_FOR = (0, 0, 0, 1, 2, 10)
"""versions that a writer acknowledges before the moment is drawn"""
IN_RECOVERY = 0.25
"""how often the power goes once more while the archive is mended"""
CUTS_A_DISK = 32
PARTS = 8 if os.environ.get("DITICH_PROVE") == "whole" else 1
"""disks of each file system, so that two workers share them"""


@dataclass
class Archive:
    """One archive on one disk, what its writers acknowledged, and how often the power was cut.

    ``seen`` counts how many of the acknowledged versions were looked at already.
    """

    disk: Disk
    home: Home
    writers: Writers
    chance: random.Random
    acknowledged: list[tuple[str, str, str]] = field(default_factory=list)
    cuts: int = 0
    seen: int = 0

    def cut_while(self, work: str, longest: float, *, synced: bool = True) -> None:
        """Let a writer work and cut the power at a random moment; the machine comes up again."""
        lines = self.writers.start(self.home, work, seed=self.chance.randrange(1 << 40), synced=synced)
        assert next(lines) == "begun"
        # However slow the machine is, some cuts come late in a writer's life.
        said = list(islice(lines, self.chance.choice(WAITED_FOR) if work == "write" else 0))
        time.sleep(self.chance.uniform(0, longest))
        self.disk.cut()
        self.acknowledged += [_version(line) for line in (*said, *lines) if not line.startswith("stopped")]
        self.disk.restart()
        self.cuts += 1

    def lost(self) -> Iterator[str]:
        """Every acknowledged version that is not there as it was acknowledged; all of them are looked at."""
        for name, version, inventory in self.acknowledged:
            head = head_of(self.home, name)
            if head is None or int(head[1:]) < int(version[1:]):
                yield f"{name} {version} was acknowledged and is not there"
            elif read_inventory(self.home.tree, f"{self.home.objects.folder_of(name)}/{version}").sha512 != inventory:
                yield f"{name} {version} is not the one that was acknowledged"

    def invalid(self, names: set[str]) -> Iterator[str]:
        """Every one of these objects that ocfl-py refuses."""
        for name in sorted(names):
            if head_of(self.home, name) is not None and not oracle_accepts(self.home, name)[0]:
                yield f"{name} is not valid: {oracle_accepts(self.home, name)[1]}"

    def new_names(self) -> set[str]:
        """The acknowledged objects that were not looked at yet."""
        found = {name for name, _version, _inventory in self.acknowledged[self.seen :]}
        self.seen = len(self.acknowledged)
        return found


def _version(line: str) -> tuple[str, str, str]:
    name, version, inventory = line.split()
    return name, version, inventory


@pytest.fixture(scope="module")
def writers() -> Iterator[Writers]:
    with Writers() as process:
        yield process


def archive_on(disk: Disk, folder: Path, writers: Writers, seed: int) -> Archive:
    create_home(disk.place / "home", name="Kho mất điện", keys=folder / "keys")
    return Archive(disk, open_home(disk.place / "home", folder / "keys"), writers, random.Random(seed))


@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("system", ["ext4", "xfs"])
@pytest.mark.usefixtures("root_user")
def test_power_cuts(system: str, part: int, extent: Extent, writers: Writers, record_proof: Callable[[str], None]) -> None:
    require_maker(system)
    wanted = extent.pick(3, CUTS_A_DISK)
    with scratch_folder("power") as folder, Disk(folder, system) as disk:
        archive = archive_on(disk, folder, writers, extent.seed + part)
        while archive.cuts < wanted:
            where = f"{system}, part {part}, cut {archive.cuts + 1}, seed {extent.seed}"
            archive.cut_while("write", LONGEST)
            while archive.chance.random() < IN_RECOVERY:
                archive.cut_while("recover", LONGEST / 5)
            recover(archive.home)
            assert recover(archive.home) == (), where
            assert list(archive.lost()) == [], where
            assert list(archive.invalid(archive.new_names())) == [], where
            assert list(archive.home.log.problems()) == [], where
        assert list(disagreements(archive.home)) == []
        cuts, kept = archive.cuts, len(archive.acknowledged)
    record_proof(f"power cuts on {system}, part {part + 1} of {PARTS}: {cuts} cuts, {kept} versions acknowledged, 0 lost")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("system", ["ext4", "xfs"])
@pytest.mark.usefixtures("root_user")
def test_without_syncs_power_cuts_lose(system: str, extent: Extent, writers: Writers, record_proof: Callable[[str], None]) -> None:
    """The control: were this writer to lose nothing, the test above would prove nothing."""
    require_maker(system)
    trials, losing, lost = extent.pick(1, 20), 0, 0
    for trial in range(trials):
        with scratch_folder("power") as folder, Disk(folder, system) as disk:
            archive = archive_on(disk, folder, writers, extent.seed + trial)
            while not archive.acknowledged:
                archive.cut_while("write", LONGEST * 2, synced=False)
            gone = _gone(archive)
            losing += gone > 0
            lost += gone
    assert losing == trials
    record_proof(f"power cuts on {system} without syncs (control): {losing} of {trials} cuts lost something, {lost} versions lost")


def _gone(archive: Archive) -> int:
    try:
        recover(archive.home)
        return len(list(archive.lost()))
    except DitichError:  # not even the ledger can be read
        return len(archive.acknowledged)
