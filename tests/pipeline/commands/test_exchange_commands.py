"""``ditich export`` and ``ditich import`` as a person types them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.access import read_bytes, read_files
from archive.home import open_home
from pipeline import cli
from pipeline.cli import call
from pipeline.console import Console
from pipeline.words import words_of_the_user
from tests.archive.bagit.builders import make_bag, put
from tests.archive.bagit.test_bag_zip import zipped
from tests.archive.builders import flip_byte
from tests.journeys.ditich_command import document, found_site, said
from tests.pipeline.flow_builders import jpeg, write

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module", autouse=True)
def _configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("configuration")))
        patch.setenv("DITICH_LANG", "vi")
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a public site and a small deposit; not to be changed."""
    place = tmp_path_factory.mktemp("sender")
    found_site(place / "home", place / "site")
    for shade in (1, 2):
        write(place / "card", f"ảnh {shade}0%.jpg", jpeg(shade))
    document("ingest", place / "card", "--site", "mau", "--home", place / "home")
    return place / "home"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    document("init", "--home", tmp_path / "empty", "--name", "Other")
    return tmp_path / "empty"


@pytest.fixture
def settled(tmp_path: Path) -> Path:
    """An archive with a site and nothing else."""
    found_site(tmp_path / "settled", tmp_path / "site")
    return tmp_path / "settled"


def answered(answer: str, monkeypatch: pytest.MonkeyPatch, *argv: object) -> int:
    """Runs a command before a person who answers."""
    monkeypatch.setattr("builtins.input", lambda _question: answer)
    console = Console(words_of_the_user(), asks=True)
    return call(str(argv[0]), [str(word) for word in argv[1:]], console)


def objects_of(exported: dict[str, Any]) -> set[str]:
    return {one["ark"] for one in exported["objects"]}


@pytest.mark.parametrize("form", ["bag", "zip"])
def test_there_and_back(home: Path, empty: Path, tmp_path: Path, form: str) -> None:
    exported = document("export", "mau", tmp_path / "out", "--as", form, "--home", home)
    assert exported["place"].endswith(".zip" if form == "zip" else "out")
    assert exported["not_public"] == 2
    planned = document("import", exported["place"], "--dry-run", "--home", empty)
    assert not planned["taken"]
    assert {one["fate"] for one in planned["objects"]} == {"take"}
    taken = document("import", exported["place"], "--home", empty)
    assert taken["taken"]
    assert taken["mismatches"] == []
    here, there = open_home(home), open_home(empty)
    for ark in objects_of(exported):
        assert {path: file.sha512 for path, file in read_files(here, ark).items()} == {
            path: file.sha512 for path, file in read_files(there, ark).items()
        }
    again = document("import", exported["place"], "--home", empty)
    assert not again["taken"]
    assert {one["fate"] for one in again["objects"]} == {"same"}
    assert not list((empty / "work").glob("import*"))
    assert document("audit", "--home", empty)["damaged"] == 0


def test_what_a_person_reads(home: Path, empty: Path, tmp_path: Path) -> None:
    code, printed = said("export", "mau", tmp_path / "out", "--home", home)
    assert code == cli.DONE
    assert "CHÚ Ý: 2/4 đối tượng KHÔNG công khai" in printed
    code, printed = said("import", tmp_path / "out", "--dry-run", "--home", empty)
    assert code == cli.DONE
    assert "Chưa ghi gì. Sẽ nhận 4 đối tượng" in printed
    code, printed = said("import", tmp_path / "out", "--home", empty)
    assert code == cli.DONE
    assert "(di tích, v1): mới đối với kho này" in printed
    assert "Đã nhận 4 đối tượng" in printed
    code, printed = said("import", tmp_path / "out", "--home", empty)
    assert "đã lưu trữ, v1" in printed
    assert "Không có gì mới" in printed


def test_the_public_part_alone(home: Path, tmp_path: Path) -> None:
    exported = document("export", "mau", tmp_path / "out", "--public-only", "--home", home)
    assert (len(exported["objects"]), len(exported["left_out"]), exported["not_public"]) == (2, 2, 0)
    assert "Bỏ lại 2 đối tượng" in said("export", "mau", tmp_path / "out2", "--public-only", "--home", home)[1]


def test_an_ocfl_root_and_a_place_that_is_taken(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found_in = open_home(home)
    objects = objects_of(document("export", "mau", tmp_path / "all", "--home", home))
    ark = min(one for one in objects if any("original" in str(path) for path in read_files(found_in, one)))
    exported = document("export", ark, tmp_path / "root", "--as", "ocfl", "--home", home)
    assert objects_of(exported) == {ark}
    assert (tmp_path / "root/0=ocfl_1.1").read_bytes() == b"ocfl_1.1\n"
    code, _printed = said("export", ark, tmp_path / "root", "--as", "ocfl", "--home", home)
    assert code == cli.COULD_NOT
    assert "đã có; chưa ghi gì" in capsys.readouterr().err


def test_many_objects_are_listed_in_part(home: Path, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.commands.import_bag.MOST", 1)
    document("export", "mau", tmp_path / "out", "--home", home)
    assert "và 3 đối tượng nữa" in said("import", tmp_path / "out", "--dry-run", "--home", empty)[1]


def test_conflicts_and_misreadings_are_said_and_counted(home: Path, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document("export", "mau", tmp_path / "out", "--home", home)
    found_site(empty, tmp_path / "own site")
    code, printed = said("import", tmp_path / "out", "--home", empty)
    assert code == cli.FINDINGS
    assert "import-site-name-taken (1)" in printed
    assert "bị từ chối" in printed
    document("init", "--home", tmp_path / "third", "--name", "Third")
    monkeypatch.setattr("archive.exchange.adopt._read_back", lambda _home, tree: iter([f"{tree.object_id} does not match the bag."]))
    code, printed = said("import", tmp_path / "out", "--home", tmp_path / "third")
    assert code == cli.FINDINGS
    assert "does not match the bag" in printed


def test_another_archives_newer_versions_are_taken_when_asked_for(home: Path, empty: Path, tmp_path: Path) -> None:
    exported = document("export", "mau", tmp_path / "out", "--home", home)
    document("import", tmp_path / "out", "--home", empty)
    document("init", "--home", tmp_path / "third", "--name", "Third")
    document("import", tmp_path / "out", "--home", tmp_path / "third")
    photo = next(one["ark"] for one in exported["objects"] if one["kind"] == "asset")
    document("edit", photo, "title@vi=Tên khác", "--yes", "--home", tmp_path / "third")
    document("export", photo, tmp_path / "back", "--home", tmp_path / "third")
    code, printed = said("import", tmp_path / "back", "--home", empty)
    assert code == cli.FINDINGS
    assert "thêm --newer" in printed
    code, printed = said("import", tmp_path / "back", "--newer", "--home", empty)
    assert code == cli.DONE
    assert "từ v1 lên v2" in printed
    assert document("show", photo, "--home", empty)["record"]["title"]["vi"] == "Tên khác"


def test_a_damaged_bag_is_refused_and_every_damaged_file_named(home: Path, empty: Path, tmp_path: Path) -> None:
    document("export", "mau", tmp_path / "out", "--home", home)
    for photo in (tmp_path / "out").rglob("*.jpg"):
        flip_byte(photo, 9)
    refused = document("import", tmp_path / "out", "--home", empty, code=1)
    assert not refused["taken"]
    assert [finding["code"] for finding in refused["bag"]["findings"]] == ["bag-file-changed"] * 2
    code, printed = said("import", tmp_path / "out", "--home", empty)
    assert code == cli.FINDINGS
    assert "ảnh 10%25.jpg" in printed
    assert "không ghi gì vào kho" in printed


@pytest.mark.parametrize("packed", [False, True])
def test_a_foreign_bag_is_ingested_and_its_lists_stay_with_the_deposit(settled: Path, tmp_path: Path, *, packed: bool) -> None:
    bag = make_bag(tmp_path / "bag", {"data/ảnh.jpg": jpeg(7), "data/b/note.txt": "Đình mẫu\n".encode()}, algorithms=("md5",))
    put(bag, "bag-info.txt", b"Contact-Name: A\nContact-Name: B\n")
    place = zipped(bag, tmp_path / "bag.zip") if packed else bag
    dry = document("import", place, "--site", "mau", "--dry-run", "--home", settled)
    assert not dry["taken"]
    taken = document("import", place, "--site", "mau", "--home", settled)
    assert taken["taken"]
    assert taken["bag"]["info"] == [["Contact-Name", "A"], ["Contact-Name", "B"]]
    report = taken["report"]
    assert report["origin"] == str(place)
    assert [line["fate"] for line in report["lines"]] == ["archived", "archived"]
    opened = open_home(settled)
    kept = read_files(opened, report["deposit"])
    assert {"bag/bag-info.txt", "bag/bagit.txt", "bag/manifest-md5.txt", "bag/tagmanifest-md5.txt"} <= set(kept)
    assert read_bytes(opened, report["deposit"], "bag/bag-info.txt") == b"Contact-Name: A\nContact-Name: B\n"
    code, printed = said("import", place, "--site", "mau", "--home", settled)
    assert code == cli.DONE
    assert "Hãy giữ gói" in printed
    code, printed = said("import", place, "--site", "mau", "--dry-run", "--home", settled)
    assert "Chưa ghi gì vào kho" in printed


def test_a_foreign_bag_needs_its_site_before_it_is_read(settled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bag = make_bag(tmp_path / "bag")
    assert said("import", bag, "--home", settled)[0] == cli.USAGE
    assert "Thêm --site" in capsys.readouterr().err
    assert said("import", bag, "--dry-run", "--home", settled)[0] == cli.USAGE
    assert said("import", tmp_path / "nothing", "--home", settled)[0] == cli.COULD_NOT
    assert document("import", settled, "--home", settled, code=1)["bag"]["findings"][0]["code"] == "bag-declaration-missing"


def test_a_foreign_bag_with_an_empty_payload_has_nothing_to_take(settled: Path, tmp_path: Path) -> None:
    code, printed = said("import", make_bag(tmp_path / "bag", {}), "--site", "mau", "--home", settled)
    assert code == cli.COULD_NOT
    assert "Hãy giữ gói" not in printed


def test_warnings_are_asked_about(settled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bag = make_bag(tmp_path / "bag", {"data/a.txt": b"mot\n", "data/A.txt": b"hai\n"})
    code, printed = said("import", bag, "--site", "mau", "--home", settled)
    assert code == cli.FINDINGS
    assert "Có 1 cảnh báo" in printed
    assert "--accept-warnings" in printed
    assert answered("k", monkeypatch, "import", bag, "--site", "mau", "--home", settled) == cli.FINDINGS
    assert answered("c", monkeypatch, "import", bag, "--site", "mau", "--home", settled) == cli.DONE
    assert document("import", bag, "--site", "mau", "--accept-warnings", "--home", settled)["taken"]


def test_lenient_only_when_asked(settled: Path, tmp_path: Path) -> None:
    files = {"data/a.txt": b"mot\n"}
    bag = make_bag(tmp_path / "bag", files, tags=False)
    manifest = (bag / "manifest-sha512.txt").read_text(encoding="utf-8")
    put(bag, "manifest-sha512.txt", (manifest + manifest.replace("a.txt", "A.txt")).encode())
    options = ("--site", "mau", "--accept-warnings", "--home", settled)
    assert said("import", bag, *options)[0] == cli.FINDINGS
    assert said("import", bag, "--conformance-suite", *options)[0] == cli.DONE


def test_a_bag_that_changes_after_it_was_judged_is_not_archived(
    settled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pipeline.commands import import_bag

    bag = make_bag(tmp_path / "bag", {"data/a.txt": b"mot\n"})
    judge = import_bag._judged

    def changing(*arguments: Any) -> Any:
        report = judge(*arguments)
        put(bag, "data/a.txt", b"hai\n")
        return report

    monkeypatch.setattr(import_bag, "_judged", changing)
    assert said("import", bag, "--site", "mau", "--home", settled)[0] == cli.FINDINGS
    assert "không còn như lúc gói được kiểm tra" in capsys.readouterr().err
    assert json.loads(said("status", "--json", "--home", settled)[1])["assets"] == 0
