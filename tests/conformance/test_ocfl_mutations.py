"""The mutation pack: whole and well made, our validator over it without one fault, and the document with the scores of two validators."""

import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from archive.ocfl.codes import CODES
from tests.conformance.ocfl_mutations.__main__ import main
from tests.conformance.ocfl_mutations.cases import Case
from tests.conformance.ocfl_mutations.pack import INDEX, NO_TREE_SHOWS, PACK, codes_covered, folder_of, write_pack
from tests.conformance.ocfl_mutations.scores import Results, disagreements, results, score_table, wrong_table
from tests.conformance.ocfl_mutations.verdicts import CRASHED, Question, Verdict, our_verdict, peer_verdicts

DOCUMENT = "docs/ocfl-validation.md"
REGENERATE = "python -m tests.conformance.ocfl_mutations --scores FIXTURES prints the tables of docs/ocfl-validation.md"
NOBODY = 65534
DECLARATION = "0=ocfl_object_1.1"
EVERY_CASE = pytest.mark.parametrize("case", PACK, ids=lambda case: case.name)


@pytest.fixture(scope="module")
def judged(corpus: Path) -> Results:
    return results(corpus / "ocfl-fixtures")


def test_the_pack_is_large_and_covers_the_specification() -> None:
    kinds = Counter(case.kind for case in PACK)
    covered = codes_covered()
    assert kinds["object"] >= 120
    assert kinds["root"] >= 40
    assert len({case.name for case in PACK}) == len(PACK)
    assert len([code for code in covered if code.startswith("E")]) >= 95
    assert {code for code in CODES if code.startswith("W")} <= covered


def test_every_code_is_shown_or_told_why_not() -> None:
    assert codes_covered() | set(NO_TREE_SHOWS) == set(CODES)
    assert not codes_covered() & set(NO_TREE_SHOWS)


def test_every_case_says_why_and_by_which_section() -> None:
    sections = {code.section for code in CODES.values()}
    assert [case.name for case in PACK if case.section not in sections or not case.why] == []


@EVERY_CASE
def test_our_validator_judges_and_names_rightly(case: Case, tmp_path: Path) -> None:
    place = tmp_path / "case"
    case.write(place)
    verdict = our_verdict(Question(case.kind, place))
    assert verdict.valid is case.valid, case.why
    assert case.names_right(set(verdict.codes)), (case.why, sorted(verdict.codes))


def test_our_validator_leaves_everything_as_it_was(tmp_path: Path) -> None:
    for case in PACK[::7]:
        place = tmp_path / case.name
        case.write(place)
        before = {path: path.lstat().st_mtime_ns for path in place.rglob("*")}
        our_verdict(Question(case.kind, place))
        assert {path: path.lstat().st_mtime_ns for path in place.rglob("*")} == before


def test_the_official_fixtures_are_judged_without_one_fault(judged: Results) -> None:
    assert len(judged.fixtures) == 156
    assert disagreements(judged.fixtures) == []
    assert disagreements(judged.pack) == []


def test_the_document_has_the_scores_that_come_out(judged: Results, checkout: Path) -> None:
    document = (checkout / DOCUMENT).read_text(encoding="utf-8")
    assert score_table(judged) in document, REGENERATE
    assert wrong_table(judged) in document, REGENERATE
    for code, reason in NO_TREE_SHOWS.items():
        assert f"| {code} | {reason} |" in document


def as_plain_user(ask: Callable[[], Verdict]) -> Verdict:
    """An answer without the rights of root, who may read everything."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        return ask()
    finally:
        os.seteuid(was)


@pytest.mark.parametrize(
    "hidden", ["v1/content/a.txt", "v1/content/d", "inventory.json", "inventory.json.sha512", "v1", "0=ocfl_object_1.1", "."]
)
def test_what_cannot_be_read_is_never_called_valid(hidden: str) -> None:
    case = next(case for case in PACK if case.name == "good_one_version")
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        place = Path(folder) / "object"
        case.write(place)
        was = (place / hidden).stat().st_mode
        (place / hidden).chmod(0)
        verdict = as_plain_user(lambda: our_verdict(Question(case.kind, place)))
        (place / hidden).chmod(was)
        assert verdict.valid is False


def test_the_pack_is_written_for_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["pack", str(tmp_path / "pack")])
    assert main() == 0
    assert str(len(PACK)) in capsys.readouterr().out
    index = json.loads((tmp_path / "pack" / INDEX).read_text(encoding="utf-8"))
    assert [entry["path"] for entry in index] == [folder_of(case) for case in PACK]
    assert all((tmp_path / "pack" / entry["path"]).is_dir() for entry in index)
    bad = next(entry for entry in index if entry["case"] == "E036_or_E037_id_is_empty")
    assert (bad["valid"], bad["codes"], bad["any_of_them"]) == (False, ["E036", "E037"], True)


def test_what_the_file_system_cannot_hold_is_left_out_and_said(tmp_path: Path) -> None:
    def refuse(folder: Path) -> None:
        folder.mkdir(parents=True)
        raise OSError(folder)

    case = Case("E001_x", "object", "3.1", "", refuse)
    assert write_pack(tmp_path, [PACK[0], case]) == ("E001_x",)
    assert [path.name for path in (tmp_path / "objects").iterdir()] == [PACK[0].name]
    assert len(json.loads((tmp_path / INDEX).read_text(encoding="utf-8"))) == 1


def test_a_peer_that_dies_costs_one_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = next(case for case in PACK if case.name == "good_one_version")
    good.write(tmp_path / "object")
    question = Question("object", tmp_path / "object")
    assert peer_verdicts([question, question])[0].valid is True
    monkeypatch.setattr("tests.conformance.ocfl_mutations.verdicts._PEER", "no.such.module")
    assert peer_verdicts([question, question]) == [CRASHED, CRASHED]


def test_names_of_cases_are_understood() -> None:
    def case(name: str) -> Case:
        return Case(name, "object", "3.1", "", Path.mkdir, frozenset({"W009"}))

    assert case("E001_x").named == ("E001",)
    assert case("good_x").valid
    assert case("W001_W002_x").names_right({"W001", "W002", "W009"})
    assert not case("W001_W002_x").names_right({"W001", "W002", "W010"})
    assert not case("E001_E002_x").names_right({"E001", "W001"})
    assert case("E001_or_E002_x").names_right({"E002", "W001"})
    assert not case("E001_or_E002_x").names_right({"E003"})
