"""Every format by its bytes; nothing by its name alone; damage never raises."""

import io
import os
import random
import struct
from pathlib import Path

import pytest

from archive.records.asset import FormatVerdict
from pipeline.identify import FORMATS, identify_file, read
from pipeline.readers.mpeg_audio import mpeg_frame
from pipeline.worker_process import open_input
from tests.pipeline.identify import builders

ALL = {name for form in FORMATS for name in form.names}
SIGNATURELESS = {"xyz", "splat", "ksplat", "markdown", "jxl", "csv", "tsv"}


def identify(content: bytes, name: str = "datei") -> FormatVerdict:
    return identify_file(io.BytesIO(content), name, len(content))


@pytest.mark.parametrize("name", builders.BUILDERS)
def test_every_format_is_known_by_its_bytes(name: str) -> None:
    file_name, content = builders.build(name)
    verdict = identify(content, file_name)
    assert verdict.name == name
    assert verdict.basis
    assert "/" in verdict.media_type
    assert verdict.media_type != "application/octet-stream"


@pytest.mark.parametrize("name", sorted(set(builders.BUILDERS) - SIGNATURELESS))
def test_a_false_name_changes_nothing(name: str) -> None:
    content = builders.build(name)[1]
    assert identify(content, "photo.jpg").name == name


def test_the_builders_leave_out_only_relatives() -> None:
    assert ALL - builders.BUILDERS.keys() == {
        *("srw", "3fr", "iiq", "mos", "dcr", "erf", "rwl", "mef", "gpr"),
        *("ply", "xlsb", "odp", "ppt", "webm"),
    }


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.jpg", b"\xff\xd8\xff\xe0", "jpeg"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "png"),
        ("a.ply", b"ply\nformat binary_little_endian 1.0\nelement vert", "ply"),
        ("a.pcd", b"# .PCD v.7\n", "pcd"),
        ("a.las", builders.las_header(2, 3, [])[:94] + b"\0" * 200, "las"),
        ("a.webp", b"RIFF\x10\0\0\0WEBPxxxx", "webp"),
        ("a.zip", b"PK\x03\x04" + b"\0" * 40, "zip"),
        ("a.tif", b"MM\0*\0\0\xff\xff", "tiff"),
        ("a.tif", builders.tiff([(330, builders.TIFF_LONG, struct.pack("<II", 8, 3))]), "tiff"),
        ("a.stl", b"\xff" * 100, "stl"),
        ("a.stl", b"solid a\nfacet normal 0 0 1\nendsolid\n", "stl"),
        ("a.mp3", b"ID3\x04\0\0\0\0\0\0", "mp3"),
        ("a.mov", builders.movie(b"qt  ")[20:], "mov"),
        ("a.webm", b"\x1aE\xdf\xa3\0webm", "webm"),
        ("a.spz", b"NGSP" + struct.pack("<II", 4, 9), "spz"),
        ("a.usdc", b"PXR-USDC" + struct.pack("<8BQ", 0, 8, 0, 0, 0, 0, 0, 0, 24) + b"\0" * 9, "usd"),
        ("a.gltf", b'\xef\xbb\xbf{"asset": {"version": "2.0"}}', "gltf"),
        ("a.txt", "Đình".encode("utf-16"), "text"),
        ("a.txt", b"caf\xe9 windows", "text"),
        ("a.txt", "วัดพระแก้ว กรุงเทพ".encode("cp874"), "text"),
        ("a.txt", b"<<< not markup", "text"),
        ("a.bin", b"a\tb\tc\n1\t2\t3\n4\t5\t6\n", "tsv"),
        ("a.csv", b"one column\nonly\n", "csv"),
        ("k.txt", b"1 0 0\n0 1 0\n0 0 1\n", "text"),
        ("a.txt", b"1 0 0\n" * 10, "xyz"),
        ("a.asc", b"x y z\n1 2 3\n", "xyz"),
        ("a.asc", b"ncols 4\nnrows 4\n", "text"),
        ("a.json", b"{broken", "text"),
        ("a.json", b"[" * 100_000, "text"),
        ("a.zip", b"PK\x05\x06" + b"\0" * 18, "zip"),
        ("a.jxl", b"\0\0\0\x0cJXL \r\n\x87\n" + builders.box(b"ftyp", b"jxl \0\0\0\0jxl "), "jxl"),
        ("a.jpg", b"\xff\xd8\xff\xff\xe0\0\x04ab\xff\xd0\xff\xc0\0\x0b\x08\0\x10\0\x18\1\1\x11\0", "jpeg"),
        ("a.jpg", b"\xff\xd8" + b"\xff\xd0" * 600, "jpeg"),
        ("a.mov", builders.box(b"free") + b"\0\0\0\1wide" + struct.pack(">Q", 24) + b"\0" * 8 + builders.box(b"moov"), "mov"),
        ("a.ptx", builders.PTX.replace(b"1 2 3 0.5", b"1 2"), "text"),
    ],
)
def test_parts_relatives_and_near_misses(name: str, content: bytes, expected: str) -> None:
    assert identify(content, name).name == expected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b"\xff\xd8"),
        ("a.jxl", b"\xff\x0b\0\0"),
        ("a.dng", b"II*\0"),
        ("a.heic", b"\0\0\0\x18ftypic\x99\x01\0\0\0\0"),
        ("a.heic", b"\xff\xff\xff\xffftyp\0\0\0\0"),
        ("a.mov", b"\0\0\0\x08free\0\0"),
        ("a.mov", b"\0\0\0\x08free" * 3 + b"\0\0\0\x02free"),
        ("a.orf", b"IIRO\xff\xff\xff\xff"),
        ("a.splat", b"\x01" * 31),
        ("a.splat", b"\xff" * 64),
        ("a.ksplat", b"\xff" * 64),
        ("a.spz", b"\x1f\x8b\x08\0\0"),
        ("a.drc", b"DRACO\x02\x02\x09\x01\0\0"),
        ("a.bin", b"\x00\x01\x02\x03" * 9),
        ("a.mp3", b"\xff\xfb\xf0\x00" + b"\0" * 9),
        ("a.mp3", b"\xff\xeb\x90\x00" + b"\0" * 9),
    ],
)
def test_what_nobody_knows_is_unknown(name: str, content: bytes) -> None:
    verdict = identify(content, name)
    assert verdict == FormatVerdict("unknown", "application/octet-stream", basis="no signature matched")


def test_as_a_task_and_where_the_file_may_not_be_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = open_input(_written(tmp_path, "a.png"), tmp_path)
    with source.stream:
        assert read(source).puid.startswith("fmt/")
        monkeypatch.setattr(os, "access", lambda *_, **__: False)
        assert read(source).puid == ""


def test_pronom_failing_leaves_our_own_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pygfried

    def failing(*_: object, **__: object) -> None:
        raise pygfried.GoError("broken")

    monkeypatch.setattr(pygfried, "identify", failing)
    with _written(tmp_path, "a.png").open("rb") as stream:
        assert identify_file(stream, "a.png", 99).name == "png"


def _written(tmp_path: Path, name: str) -> Path:
    path = tmp_path / name
    path.write_bytes(builders.picture("PNG"))
    return path


def test_no_bytes_are_empty() -> None:
    assert identify(b"", "a.jpg").name == "empty"


def test_gltf_with_large_inline_buffers_is_known_by_its_ends() -> None:
    document = b'{"asset": {"generator": "g", "version": "2.0"}, "buffers": [{"uri": "' + b"A" * (9 << 20) + b'"}]}'
    assert identify(document, "a.gltf").name == "gltf"
    assert identify(b'{"a": "' + b"A" * (9 << 20) + b'"}', "a.json").name == "json"
    assert identify(b'{"a": "' + b"A" * (9 << 20) + b'"}', "a.dat").name == "text"


def test_large_text_keeps_its_encoding_and_its_columns() -> None:
    words = ("Đà Nẵng" * 20_000).encode()
    assert identify(words, "a.txt").version == "UTF-8"
    assert identify(b"caf\xe9 " * 20_000, "a.txt").version == "8-bit text"
    assert identify(b"1.25 2.5 3.75\n" * 10_000, "a.xyz").name == "xyz"


def test_versions_are_read() -> None:
    assert identify(builders.build("las")[1]).version == "1.4"
    assert identify(builders.build("dng")[1]).version == "1.4"
    assert identify(builders.build("raf")[1]).version == "0201"
    assert identify(builders.tiff([(34735, builders.TIFF_SHORT, struct.pack("<4H", 1, 1, 0, 0))])).version == "GeoTIFF"
    assert identify(builders.picture("JPEG", dpi=(72, 72))).version == "JFIF 1.01"


def test_pronom_gives_the_puid_only_where_it_agrees(tmp_path: Path) -> None:
    puids = {}
    for name in ("png", "e57", "las", "usdz", "stl", "csv"):
        file_name, content = builders.build(name)
        path = tmp_path / file_name
        path.write_bytes(content)
        with path.open("rb") as stream:
            verdict = identify_file(stream, file_name, len(content))
        assert verdict.name == name
        puids[name] = verdict.puid
    assert puids["png"].startswith("fmt/1")
    # PRONOM takes LAS 1.4 for an AutoCAD file and USDZ for any ZIP: then there is no PUID, not a wrong one.
    assert puids | {"png": ""} == {"png": "", "e57": "fmt/643", "las": "", "usdz": "", "stl": "fmt/865", "csv": "x-fmt/18"}


def test_what_only_pronom_knows_is_other_with_its_puid(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    header = b"BM" + struct.pack("<IHHI", 58, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0) + b"\0\0\0\0"
    path.write_bytes(header)
    with path.open("rb") as stream:
        verdict = identify_file(stream, "a.bin", len(header))
    assert (verdict.name, verdict.media_type) == ("other", "image/bmp")
    assert verdict.puid.startswith(("fmt/", "x-fmt/"))


def test_mpeg_frame_lengths_are_the_standards() -> None:
    frames = [mpeg_frame(header) for header in (b"\xff\xfb\x90\x00", b"\xff\xf3\x90\x00", b"\xff\xe3\x92\xc0", b"\xff\xfb")]
    assert [frame and (frame.length, frame.sample_rate, frame.channels) for frame in frames] == [
        *((417, 44100, 2), (261, 22050, 2), (523, 11025, 1)),
        None,
    ]


@pytest.mark.parametrize("name", builders.BUILDERS)
def test_cut_and_changed_files_never_raise(name: str) -> None:
    file_name, content = builders.build(name)
    chance = random.Random(name)
    for _ in range(25):
        damaged = bytearray(content[: chance.randrange(1, len(content) + 1)])
        for _ in range(chance.randrange(4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        verdict = identify(bytes(damaged), file_name)
        assert verdict.name in ALL | {"unknown", "other"}
