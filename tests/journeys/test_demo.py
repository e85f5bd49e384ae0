"""The demo: two calls, the second finds everything there and goes straight on."""

import sys
from pathlib import Path

import pytest

from pipeline.commands import demo
from tests.journeys.ditich_command import document, said

pytestmark = pytest.mark.timeout(600)


def test_the_demo_shows_the_main_job_and_keeps_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")
    home = tmp_path / "home"
    first = document("demo", "--small", "--no-serve", "--home", home)
    assert first["home"] == str(home)
    assert {path.name for path in (home / "publications").iterdir()} == set(demo.SAMPLES)
    code, printed = said("demo", "--small", "--no-serve", "--home", home)
    assert code == 0
    assert printed.count("already there, kept") == 2
    assert "has not changed" in printed
    served: list[list[str]] = []

    def serve(command: list[str], **_: object) -> object:
        served.append(command)
        return type("Done", (), {"returncode": 0})()

    monkeypatch.setattr("pipeline.commands.demo.subprocess.run", serve)
    assert said("demo", "--small", "--home", home, "--port", "8123")[0] == 0
    assert served == [[sys.executable, "-m", "viewer", "--home", str(home), "--port", "8123"]]
    damaged = next((home / "storage").rglob("original/**/*.jpg"))
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-1])
    assert said("demo", "--small", "--no-serve", "--home", home)[0] == 1


def test_a_sheet_edits_and_a_person_may_decline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    from tests.journeys.ditich_command import found_site

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "en")
    home, card = tmp_path / "home", tmp_path / "card"
    found_site(home, tmp_path / "site")
    card.mkdir()
    Image.effect_noise((300, 200), 50).convert("RGB").save(card / "a.jpg")
    ark = document("ingest", card, "--site", "mau", "--home", home)["assets"][0]["ark"]
    sheet = tmp_path / "changes.csv"
    sheet.write_text(f"ark,title@vi\n{ark},Tên mới\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.console.Console.agreed", lambda *_args, **_more: False)
        assert document("edit", sheet, "--home", home)["versions"] == []
    assert document("edit", sheet, "--yes", "--home", home)["versions"] == [[ark, "v2"]]
    assert document("show", ark, "--home", home)["record"]["title"]["vi"] == "Tên mới"
