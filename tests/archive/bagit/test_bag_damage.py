"""Seeded damage to whole bags: the judge never stumbles, and no change of a byte passes."""

import random
from pathlib import Path

import pytest

from archive.bagit.notes import Notes
from archive.bagit.source import open_bag
from archive.errors import UnreadableError
from tests.archive.bagit.builders import FILES, judged, make_bag, put
from tests.archive.bagit.test_bag_zip import zipped

ROUNDS = 60


def spoiled(content: bytes, luck: random.Random) -> bytes:
    """The bytes with one thing done to them; now and then it changes nothing."""
    at = luck.randrange(len(content) + 1)
    kind = luck.randrange(6)
    if kind == 0 and at < len(content):
        return content[:at] + bytes([content[at] ^ (1 << luck.randrange(8))]) + content[at + 1 :]
    if kind == 1:
        return content[:at] + luck.randbytes(luck.randrange(1, 20)) + content[at:]
    if kind == 2 and at < len(content):
        return content[:at]
    if kind == 3:
        return content[:at] + content[: luck.randrange(1, 300)] + content[at:]
    if kind == 4:
        return content[:at] + luck.choice([b"\0", b"\r", b"\xff", b"../", b"%", b"\xef\xbb\xbf", b"~", b"\\"]) + content[at:]
    return luck.randbytes(luck.randrange(200)) + b"x"


@pytest.mark.parametrize("seed", range(4))
def test_no_changed_byte_of_a_bag_passes(tmp_path: Path, seed: int) -> None:
    luck = random.Random(seed)
    bag = make_bag(tmp_path / "bag", algorithms=("sha512", "md5"))
    put(bag, "bag-info.txt", b"Payload-Oxum: 14.3\nContact-Name: A\n")
    whole = {path: path.read_bytes() for path in bag.rglob("*") if path.is_file()}
    covered = [path for path in whole if path.name not in {"bag-info.txt", "tagmanifest-sha512.txt", "tagmanifest-md5.txt"}]
    for _ in range(ROUNDS):
        victim = luck.choice(covered)
        other = spoiled(whole[victim], luck)
        victim.write_bytes(other)
        assert judged(bag).valid == (other == whole[victim]), other
        victim.write_bytes(whole[victim])
    assert judged(bag).valid


@pytest.mark.parametrize("seed", range(4))
def test_lists_of_nonsense_are_judged_without_stumbling(tmp_path: Path, seed: int) -> None:
    luck = random.Random(seed)
    bag = make_bag(tmp_path / "bag", tags=False)
    sound = (bag / "manifest-sha512.txt").read_bytes()
    info = b"Payload-Oxum: 14.3\nExternal-Description: long\n and longer\n"
    fetch = "https://example.org/1 3 data/ảnh 1.jpg\n".encode()
    for _ in range(ROUNDS):
        for name, content in (("manifest-sha512.txt", sound), ("bag-info.txt", info), ("fetch.txt", fetch)):
            put(bag, name, spoiled(spoiled(content, luck), luck))
        report = judged(bag)
        assert {file.path for file in report.payload} <= set(FILES)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_zip_is_judged_without_stumbling_and_never_taken_for_another(tmp_path: Path, seed: int) -> None:
    luck = random.Random(seed)
    whole = zipped(make_bag(tmp_path / "bag"), tmp_path / "x.zip").read_bytes()
    for number in range(ROUNDS):
        place = put(tmp_path, f"{number}.zip", spoiled(whole, luck))
        report = judged(place, keep=("md5",))
        if report.valid:  # what was hit says nothing about the files: a time, a comment
            assert {file.path: file.digests for file in report.payload} == {
                file.path: file.digests for file in judged(tmp_path / "bag", keep=("md5",)).payload
            }
        place.unlink()


def test_a_zip_directory_that_lies_about_a_size(tmp_path: Path) -> None:
    place = zipped(make_bag(tmp_path / "bag", {"data/a": b"a" * 5000}), tmp_path / "x.zip")
    content = place.read_bytes()
    at = content.index(b"PK\x01\x02")
    while content[at + 46 : at + 46 + 10] != b"bag/data/a":
        at = content.index(b"PK\x01\x02", at + 1)
    place.write_bytes(content[: at + 24] + (100).to_bytes(4, "little") + content[at + 28 :])
    assert not judged(place).valid
    with open_bag(place) as source:
        source.files(Notes())
        with pytest.raises(UnreadableError), source.open("data/a") as stream:
            assert list(iter(lambda: stream.read(50), b""))
