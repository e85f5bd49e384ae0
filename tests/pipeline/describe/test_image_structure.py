"""Complete decoding: every format, every orientation, and no truncation that passes."""

import io
import struct
from pathlib import Path
from typing import Any

import pytest

from archive.errors import UnreadableError
from pipeline.describe import image_structure
from pipeline.describe.icc_profile import profile_name
from pipeline.describe.jxl_header import jxl_size
from tests.pipeline.describe.image_builders import exif, image, opened
from tests.pipeline.identify.builders import jxl

FORMS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "AVIF", "HEIF", "JPEG2000")


def read(tmp_path: Path, content: bytes, name: str = "a") -> tuple[dict[str, Any], dict[str, Any]]:
    raw, values = image_structure.read(opened(tmp_path, name, content))
    return raw, {name: value.value for name, value in values.items()}


def srgb() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("form", FORMS)
def test_every_format_decodes(form: str, tmp_path: Path) -> None:
    raw, values = read(tmp_path, image(form, (90, 60)))
    assert raw["decoded"]
    assert (values["width"], values["height"], values["bit_depth"]) == (90, 60, 8)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_sizes_are_upright(form: str, orientation: int, tmp_path: Path) -> None:
    _, values = read(tmp_path, image(form, (80, 40), exif=exif({274: orientation})))
    assert (values["width"], values["height"]) == ((40, 80) if orientation > 4 else (80, 40))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kept", [0.5, 0.8, 0.97])
def test_no_truncation_passes(form: str, kept: float, tmp_path: Path) -> None:
    options = {"JPEG": {"quality": 95}, "HEIF": {"quality": 90}, "AVIF": {"quality": 90}}.get(form, {})
    content = image(form, (400, 300), **options)
    with pytest.raises(UnreadableError, match="decoded to its end"):
        read(tmp_path, content[: int(len(content) * kept)])


def test_jpeg_xl_decodes_and_its_truncation_does_not(tmp_path: Path) -> None:
    raw, values = read(tmp_path, jxl(), "a.jxl")
    assert raw["decoder"] == "libjxl"
    assert (values["width"], values["height"], values["has_alpha"]) == (24, 16, False)
    with pytest.raises(UnreadableError):
        read(tmp_path, jxl()[:-9], "a.jxl")


def test_depth_alpha_profile_and_pages(tmp_path: Path) -> None:
    import numpy as np
    import PIL.Image
    import tifffile

    deep = io.BytesIO()
    tifffile.imwrite(deep, np.zeros((20, 30, 3), np.uint16), photometric="rgb")
    assert read(tmp_path, deep.getvalue())[1]["bit_depth"] == 16
    clear = io.BytesIO()
    PIL.Image.new("RGBA", (20, 10)).save(clear, "PNG", icc_profile=srgb())
    raw, values = read(tmp_path, clear.getvalue())
    assert (values["has_alpha"], raw["bands"]) == (True, 3)
    assert values["colour_profile"] == "sRGB built-in"
    pages = io.BytesIO()
    one = PIL.Image.new("L", (20, 10))
    one.save(pages, "TIFF", save_all=True, append_images=[one, one])
    assert read(tmp_path, pages.getvalue())[1]["pages"] == 3


def test_a_later_page_that_is_cut_is_seen(tmp_path: Path) -> None:
    import PIL.Image

    pages = io.BytesIO()
    one = PIL.Image.linear_gradient("L")
    one.save(pages, "TIFF", save_all=True, append_images=[one], compression="tiff_lzw")
    content = bytearray(pages.getvalue())
    content[-3000:-1000] = b"\xff" * 2000
    with pytest.raises(UnreadableError):
        read(tmp_path, bytes(content))


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    from tests.pipeline.identify.builders import png_chunk

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", b"") + png_chunk(b"IEND", b"")
    with pytest.raises(UnreadableError, match=r"100000 x 100000|decoded"):
        read(tmp_path, bomb)
    with pytest.raises(UnreadableError, match="1073741824 x 1073741824"):
        read(tmp_path, b"\xff\x0a" + (0 | 3 << 1 | (2**30 - 1) << 3 | 1 << 33).to_bytes(8, "little"), "a.jxl")


def test_an_svg_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        read(tmp_path, b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="5" height="5"/></svg>')


def camera_raw(size: tuple[int, int] = (96, 64), orientation: int = 1) -> bytes:
    """A small DNG of one uncompressed colour filter array (DNG 1.4)."""
    import numpy as np
    import tifffile

    width, height = size
    pixels = (np.arange(width * height).reshape(height, width) % 4000).astype(np.uint16)
    tags = [
        *((50706, "B", 4, (1, 4, 0, 0), True), (33421, "H", 2, (2, 2), True), (33422, "B", 4, (0, 1, 1, 2), True)),
        *((50708, "s", 0, "Test", True), (271, "s", 0, "Test", True), (272, "s", 0, "Test", True), (274, "H", 1, orientation, True)),
        (50721, "2i", 9, (1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1), True),
    ]
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, pixels, photometric="cfa", metadata=None, extratags=tags)
    return buffer.getvalue()


@pytest.mark.parametrize(("orientation", "size"), [(1, (96, 64)), (6, (64, 96))])
def test_a_camera_raw_decodes_upright(orientation: int, size: tuple[int, int], tmp_path: Path) -> None:
    raw, values = image_structure.read_raw(opened(tmp_path, "a.dng", camera_raw(orientation=orientation)))
    assert raw["decoder"] == "libraw"
    assert (values["width"].value, values["height"].value) == size


def test_a_camera_raw_that_is_cut_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="cut off"):
        image_structure.read_raw(opened(tmp_path, "a.dng", camera_raw()[:-100]))


def test_jpeg_xl_without_a_size_before_its_pixels(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        read(tmp_path, struct.pack(">I4s", 12, b"JXL ") + b"\r\n\x87\n", "a.jxl")


def test_what_is_no_camera_raw(tmp_path: Path) -> None:
    raw, values = image_structure.read_raw(opened(tmp_path, "a.nef", image("TIFF")))
    assert values == {}
    assert not raw["decoded"]


def test_the_size_of_jpeg_xl() -> None:
    assert jxl_size(jxl()) == (24, 16)
    box = struct.pack(">I4s", 12, b"JXL ") + b"\r\n\x87\n"
    bare = b"\xff\x0a" + bytes([0b00000001 | (4 << 1) | (0 << 6), 0b00000110])
    assert jxl_size(bare) is not None
    wrapped = box + struct.pack(">I4sQ", 1, b"ftyp", 24) + b"jxl \0\0\0\0" + struct.pack(">I4s", 20, b"jxlp") + b"\0\0\0\0" + bare
    assert jxl_size(wrapped) == jxl_size(bare)
    assert jxl_size(box + struct.pack(">I4s", 2, b"evil")) is None
    assert jxl_size(box) is None
    assert jxl_size(box * 80) is None


def test_names_of_profiles() -> None:
    def profile(kind: bytes, body: bytes) -> bytes:
        tag = kind + b"\0\0\0\0" + body
        return b"\0" * 36 + b"acsp" + b"\0" * 88 + struct.pack(">I", 1) + struct.pack(">4sII", b"desc", 144, len(tag)) + tag

    assert profile_name(profile(b"desc", struct.pack(">I", 5) + b"Name\0")) == "Name"
    assert profile_name(profile(b"mluc", struct.pack(">II2s2sII", 1, 12, b"en", b"US", 8, 28) + "Tên!".encode("utf-16-be"))) == "Tên!"
    assert profile_name(profile(b"text", b"")) == ""
    assert profile_name(profile(b"desc", b"")[:146]) == ""
    assert profile_name(b"\0" * 36 + b"acsp" + b"\0" * 92) == ""
    assert profile_name(b"\0" * 36 + b"acsp") == ""
    assert profile_name(b"") == ""
