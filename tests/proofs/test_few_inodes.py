"""A real disk with few inodes: ``init`` and ``check`` refuse before anything is written, and a disk that runs out of them loses nothing."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.accession import accession
from archive.errors import StorageError
from archive.home import create_home
from archive.recovery import recover
from pipeline import cli
from pipeline.space import INODES_AN_ASSET
from tests.archive.builders import draft
from tests.journeys.ditich_command import document, found_site
from tests.proofs.acknowledged import disagreements, versions_of
from tests.proofs.deposit import scratch_folder
from tests.proofs.power import Disk, require_maker

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.fixture
def disk(root_user: None) -> Iterator[Disk]:
    require_maker("ext4")
    with scratch_folder("inodes") as folder, Disk(folder, "ext4", options=("-N", "300")) as found:
        yield found


def test_init_and_check_refuse(disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_proof: Callable[[str], None]) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")
    home = disk.place / "home"
    refused = document("init", "--home", home, "--expect", "20", code=cli.USAGE)["error"]
    assert "more files; 20 assets need 400" in refused["message"]
    assert "--expect" in refused["advice"]
    assert not home.exists()
    document("init", "--home", home, "--name", "Few", "--expect", "8")
    found_site(home, tmp_path / "site")
    card = tmp_path / "card"
    card.mkdir()
    for number in range(300 // INODES_AN_ASSET + 1):
        (card / f"{number}.txt").write_text(f"note {number}", encoding="utf-8")
    for command in ("check", "ingest"):
        told = document(command, card, "--site", "mau", "--home", home, code=cli.COULD_NOT)
        assert "too-few-inodes" in {finding["code"] for finding in told["findings"]}, told
    record_proof("a disk with few inodes: init, check and ingest refuse in words")


def test_a_disk_that_runs_out_of_inodes(disk: Disk, record_proof: Callable[[str], None]) -> None:
    home = create_home(disk.place / "home", name="Few", keys=disk.place.parent / "keys")
    kept: list[str] = []

    def fill() -> None:
        for number in range(100):
            done = accession(home, [draft(f"ark:99999/dt{number}", record_json=b"%d" % number)], agent=home.config.agent, now=NOW)
            kept.extend(package.object_id for package in done)

    with pytest.raises(StorageError, match="The disk is full") as refused:
        fill()
    assert "Make room" in refused.value.advice
    assert len(versions_of(home)) == len(kept)
    assert list(disagreements(home)) == []
    assert not any((home.work / "tx").iterdir())
    assert not any((home.work / "quarantine").iterdir())
    recover(home)
    record_proof(f"a disk that runs out of inodes: {len(kept)} versions kept, the next refused, 0 lost")
