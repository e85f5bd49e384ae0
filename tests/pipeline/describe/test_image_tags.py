"""EXIF through two readers, and whether they agree."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest

from archive.errors import UnreadableError
from archive.records.asset import SourcedValue
from pipeline.describe import exif, image_header, pillow_header
from pipeline.describe.exif_values import normalised, text
from pipeline.describe.json_values import json_value
from tests.pipeline.describe.image_builders import GPS, image, jpeg_segment, opened, with_segments
from tests.pipeline.describe.image_builders import exif as exif_block

BASE = {271: "NIKON CORPORATION", 272: "NIKON D5300", 274: 6, 270: "Cổng đình", 315: "Trần Văn A", 33432: "© Ditich", 305: "Ver.1.00"}
DETAILS = {
    36867: "2024:05:03 08:15:30",
    36881: "+07:00",
    33434: Fraction(1, 200),
    33437: Fraction(56, 10),
    34855: 400,
    37386: Fraction(35),
    41989: 52,
    42036: "18-55",
}
EXPECTED = {
    "camera": "NIKON D5300",
    "orientation": 6,
    "creator": "Trần Văn A",
    "credit": "© Ditich",
    "description": "Cổng đình",
    "software": "Ver.1.00",
    "captured": "2024-05-03T08:15:30+07:00",
    "exposure_time": 0.005,
    "f_number": 5.6,
    "focal_length": 35.0,
    "focal_length_35mm": 52.0,
    "lens": "18-55",
    "iso": 400,
    "latitude": 16.06,
    "longitude": 108.2,
    "altitude": 7.5,
    "heading": 271.5,
}


def plain(values: dict[str, SourcedValue]) -> dict[str, Any]:
    return {name: value.value for name, value in values.items()}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_both_readers_read_the_same(form: str, tmp_path: Path) -> None:
    content = image(form, exif=exif_block(BASE, DETAILS, GPS))
    # Pillow writes the tags of TIFF and AVIF anew and only in ASCII.
    expected = {
        name: value for name, value in EXPECTED.items() if form not in {"TIFF", "AVIF"} or name not in {"creator", "credit", "description"}
    }
    if form in {"JPEG", "TIFF", "HEIF"}:
        raw, values = exif.read(opened(tmp_path, "a", content))
        if form == "HEIF":  # libheif has turned it and says so in the block
            expected |= {"orientation": 1}
        assert {name: value for name, value in plain(values).items() if name in expected} == expected
        assert values.keys() == EXPECTED.keys()
        assert values["captured"] == SourcedValue(EXPECTED["captured"], "exif:DateTimeOriginal", "camera-clock")
        assert raw["GPS GPSLatitude"] == ["16", "3", "36"] or raw["GPS GPSLatitude"][0] in {16, "16/1"}
    raw, values = pillow_header.read(opened(tmp_path, "a", content))
    # libheif turns what it is given to write, and AVIF keeps the turn in a box of its own: both say so as orientation.
    for name in expected.keys() - {"orientation"}:
        assert values[name].value == expected[name], name
    assert raw["format"] == form
    assert {"width", "height"} <= values.keys()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_size_is_upright(form: str, orientation: int, tmp_path: Path) -> None:
    content = image(form, (80, 40), exif=exif_block({274: orientation}))
    values = pillow_header.read(opened(tmp_path, "a", content))[1]
    assert (values["width"].value, values["height"].value) == ((40, 80) if orientation > 4 else (80, 40))
    assert values["orientation"].value == orientation


def test_what_devices_write_into_every_picture_is_not_taken() -> None:
    values, _ = normalised(
        {"ImageDescription": "OLYMPUS DIGITAL CAMERA", "Make": "", "Model": "", "Orientation": 0, "ISOSpeedRatings": 0}, "exif"
    )
    assert values == {}


def test_the_maker_is_said_once() -> None:
    for make, model, camera in (
        ("Canon", "Canon EOS 6D", "Canon EOS 6D"),
        ("Apple", "iPhone 7", "Apple iPhone 7"),
        ("", "X", "X"),
        ("Leica", "", "Leica"),
    ):
        assert normalised({"Make": make, "Model": model}, "exif")[0]["camera"].value == camera


def test_words_of_tags() -> None:
    assert text("Canon\0junk") == "Canon"
    assert text("Äá\x9dÃ nh") == "Äá\x9dÃ nh"
    assert text("Sais-tu ta leÃ§on?") == "Sais-tu ta leçon?"
    assert text(b"A\xff\0") == "A\ufffd"
    assert text(7) == ""


def test_a_position_that_was_not_taken_is_remarked(tmp_path: Path) -> None:
    content = image("JPEG", exif=exif_block({}, {}, {2: (1.0, 2.0, 3.0), 4: (1.0, 2.0, 3.0)}))
    raw, values = exif.read(opened(tmp_path, "a.jpg", content))
    assert "latitude" not in values
    assert "reference letter" in raw["ditich:not-taken"]["position"]
    assert "reference letter" in pillow_header.read(opened(tmp_path, "a.jpg", content))[0]["not_taken"]["position"]


def test_exifread_breaking_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="EXIF"):
        exif.read(opened(tmp_path, "a.png", b"\x89PNG\r\n\x1a\n\0\0\0\x04\xff\xfe\xfd\xfc" + b"\0" * 40))


def test_a_broken_block_in_a_heif_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exif, "exif_block", lambda _: b"\x89PNG\r\n\x1a\n\0\0\0\x04\xff\xfe\xfd\xfc" + b"\0" * 40)
    with pytest.raises(UnreadableError, match="EXIF") as caught:
        exif.read(opened(tmp_path, "a.heic", image("HEIF", exif=exif_block(BASE, DETAILS, GPS))))
    assert caught.value.detail.startswith("EXIF block")


def test_a_header_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="header"):
        pillow_header.read(opened(tmp_path, "a.jpg", b"\xff\xd8\xff\xe0nothing"))
    assert image_header.header_size(opened(tmp_path, "a.jpg", b"nothing").stream) is None


def test_a_broken_exif_block_leaves_the_header(tmp_path: Path) -> None:
    content = with_segments(image("JPEG"), jpeg_segment(0xE1, b"Exif\0\0" + b"\xff" * 40))
    raw, values = pillow_header.read(opened(tmp_path, "a.jpg", content))
    assert raw["exif"] == {}
    assert (values["width"].value, values["height"].value) == (80, 40)


def test_long_tags_are_bounded(tmp_path: Path) -> None:
    content = image("TIFF", tiffinfo={65000: tuple(range(256)) * 40, 65001: b"\x01" * 9000})
    raw, _ = exif.read(opened(tmp_path, "a.tif", content))
    assert all(len(str(value)) < 50_000 for value in raw.values())


def test_a_tag_of_many_numbers_is_kept_short() -> None:
    assert exif._value(SimpleNamespace(values=[1] * 5000)) == b"\x01" * 5000
    assert exif._value(SimpleNamespace(values=[1.5] * 5000)) == ["1.5"] * 64
    assert exif._value("ICC") == "ICC"


def test_a_reader_that_breaks_behind_the_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise TypeError("Missing dimensions <_io.BufferedReader name=4>")

    class Broken:
        getexif = broken
        info: Mapping[str, bytes] = MappingProxyType({"exif": b"Exif\0\0"})

    assert image_header.exif_tags(Broken()) == {}
    monkeypatch.setattr(pillow_header, "upright_size", broken)
    with pytest.raises(UnreadableError) as caught:
        pillow_header.read(opened(tmp_path, "a.png", image("PNG")))
    assert caught.value.detail == "Pillow: TypeError: Missing dimensions"


def test_json_values() -> None:
    deep: Any = 1
    for _ in range(20):
        deep = [deep]
    found = json_value(
        {"a": float("nan"), "b": b"\x01" * 300, "c": Fraction(1, 3), "d": {3}, 5: "x\udcff", "e": deep, "f": object, "g": True, "h": 1.5}
    )
    assert found["a"] is None
    assert found["b"] == {"hex": "01" * 256, "bytes": 300}
    assert (found["c"], found["d"], found["5"], found["g"], found["h"]) == ("1/3", [3], "x\\udcff", True, 1.5)
    assert "object" in found["f"]
    assert str(found["e"]).count("[") >= 10
