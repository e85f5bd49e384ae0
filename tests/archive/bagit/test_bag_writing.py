"""Bags that are written: whole for every reader, the same bytes again, and never half there."""

import resource
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.bagit.target import FolderTarget, Target, write_folder, write_zip
from archive.bagit.write import BagWriter
from archive.errors import ConflictError, DamageError, StorageError
from archive.storage.local import LocalStorage
from tests.archive.bagit.builders import judged, oracle_accepts, put

NAMES = ("ảnh.jpg", "b/50%.txt", "two\nlines.txt", "car\rriage")
INFO = (("Source-Organization", "Kho\nlưu trữ"), ("Contact-Name", "A"), ("Contact-Name", "B"))


def filling(source: Path) -> Callable[[Target], None]:
    def fill(target: Target) -> None:
        writer = BagWriter(target)
        told: list[int] = []
        for name in NAMES:
            digests = writer.keep(name, put(source, name, name.encode()), told.append)
            assert [len(one) for one in digests] == [128, 64]
        assert sum(told) == sum(len(name.encode()) for name in NAMES)
        writer.keep("again", source / NAMES[0])
        writer.tag("more/readme.txt", b"read me")
        writer.close(INFO)

    return fill


def unverified(_place: Path) -> None:
    pass


def test_a_written_bag_is_whole(tmp_path: Path) -> None:
    write_folder(tmp_path / "out" / "bag", filling(tmp_path / "in"), unverified)
    report = judged(tmp_path / "out" / "bag")
    assert report.findings == ()
    assert report.algorithms == ("sha256", "sha512")
    assert report.info[:3] == (("Source-Organization", "Kho lưu trữ"), ("Contact-Name", "A"), ("Contact-Name", "B"))
    assert report.info[3][0] == "Payload-Oxum"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["bag"]


def test_the_oracle_accepts_it(tmp_path: Path) -> None:
    def fill(target: Target) -> None:
        writer = BagWriter(target)
        writer.keep("thư mục/ảnh.jpg", put(tmp_path, "a", b"a"))
        writer.close(INFO)

    write_folder(tmp_path / "bag", fill, unverified)
    assert oracle_accepts(tmp_path / "bag")


def test_a_zip_is_whole_and_the_same_bytes_again(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_zip(tmp_path / name / "bag.zip", filling(tmp_path / "in"), unverified)
    one, two = (tmp_path / name / "bag.zip" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    assert judged(one).findings == ()
    with zipfile.ZipFile(one) as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert all(info.filename.startswith("bag/") for info in archive.infolist())


@pytest.mark.parametrize("write", [write_folder, write_zip])
def test_what_is_there_is_never_replaced(tmp_path: Path, write: Callable[..., None]) -> None:
    put(tmp_path, "bag", b"mine")
    with pytest.raises(ConflictError) as raised:
        write(tmp_path / "bag", filling(tmp_path / "in"), unverified)
    assert raised.value.code == "export-exists"
    assert (tmp_path / "bag").read_bytes() == b"mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bag"]


@pytest.mark.parametrize("write", [write_folder, write_zip])
def test_a_failure_leaves_nothing_behind(tmp_path: Path, write: Callable[..., None]) -> None:
    def breaks(target: Target) -> None:
        target.write("a/b", b"x")
        raise StorageError("The disk is full: test.")

    def unlike(_place: Path) -> None:
        raise DamageError("not the same")

    with pytest.raises(StorageError):
        write(tmp_path / "out/bag", breaks, unverified)
    with pytest.raises(DamageError):
        write(tmp_path / "out/bag", filling(tmp_path / "in"), unlike)
    assert list((tmp_path / "out").iterdir()) == []


def test_what_a_killed_export_left_is_removed(tmp_path: Path) -> None:
    put(tmp_path, ".bag.ditich-export/half", b"x")
    put(tmp_path, ".bag.zip.ditich-export", b"half")
    write_folder(tmp_path / "bag", filling(tmp_path / "in"), unverified)
    write_zip(tmp_path / "bag.zip", filling(tmp_path / "in"), unverified)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bag", "bag.zip", "in"]


def test_two_exports_to_one_place_do_not_meet(tmp_path: Path) -> None:
    def fill(_target: Target) -> None:
        with pytest.raises(ConflictError):
            write_folder(tmp_path / "bag", filling(tmp_path / "in"), unverified)
        filling(tmp_path / "in2")(FolderTarget(LocalStorage(tmp_path), ".bag.ditich-export"))

    write_folder(tmp_path / "bag", fill, unverified)
    assert judged(tmp_path / "bag").valid


@pytest.mark.parametrize("write", [write_folder, write_zip])
def test_a_place_that_refuses_bytes_is_named_and_left_clean(tmp_path: Path, write: Callable[..., None]) -> None:
    source = put(tmp_path, "in/large", b"x" * 3_000_000)

    def fill(target: Target) -> None:
        target.write("small", b"s")
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
        try:
            target.copy("large", source, lambda _block: None)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    with pytest.raises(StorageError) as raised:
        write(tmp_path / "out/bag", fill, unverified)
    assert "in/large" not in raised.value.message
    assert "large" in raised.value.message
    assert list((tmp_path / "out").iterdir()) == []


def test_a_source_that_is_gone_is_said(tmp_path: Path) -> None:
    def fill(target: Target) -> None:
        target.copy("a", tmp_path / "nowhere", lambda _block: None)

    for write in (write_folder, write_zip):
        with pytest.raises(Exception, match="nowhere"):
            write(tmp_path / "bag", fill, unverified)
