"""A ZIP tree: checked whole before it is unpacked, and counted while it is."""

import stat
import struct
import zipfile
from pathlib import Path

import pytest

from pipeline.receive import Intake, list_source, receive
from pipeline.receive.listing import Listing
from pipeline.sip import Deposit
from tests.pipeline.flow_builders import NOW, SITE


def take(listing: Listing, folder: Path) -> Deposit:
    return receive(listing, Intake(SITE, "99999", folder / "incoming", NOW))


def make_zip(folder: Path, *entries: tuple[str, bytes]) -> Path:
    path = folder / "card.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def test_a_zip_is_the_folder_that_it_holds(tmp_path: Path) -> None:
    inner = make_zip(tmp_path, ("x.txt", b"x")).read_bytes()
    path = make_zip(tmp_path, ("Chính điện/a.jpg", b"one"), ("b.zip", inner), ("__MACOSX/._a.jpg", b"no"), ("empty/", b""))
    deposit = take(list_source(path), tmp_path)
    assert [file.path for file in deposit.files] == ["Chính điện/a.jpg", "b.zip"]
    assert deposit.files[0].stored.read_bytes() == b"one"
    assert deposit.files[1].stored.read_bytes() == inner
    assert [(one.path, one.reason) for one in deposit.left_out] == [("__MACOSX/._a.jpg", "system-file")]


def test_names_without_the_utf8_flag_keep_their_bytes(tmp_path: Path) -> None:
    path = make_zip(tmp_path, ("aaaa.jpg", b"one"))
    content = path.read_bytes().replace(b"aaaa.jpg", "đô".encode() + b".jp"[:4] + b"g")
    path.write_bytes(content)
    (file,) = take(list_source(path), tmp_path).files
    assert bytes.fromhex(file.path_hex) == "đô.jpg".encode()
    assert file.path == "đô.jpg"


@pytest.mark.parametrize("name", ["../evil.jpg", "/etc/passwd", "a/../../evil", "C:/evil.jpg", "..\\evil.jpg", "a//b.jpg", "./a.jpg"])
def test_names_that_point_outside_are_refused(tmp_path: Path, name: str) -> None:
    deposit = take(list_source(make_zip(tmp_path, (name, b"x"), ("good.jpg", b"y"))), tmp_path)
    assert [file.path for file in deposit.files] == ["good.jpg"]
    assert [one.code for one in deposit.findings] == ["zip-unsafe-name"]
    assert not (tmp_path / "evil.jpg").exists()


def test_links_and_specials_inside_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "card.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, mode in (("link", stat.S_IFLNK), ("pipe", stat.S_IFIFO), ("plain", stat.S_IFREG)):
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (mode | 0o644) << 16
            archive.writestr(info, b"/etc/passwd")
    deposit = take(list_source(path), tmp_path)
    assert [file.path for file in deposit.files] == ["plain"]
    assert {one.path: one.reason for one in deposit.left_out} == {"link": "symbolic-link", "pipe": "special-file"}


def test_locked_entries_are_a_finding_each(tmp_path: Path) -> None:
    path = make_zip(tmp_path, ("a.jpg", b"one"), ("b.jpg", b"two"))
    content = bytearray(path.read_bytes())
    first = content.index(b"PK\x01\x02")
    struct.pack_into("<H", content, first + 8, struct.unpack_from("<H", content, first + 8)[0] | 1)
    path.write_bytes(content)
    deposit = take(list_source(path), tmp_path)
    assert [file.path for file in deposit.files] == ["b.jpg"]
    assert [one.code for one in deposit.findings] == ["zip-encrypted"]


def test_damaged_entries_cost_only_themselves(tmp_path: Path) -> None:
    path = tmp_path / "card.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.jpg", b"A" * 1000)
        archive.writestr("b.jpg", b"two")
    path.write_bytes(path.read_bytes().replace(b"A" * 1000, b"A" * 999 + b"B"))
    deposit = take(list_source(path), tmp_path)
    assert [file.path for file in deposit.files] == ["b.jpg"]
    assert [(one.code, one.path) for one in deposit.findings] == [("could-not-read", "a.jpg")]
    assert "damaged" in deposit.findings[0].detail


def test_an_entry_of_an_unknown_compression_is_a_finding(tmp_path: Path) -> None:
    path = make_zip(tmp_path, ("a.jpg", b"one"))
    content = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", content, content.index(signature) + offset, 97)
    path.write_bytes(content)
    assert [one.code for one in take(list_source(path), tmp_path).findings] == ["could-not-read"]


def test_an_entry_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path, ("a.jpg", b"x" * 5000))
    listing = list_source(path)
    listing.entries[0].size = 10
    listing.entries[0]._info.file_size = 5000  # type: ignore[attr-defined]
    deposit = take(listing, tmp_path)
    assert deposit.files == ()
    assert "more than it declares" in deposit.findings[0].detail


def test_a_bomb_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.receive.zip_tree.ALWAYS_ALLOWED", 10_000)
    path = make_zip(tmp_path, ("zeros", b"\0" * 2_000_000))
    listing = list_source(path)
    assert listing.entries == ()
    assert [one.code for one in listing.findings] == ["zip-too-large"]


def test_what_is_no_zip_is_said(tmp_path: Path) -> None:
    path = tmp_path / "card.zip"
    path.write_bytes(b"PK\x03\x04 cut off")
    assert [one.code for one in list_source(path).findings] == ["zip-broken"]


def test_a_name_that_comes_twice_is_taken_once(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = make_zip(tmp_path, ("a.jpg", b"one"), ("a.jpg", b"two"))
    deposit = take(list_source(path), tmp_path)
    assert len(deposit.files) == 1
    assert [one.reason for one in deposit.left_out] == ["same-name-twice"]
    assert [one.code for one in deposit.findings] == ["same-name-twice"]
