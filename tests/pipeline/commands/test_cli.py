"""How the command line answers: help in three languages, errors with their exit codes, Ctrl-C, a closed pipe."""

import argparse
import io
import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from archive.errors import DamageError, NotFoundError
from pipeline import cli
from pipeline.commands import audit, search
from pipeline.commands.ingest import with_home
from pipeline.console import default_home
from tests.journeys.ditich_command import document, found_site, said


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")


@pytest.mark.parametrize("language", ["vi", "en", "th"])
@pytest.mark.parametrize("name", cli.COMMANDS)
def test_help_of_every_command_in_every_language(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, language: str
) -> None:
    monkeypatch.setenv("DITICH_LANG", language)
    with pytest.raises(SystemExit) as left:
        cli.main(["help", name])
    assert left.value.code == 0
    printed = capsys.readouterr().out
    assert f"ditich {name}" in printed
    assert (language == "en") == printed.startswith("Usage: ")
    assert "--home" in printed
    assert ".help" not in printed
    assert not re.search(r"\{\w+\}", printed), "a sentence with a place left open"


def test_the_overview_names_every_command() -> None:
    code, printed = said("help")
    assert code == 0
    assert all(f"  {name} " in printed for name in (*cli.COMMANDS, *cli.ELSEWHERE))
    assert said()[0] == cli.USAGE


@pytest.mark.parametrize("argv", [("fly",), ("ingest",), ("audit", "--algorithm", "md5"), ("site", "fly"), ("show",)])
def test_a_wrong_command_is_exit_code_3(argv: tuple[str, ...]) -> None:
    answer = document(*argv, code=cli.USAGE)
    assert answer["error"]["kind"] == "UsageError"
    assert answer["error"]["advice"]


def test_no_archive_there_is_exit_code_2(tmp_path: Path) -> None:
    answer = document("status", "--home", tmp_path / "nowhere", code=cli.COULD_NOT)
    assert "init" in answer["error"]["advice"]


@pytest.mark.parametrize(
    ("error", "code"),
    [(DamageError("Damaged."), cli.FINDINGS), (NotFoundError("Not there."), cli.COULD_NOT), (KeyboardInterrupt(), cli.COULD_NOT)],
)
def test_errors_have_their_exit_codes(monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int) -> None:
    def fail(_arguments: argparse.Namespace, _console: object) -> int:
        raise error

    monkeypatch.setattr(audit, "run", fail)
    assert said("audit")[0] == code


def test_stopping_under_json_prints_one_document(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_arguments: argparse.Namespace, _console: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(audit, "run", stop)
    answer = document("audit", code=cli.COULD_NOT)
    assert answer["error"]["kind"] == "Interrupted"
    assert "valid" in answer["error"]["message"]


@pytest.mark.parametrize("name", ["serve", "freeze", "test"])
def test_help_knows_the_commands_that_are_answered_elsewhere(name: str) -> None:
    code, printed = said("help", name)
    assert code == cli.DONE
    assert f"./ditich {name} --help" in printed


def test_a_reader_that_goes_away_while_publish_speaks_stops_it_with_a_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    found_site(home, tmp_path / "site")

    def gone(_console: object, _text: str = "") -> None:
        raise BrokenPipeError

    with (tmp_path / "out").open("w") as out, monkeypatch.context() as patch:
        patch.setattr("pipeline.console.Console.line", gone)
        patch.setattr(sys, "stdout", out)
        assert cli.main(["publish", "mau", "--yes", "--home", str(home)]) == cli.COULD_NOT
    assert "it stopped" in capsys.readouterr().err
    assert not list((home / "publications").glob("*"))
    printed = said("publish", "mau", "--yes", "--home", home)[1]
    assert f"./ditich serve --home {home}" in printed
    assert "published: mau" in said("rebuild", "--only", "publications", "--home", home)[1]
    assert "site records: 1" in said("export", "mau", tmp_path / "bag", "--home", home)[1]


def test_a_reader_that_went_away_is_no_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fail(_arguments: argparse.Namespace, _console: object) -> int:
        raise BrokenPipeError

    monkeypatch.setattr(search, "run", fail)
    with (tmp_path / "out").open("w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        assert cli.main(["search", "x"]) == cli.COULD_NOT


def test_the_home_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DITICH_HOME", "elsewhere")
    assert default_home() == Path("elsewhere")
    assert with_home("mau", Path("elsewhere")) == "mau"
    assert with_home("mau", Path("my home")) == "mau --home 'my home'"
    monkeypatch.delenv("DITICH_HOME")
    assert default_home() == Path("home")


def test_init_twice_touches_nothing(tmp_path: Path) -> None:
    document("init", "--home", tmp_path / "home", "--second-location", "/elsewhere")
    before = (tmp_path / "home/ditich.toml").read_bytes()
    assert document("init", "--home", tmp_path / "home", code=cli.COULD_NOT)["error"]["kind"] == "ConflictError"
    assert (tmp_path / "home/ditich.toml").read_bytes() == before


def test_a_site_goes_out_and_comes_back_byte_equal(tmp_path: Path) -> None:
    home, folder, copy = tmp_path / "home", tmp_path / "site", tmp_path / "copy"
    ark = found_site(home, folder)
    assert document("site", "checkout", "mau", copy, "--home", home)["version"] == "v1"
    assert (copy / "site.toml").read_bytes() == (folder / "site.toml").read_bytes()
    assert not document("site", "save", copy, "--home", home)["changed"]
    (copy / "site.toml").write_text((copy / "site.toml").read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    saved = document("site", "save", copy, "--home", home)
    assert (saved["ark"], saved["version"], saved["changed"]) == (ark, "v2", True)
    assert document("site", "checkout", "mau", copy, "--home", home, code=2)["error"]["kind"] == "ConflictError"


@pytest.mark.parametrize("marker", ["{}", "not json", '{"ark": "ark:99999/dtother", "version": "v2"}'])
def test_saving_over_somebody_elses_version_is_refused_with_the_difference(tmp_path: Path, marker: str) -> None:
    home, mine, theirs = tmp_path / "home", tmp_path / "mine", tmp_path / "theirs"
    found_site(home, mine)
    document("site", "checkout", "mau", theirs, "--home", home)
    (theirs / "site.toml").write_text((theirs / "site.toml").read_text(encoding="utf-8") + "# theirs\n", encoding="utf-8")
    document("site", "save", theirs, "--home", home)
    (mine / ".ditich-site.json").write_text(marker)
    code, printed = said("site", "save", mine, "--home", home)
    assert code == cli.COULD_NOT
    assert "-# theirs" in printed
    assert document("search", "mau", "--home", home)["hits"]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ark = found_site(home, tmp_path / "site")
    assert "Sites here: mau" in document("publish", "nowhere", "--yes", "--home", home, code=2)["error"]["advice"]
    assert document("show", "ark:99999/dt0", "--home", home, code=2)["error"]["kind"] == "NotFoundError"
    assert document("search", "nothing", "at", "all", "--home", home)["hits"] == []
    assert "Nothing found" in said("search", "nothing", "--home", home)[1]
    code, printed = said("show", ark, "--home", home)
    assert code == 0
    assert "site.json" in printed


def test_found_things_are_named_in_the_users_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    ark = found_site(home, tmp_path / "site")
    monkeypatch.setenv("DITICH_LANG", "th")
    assert said("search", "dinh mau", "--home", home)[1] == f"{ark}  แหล่ง  ศาลาประชาคมจำลอง\n"


def test_checking_writes_nothing_and_the_status_names_the_deposits(tmp_path: Path) -> None:
    home, card = tmp_path / "home", tmp_path / "card"
    found_site(home, tmp_path / "site")
    card.mkdir()
    (card / "note.txt").write_text("Đình mẫu có ba gian hai chái.\n", encoding="utf-8")

    def everything() -> list[tuple[str, int, int]]:
        return [(str(one), one.stat().st_mtime_ns, one.stat().st_size) for one in sorted(home.rglob("*"))]

    before = everything()
    document("check", card, "--site", "mau", "--home", home)
    assert everything() == before
    taken = document("ingest", card, "--site", "mau", "--home", home)
    before = everything()
    assert document("check", card, "--site", "mau", "--home", home)["assets"][0]["action"] == "same"
    assert everything() == before
    assert f"{taken['deposit']}: received 20" in said("status", "--home", home)[1]


def test_an_empty_folder_cannot_be_ingested(tmp_path: Path) -> None:
    home, card = tmp_path / "home", tmp_path / "card"
    found_site(home, tmp_path / "site")
    card.mkdir()
    code, _ = said("ingest", card, "--site", "mau", "--home", home)
    assert code == cli.COULD_NOT


def test_a_sheet_and_single_changes_do_not_go_together(tmp_path: Path) -> None:
    home = tmp_path / "home"
    found_site(home, tmp_path / "site")
    assert document("edit", "sheet.csv", "title@vi=x", "--yes", "--home", home, code=3)["error"]["kind"] == "UsageError"


def test_a_person_may_say_no(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    found_site(home, tmp_path / "site")
    out = io.StringIO()
    monkeypatch.setattr("pipeline.console.Console.agreed", lambda *_args, **_more: False)
    monkeypatch.setattr(sys, "stdout", out)
    assert cli.main(["publish", "mau", "--home", str(home)]) == 0
    assert "is published" not in out.getvalue()
    assert not (home / "publications/mau").exists()


def test_rehearsing_into_a_full_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert document("rehearse", tmp_path, code=2)["error"]["kind"] == "ConflictError"


def test_a_site_without_media_is_published_and_rebuilt(tmp_path: Path) -> None:
    home = tmp_path / "home"
    found_site(home, tmp_path / "site")
    assert document("publish", "--yes", "--home", home)["sites"][0]["generation"] == 1
    assert "mau" in said("status", "--home", home)[1]
    (home / "publications/mau/1/stray.txt").write_text("x")
    parts = {part["part"]: part for part in document("rebuild", "--only", "publications", "--home", home)["parts"]}
    assert [name for name, _ in parts["publications"]["different"]] == ["mau/1/stray.txt"]
    assert "stray.txt" not in json.dumps(document("rebuild", "--home", home))
    assert "Publications: " in said("rebuild", "--home", home)[1]


@pytest.mark.parametrize("there", [True, False])
def test_a_rebuild_that_is_stopped_leaves_what_stood_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool) -> None:  # noqa: FBT001
    home = tmp_path / "home"
    found_site(home, tmp_path / "site")
    document("publish", "--yes", "--home", home)
    if not there:
        shutil.rmtree(home / "publications")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.publish.publish.publish", stop)
    assert said("rebuild", "--only", "publications", "--home", home)[0] == cli.COULD_NOT
    assert (home / "publications/mau/current").exists() is there


def test_a_lost_catalogue_and_a_stale_derivative_are_said(tmp_path: Path) -> None:
    home = tmp_path / "home"
    found_site(home, tmp_path / "site")
    document("publish", "--yes", "--home", home)
    (home / "catalogue.sqlite").unlink(missing_ok=True)
    stale = home / "derivatives/00/stale.txt"
    stale.parent.mkdir(parents=True)
    stale.write_text("x")
    parts = {part["part"]: part for part in document("rebuild", "--home", home)["parts"]}
    assert parts["catalogue"]["made"] == ["catalogue.sqlite"]
    assert parts["derivatives"]["different"][0][0] == "00/stale.txt"
    assert "no longer wanted" in parts["derivatives"]["different"][0][1]


@pytest.mark.parametrize("as_json", [True, False])
def test_a_fault_of_ditich_is_exit_code_2_and_never_that_of_damage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    """Python's own exit code for an exception is 1, which means damage."""
    monkeypatch.setattr(search, "run", lambda *_: int("fault"))
    assert cli.main(["search", "đình", *(["--json"] if as_json else [])]) == cli.COULD_NOT
    printed = capsys.readouterr()
    assert "ValueError" in (json.loads(printed.out)["error"]["message"] if as_json else printed.err)
    assert "Traceback" in printed.err


@pytest.mark.parametrize("argv", [("drill", "--sample"), ("replicate", "--rate"), ("audit", "--due", "--minutes")])
@pytest.mark.parametrize("value", ["nan", "-1", "0", "inf", "x"])
def test_a_limit_has_to_be_more_than_nothing(argv: tuple[str, ...], value: str) -> None:
    """A rehearsal of nothing would succeed, and be evidence."""
    assert document(*argv, value, code=cli.USAGE)["error"]["kind"] == "UsageError"


def test_a_folder_without_a_site_is_asked_for_its_site(tmp_path: Path) -> None:
    found_site(tmp_path / "home", tmp_path / "site")
    answer = document("ingest", tmp_path / "site", "--site", "", "--home", tmp_path / "home", code=cli.USAGE)
    assert answer["error"]["advice"] == "Add --site NAME. Sites here: mau."
