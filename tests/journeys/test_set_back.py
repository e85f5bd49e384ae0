"""An archive whose ledger was put back to an earlier day, or damaged, with its copy beside it: what every command says, and the way out."""

import shutil
from pathlib import Path

import pytest

from archive.home import open_home
from pipeline import cli
from tests.journeys.ditich_command import document, found_site, said


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive and its copy, the archive's ledger as it was before its last deposit ("earlier"), and one ingested card."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "configuration"))
        patch.setenv("DITICH_LANG", "en")
        found_site(folder / "home", folder / "site")
        assert said("replica", "add", folder / "disk" / "usb", "--same-disk", "--home", folder / "home")[0] == cli.DONE
        shutil.copytree(folder / "home" / "ledger", folder / "earlier")
        card = folder / "card"
        card.mkdir()
        (card / "one.txt").write_text("Đình mẫu.\n", encoding="utf-8")
        document("ingest", card, "--site", "mau", "--home", folder / "home")
    return folder


@pytest.fixture
def home(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The archive of ``made``, whose ledger is put back to how it was after each test."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(made / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")
    return made / "home"


def writers(made: Path) -> list[list[object]]:
    return [
        ["ingest", made / "card", "--site", "mau"],
        ["site", "save", made / "site"],
        ["publish", "--yes"],
        ["withdraw", "ark:99999/none", "--reason", "test", "--yes"],
        ["replicate"],
        ["drill"],
        ["rebuild", "--only", "catalogue"],
        ["key", "rotate"],
        ["integrity", "--reason", "overdue=machine-off"],
        ["repair", "--location", "replica:usb"],
    ]


def refused(capsys: pytest.CaptureFixture[str], *argv: object) -> str:
    capsys.readouterr()
    code, _printed = said(*argv)
    assert code == cli.FINDINGS
    return capsys.readouterr().err


def test_a_set_back_archive_is_stopped_and_brought_forward(home: Path, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(home / "ledger")
    shutil.copytree(made / "earlier", home / "ledger")
    size = open_home(home).log.checkpoint().size
    page = made / "status.html"
    code, printed = said("status", "--home", home, "--html", page)
    assert (code, printed.splitlines()[1]) == (cli.FINDINGS, "✗ The ledger of the archive was set back to an earlier state.")
    assert "ditich repair" in printed
    assert "was set back" in page.read_text(encoding="utf-8")
    assert document("status", "--home", home, code=1)["verdict"] == "ledger-set-back"
    assert said("audit", "--home", home)[0] == cli.FINDINGS
    assert said("audit", "--due", "--fast", "--home", home)[0] == cli.FINDINGS
    for argv in writers(made):
        said_why = refused(capsys, *argv, "--home", home)
        assert "The ledger was set back" in said_why, argv
        assert "ditich repair" in said_why, argv
    assert open_home(home).log.checkpoint().size == size
    code, printed = said("repair", "--home", home)
    assert code == cli.DONE, printed
    assert open_home(home).log.checkpoint().size > size
    code, printed = said("status", "--home", home)
    assert (code, "assets 1" in printed) == (cli.DONE, True), printed
    document("ingest", made / "card", "--site", "mau", "--home", home)
    assert said("replicate", "--home", home)[0] == cli.DONE


def test_nobody_writes_over_an_edited_ledger(home: Path, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    segment = next((home / "ledger/log").iterdir())
    content = segment.read_bytes()
    segment.write_bytes(content.replace(b"success", b"failure", 1))
    try:
        for argv in writers(made):
            said_why = refused(capsys, *argv, "--home", home)
            assert "ditich repair" in said_why, argv
    finally:
        segment.write_bytes(content)


@pytest.mark.parametrize("language", ["vi", "en", "th"])
def test_a_damaged_ledger_still_has_a_status(home: Path, made: Path, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DITICH_LANG", language)
    note = (home / "ledger/checkpoint").read_bytes()
    (home / "ledger/checkpoint").unlink()
    try:
        code, printed = said("status", "--home", home, "--html", made / "status.html")
        shown = document("status", "--home", home, code=1)
    finally:
        (home / "ledger/checkpoint").write_bytes(note)
    assert code == cli.FINDINGS
    assert printed.splitlines()[1].startswith("✗")
    assert "ditich repair" in printed
    assert "status." not in printed
    assert (shown["verdict"], shown["ledger_faults"][0][0]) == ("ledger-damaged", "ledger/checkpoint")
