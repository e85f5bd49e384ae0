"""What commands say to a person in her own language: parts, conditions, counts."""

from pathlib import Path

import pytest

from pipeline import cli
from tests.journeys.ditich_command import document, found_site, said


@pytest.fixture(autouse=True)
def _own_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "configuration"))
    monkeypatch.setenv("DITICH_LANG", "vi")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    found_site(tmp_path / "home", tmp_path / "site")
    return tmp_path / "home"


@pytest.fixture
def card(tmp_path: Path) -> Path:
    folder = tmp_path / "card"
    folder.mkdir()
    for name in ("one", "two"):
        (folder / f"{name}.txt").write_text(f"Đình mẫu: {name}.\n", encoding="utf-8")
    return folder


def original(home: Path, name: str) -> Path:
    """Where the archive keeps an original of that name."""
    (found,) = home.glob(f"storage/**/{name}")
    return found


def test_an_audit_names_conditions_and_a_rebuild_its_parts(home: Path, card: Path) -> None:
    document("ingest", card, "--site", "mau", "--home", home)
    damaged = original(home, "one.txt")
    damaged.write_bytes(damaged.read_bytes().replace(b"one", b"eno"))
    original(home, "two.txt").unlink()
    code, printed = said("audit", "--home", home)
    assert code == cli.FINDINGS
    assert "  hư hại: v1/content/original/one.txt" in printed
    assert "  mất: v1/content/original/two.txt" in printed
    assert "damaged" not in printed
    assert "Danh mục: 1 giống" in said("rebuild", "--only", "catalogue", "--home", home)[1]


def test_undoing_counts_assets_and_says_the_deposits_record_apart(home: Path, card: Path) -> None:
    deposit = document("ingest", card, "--site", "mau", "--home", home)["deposit"]
    code, printed = said("undo", deposit, "--home", home)
    assert code == cli.DONE
    assert "Lưu thay đổi của 2 tư liệu" in printed
    assert "Đã lưu phiên bản mới của 2 tư liệu" in printed
    assert f"Hồ sơ của lần nhận {deposit} đã ghi là được hoàn tác (v2)" in printed


def test_undoing_lists_the_deposits_record_apart(home: Path, card: Path) -> None:
    deposit = document("ingest", card, "--site", "mau", "--home", home)["deposit"]
    undone = document("undo", deposit, "--home", home)
    assert sorted(ark for ark, _ in undone["versions"]) == sorted(one["ark"] for one in undone["amendments"])
    assert undone["deposit"] == [deposit, "v2"]
