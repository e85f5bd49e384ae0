"""``ditich validate`` as an officer and a program meet it: sentences, JSON, exit codes. No home is needed."""

import errno
import io
import os
from pathlib import Path
from typing import Any

import pytest

from archive.ocfl.codes import CODES
from archive.ocfl.validate import findings
from archive.records.text import Language
from pipeline import cli
from pipeline.commands import validate as command
from pipeline.console import Console
from pipeline.words import load_words
from tests.archive.ocfl_validate.builders import make_object, make_root
from tests.journeys.ditich_command import document, said


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DITICH_LANG", "en")


def damaged(folder: Path) -> Path:
    (folder / "v1/content/a.txt").write_bytes(b"other\n")
    return folder


def test_a_good_object_is_said_to_be_good(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o")
    code, printed = said("validate", folder)
    assert (code, printed) == (0, f"{folder}: valid OCFL object. Objects: 1, files read: 2 (106 B).\n")


def test_damage_is_told_with_the_place_and_what_to_do(tmp_path: Path) -> None:
    code, printed = said("validate", damaged(make_object(tmp_path / "o")))
    assert code == 1
    assert "NOT a valid OCFL object" in printed
    assert f"E092 {CODES['E092'].words['en']}" in printed
    assert "v1/content/a.txt: sha512 is" in printed
    assert f"→ {CODES['E092'].advice['en']}" in printed


@pytest.mark.parametrize("language", ["vi", "th"])
def test_the_sentences_are_in_the_language_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setenv("DITICH_LANG", language)
    printed = said("validate", damaged(make_object(tmp_path / "o")))[1]
    assert CODES["E092"].words[language] in printed
    assert CODES["E092"].advice[language] in printed


def test_findings_of_a_root_are_grouped_by_object(tmp_path: Path) -> None:
    root = make_root(tmp_path / "r", "a/one", "a/two")
    damaged(root / "a/two")
    (root / "a/empty").mkdir()
    printed = said("validate", root)[1]
    assert "  a/two\n    E092 " in printed
    assert "         v1/content/a.txt: sha512 is" in printed
    assert "         a/empty: empty" in printed
    assert printed.count("E092") == 1


def test_many_places_of_one_code_are_counted(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o")
    for number in range(8):
        (folder / f"v1/content/{number}").write_text("x")
    printed = said("validate", folder)[1]
    assert printed.count("not in the manifest") == command.MOST_PLACES
    assert "… and 3 more" in printed
    assert printed.count(CODES["E023"].words["en"]) == 1


def test_warnings_leave_it_valid(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o", object_id="box 7")
    code, printed = said("validate", folder)
    assert code == 0
    assert "valid OCFL object" in printed
    assert CODES["W005"].words["en"] in printed


def test_the_document_has_every_finding(tmp_path: Path) -> None:
    good, bad = make_object(tmp_path / "good"), damaged(make_object(tmp_path / "bad", object_id="box 7"))
    first, second = document("validate", good, bad, code=1)["results"]
    assert (first["path"], first["valid"], first["codes"], first["findings"]) == (str(good), True, [], [])
    assert (second["path"], second["valid"], second["codes"], second["kind"]) == (str(bad), False, ["E092", "W005"], "object")
    damage = second["findings"][-1]
    assert (damage["code"], damage["severity"], damage["path"], damage["section"]) == (
        "E092",
        "error",
        "v1/content/a.txt",
        CODES["E092"].section,
    )
    assert damage["sentence"] == CODES["E092"].words["en"]
    assert damage["advice"] == CODES["E092"].advice["en"]
    assert damage["rule"] == CODES["E092"].sentence
    assert damage["url"].endswith("#E092")
    assert second["findings"][0]["severity"] == "warning"


def test_a_path_that_is_not_there_is_a_wrong_command_before_anything_is_judged(tmp_path: Path) -> None:
    code, printed = said("validate", make_object(tmp_path / "o"), tmp_path / "nothing")
    assert code == 3
    assert "valid OCFL" not in printed
    assert cli.main(["validate"]) == 3


def test_what_cannot_be_read_is_said_and_is_no_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_object(tmp_path / "o")
    for number in range(8):
        (folder / f"logs/{number}").mkdir(parents=True)
    call = os.scandir

    def refusing(path: Any) -> Any:
        if "/logs/" in str(path):
            raise OSError(errno.EIO, "Input/output error", path)
        return call(path)

    monkeypatch.setattr(os, "scandir", refusing)
    code, printed = said("validate", folder)
    assert code == 2
    assert "could not be checked completely" in printed
    assert printed.count("could not be read and was not checked") == command.MOST_PLACES
    assert "… and 3 more" in printed
    found = document("validate", folder, code=2)["results"][0]
    assert (found["valid"], found["codes"], len(found["unchecked"])) == (False, [], 8)
    (folder / "note.txt").write_text("x")
    assert said("validate", folder)[0] == 1


def test_a_folder_that_cannot_be_read_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_object(tmp_path / "o")

    def refusing(path: Any) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refusing)
    code, printed = said("validate", folder)
    assert code == 2
    assert f"? {folder} could not be read" in printed


def test_findings_that_were_not_kept_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "MOST_KEPT", 1)
    folder = make_object(tmp_path / "o")
    (folder / "more.txt").write_text("x")
    (folder / "v1/content/more.txt").write_text("x")
    printed = said("validate", folder)[1]
    assert "Too many faults: 1 places are not listed" in printed


def test_progress_of_a_root_is_shown(tmp_path: Path) -> None:
    root = make_root(tmp_path / "r", *(f"{number}/one{number}" for number in range(3)))
    now = iter(range(0, 10_000, 60))
    out = io.StringIO()
    console = Console(load_words(Language.EN), out=out, err=io.StringIO(), clock=lambda: float(next(now)))
    assert cli.call("validate", [str(root)], console) == 0
    assert "Validating: 0%" in out.getvalue()


def test_names_that_are_no_text_can_be_shown(tmp_path: Path) -> None:
    folder = make_object(tmp_path / "o")
    Path(os.fsdecode(os.fsencode(folder) + b"/v1/content/\xff\n.txt")).write_text("x")
    code, printed = said("validate", folder)
    assert code == 1
    assert "v1/content/\\xff\\n.txt: not in the manifest" in printed
    assert document("validate", folder, code=1)["results"][0]["codes"] == ["E023"]
