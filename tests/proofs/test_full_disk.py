"""A disk that is really full, or really read-only: the writer stops with words that help, and goes on when there is room again."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.access import head_of
from archive.accession import accession
from archive.errors import StorageError
from archive.home import Home, create_home, open_home
from archive.ocfl.digests import digests_of
from archive.records.package import FileToKeep, VersionDraft
from archive.recovery import recover
from tests.archive.builders import draft
from tests.proofs.acknowledged import disagreements, versions_of
from tests.proofs.conftest import Extent
from tests.proofs.deposit import scratch_folder
from tests.proofs.power import Disk, require_maker

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
BALLAST = 1 << 20
PIECE = 40_000


@pytest.fixture(params=["ext4", "xfs"])
def disk(request: pytest.FixtureRequest, root_user: None) -> Iterator[Disk]:
    require_maker(request.param)
    small = 24 if request.param == "ext4" else 0  # xfs takes no smaller one
    with scratch_folder("full") as folder, Disk(folder, request.param, mebibytes=small) as found:
        yield found


def new_home(disk: Disk) -> Home:
    keys = disk.place.parent / "keys"
    create_home(disk.place / "home", name="Kho đầy", keys=keys)
    return open_home(disk.place / "home", keys)


def fill(disk: Disk, left: int) -> Path:
    """Fill the disk but for so many bytes with a file of its own."""
    ballast = disk.place / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        size = BALLAST
        while size >= 4096:
            try:
                stream.write(bytes(size))
            except OSError:
                size //= 2
    with ballast.open("r+b") as stream:
        stream.truncate(max(ballast.stat().st_size - left, 0))
    return ballast


def received(home: Home, number: int) -> VersionDraft:
    content = number.to_bytes(4, "big") * (PIECE // 4)
    source = home.incoming / f"{number}.bin"
    if not source.exists():
        source.write_bytes(content)
    digests = digests_of(content)
    file = FileToKeep("original/a.bin", digests.sha512, digests.sha256, digests.size, source=source, move=True)
    own = draft("x", record_json=content[:400]).files
    return VersionDraft(f"ark:99999/dt{number}", "", (file, *own), "ingest")


def refusal_of(home: Home, drafts: list[VersionDraft]) -> list[StorageError]:
    """Take these in; the error that says why not."""
    try:
        recover(home)
        accession(home, drafts, agent=home.config.agent, now=NOW)
    except StorageError as error:
        return [error]
    return []


@pytest.mark.timeout(300)
def test_a_full_disk(disk: Disk, extent: Extent, record_proof: Callable[[str], None]) -> None:
    home = new_home(disk)
    stopped = kept = 0
    for left in range(0, extent.pick(200_000, 1_200_000), 40_000):
        drafts = [received(home, number) for number in range(kept, kept + 3)]
        copies = [draft(f"ark:99999/dtcopy{kept}", big=bytes(range(256)) * 200)]
        ballast = fill(disk, left)
        refused = refusal_of(home, [*drafts, *copies])
        ballast.unlink()
        stopped += bool(refused)
        assert all((error.code, "Make room" in error.advice) == ("disk-full", True) for error in refused), refused
        recover(home)
        assert list(disagreements(home)) == [], left
        if refused and head_of(home, drafts[0].object_id) is None:
            assert all(file.source.read_bytes() for draft in drafts for file in draft.files if file.source), "a received file is gone"
            accession(home, [*drafts, *copies], agent=home.config.agent, now=NOW)
        kept += 3
        assert len(versions_of(home)) == kept + kept // 3, left
    assert list(disagreements(home)) == []
    assert not any((home.work / "tx").iterdir())
    assert stopped
    record_proof(
        f"a full disk ({disk.system}): filled {kept // 3} times, {stopped} times refused, {len(versions_of(home))} versions, 0 lost"
    )


@pytest.mark.timeout(60)
def test_a_disk_that_becomes_read_only(disk: Disk, record_proof: Callable[[str], None]) -> None:
    home = new_home(disk)
    accession(home, [received(home, 0)], agent=home.config.agent, now=NOW)
    waiting = received(home, 1)
    disk.remount("ro")
    for attempt in (lambda: recover(home), lambda: accession(home, [waiting], agent=home.config.agent, now=NOW)):
        with pytest.raises(StorageError, match="The disk is read-only") as refused:
            attempt()
        assert "Mount it for writing" in refused.value.advice
    assert list(disagreements(home)) == []
    disk.remount("rw")
    recover(home)
    accession(home, [waiting], agent=home.config.agent, now=NOW)
    assert list(disagreements(home)) == []
    record_proof(f"a disk that becomes read-only ({disk.system}): refused in words, read as before, went on afterwards")
