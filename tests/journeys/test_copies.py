"""The archivist's other disk, through the commands: added, filled, believed, damaged, repaired, and the archive restored from it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.replicas.device import on_one_disk
from tests.journeys.ditich_command import document, found_site, said

OTHER = Path("/dev/shm")  # noqa: S108 - memory as a disk: another device than the one that tests write to


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")


@pytest.fixture
def other_disk(tmp_path: Path) -> Iterator[Path]:
    if not os.access(OTHER, os.W_OK) or on_one_disk(tmp_path, OTHER):
        pytest.skip("this machine has no second device that a test may write to")
    folder = Path(tempfile.mkdtemp(dir=OTHER))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    found_site(tmp_path / "home", tmp_path / "site")
    card = tmp_path / "card"
    card.mkdir()
    (card / "note.txt").write_text("một ghi chép\n", encoding="utf-8")
    (card / "nothing.bin").write_bytes(b"\0\1\2 nobody knows this format")
    return tmp_path / "home"


def test_the_card_may_be_erased_only_when_there_is_a_second_copy_elsewhere(home: Path, other_disk: Path, tmp_path: Path) -> None:
    first = document("ingest", tmp_path / "card", "--site", "mau", "--home", home)
    assert first["card"] == "no-replica"
    added = document("replica", "add", other_disk / "copy", "--place", "văn phòng Sở", "--home", home)
    assert (added["name"], added["same_device"]) == ("copy", False)
    done = document("replicate", "--home", home)
    assert done["replicas"][0]["complete"]
    assert done["cards_that_may_be_erased"] == [first["deposit"]]
    assert document("replicate", "--home", home)["cards_that_may_be_erased"] == []
    (tmp_path / "card" / "more.txt").write_text("thêm nữa\n", encoding="utf-8")
    code, printed = said("ingest", tmp_path / "card", "--site", "mau", "--home", home)
    assert code == 0
    assert "erase it: every file has a second copy" in printed.splitlines()[-1]
    (tmp_path / "card" / "last.txt").write_text("cuối cùng\n", encoding="utf-8")
    code, printed = said("ingest", tmp_path / "card", "--site", "mau", "--no-replicate", "--home", home)
    assert "Do not erase it" in printed.splitlines()[-1]
    listed = document("replica", "--home", home)["replicas"]
    assert [(one["name"], one["state"]) for one in listed] == [("copy", "present")]
