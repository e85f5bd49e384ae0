"""A clock that jumps ten years forward and back, between runs and within one: versions, segments and due dates stay in order."""

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from archive.accession import accession
from archive.audit.standings import standings
from archive.home import Home, create_home, open_home
from archive.ocfl.object import read_inventory
from archive.recovery import recover
from archive.settings import PRIMARY
from pipeline.ingest import Ingest, ingest
from pipeline.site_archive import find_site
from pipeline.workers import ParserWorkers
from tests.archive.builders import draft
from tests.proofs.acknowledged import disagreements, versions_of
from tests.proofs.conftest import Extent
from tests.proofs.deposit import scratch_folder
from tests.proofs.whole_ingest import home_in, prepare

TRUE_TIME = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
TEN_YEARS = timedelta(days=3653)
NAMES = tuple(f"ark:99999/dtclock{number}" for number in range(5))


@pytest.fixture
def home() -> Iterator[Home]:
    with scratch_folder("clock") as folder:
        yield create_home(folder / "home", name="Kho", keys=folder / "keys")


def jumping(seed: int, count: int) -> list[datetime]:
    """Moments of a clock that jumps ten years forward and back, and by a month, and by a second."""
    chance = random.Random(seed)
    steps = (TEN_YEARS, -TEN_YEARS, timedelta(days=31), -timedelta(days=31), timedelta(seconds=1), -timedelta(seconds=1))
    return [TRUE_TIME, *(TRUE_TIME + chance.choice(steps) + chance.choice(steps) * chance.randint(0, 1) for _ in range(count - 1))]


@pytest.mark.timeout(200)
def test_a_clock_that_jumps(home: Home, extent: Extent, record_proof: Callable[[str], None]) -> None:
    moments = jumping(extent.seed, extent.pick(30, 300))
    heads = dict.fromkeys(NAMES, 0)
    order = []
    for number, now in enumerate(moments):
        name = NAMES[number % len(NAMES)]
        opened = open_home(home.root, home.keys)  # a run of its own
        recover(opened)
        base = f"v{heads[name]}" if heads[name] else ""
        (package,) = accession(opened, [draft(name, base, record_json=b"%d" % number)], agent=home.config.agent, now=now)
        heads[name] += 1
        assert package.version == f"v{heads[name]}"
        order.append((name, package.version))
    assert list(disagreements(home)) == []
    assert list(versions_of(home)) == order, "the ledger is not in the order in which things happened"
    for name, count in heads.items():
        inventory = read_inventory(home.tree, home.objects.folder_of(name)).inventory
        assert set(inventory.versions) == {f"v{number}" for number in range(1, count + 1)}
        assert inventory.head == f"v{count}"
    segments = [entry.name.removesuffix(".jsonl") for entry in home.tree.entries("ledger/log")]
    firsts, months = zip(*(segment.split("-", 1) for segment in segments), strict=True)
    assert len(set(firsts)) == len(firsts), "two segments begin with the same entry"
    assert list(months) == sorted(months), "a segment of the past was opened"
    backward = sum(1 for before, after in pairwise(moments) if after < before)
    record_proof(f"a clock that jumps ten years: {len(moments)} versions, {backward} jumps back, {len(segments)} segments, order kept")


@pytest.mark.timeout(100)
def test_due_dates_after_a_clock_that_ran_ahead(home: Home, record_proof: Callable[[str], None]) -> None:
    """What was taken in, or looked at, under a clock ten years ahead falls due as if it had been a moment before."""
    cadence = home.config.cadence
    quarter = timedelta(days=cadence.scrub_days)
    clock = [TRUE_TIME, TRUE_TIME + TEN_YEARS, TRUE_TIME + timedelta(hours=1), TRUE_TIME - TEN_YEARS, TRUE_TIME + timedelta(hours=2)]
    for name, now in zip(NAMES, clock, strict=True):
        accession(home, [draft(name, record_json=b"1")], agent=home.config.agent, now=now)
    due = {name: standings(home).objects[name, PRIMARY].due(cadence) for name in NAMES}
    assert [due[name] for name in NAMES] == [
        (TRUE_TIME + quarter).timestamp(),
        (TRUE_TIME + quarter).timestamp(),
        (TRUE_TIME + timedelta(hours=1) + quarter).timestamp(),
        (TRUE_TIME - TEN_YEARS + quarter).timestamp(),
        (TRUE_TIME + timedelta(hours=2) + quarter).timestamp(),
    ]
    record_proof("a clock that jumps ten years: what it dated ahead falls due in a quarter, what it dated back at once")


@pytest.mark.timeout(100)
def test_the_whole_ingest_under_a_clock_that_jumps(record_proof: Callable[[str], None]) -> None:
    """Three cards, taken in now, ten years ahead and ten years back; then the first once more."""
    with scratch_folder("clock") as folder, pytest.MonkeyPatch.context() as patch:
        prepare(folder)
        patch.setenv("XDG_CONFIG_HOME", str(folder / "configuration"))
        home = home_in(folder)
        photos = sorted((folder / "card").iterdir())
        moments = (TRUE_TIME, TRUE_TIME + TEN_YEARS, TRUE_TIME - TEN_YEARS, TRUE_TIME + timedelta(hours=1))
        with ParserWorkers(2, home.work) as workers:
            reports = [
                ingest(photo, Ingest(home, find_site(home, "mau"), workers, now=now))
                for photo, now in zip(cards(folder, photos), moments, strict=True)
            ]
        assert [len(report.assets) for report in reports] == [1, 1, 1, 1]
        assert [report.assets[0].action for report in reports] == ["new", "new", "new", "same"]
        assert reports[3].assets[0].ark == reports[0].assets[0].ark
        assert list(disagreements(home)) == []
        months = [entry.name.split("-", 1)[1] for entry in home.tree.entries("ledger/log")]
        assert months == sorted(months)
    record_proof("a clock that jumps ten years: four ingests, one site, no asset twice, order kept")


def cards(folder: Path, photos: list[Path]) -> Iterator[Path]:
    """A card for each photo, and the first photo once more on another card."""
    for number, photo in enumerate([*photos, photos[0]]):
        card = folder / f"card {number}"
        card.mkdir()
        shutil.copy(photo, card / photo.name)
        yield card
