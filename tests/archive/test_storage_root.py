from pathlib import Path

import pytest
from ocfl.storage_root import StorageRoot as OracleRoot

from archive.home import Home
from archive.ocfl.layouts import LAYOUTS, hash_and_id
from tests.archive.builders import draft, flip_byte, keep

VECTORS = [
    ("object-01", "3c0/ff4/240/object-01"),
    ("..hor/rib:le-$id", "487/326/d8c/%2e%2ehor%2frib%3ale-%24id"),
    ("..Hor/rib:lè-$id", "373/529/21a/%2e%2eHor%2frib%3al%c3%a8-%24id"),
]
LONG = "abcdefghij" * 10 + "a"


@pytest.mark.parametrize(("object_id", "folder"), VECTORS)
def test_the_layouts_own_vectors(object_id: str, folder: str) -> None:
    assert hash_and_id.object_folder(object_id) == folder
    assert hash_and_id.object_id(folder.rpartition("/")[2]) == object_id


def test_a_long_id_is_cut_and_gets_its_digest() -> None:
    name = hash_and_id.object_folder(LONG).rpartition("/")[2]
    assert name == f"{LONG[:100]}-5cc73e648fbcff136510e330871180922ddacf193b68fdeff855683a01464220"
    assert hash_and_id.object_id(name) is None
    assert hash_and_id.object_id("%ff") is None
    assert hash_and_id.NAME in LAYOUTS


def test_objects_are_listed_from_the_storage_alone(home: Home) -> None:
    keep(home, draft("ark:99999/dt2", a=b"2"), draft("ark:99999/dt1", a=b"1"), draft(LONG, a=b"3"))
    home.ledger.rename(home.root / "gone")
    assert home.objects.object_ids() == (LONG, "ark:99999/dt1", "ark:99999/dt2")


def test_folders_that_hold_no_object_are_passed_over(home: Home) -> None:
    keep(home, draft("ark:99999/dt1", a=b"1"), draft(LONG, a=b"3"))
    (home.storage / "aaa/bbb/ccc/ark%3a1").mkdir(parents=True)
    misplaced = home.storage / "aaa/bbb/ccc/ark%3a2"
    misplaced.mkdir()
    (misplaced / "0=ocfl_object_1.1").write_text("ocfl_object_1.1\n")
    flip_byte(home.root / home.objects.folder_of(LONG) / "inventory.json")
    assert home.objects.object_ids() == ("ark:99999/dt1",)


def test_strays_are_named(home: Home) -> None:
    keep(home, draft("ark:99999/dt1", a=b"1"))
    assert list(home.objects.strays()) == []
    (home.storage / "note.txt").write_text("x")
    (home.storage / "extensions/0003-hash-and-id-n-tuple-storage-layout/more.json").write_text("{}")
    top = next(path for path in home.storage.iterdir() if len(path.name) == 3)
    (top / "Thumbs.db").write_text("x")
    assert sorted(home.objects.strays()) == sorted(
        ["storage/note.txt", "storage/extensions/0003-hash-and-id-n-tuple-storage-layout/more.json", f"storage/{top.name}/Thumbs.db"]
    )


def test_strays_of_a_root_without_extensions(home: Home) -> None:
    (home.storage / "extensions/0003-hash-and-id-n-tuple-storage-layout/config.json").unlink()
    (home.storage / "extensions/0003-hash-and-id-n-tuple-storage-layout").rmdir()
    (home.storage / "extensions").rmdir()
    assert list(home.objects.strays()) == []


def test_an_independent_reader_accepts_the_root(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    keep(home, draft("ark:99999/dt1", a=b"1"), draft("ark:99999/dt2", a=b"2"))
    root = OracleRoot(root=str(home.storage))
    assert root.validate(log_warnings=True, log_errors=True)
    assert root.num_objects == 2
    assert Path(home.storage / "README.txt").read_text(encoding="utf-8").startswith("This folder is an archive")
