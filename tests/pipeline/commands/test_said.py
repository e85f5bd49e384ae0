"""What commands say to a person in her own language: parts, conditions, counts."""

import shutil
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
    assert "  bị thay đổi: v1/content/original/one.txt" in printed
    assert "  mất: v1/content/original/two.txt" in printed
    assert "changed" not in printed
    assert "Danh mục: 1 giống" in said("rebuild", "--only", "catalogue", "--home", home)[1]


def test_undoing_counts_assets_and_says_the_deposits_record_apart(home: Path, card: Path) -> None:
    deposit = document("ingest", card, "--site", "mau", "--home", home)["deposit"]
    code, printed = said("undo", deposit, "--yes", "--home", home)
    assert code == cli.DONE
    assert "Đã lưu phiên bản mới của 2 tư liệu" in printed
    assert f"Hồ sơ của lần nhận {deposit} đã ghi là được hoàn tác (v2)" in printed


def test_undoing_lists_the_deposits_record_apart(home: Path, card: Path) -> None:
    deposit = document("ingest", card, "--site", "mau", "--home", home)["deposit"]
    undone = document("undo", deposit, "--yes", "--home", home)
    assert sorted(ark for ark, _ in undone["versions"]) == sorted(one["ark"] for one in undone["amendments"])
    assert undone["deposit"] == [deposit, "v2"]


def test_a_lost_object_costs_its_own_page_and_its_own_deposit_only(home: Path, card: Path) -> None:
    taken = {one["paths"][0]: one["ark"] for one in document("ingest", card, "--site", "mau", "--home", home)["assets"]}
    lost, kept = taken["one.txt"], taken["two.txt"]
    shutil.rmtree(original(home, "one.txt").parents[3])
    site = document("publish", "mau", "--yes", "--home", home, code=1)["sites"][0]
    assert [(one["code"], one["path"]) for one in site["findings"]] == [("asset-left-out", lost)]
    assert [one["ark"] for one in site["will_show"]] == [kept]
    code, printed = said("publish", "mau", "--yes", "--home", home)
    assert code == cli.FINDINGS
    assert f"Không đọc được tư liệu {lost}" in printed
    assert "ditich audit" in printed
    (card / "three.txt").write_text("Mới.\n", encoding="utf-8")
    again = document("ingest", card, "--site", "mau", "--home", home, code=1)
    assert {line["path"]: line["fate"] for line in again["lines"]} == {
        "one.txt": "refused",
        "two.txt": "already-archived",
        "three.txt": "archived",
    }
    refusals = [(one["path"], one["code"]) for one in again["findings"] if one["severity"] == "refuse"]
    assert refusals == [("one.txt", "object-lost")]
    assert lost in next(one["sentence"]["vi"] for one in again["findings"] if one["code"] == "object-lost")


def test_a_record_that_cannot_be_read_is_no_reason_to_stop(home: Path, card: Path) -> None:
    taken = {one["paths"][0]: one["ark"] for one in document("ingest", card, "--site", "mau", "--home", home)["assets"]}
    record = original(home, "one.txt").parents[1] / "record.json"
    record.write_bytes(b"{")
    assert [one["path"] for one in document("publish", "mau", "--yes", "--home", home, code=1)["sites"][0]["findings"]] == [
        taken["one.txt"]
    ]
    again = document("ingest", card, "--site", "mau", "--home", home, code=1)
    assert [one["path"] for one in again["findings"] if one["code"] == "object-lost"] == ["one.txt"]


def test_what_waits_in_incoming_is_listed_and_the_next_ingest_replaces_it(home: Path, card: Path) -> None:
    (card / "cut.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    refused = document("ingest", card, "--site", "mau", "--home", home, "--all-or-nothing", code=1)
    (left,) = document("status", "--home", home)["incoming"]
    assert (left["deposit"], left["files"], left["why"]) == (refused["deposit"], 3, "refused")
    assert "chưa lưu giữ; hãy sửa" in said("status", "--home", home)[1]
    (card / "more.txt").write_text("Thêm.\n", encoding="utf-8")
    document("ingest", card, "--site", "mau", "--home", home, code=1)
    assert document("status", "--home", home)["incoming"] == []


def test_what_differs_is_set_aside_and_said(home: Path, card: Path) -> None:
    (card / "cut.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    document("ingest", card, "--site", "mau", "--home", home, "--all-or-nothing", code=1)
    (card / "cut.jpg").unlink()
    document("ingest", card, "--site", "mau", "--home", home)
    (left,) = document("status", "--home", home)["incoming"]
    assert (left["files"], left["bytes"], left["why"]) == (1, 4, "aside")


def test_a_read_that_was_cut_off_is_listed(home: Path) -> None:
    (home / "incoming/receiving-0-1-2/files").mkdir(parents=True)
    assert [one["why"] for one in document("status", "--home", home)["incoming"]] == ["interrupted"]
    (home / "incoming/receiving-0-1-2/received.json").write_text("[]")
    assert [one["deposit"] for one in document("status", "--home", home)["incoming"]] == ["receiving-0-1-2"]
    shutil.rmtree(home / "incoming")
    assert document("status", "--home", home)["incoming"] == []


def test_without_keys_nothing_is_received(home: Path, card: Path, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "configuration")
    assert document("ingest", card, "--site", "mau", "--home", home, code=2)["error"]["kind"] == "NotFoundError"
    assert list((home / "incoming").iterdir()) == []
