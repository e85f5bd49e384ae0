"""docs/howto/signs.md and docs/howto/freeze.md followed literally, command by command, as an officer would."""

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from archive.home import save_config
from tests.journeys.ditich_command import said
from tests.pipeline.labels.label_builders import Office, office_at
from viewer.freeze.__main__ import main as freeze

HOWTO = Path(__file__).parents[2] / "docs/howto"
_COMMAND = re.compile(r"`\./ditich ([^`]+)`")


def commands(name: str) -> list[list[str]]:
    """The commands of a page, in its order."""
    text = " ".join((HOWTO / name).read_text(encoding="utf-8").split())
    return [shlex.split(command) for command in _COMMAND.findall(text)]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")
    monkeypatch.chdir(tmp_path)
    return office_at(tmp_path, slug="dinh-mau")


def test_signs_are_put_up_and_taken_down(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = commands("signs.md")
    assert [command[0] for command in given] == ["label", "label", "publish", "links", "links", "label"]
    setting = re.search(r'`address = "([^"]+)"`', (HOWTO / "signs.md").read_text(encoding="utf-8"))
    assert setting is not None
    config = office.home.config
    assert office.said(*given[0])[0] == 3
    assert "ditich.toml" in capsys.readouterr().err
    save_config(office.home, replace(config, naan="12345", address=setting[1]))
    for command in given[:4]:
        status, words = office.said(*command)
        assert status == 0, words
    signs = sorted(path.name for path in (tmp_path / "signs").iterdir())
    assert len(signs) == 2 * 3
    assert {name.rpartition(".")[2] for name in signs} == {"pdf", "svg"}
    code = signs[0].removesuffix(".pdf").rpartition("-")[2]
    assert len(code) == 7
    retire = [code if word == "CODE" else word for word in given[5]]
    assert office.said(*retire)[0] == 0
    assert office.said("links")[0] == 1
    assert office.said(*given[2])[0] == 0
    assert office.said("links")[0] == 0


def test_a_practice_sign_needs_what_the_page_says(office: Office, tmp_path: Path) -> None:
    text = (HOWTO / "signs.md").read_text(encoding="utf-8")
    options = re.search(r"add `(--practice)`, and `(--address [^`]+)`", " ".join(text.split()))
    assert options is not None
    assert office.said(*commands("signs.md")[0], options[1], *options[2].split())[0] == 0


def test_a_site_is_given_away(office: Office, tmp_path: Path, checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if not (checkout / "viewer/static/built/service-worker.js").is_file():
        pytest.skip("the viewer's scripts for the browser are not built: ./ditich builds them")
    assert said("publish", "dinh-mau", "--yes", "--home", office.path)[0] == 0
    given = commands("freeze.md")
    assert {command[0] for command in given} == {"freeze"}
    home = ["--home", str(office.path)]
    for command in given:
        assert freeze([*command[1:], *home]) == 0, capsys.readouterr()
        assert (tmp_path / command[2]).exists() == ("--dry-run" not in command)
    text = (HOWTO / "freeze.md").read_text(encoding="utf-8")
    for folder, files in (("copy", ("server", "_headers", "ditich-frozen.json")), ("stick", ("index.html", "serve.bat", "serve.sh"))):
        for name in files:
            assert f"`{name}" in text, name
            assert (tmp_path / folder / name).exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear", encoding="utf-8")
    assert freeze(["dinh-mau", "mine", *home]) == 2
