"""Bags in a ZIP: read without unpacking, and hostile ones refused before a byte is."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from archive.bagit import source as module
from archive.bagit.notes import Notes
from archive.bagit.source import BagZip, open_bag
from archive.bagit.validate import validate_bag
from archive.errors import UnreadableError
from tests.archive.bagit.builders import FILES, judged, make_bag, put


def zipped(folder: Path, place: Path, top: str = "bag/", compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(place, "w", compression) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, top + str(path.relative_to(folder)))
    return place


def entry(name: str, mode: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def with_entry(place: Path, info: zipfile.ZipInfo, content: bytes = b"x") -> list[tuple[str, str]]:
    """(code, path) of what is found in a whole bag's ZIP to which one entry is added."""
    with zipfile.ZipFile(place, "a") as archive:
        archive.writestr(info, content)
    return [(finding.code, finding.path) for finding in judged(place).findings]


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    return zipped(make_bag(tmp_path / "bag"), tmp_path / "bag.zip")


@pytest.mark.parametrize("top", ["", "bag/", "tên khác/"])
def test_a_zipped_bag_is_as_valid_as_its_folder(tmp_path: Path, top: str) -> None:
    folder = make_bag(tmp_path / "bag")
    report = judged(zipped(folder, tmp_path / "x.zip", top))
    assert report.valid
    assert report.findings == ()
    assert [file.path for file in report.payload] == sorted(FILES)


def test_an_empty_payload_folder_counts(tmp_path: Path) -> None:
    assert judged(zipped(make_bag(tmp_path / "bag", {}), tmp_path / "x.zip")).findings == ()
    assert judged(zipped(make_bag(tmp_path / "bag2", {}), tmp_path / "y.zip", "")).findings == ()


def test_a_bag_below_other_folders_is_none(tmp_path: Path) -> None:
    folder = make_bag(tmp_path / "bag")
    assert [finding.code for finding in judged(zipped(folder, tmp_path / "x.zip", "a/b/")).findings] == ["bag-declaration-missing"]
    place = zipped(folder, tmp_path / "y.zip")
    assert with_entry(place, entry("beside.txt")) == [("bag-declaration-missing", "")]


def test_no_zip_and_a_truncated_one(tmp_path: Path, packed: Path) -> None:
    assert judged(put(tmp_path, "note.zip", b"hello")).findings[0].code == "bag-zip-broken"
    assert judged(put(tmp_path, "empty.zip", b"")).findings[0].code == "bag-zip-broken"
    packed.write_bytes(packed.read_bytes()[:-40])
    assert [finding.code for finding in judged(packed).findings] == ["bag-zip-broken"]


@pytest.mark.parametrize("name", ["../evil", "bag/../../evil", "/etc/evil", "C:\\evil", "bag\\evil", "~/evil"])
def test_names_that_lead_out_are_refused(packed: Path, name: str) -> None:
    assert ("bag-path-unsafe", name) in with_entry(packed, entry(name))


@pytest.mark.parametrize("mode", [0o120777, 0o010644])
def test_links_and_pipes_are_refused(packed: Path, mode: int) -> None:
    assert ("bag-link", "bag/data/link") in with_entry(packed, entry("bag/data/link", mode), b"/etc/passwd")


def test_a_name_twice_is_refused(packed: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        assert ("bag-zip-name-twice", "bag/data/empty") in with_entry(packed, entry("bag/data/empty"), b"")


def test_a_locked_entry_is_refused(packed: Path) -> None:
    content = bytearray(packed.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    packed.write_bytes(bytes(content))
    assert "bag-zip-locked" in [finding.code for finding in judged(packed).findings]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ALWAYS_ALLOWED", 100_000)
    folder = make_bag(tmp_path / "bag", {"data/zeros": b"\0" * 2_000_000})
    assert [finding.code for finding in judged(zipped(folder, tmp_path / "x.zip")).findings] == ["bag-too-large"]


def test_too_many_files_are_refused(tmp_path: Path, packed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILES", 2)
    assert "bag-too-large" in [finding.code for finding in judged(packed).findings]
    assert "bag-too-large" in [finding.code for finding in judged(tmp_path / "bag").findings]


def test_damaged_bytes_are_named(tmp_path: Path) -> None:
    folder = make_bag(tmp_path / "bag", {"data/long": bytes(range(256)) * 40})
    place = zipped(folder, tmp_path / "x.zip", compression=zipfile.ZIP_STORED)
    content = bytearray(place.read_bytes())
    content[content.index(bytes(range(200))) + 7] ^= 1
    place.write_bytes(bytes(content))
    assert [(finding.code, finding.path) for finding in judged(place).findings] == [("bag-file-unreadable", "data/long")]


def test_an_unknown_compression_is_named(tmp_path: Path) -> None:
    place = zipped(make_bag(tmp_path / "bag"), tmp_path / "x.zip")
    content = bytearray(place.read_bytes())
    for mark, field in ((b"PK\x01\x02", 10), (b"PK\x03\x04", 8)):
        at = content.index(mark)
        while at >= 0:
            struct.pack_into("<H", content, at + field, 97)
            at = content.find(mark, at + 1)
    place.write_bytes(bytes(content))
    assert "bag-file-unreadable" in [finding.code for finding in judged(place).findings]


def test_an_entry_that_unpacks_to_more_than_it_declares() -> None:
    stream = module._Unpacking(io.BytesIO(b"12345"), 3)
    assert stream.read(3) == b"123"
    with pytest.raises(UnreadableError, match="more than it declares"):
        stream.read(3)


def test_a_name_that_is_no_utf8(tmp_path: Path) -> None:
    place = zipped(make_bag(tmp_path / "bag", tags=False), tmp_path / "x.zip")
    with zipfile.ZipFile(place, "a") as archive:
        archive.writestr("bag/data/XXXX", b"")
        archive.writestr("bag/data/YYYYY", b"")
    exact = place.read_bytes().replace(b"data/XXXX", b"data/\xff\xfe\xfd\xfc").replace(b"data/YYYYY", b"data/a\xe1\xba\xa3b")
    place.write_bytes(exact)
    found = {finding.path for finding in judged(place).findings if finding.code == "bag-file-not-listed"}
    assert "data/aảb" in found
    assert len(found) == 2


def test_a_zip_that_is_not_open_reads_nothing(packed: Path) -> None:
    source = BagZip(packed)
    with source, pytest.raises(UnreadableError):
        source.open("bagit.txt")
    with open_bag(packed) as opened:
        opened.files(Notes())
        with opened.open("data/empty") as stream:
            assert stream.read() == b""
    assert validate_bag(BagZip(packed)).valid
