"""The reader that looks for anything but pixels finds every kind of planted secret, and nothing in what we write."""

import json
import struct
from pathlib import Path

import pytest
import pyvips
from PIL import Image, PngImagePlugin

from pipeline.readers.traces import read_all, traces
from tests.pipeline.readers.pictures import four_corners

OURS = {"keep": "none"}


def vips() -> pyvips.Image:
    import numpy as np

    return pyvips.Image.new_from_array(np.asarray(four_corners((1200, 900)))).copy(interpretation="srgb")


def clean_files(folder: Path) -> list[Path]:
    picture = vips()
    picture.jpegsave(str(folder / "a.jpg"), interlace=True, optimize_coding=True, **OURS)
    picture.pngsave(str(folder / "a.png"), **OURS)
    picture.tiffsave(str(folder / "a.tif"), tile=True, pyramid=True, compression="jpeg", **OURS)
    picture.tiffsave(str(folder / "big.tif"), bigtiff=True, compression="jpeg", tile=True, **OURS)
    four_corners().save(folder / "a.avif")
    (folder / "a.glb").write_bytes(glb({"asset": {"version": "2.0"}, "meshes": [{"primitives": [{"attributes": {}}]}]}))
    (folder / "a.json").write_text("{}")
    return sorted(folder.iterdir())


def glb(document: dict[str, object]) -> bytes:
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<4sII", b"glTF", 2, 20 + len(text)) + struct.pack("<I4s", len(text), b"JSON") + text


def test_clean_files_are_clean(tmp_path: Path) -> None:
    files = clean_files(tmp_path)
    assert read_all(tuple((path.name, path) for path in files)) == ()


def exif_with_place() -> Image.Exif:
    exif = Image.Exif()
    exif[0x013B] = "Bà Người Giữ Đền"
    exif.get_ifd(0x8825)[1] = "N"
    return exif


@pytest.mark.parametrize("name", ["a.jpg", "a.avif", "a.png", "a.tif"])
def test_exif_is_found(tmp_path: Path, name: str) -> None:
    four_corners().save(tmp_path / name, exif=exif_with_place())
    assert traces(tmp_path / name)


@pytest.mark.parametrize("name", ["a.jpg", "a.avif", "a.tif"])
def test_xmp_is_found(tmp_path: Path, name: str) -> None:
    packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf/></x:xmpmeta>"
    options = {"tiffinfo": {700: packet}} if name == "a.tif" else {"xmp": packet}
    four_corners().save(tmp_path / name, **options)
    assert traces(tmp_path / name)


def test_a_comment_and_a_profile_are_found(tmp_path: Path) -> None:
    four_corners().save(tmp_path / "comment.jpg", comment=b"nha ong Ba")
    assert traces(tmp_path / "comment.jpg") == ("JPEG segment FE", "Pillow finds comment")
    four_corners().save(tmp_path / "profile.avif", icc_profile=bytes(200))
    assert "AVIF colour profile" in traces(tmp_path / "profile.avif")


def test_words_in_a_png_are_found(tmp_path: Path) -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Software", "secret")
    four_corners().save(tmp_path / "words.png", pnginfo=words)
    assert traces(tmp_path / "words.png") == ("PNG chunk tEXt", "Pillow finds Software")


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.avif"])
def test_bytes_behind_the_picture_are_found(tmp_path: Path, name: str) -> None:
    clean_files(tmp_path)
    with (tmp_path / name).open("ab") as stream:
        stream.write(struct.pack(">I4s", 16, b"moov") + b"a movie!")
    assert traces(tmp_path / name)


@pytest.mark.parametrize("document", [{"extras": {"gps": 1}}, {"asset": {"copyright": "Ông Ba"}}, {"nodes": [{"extras": "x"}]}])
def test_words_in_a_model_are_found(tmp_path: Path, document: dict[str, object]) -> None:
    (tmp_path / "a.glb").write_bytes(glb(document))
    assert traces(tmp_path / "a.glb")[0].startswith("glTF ")


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif", "a.avif", "a.glb"])
@pytest.mark.parametrize("content", [b"", b"no picture at all, but long enough for any header", b"\xff\xd8\xff\xe0\0\x04\0\0 \0\0\0"])
def test_what_is_not_understood_is_a_trace(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert traces(tmp_path / name)


def test_boxes_that_do_not_fit_and_unknown_items_are_traces(tmp_path: Path) -> None:
    four_corners().save(tmp_path / "a.avif", exif=exif_with_place())
    content = (tmp_path / "a.avif").read_bytes()
    assert "AVIF item Exif" in traces(tmp_path / "a.avif")
    (tmp_path / "a.avif").write_bytes(content[:200])
    assert any("not understood" in trace for trace in traces(tmp_path / "a.avif"))
    long_box = struct.pack(">I4sQ", 1, b"free", 24) + bytes(8)
    open_box = struct.pack(">I4s", 0, b"moov") + bytes(8)
    (tmp_path / "b.avif").write_bytes(long_box + open_box)
    assert traces(tmp_path / "b.avif")[0] == "AVIF box moov"


def test_an_item_of_the_larger_kind_is_read(tmp_path: Path) -> None:
    """Infe version 3 has a 32-bit item id."""
    infe = bytes([3, 0, 0, 0]) + struct.pack(">IH", 1, 0) + b"mime" + b"\0"
    infe = struct.pack(">I4s", len(infe) + 8, b"infe") + infe
    iinf = bytes([1, 0, 0, 0]) + struct.pack(">I", 1) + infe
    iinf = struct.pack(">I4s", len(iinf) + 8, b"iinf") + iinf
    meta = bytes(4) + iinf
    (tmp_path / "a.avif").write_bytes(struct.pack(">I4s", len(meta) + 8, b"meta") + meta)
    assert traces(tmp_path / "a.avif")[0] == "AVIF item mime"


def test_a_restart_marker_is_part_of_the_scan(tmp_path: Path) -> None:
    vips().jpegsave(str(tmp_path / "a.jpg"), restart_interval=4, **OURS)
    assert traces(tmp_path / "a.jpg") == ()


def test_a_tiff_that_points_at_itself_ends(tmp_path: Path) -> None:
    loop = struct.pack("<2sHI", b"II", 42, 8) + struct.pack("<H", 0) + struct.pack("<I", 8)
    (tmp_path / "a.tif").write_bytes(loop)
    assert traces(tmp_path / "a.tif")
