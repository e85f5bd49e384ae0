"""Every format comes out upright, in sRGB, with 8 bit a channel, and says what was done."""

import io
from pathlib import Path
from types import SimpleNamespace

import imagecodecs
import numpy as np
import pytest
import pyvips
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageCms

from archive.errors import UnreadableError
from pipeline.readers.images import _in_srgb, _preview, choose_picture, open_upright, profile_name
from tests.pipeline.readers.pictures import CORNERS, SIZE, corners_of, four_corners, is_upright, save_oriented, stored


def pixels_of(path: Path, format_name: str = "", **options: bool | int) -> NDArray[np.uint8]:
    opened = open_upright(path, format_name, **options)  # type: ignore[arg-type]
    pixels: NDArray[np.uint8] = opened.picture.numpy()
    assert pixels.dtype == np.uint8
    assert (pixels.shape[2], opened.picture.interpretation) == (3, "srgb")
    return pixels


@pytest.mark.parametrize("suffix", [".jpg", ".tif", ".png", ".webp", ".avif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_all_orientations_in_all_formats(tmp_path: Path, suffix: str, orientation: int) -> None:
    path = save_oriented(tmp_path / f"picture{suffix}", orientation)
    for random_access in (False, True):
        pixels = pixels_of(path, random_access=random_access)
        assert pixels.shape[:2] == (SIZE[1], SIZE[0])
        assert is_upright(pixels)


@pytest.mark.parametrize("orientation", [1, 6])
def test_heic_is_turned_by_its_container(tmp_path: Path, orientation: int) -> None:
    import pillow_heif

    exif = Image.Exif()
    exif[274] = orientation
    picture = pillow_heif.from_pillow(stored(orientation))
    picture.save(tmp_path / "picture.heic", quality=95, exif=exif.tobytes())
    opened = open_upright(tmp_path / "picture.heic")
    assert is_upright(opened.picture.numpy())
    assert "HEIF container" in opened.applied[0]


def test_what_was_applied_is_said(tmp_path: Path) -> None:
    opened = open_upright(save_oriented(tmp_path / "picture.jpg", 6))
    assert opened.applied == ("turned by EXIF orientation 6",)


@pytest.mark.parametrize("suffix", [".tif", ".png"])
def test_16_bit_keeps_its_range(tmp_path: Path, suffix: str) -> None:
    deep = np.repeat(np.linspace(0, 65535, 256).astype(np.uint16)[None, :, None], 3, axis=2).repeat(4, axis=0)
    path = tmp_path / f"deep{suffix}"
    pyvips.Image.new_from_array(deep).copy(interpretation="rgb16").write_to_file(str(path))
    assert (pixels_of(path)[0, :, 0] == np.arange(256)).all()
    assert "16 bit to 8 bit" in open_upright(path).applied


def test_grey_and_bare_numbers_become_colours(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "grey.tif", np.full((8, 8), 90, np.uint8))
    assert (pixels_of(tmp_path / "grey.tif") == 90).all()
    tifffile.imwrite(tmp_path / "grey16.tif", np.full((8, 8), 0x4100, np.uint16), photometric="minisblack")
    assert (pixels_of(tmp_path / "grey16.tif") == 0x41).all()
    heights = np.linspace(-3.5, 900.25, 64, dtype=np.float32).reshape(8, 8)
    tifffile.imwrite(tmp_path / "heights.tif", heights, photometric="minisblack")
    pixels = pixels_of(tmp_path / "heights.tif")
    assert (int(pixels.min()), int(pixels.max())) == (0, 255)


def test_transparency_lies_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (200, 0, 0, 0)).save(tmp_path / "clear.png")
    assert (pixels_of(tmp_path / "clear.png") == 255).all()
    assert open_upright(tmp_path / "clear.png").applied == ("transparency laid on white",)


def test_a_wide_gamut_is_brought_to_srgb(tmp_path: Path) -> None:
    """Against LittleCMS through Pillow: the two may differ by rounding only."""
    source = pyvips.Image.new_from_array(np.asarray(four_corners())).copy(interpretation="srgb")
    source.icc_transform("p3", input_profile="srgb", embedded=False).pngsave(str(tmp_path / "p3.png"))
    with Image.open(tmp_path / "p3.png") as picture:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(picture.info["icc_profile"]))
        reference = ImageCms.profileToProfile(
            picture, profile, ImageCms.createProfile("sRGB"), renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC
        )
        assert reference is not None
        stored = np.asarray(picture, dtype=int)
    pixels = pixels_of(tmp_path / "p3.png").astype(int)
    assert abs(pixels - np.asarray(reference, dtype=int)).max() <= 2
    assert abs(stored - pixels).max() > 5
    assert any("to sRGB" in words for words in open_upright(tmp_path / "p3.png").applied)


def test_srgb_is_left_as_it_is(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    four_corners().save(tmp_path / "srgb.png", icc_profile=profile)
    assert profile_name(profile).startswith("sRGB built-in")
    assert open_upright(tmp_path / "srgb.png").applied == ()
    assert corners_of(pixels_of(tmp_path / "srgb.png")) == list(CORNERS)


def test_a_profile_that_does_not_fit_is_left_out(tmp_path: Path) -> None:
    four_corners().save(tmp_path / "odd.png", icc_profile=b"no profile at all" * 20)
    assert is_upright(pixels_of(tmp_path / "odd.png"))
    assert profile_name(b"no profile") == profile_name(b"") == ""


def test_a_profile_of_another_colour_model_is_left_out() -> None:
    picture = pyvips.Image.new_from_array(np.asarray(four_corners())).copy(interpretation="srgb")
    picture.set_type(pyvips.GValue.blob_type, "icc-profile-data", pyvips.Operation.call("profile_load", "cmyk"))
    applied: list[str] = []
    assert is_upright(_in_srgb(picture, "srgb", applied).numpy())
    assert len(applied) == 1


def test_cmyk_without_and_lab(tmp_path: Path) -> None:
    four_corners().convert("CMYK").save(tmp_path / "cmyk.jpg", quality=95)
    opened = open_upright(tmp_path / "cmyk.jpg")
    assert opened.applied == ("CMYK without a profile to sRGB",)
    red, green, *_ = corners_of(opened.picture.numpy())
    assert red[0] > 2 * red[1]
    assert green[1] > green[0]
    lab = pyvips.Image.new_from_array(np.asarray(four_corners())).copy(interpretation="srgb").colourspace("lab")
    lab.tiffsave(str(tmp_path / "lab.tif"))
    assert is_upright(pixels_of(tmp_path / "lab.tif"))


def test_gif_mpo_jpeg_2000_and_jpeg_xl(tmp_path: Path) -> None:
    four_corners().save(tmp_path / "picture.gif")
    four_corners().save(tmp_path / "pair.mpo", save_all=True, append_images=[Image.new("RGB", SIZE)], quality=95)
    four_corners().save(tmp_path / "picture.jp2")
    (tmp_path / "picture.jxl").write_bytes(imagecodecs.jpegxl_encode(np.asarray(four_corners()), lossless=True))
    for name in ("picture.gif", "pair.mpo", "picture.jp2", "picture.jxl"):
        assert is_upright(pixels_of(tmp_path / name)), name


def test_a_moving_and_a_floating_jpeg_xl(tmp_path: Path) -> None:
    frames = np.stack([np.asarray(four_corners()), np.zeros((SIZE[1], SIZE[0], 3), np.uint8)])
    (tmp_path / "moving.jxl").write_bytes(imagecodecs.jpegxl_encode(frames, lossless=True))
    assert is_upright(pixels_of(tmp_path / "moving.jxl"))
    light = np.asarray(four_corners(), dtype=np.float32) / 255
    (tmp_path / "light.jxl").write_bytes(imagecodecs.jpegxl_encode(light, lossless=True))
    assert is_upright(pixels_of(tmp_path / "light.jxl"), tolerance=60)


def test_a_heic_with_a_profile(tmp_path: Path) -> None:
    import pillow_heif

    source = pyvips.Image.new_from_array(np.asarray(four_corners())).copy(interpretation="srgb")
    source.icc_transform("p3", input_profile="srgb", embedded=False).pngsave(str(tmp_path / "p3.png"))
    with Image.open(tmp_path / "p3.png") as picture:
        pillow_heif.from_pillow(picture).save(tmp_path / "p3.heic", quality=100)
    opened = open_upright(tmp_path / "p3.heic")
    assert len(opened.applied) == 2
    assert is_upright(opened.picture.numpy())


class Raw:
    """What LibRaw hands out of a file that holds only a preview."""

    def __init__(self, kind: str, content: object, flip: int = 0) -> None:
        self.sizes = SimpleNamespace(flip=flip)
        self._thumb = SimpleNamespace(format=SimpleNamespace(name=kind), data=content)

    def extract_thumb(self) -> SimpleNamespace:
        return self._thumb


def test_the_preview_of_a_raw_is_turned_by_its_own_tag_or_by_the_camera(tmp_path: Path) -> None:
    tagged = save_oriented(tmp_path / "tagged.jpg", 8).read_bytes()
    plain = save_oriented(tmp_path / "plain.jpg", 1).read_bytes()
    turned = io.BytesIO()
    stored(6).save(turned, "JPEG", quality=95)
    for raw in (Raw("JPEG", tagged), Raw("JPEG", plain), Raw("JPEG", turned.getvalue(), flip=6), Raw("BITMAP", np.asarray(four_corners()))):
        assert is_upright(_preview(raw).picture.numpy())
        assert "preview" in _preview(raw).applied[0]


def test_a_large_jpeg_may_come_smaller(tmp_path: Path) -> None:
    four_corners((2000, 1200)).save(tmp_path / "large.jpg")
    assert pixels_of(tmp_path / "large.jpg", at_least=500).shape[:2] == (300, 500)
    assert pixels_of(tmp_path / "large.jpg", at_least=600).shape[:2] == (600, 1000)
    assert pixels_of(tmp_path / "large.jpg").shape[:2] == (1200, 2000)


def small_dng(path: Path, *, black: bool = False) -> Path:
    """A DNG that holds 16-bit sensor data in a Bayer pattern and nothing else (DNG 1.4, chapter 4)."""
    sensor = np.zeros((128, 192), np.uint16) if black else np.full((128, 192), 9000, np.uint16)
    matrix = (1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1)
    tags = [
        (50706, "B", 4, (1, 4, 0, 0), True),
        (50708, "s", 0, "Ditich test", True),
        (33421, "H", 2, (2, 2), True),
        (33422, "B", 4, (0, 1, 1, 2), True),
        (50714, "H", 1, 0, True),
        (50717, "H", 1, 16383, True),
        (50721, "2i", 9, matrix, True),
    ]
    tifffile.imwrite(path, sensor, photometric=32803, extratags=tags, metadata=None)
    return path


def test_raw_is_developed_and_its_parameters_are_said(tmp_path: Path) -> None:
    opened = open_upright(small_dng(tmp_path / "shot.dng"), "dng", at_least=50)
    assert "use_camera_wb=True" in opened.applied[0]
    assert opened.picture.width in range(90, 97)
    assert open_upright(small_dng(tmp_path / "shot.dng"), "dng").picture.width in range(180, 193)


def test_raw_without_a_picture_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "shot.rw2").write_bytes(b"IIU\0" + bytes(200))
    with pytest.raises(UnreadableError):
        open_upright(tmp_path / "shot.rw2")
    with pytest.raises(UnreadableError):
        open_upright(small_dng(tmp_path / "black.dng", black=True), "dng")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"\xff\xd8\xff\xe0",
        b"\x89PNG\r\n\x1a\n",
        b"II*\0\x08\0\0\0",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.4",
        b"\x00\x00\x00\x18ftypheic" + bytes(40),
    ],
)
def test_what_is_no_picture_is_unreadable(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(UnreadableError, match="file"):
        open_upright(tmp_path / "file").picture.avg()


def test_a_picture_beyond_all_measure_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.readers.images.MOST_PIXELS", 10)
    with pytest.raises(UnreadableError, match="picture"):
        open_upright(save_oriented(tmp_path / "picture.jpg", 1))


def test_of_raw_and_jpeg_the_developed_one_is_shown() -> None:
    sources = (("DSC1.NEF", Path("a")), ("DSC1.JPG", Path("b")))
    assert choose_picture(sources, {"DSC1.NEF": "nef", "DSC1.JPG": "jpeg"}) == (Path("b"), "jpeg")
    assert choose_picture(sources[:1], {"DSC1.NEF": "nef"}) == (Path("a"), "nef")
