import contextlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.home import open_home
from archive.ledger import passphrase
from archive.records.text import Language
from archive.rekeying import is_unfinished, replace_lost_keys
from pipeline.cli import call
from pipeline.console import Console
from pipeline.words import load_words
from tests.archive.builders import Failing, PowerCut, watched_home
from tests.journeys.ditich_command import document, found_site, said


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("DITICH_LANG", "en")
    monkeypatch.setattr(passphrase, "_COST", (4, 8, 1))
    found_site(tmp_path / "home", tmp_path / "site")
    return tmp_path / "home"


def reasons(home: Path) -> list[str]:
    return [one["reason"] for one in document("key", "--home", home)["epochs"]]


def test_keys_are_shown_locked_changed_and_replaced(home: Path, tmp_path: Path) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text("một câu dài\n", encoding="utf-8")
    first = document("key", "--home", home)
    assert (first["locked"], len(first["epochs"]), first["unfinished"]) == (False, 1, False)
    assert said("key", "protect", "--home", home)[0] == 3
    assert document("key", "protect", "--new-passphrase-file", secret, "--home", home)["locked"]
    assert said("key", "rotate", "--home", home)[0] == 2
    assert document("key", "rotate", "--passphrase-file", secret, "--home", home)["locked"], "the new keys are not less safe than the old"
    assert document("key", "unprotect", "--passphrase-file", secret, "--home", home)["locked"] is False
    assert document("key", "rotate", "--stolen", "--new-passphrase-file", secret, "--home", home)["locked"]
    assert document("key", "unprotect", "--passphrase-file", secret, "--home", home)["locked"] is False
    assert reasons(home) == ["", "rotation", "stolen"]
    assert said("key", "replace", "--home", home)[0] == 3
    assert said("key", "replace", "--lost", "--home", home)[0] == 2
    for path in Path(first["folder"]).iterdir():
        path.unlink()
    assert document("key", "--home", home)["locked"] is None
    code, printed = said("key", "replace", "--lost", "--home", home)
    assert (code, "vouched for only by what others hold" in printed) == (0, True)
    assert reasons(home) == ["", "rotation", "stolen", "lost"]
    assert list(open_home(home).log.problems()) == []


def asked(home: Path, answers: list[str], *argv: str) -> int:
    """Runs a command before somebody who types these answers."""

    class Typed(Console):
        def ask_secret(self, key: str) -> str:
            assert self.words(key) != key
            return answers.pop(0)

    return call(argv[0], [*argv[1:], "--home", str(home)], Typed(load_words(Language.EN), asks=True))


def test_a_passphrase_is_typed_twice(home: Path) -> None:
    from archive.errors import RecordError, UsageError

    with pytest.raises(UsageError, match="differ"):
        asked(home, ["one", "other"], "key", "protect")
    with pytest.raises(UsageError, match="No passphrase"):
        asked(home, [""], "key", "protect")
    assert asked(home, ["one", "one"], "key", "protect") == 0
    with pytest.raises(RecordError, match="not the passphrase"):
        asked(home, ["", "wrong"], "key", "rotate")
    assert asked(home, ["", "one"], "key", "rotate") == 0
    assert document("key", "--home", home)["locked"], "nothing was typed: the passphrase stays"


def test_an_interrupted_change_is_said(home: Path) -> None:
    opened = open_home(home)
    lost = replace(opened, keys=opened.keys / "elsewhere")
    with contextlib.suppress(PowerCut):
        replace_lost_keys(watched_home(lost, Failing(20, dies=True)), datetime.now(UTC))
    found = document("key", "--home", home)
    assert found["unfinished"] == is_unfinished(open_home(home))
    code, printed = said("key", "--home", home)
    assert code == 0
    assert ("interrupted" in printed) == found["unfinished"]
