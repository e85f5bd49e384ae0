"""Damaged and lying files: a sentence, never a crash, a hang, or memory for what is not there."""

import random
import struct
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import laspy
import numpy as np
import pytest

from archive.errors import UnreadableError
from pipeline.readers.points import e57, open_points, sniff_format
from pipeline.readers.points.las import UnsupportedCompressionError
from pipeline.readers.points.las_layout import read_layout
from tests.pipeline.readers.point_builders import ball, tones, write_e57, write_las, write_pcd, write_ply, write_ptx


def read_all(path: Path, point_format: str = "") -> int:
    return sum(len(chunk.xyz) for chunk in open_points(path, point_format or sniff_format(path)).chunks())


def outcome(path: Path, point_format: str = "") -> int | str:
    """How many points were read, or the sentence with which the file was refused. Anything else ends the test."""
    try:
        return read_all(path, point_format)
    except UnreadableError as error:
        return error.message


def refused(path: Path, words: str, point_format: str = "") -> None:
    with pytest.raises(UnreadableError, match=words):
        read_all(path, point_format)


def patched(path: Path, offset: int, content: bytes) -> Path:
    raw = bytearray(path.read_bytes())
    raw[offset : offset + len(content)] = content
    path.write_bytes(raw)
    return path


LAS_FAULTS = [
    (0, b"LASX", "does not begin"),
    (94, struct.pack("<H", 100), "names places"),
    (96, struct.pack("<I", 2**31), "names places"),
    (104, b"\x0b", "format 11"),
    (105, struct.pack("<H", 4), "4 bytes"),
    (107, struct.pack("<I", 2**31), "ends before"),
    (131, struct.pack("<d", 0.0), "scale"),
    (131, struct.pack("<d", float("nan")), "not a number"),
    (155, struct.pack("<d", float("inf")), "not a number"),
]


@pytest.mark.parametrize(("offset", "content", "words"), LAS_FAULTS, ids=range(len(LAS_FAULTS)))
def test_las_headers_that_lie(tmp_path: Path, offset: int, content: bytes, words: str) -> None:
    refused(patched(write_las(tmp_path / "a.las", ball(50), tones(50)), offset, content), words, "las")


def test_laz_that_lies(tmp_path: Path) -> None:
    path = write_las(tmp_path / "a.laz", ball(5000), tones(5000))
    whole = path.read_bytes()
    refused(patched(path, 107, struct.pack("<I", 2**31)), "cannot be true")
    path.write_bytes(whole)
    refused(patched(path, 107, struct.pack("<I", 60_000)), "damaged")
    path.write_bytes(whole[: len(whole) // 2])
    refused(path, "damaged")
    path.write_bytes(whole.replace(b"laszip encoded", b"laszip unknown"))
    refused(path, "how its points are compressed")


def test_laz_of_an_unknown_compression_is_not_called_damaged(corpus: Path) -> None:
    with pytest.raises(UnsupportedCompressionError, match="cannot read yet"):
        read_all(corpus / "pointclouds" / "las" / "pdrf10-1.5.laz")


def test_a_las_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    path = write_las(tmp_path / "a.las", ball(50), tones(50))
    source = open_points(path, "las")
    path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(UnreadableError, match="shorter"):
        list(source.chunks())


PLY_HEAD = "ply\nformat ascii 1.0\nelement vertex {}\nproperty float x\nproperty float y\nproperty float z\nend_header\n"
PLY_FAULTS = [
    ("ply", "header does not end"),
    ("plyx\n", "does not begin"),
    ("ply\nformat ascii 1.0\n", "header does not end"),
    ("ply\nformat quantum 1.0\nend_header\n", "form"),
    ("ply\nformat ascii 1.0\nelement vertex -5\nend_header\n", "element line"),
    ("ply\nformat ascii 1.0\nelement vertex 1\nproperty quux x\nend_header\n", "property line"),
    ("ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nend_header\n1\n", "no x, y and z"),
    (PLY_HEAD.format(10**17) + "1 2 3\n", "ends before"),
    (PLY_HEAD.format(3) + "1 2 3\n4 5 6\n                   \n", "declares 3 vertices and has 2"),
    (PLY_HEAD.format(2) + "1 2 3\n4 five 6\n", "vertex 2"),
    (PLY_HEAD.format(2) + "1 2 3\n4 5 6 7\n", "vertex 2"),
    ("ply\nformat ascii 1.0\nend_header\n", "no vertices"),
]


@pytest.mark.parametrize(("text", "words"), PLY_FAULTS, ids=range(len(PLY_FAULTS)))
def test_plys_that_lie(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "a.ply").write_text(text)
    refused(tmp_path / "a.ply", words, "ply")


def test_binary_plys_that_lie(tmp_path: Path) -> None:
    path = write_ply(tmp_path / "a.ply", ball(50), tones(50))
    source = open_points(path, "ply")
    path.write_bytes(path.read_bytes()[:-1])
    refused(path, "ends before", "ply")
    with pytest.raises(UnreadableError, match="ends before"):
        list(source.chunks())
    head = "ply\nformat binary_little_endian 1.0\nelement strip 9\nproperty list uchar int v\nelement vertex 1\n"
    (tmp_path / "b.ply").write_bytes((head + "property float x\nproperty float y\nproperty float z\nend_header\n").encode() + b"\x01")
    refused(tmp_path / "b.ply", "within a list", "ply")


PCD = "# .PCD v0.7\nVERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 2\nHEIGHT 1\nVIEWPOINT a b\n"
PCD += "POINTS 2\nDATA ascii\n1 2 3\n4 5 6\n"
PCD_FAULTS: list[tuple[Callable[[str], str], str]] = [
    (lambda text: text.replace("DATA ascii", "DATUM"), "no DATA"),
    (lambda text: text.replace("FIELDS x y z", "FIELDS x y"), "belong together"),
    (lambda text: text.replace("FIELDS x y z", "FIELDS a b c"), "no x, y and z"),
    (lambda text: text.replace("SIZE 4", "SIZE 3"), "type that PCD"),
    (lambda text: text.replace("SIZE 4", "SIZE four"), "no number"),
    (lambda text: text.replace("COUNT 1", "COUNT 0"), "impossible count"),
    (lambda text: text.replace("POINTS 2", "POINTS 99999999"), "ends before"),
    (lambda text: text.replace("POINTS 2", "POINTS 3") + "     \n", "has 2"),
    (lambda text: text.replace("ascii", "klingon"), "form"),
    (lambda text: text.replace("4 5 6", "4 five"), "row of numbers"),
    (lambda text: text.split("DATA")[0] + "DATA binary\n1234", "ends before"),
    (lambda text: text.split("DATA")[0] + "DATA binary_compressed\n1234", "ends before"),
]


@pytest.mark.parametrize(("change", "words"), PCD_FAULTS, ids=range(len(PCD_FAULTS)))
def test_pcds_that_lie(tmp_path: Path, change: Callable[[str], str], words: str) -> None:
    (tmp_path / "a.pcd").write_text(change(PCD))
    refused(tmp_path / "a.pcd", words, "pcd")


def test_compressed_pcds_that_lie(tmp_path: Path) -> None:
    path = write_pcd(tmp_path / "a.pcd", ball(50), tones(50), "binary_compressed")
    start = path.read_bytes().index(b"binary_compressed\n") + 18
    whole = path.read_bytes()
    for offset, content, words in ((start, b"\xff\xff\xff\x7f", "declared size"), (start + 4, b"\x00\x00\x00\x7f", "declared size")):
        refused(patched(path, offset, content), words)
        path.write_bytes(whole)
    for content in (b"\xff\xff\xff", b"\x20\xff", b"\xe0", b"\x1f"):
        broken = whole[: start + 8] + content * ((len(whole) - start - 8) // len(content) + 1)
        path.write_bytes(broken[: len(whole)])
        refused(path, "damaged")


def test_a_binary_pcd_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    path = write_pcd(tmp_path / "a.pcd", ball(50), tones(50))
    source = open_points(path, "pcd")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UnreadableError, match="shorter"):
        list(source.chunks())


TEXT_FAULTS = [
    ("pts", "", "empty"),
    ("pts", "5\n1 2\n", "3, 4, 6 or 7"),
    ("pts", "999999\n1 2 3\n", "cannot hold"),
    ("pts", "3\n1 2 3\n4 5 6\n                  \n", "declares 3"),
    ("pts", "2\n1 2 3\n4 5 6 7\n", "row 3"),
    ("xyz", "", "no row"),
    ("xyz", "hello\nworld\n", "no row"),
    ("xyz", "1 2 3\n4 5\n", "row 2"),
    ("xyz", "# title\n1 2 3\noops\n", "row 2"),
    ("xyz", "word\n" * 60 + "1 2 3\n", "first lines"),
    ("xyz", "1" * 70_000, "64 KiB"),
    ("ptx", "", "empty"),
    ("ptx", "1\nx\n", "ten lines"),
    ("ptx", "90000\n90000\n" + "0 0 0\n" * 4 + "0 0 0 1\n" * 4, "ends before"),
    ("ptx", "2\n1\n" + "0 0 0\n" * 4 + "0 0 0 1\n" * 4 + "1 2 3 4\n            ", "ends within"),
    ("ptx", "2\n1\n" + "0 0 0\n" * 4 + "0 0 0 1\n" * 4 + "1 2 3 4\n1 2 3\n", "all alike"),
    ("ptx", "1\n1\n" + "0 0 0\n" * 4 + "0 0 nan 1\n" * 4 + "1 2 3 4\n", "ten lines"),
]


@pytest.mark.parametrize(("point_format", "text", "words"), TEXT_FAULTS, ids=range(len(TEXT_FAULTS)))
def test_texts_that_lie(tmp_path: Path, point_format: str, text: str, words: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    refused(tmp_path / "a.txt", words, point_format)


def test_an_empty_pts_is_an_empty_cloud(tmp_path: Path) -> None:
    (tmp_path / "a.pts").write_text("0\n")
    assert read_all(tmp_path / "a.pts", "pts") == 0


@pytest.mark.parametrize("content", [b"", b"ASTM-E57", b"ASTM-E57" + bytes(4000)])
def test_files_that_are_no_e57(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.e57").write_bytes(content)
    refused(tmp_path / "a.e57", "E57", "e57")


@pytest.mark.parametrize("folder", ["hostile/e57", "hostile/las", "hostile/ply-pcd-obj"])
def test_hostile_files_are_read_or_refused_quickly(corpus: Path, folder: str) -> None:
    for path in sorted((corpus / folder).iterdir()):
        start = time.process_time()
        found = outcome(path)
        assert found >= 0 if isinstance(found, int) else found.endswith(".")
        assert time.process_time() - start < 10


MAKERS: dict[str, Callable[[Path], Path]] = {
    "las": lambda folder: write_las(folder / "a.las", ball(40), tones(40)),
    "laz": lambda folder: write_las(folder / "a.laz", ball(40), tones(40)),
    "ply": lambda folder: write_ply(folder / "a.ply", ball(40), tones(40)),
    "pcd": lambda folder: write_pcd(folder / "a.pcd", ball(40), tones(40), "binary_compressed"),
    "e57": lambda folder: write_e57(folder / "a.e57", [(ball(40), (1, 0, 0, 0), (0, 0, 0))]),
    "ptx": lambda folder: write_ptx(folder / "a.ptx", ball(40), tones(40), np.eye(4)),
}


@pytest.mark.parametrize("point_format", MAKERS)
def test_mutations_never_raise_anything_but_unreadable(tmp_path: Path, point_format: str) -> None:
    rng = random.Random(20261122)
    path = MAKERS[point_format](tmp_path)
    whole = path.read_bytes()
    for _ in range(150):
        raw = bytearray(whole)
        for _ in range(rng.randint(1, 6)):
            raw[rng.randrange(min(len(raw), 2000))] = rng.randrange(256)
        if rng.random() < 0.3:
            del raw[rng.randrange(len(raw)) :]
        path.write_bytes(raw)
        found = outcome(path, point_format)
        assert found >= 0 if isinstance(found, int) else found.endswith(".")


def test_e57s_that_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_e57(tmp_path / "a.e57", [(ball(40), (0, 0, 0, 0), (0, 0, 0))])
    refused(path, "not a number")
    path = write_e57(tmp_path / "b.e57", [(ball(40), (1, 0, 0, 0), (0, 0, 0))])
    with e57.opened(str(path)) as file:
        scan = e57.list_scans(file, path.stat().st_size)[0]
        with pytest.raises(UnreadableError, match="no complete coordinates"):
            e57._buffers(file, e57.Scan(0, scan.station, frozenset({"intensity"})), 10)
    longer = replace(scan, station=replace(scan.station, points=60))
    with pytest.raises(UnreadableError, match="20 points too early"):
        list(e57._stream(str(path), (longer,)))
    monkeypatch.setattr(e57, "POINTS_PER_BYTE", 0)
    refused(path, "cannot be true")


def test_records_that_run_into_the_points_or_off_the_end(tmp_path: Path) -> None:
    header = laspy.LasHeader(point_format=6, version="1.4")
    header.vlrs.append(laspy.VLR("Ditich", 7, "kept", b"12345678"))
    header.evlrs = laspy.vlrs.vlrlist.VLRList([laspy.VLR("Ditich", 8, "behind", b"abc"), laspy.VLR("Ditich", 9, "last", b"def")])
    las = laspy.LasData(header)
    las.x, las.y, las.z = ball(3).T
    las.write(tmp_path / "a.las")
    whole = (tmp_path / "a.las").read_bytes()

    def numbers() -> list[int]:
        with (tmp_path / "a.las").open("rb") as stream:
            return [record.number for record in read_layout(stream).records]

    assert numbers() == [7, 8, 9]
    patched(tmp_path / "a.las", 375 + 20, b"\xff\xff")
    assert numbers() == [8, 9]
    (tmp_path / "a.las").write_bytes(whole[:-40])
    assert numbers() == [7, 8]
    start = struct.unpack_from("<Q", whole, 235)[0]
    (tmp_path / "a.las").write_bytes(whole)
    patched(tmp_path / "a.las", start + 20, b"\xff" * 6)
    assert numbers() == [7]
    (tmp_path / "a.las").write_bytes(whole)
    patched(tmp_path / "a.las", 235, b"\xff" * 8)
    assert numbers() == [7]
