"""The pages on a lost key and a stolen laptop are followed literally."""

import re
import shlex
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from archive.home import open_home
from archive.ledger.receipt import verify_receipt
from archive.rekeying import epochs
from archive.settings import config_toml, read_config
from pipeline.cli import main
from tests.pipeline.receipts.conftest import Deposited

HOWTO = Path(__file__).parents[3] / "docs/howto"


def commands(page: str) -> list[list[str]]:
    text = (HOWTO / f"{page}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\n(.*?)```", text, re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines() if line]


@pytest.fixture
def place(deposited: Deposited, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with a replica of the archive beside it; the keys are a copy too."""
    shutil.copytree(deposited.keys, tmp_path / "config/ditich/keys")
    (tmp_path / "passphrase").write_text("một câu dài\n", encoding="utf-8")
    (tmp_path / "replica").mkdir()
    for name in ("storage", "ledger"):
        shutil.copytree(deposited.home / name, tmp_path / "replica" / name)
    settings = read_config((deposited.home / "ditich.toml").read_bytes())
    (tmp_path / "replica" / "ditich.toml").write_bytes(config_toml(replace(settings, replica="disk-2")))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("DITICH_HOME", str(tmp_path / "home"))
    return tmp_path


def follow(page: str, place: Path, deposited: Deposited) -> list[str]:
    """Runs every command of a page; what a person types at a prompt comes from a file here. The commands that ran."""
    words = {"RECEIPT": str(deposited.receipt), "ARK": deposited.deposit, "SHEET.html": str(place / "sheet.html")}
    words |= {"REPLICA": str(place / "replica"), "home": str(place / "home"), "home/storage": str(place / "home/storage")}
    ran = []
    for program, *arguments in commands(page):
        typed = [words.get(one, one) for one in arguments]
        ran.append(" ".join([program, *arguments]))
        assert program == "./ditich"
        if typed == ["key", "protect"]:
            typed += ["--new-passphrase-file", str(place / "passphrase")]
        assert main(typed) == 0, typed
    return ran


def test_the_stolen_laptop(place: Path, deposited: Deposited) -> None:
    ran = follow("stolen-laptop", place, deposited)
    assert ran.index("./ditich key rotate --stolen") < ran.index("./ditich key protect")
    home = open_home(place / "home")
    assert [epoch.reason for epoch in epochs(home)] == ["", "stolen"]
    issued = next((place / "home/receipts").iterdir()).read_bytes()
    assert verify_receipt(issued, [deposited.vkey]).keys[0] == home.config.ledger_keys[0].vkey()
    assert (place / "sheet.html").is_file()


def test_the_lost_key(place: Path, deposited: Deposited) -> None:
    assert main(["drill", "--restore", str(place / "replica"), str(place / "home")]) == 0
    shutil.rmtree(place / "config/ditich/keys")
    ran = follow("lost-key", place, deposited)
    assert ran.index("./ditich checkpoint --against RECEIPT") < ran.index("./ditich key replace --lost")
    assert [epoch.reason for epoch in epochs(open_home(place / "home"))] == ["", "lost"]
    assert verify_receipt(deposited.receipt.read_bytes(), [deposited.vkey]).entries
