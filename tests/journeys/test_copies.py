"""The archivist's other disk, through the commands: added, filled, believed, damaged, repaired, and the archive restored from it."""

import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.replicas.device import on_one_disk
from archive.replicas.pace import Pace
from tests.archive.builders import flip_byte
from tests.journeys.ditich_command import document, found_site, said

HOWTO = Path(__file__).parents[2] / "docs" / "howto"
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


def files_of(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in sorted((home / "storage").rglob("*")) if path.is_file()}


def original(home: Path, name: str) -> Path:
    return next(path for path in (home / "storage").rglob(name) if path.is_file())


def commands_of(page: str) -> list[list[str]]:
    """Every command of a page, in order, without the name of the program."""
    blocks = re.findall(r"```sh\n(.*?)```", (HOWTO / page).read_text(encoding="utf-8"), re.DOTALL)
    return [shlex.split(line)[1:] for block in blocks for line in block.splitlines()]


def test_the_page_about_a_damaged_file_can_be_followed(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DITICH_HOME", str(home))
    document("ingest", tmp_path / "card", "--site", "mau")
    document("replica", "add", tmp_path / "disk-2", "--same-disk")
    document("replicate")
    before = files_of(home)
    flip_byte(original(home, "note.txt"), 3)
    codes = []
    for command in commands_of("damaged-file.md"):
        words = [str(found) for word in command for found in (sorted(home.parent.glob(word)) if "*" in word else [word])]
        code, printed = said(*words)
        codes.append((words[0], code))
        assert code in {0, 1}, printed
    assert codes == [
        ("audit", 1),
        ("replica", 0),
        ("repair", 1),
        ("repair", 0),
        ("repair", 0),
        ("prove", 0),
        ("audit", 0),
        ("replicate", 0),
        ("status", 0),
    ]
    assert files_of(home) == before


def test_the_card_is_one_more_copy(home: Path, tmp_path: Path) -> None:
    document("ingest", tmp_path / "card", "--site", "mau", "--home", home)
    before = files_of(home)
    original(home, "note.txt").unlink()
    assert len(document("repair", "--home", home, code=1)["lost"]) == 1
    assert "NO GOOD COPY" in said("repair", "--home", home)[1]
    assert document("repair", "--from", tmp_path / "nowhere", "--home", home, code=2)["error"]["kind"] == "NotFoundError"
    (tmp_path / "card" / "note.txt").rename(tmp_path / "card" / "another name.txt")
    (tmp_path / "card" / "link").symlink_to("another name.txt")
    mended = document("repair", "--from", tmp_path / "card", "--home", home)
    assert [one["source"] for one in mended["mended"]] == [str(tmp_path / "card")]
    assert files_of(home) == before


def test_the_copies_through_the_commands(home: Path, tmp_path: Path) -> None:
    assert "no other copy" in said("replica", "--home", home)[1]
    for command in ("replicate", "drill"):
        assert document(command, "--home", home, code=3)["error"]["kind"] == "UsageError"
    document("ingest", tmp_path / "card", "--site", "mau", "--home", home)
    code, printed = said("replica", "add", tmp_path / "disk-2", "--name", "disk-2", "--same-disk", "--home", home)
    assert (code, "SAME DISK" in printed) == (0, True)
    assert "no readable ledger" in said("replica", "--home", home)[1]
    code, printed = said("replicate", "disk-2", "--rate", "500", "--home", home)
    assert (code, "SAME DISK" in printed) == (0, True)
    assert "plugged in" in said("replica", "--home", home)[1]
    code, printed = said("drill", "disk-2", "--home", home)
    assert (code, "succeeded" in printed) == (0, True)
    assert document("drill", "--sample", "1", "--home", home)["whole"]
    copy = tmp_path / "disk-2"
    assert document("status", "--home", copy)["ledger_entries"]
    assert "folder is a copy" in said("audit", "--home", copy)[1]
    assert document("ingest", tmp_path / "card", "--site", "mau", "--home", copy, code=2)["error"]["kind"] == "ConflictError"


def test_the_archive_comes_back_from_a_copy(home: Path, tmp_path: Path) -> None:
    document("ingest", tmp_path / "card", "--site", "mau", "--home", home)
    copy = tmp_path / "disk-2"
    document("replica", "add", copy, "--same-disk", "--home", home)
    document("replicate", "--home", home)
    flip_byte(original(copy, "note.txt"), 3)
    assert document("drill", "--home", home, code=1)["damaged"]
    code, printed = said("drill", "--restore", copy, tmp_path / "new")
    assert (code, "did not come back" in printed) == (1, True)
    assert said("repair", "--location", "replica:disk-2", "--home", home)[0] == 0
    restored = document("drill", "--restore", copy, tmp_path / "newer")
    assert restored["whole"]
    assert files_of(tmp_path / "newer") == files_of(home)
    copy.rename(tmp_path / "unplugged")
    assert "not here now" in said("replica", "--home", home)[1]
    for words in (("replicate",), ("drill",), ("replicate", "disk-2")):
        assert document(*words, "--home", home, code=2)["error"]["kind"] == "NotFoundError"
    found_site(copy, tmp_path / "other-site")
    assert "SOMETHING ELSE" in said("replica", "--home", home)[1]
    dropped = document("replica", "drop", "disk-2", "--home", home)
    assert dropped["path"] == str(copy)


def test_damage_is_said_by_the_commands(home: Path, tmp_path: Path) -> None:
    document("ingest", tmp_path / "card", "--site", "mau", "--home", home)
    document("replica", "add", tmp_path / "disk-2", "--same-disk", "--home", home)
    document("replicate", "--home", home)
    flip_byte(original(tmp_path / "disk-2", "note.txt"), 3)
    document("audit", "--location", "disk-2", "--home", home, code=1)
    (home / "storage" / "stray").write_bytes(b"x")
    flip_byte(original(home, "nothing.bin"), 3)
    document("audit", "--home", home, code=1)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "more.txt").write_text("thêm nữa\n", encoding="utf-8")
    document("ingest", tmp_path / "more", "--site", "mau", "--no-replicate", "--home", home)
    code, printed = said("replicate", "--home", home)
    assert code == 1
    assert "damaged on “disk-2”" in printed
    assert "repair" in printed
    code, printed = said("repair", "--dry-run", "--home", home)
    assert (code, "would go to the quarantine" in printed) == (1, True)
    code, printed = said("repair", "--home", home)
    assert "moved to the quarantine" in printed


def test_what_fails_beside_an_ingest_stops_nothing(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document("replica", "add", tmp_path / "disk-2", "--same-disk", "--home", home)
    document("replicate", "--home", home)
    for name in ("checkpoint", "witnessed"):
        flip_byte(tmp_path / "disk-2" / "ledger" / name, 60)
    code, printed = said("ingest", tmp_path / "card", "--site", "mau", "--home", home)
    assert code == 0
    assert "Do not erase it" in printed.splitlines()[-1]
    assert "no readable checkpoint" in capsys.readouterr().err


def test_a_copying_that_is_stopped(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document("ingest", tmp_path / "card", "--site", "mau", "--home", home)
    document("replica", "add", tmp_path / "disk-2", "--same-disk", "--home", home)
    document("replica", "add", tmp_path / "disk-3", "--same-disk", "--home", home)

    def stop(_self: Pace, _count: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Pace, "__call__", stop)
        code, printed = said("replicate", "--home", home)
    assert (code, "goes on from there" in printed) == (2, True)
    assert len(document("replicate", "--home", home)["replicas"]) == 2


def test_two_copies_on_one_disk_are_told(home: Path, other_disk: Path) -> None:
    assert "TAKE CARE" not in said("replica", "add", other_disk / "a", "--home", home)[1]
    assert "“b” lies on the same disk as the copy “a”" in said("replica", "add", other_disk / "b", "--home", home)[1]
    assert [one["beside"] for one in document("replica", "--home", home)["replicas"]] == ["", "a"]
    assert "“b” lies on the same disk as the copy “a”" in said("replica", "--home", home)[1]
    said("replica", "drop", "a", "--home", home)
    assert [copy["beside"] for copy in document("status", "--home", home)["copies"]] == [""]
