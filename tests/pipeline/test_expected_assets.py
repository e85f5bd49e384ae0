"""How many assets a disk can hold, asked before an archive is founded on it."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.errors import UsageError
from pipeline import cli
from pipeline.space import EXPECTED_ASSETS, INODES_AN_ASSET, require_inodes
from tests.journeys.ditich_command import document


def inodes(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    """The disk says that so many inodes are free; 0 of 0 where it counts none."""
    whole = os.statvfs
    monkeypatch.setattr(os, "statvfs", lambda place: SimpleNamespace(f_files=free, f_favail=free, f_frsize=whole(place).f_frsize))


def test_a_disk_with_too_few_inodes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inodes(monkeypatch, 100)
    with pytest.raises(UsageError, match="room for 100 more files; 6 assets need 120") as refused:
        require_inodes(tmp_path / "not" / "there" / "yet", 6)
    assert refused.value.values["fewer"] == 5
    require_inodes(tmp_path, 5)


def test_a_disk_that_counts_no_inodes_takes_any_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inodes(monkeypatch, 0)
    require_inodes(tmp_path, 10**9)


@pytest.mark.parametrize(("words", "code"), [(("--expect", "6"), cli.USAGE), ((), cli.USAGE), (("--expect", "5"), cli.DONE)])
def test_init_asks_the_disk_first(words: tuple[str, ...], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inodes(monkeypatch, 100)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    document("init", "--home", tmp_path / "home", *words, code=code)
    assert (tmp_path / "home").exists() == (code == cli.DONE)
    assert EXPECTED_ASSETS * INODES_AN_ASSET > 100


def test_the_answer_is_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.commands.init import _number

    assert _number("5000") == 5000
    with pytest.raises(UsageError, match="not a number"):
        _number("many")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    assert document("init", "--home", tmp_path / "home", "--expect", "many", code=cli.USAGE)["error"]["kind"] == "UsageError"
