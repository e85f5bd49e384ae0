"""XMP: where the packet lies, what it says in which language, and where a panorama's pixels lie on the sphere."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from archive.errors import UnreadableError
from archive.records.asset import SourcedValue
from pipeline.describe import xmp
from pipeline.describe.panorama_crop import scaled_crop, stated_crop
from pipeline.describe.xmp_packet import find_packet
from pipeline.describe.xmp_properties import properties
from tests.pipeline.describe.image_builders import described, image, jpeg_segment, opened, with_segments
from tests.pipeline.describe.image_builders import xmp as packet
from tests.pipeline.identify.builders import png_chunk

APP1 = b"http://ns.adobe.com/xap/1.0/\0"
GPANO = (
    'GPano:ProjectionType="equirectangular" GPano:PoseHeadingDegrees="-90" GPano:PosePitchDegrees="1.5" GPano:FullPanoWidthPixels="400" '
    'GPano:FullPanoHeightPixels="200" GPano:CroppedAreaLeftPixels="0" GPano:CroppedAreaTopPixels="50" '
    'GPano:CroppedAreaImageWidthPixels="400" GPano:CroppedAreaImageHeightPixels="100"'
)


def read(tmp_path: Path, content: bytes, name: str = "a.jpg") -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    return xmp.read(opened(tmp_path, name, content))


def in_jpeg(content: bytes, size: tuple[int, int] = (80, 40)) -> bytes:
    return with_segments(image("JPEG", size), jpeg_segment(0xE1, APP1 + content))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_the_packet_is_found_in_every_format(form: str, tmp_path: Path) -> None:
    content = described(inner="<dc:creator><rdf:Seq><rdf:li>A</rdf:li><rdf:li>B</rdf:li></rdf:Seq></dc:creator>")
    if form == "PNG":
        png = image("PNG")
        made = png[:33] + png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + content) + png[33:]
    else:
        options: dict[str, Any] = {"tiffinfo": {700: content}} if form == "TIFF" else {"xmp": content}
        made = in_jpeg(content) if form == "JPEG" else image(form, **options)
    raw, values = read(tmp_path, made)
    assert values == {"creator": SourcedValue("A; B", "xmp:dc:creator")}
    assert raw["properties"] == {"dc:creator": ["A", "B"]}


def test_a_compressed_packet_of_png_and_chunks_before_it() -> None:
    content = described('dc:format="image/png"')
    png = image("PNG")
    wanted = png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(content))
    made = png[:33] + png_chunk(b"iTXt", b"Comment\0\0\0\0\0words") + wanted + png[33:]
    found = find_packet(io.BytesIO(made))
    assert found is not None
    assert found.content == content
    assert find_packet(io.BytesIO(png)) is None
    assert find_packet(io.BytesIO(png[:40])) is None


def test_a_file_without_a_packet_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, image("JPEG")) == ({}, {})
    assert read(tmp_path, image("WEBP")) == ({}, {})


def test_a_packet_across_two_reads_and_one_without_end() -> None:
    content = described('dc:format="x"')
    found = find_packet(io.BytesIO(b"\0" * ((1 << 22) - 5) + content + b"\0" * 99))
    assert found is not None
    assert found.content == content
    cut = find_packet(io.BytesIO(b"\0" * 9 + content[:-20]))
    assert cut is not None
    assert cut.content == content[:-20]


def test_extended_xmp_is_counted(tmp_path: Path) -> None:
    extension = jpeg_segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + b"x" * 100)
    raw, _ = read(tmp_path, with_segments(in_jpeg(described('dc:format="x"')), extension))
    assert raw["extended_bytes"] == 135


def test_languages_are_kept_apart(tmp_path: Path) -> None:
    title = (
        '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Đình Thạc Gián</rdf:li><rdf:li xml:lang="vi-VN">Đình Thạc Gián</rdf:li>'
        '<rdf:li xml:lang="th">ศาลาประชาคม</rdf:li><rdf:li xml:lang="hi">हिन्दी</rdf:li></rdf:Alt></dc:title>'
        '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">Whatever</rdf:li></rdf:Alt></dc:description>'
    )
    _, values = read(tmp_path, in_jpeg(described(inner=title)))
    assert values == {
        "title@vi": SourcedValue("Đình Thạc Gián", "xmp:dc:title[vi]"),
        "title@th": SourcedValue("ศาลาประชาคม", "xmp:dc:title[th]"),
        "description": SourcedValue("Whatever", "xmp:dc:description[x-default]"),
    }


def test_the_other_fields(tmp_path: Path) -> None:
    attributes = (
        'xmpRights:WebStatement="https://rights.example/by" xmpRights:Owner="Bảo tàng" photoshop:Credit="Đà Nẵng" xmp:CreatorTool="Tool" '
        'photoshop:DateCreated="2024-05-03" exif:GPSLatitude="16,3.6N" exif:GPSLongitude="108,12.0E" exif:GPSAltitude="75/10" '
        'exif:GPSAltitudeRef="1" tiff:Make="NIKON" tiff:Model="NIKON D1X" tiff:Orientation="3" dc:title="Plain" iptc:Location="Sân"'
    )
    subject = "<dc:subject><rdf:Bag><rdf:li>đình</rdf:li><rdf:li/><rdf:li>gate</rdf:li></rdf:Bag></dc:subject>"
    _, values = read(tmp_path, in_jpeg(described(attributes, subject)))
    assert {name: value.value for name, value in values.items()} == {
        "title": "Plain",
        "subject": ["đình", "gate"],
        "rights": "https://rights.example/by",
        "rights_holder": "Bảo tàng",
        "credit": "Đà Nẵng",
        "software": "Tool",
        "place_as_read": "Sân",
        "camera": "NIKON D1X",
        "orientation": 3,
        "captured": "2024-05-03",
        "latitude": 16.06,
        "longitude": 108.2,
        "altitude": -7.5,
    }


@pytest.mark.parametrize(
    ("attributes", "absent"),
    [
        ('xmpRights:WebStatement="www.example.org"', "rights"),
        ('exif:GPSLatitude="0,0.0N" exif:GPSLongitude="0,0.0E"', "latitude"),
        ('exif:GPSLatitude="16,3.6N"', "latitude"),
        ('dc:creator="Picasa"', "creator"),
        ('tiff:Orientation="9"', "orientation"),
        ('xmp:CreateDate="soon"', "captured"),
    ],
)
def test_what_is_not_taken(attributes: str, absent: str, tmp_path: Path) -> None:
    raw, values = read(tmp_path, in_jpeg(described(attributes)))
    assert absent not in values
    assert raw["properties"]


def test_a_headline_is_a_title_where_there_is_no_other(tmp_path: Path) -> None:
    assert read(tmp_path, in_jpeg(described('photoshop:Headline="Gate"')))[1]["title"].source == "xmp:photoshop:Headline"


def test_a_crop_is_scaled_to_the_file(tmp_path: Path) -> None:
    _, values = read(tmp_path, in_jpeg(described(GPANO), (200, 50)))
    assert values["projection"] == SourcedValue("equirectangular", "xmp:GPano:ProjectionType")
    assert values["heading"].value == 270
    assert values["pose_pitch"].value == 1.5
    assert values["crop_as_stated"].value["full_width"] == 400
    expected = {"full_width": 200, "full_height": 100, "left": 0, "top": 25, "width": 200, "height": 50}
    assert values["crop"] == SourcedValue(expected, "xmp:GPano", "scaled")
    _, values = read(tmp_path, in_jpeg(described(GPANO), (400, 100)))
    assert values["crop"].certainty == "stated"


def test_a_whole_sphere_a_turned_file_and_a_stated_size_alone(tmp_path: Path) -> None:
    whole = GPANO.replace('TopPixels="50"', 'TopPixels="0"').replace('ImageHeightPixels="100"', 'ImageHeightPixels="200"')
    values = read(tmp_path, in_jpeg(described(whole), (80, 40)))[1]
    assert "crop" not in values
    assert values["crop_as_stated"].value["height"] == 200
    assert "crop" not in read(tmp_path, in_jpeg(described(GPANO), (50, 200)))[1]
    values = read(tmp_path, in_jpeg(described('GPano:FullPanoWidthPixels="400"')))[1]
    assert values["projection"].certainty == "assumed"
    assert "crop_as_stated" not in values


def test_a_sidecar_states_what_it_cannot_scale(tmp_path: Path) -> None:
    values = read(tmp_path, described(GPANO), "a.xmp")[1]
    assert "crop" not in values
    assert "crop_as_stated" in values


@pytest.mark.parametrize("change", [("TopPixels", "-1"), ("TopPixels", "150"), ("ImageWidthPixels", "0"), ("ImageWidthPixels", "x")])
def test_a_crop_that_contradicts_itself_is_none(change: tuple[str, str]) -> None:
    found = properties(described(GPANO))
    name = next(one for one in found if one.endswith(change[0]))
    assert stated_crop(found) is not None
    assert stated_crop(found | {name: change[1]}) is None
    assert scaled_crop({"full_width": 4, "full_height": 2, "left": 0, "top": 0, "width": 4, "height": 1}, (1, 4)) is None


def test_structures_resources_and_depth() -> None:
    deep = "<own:a><rdf:Description>" * 20 + "</rdf:Description></own:a>" * 20
    found = properties(
        described(
            'own:plain="1"',
            '<cc:license rdf:resource="https://example.org/by"/><own:creator own:tel="5"><own:city>Huế</own:city></own:creator>'
            "<own:alt><rdf:Alt><rdf:li>one</rdf:li></rdf:Alt></own:alt><own:plain>2</own:plain><!-- note --><own:empty/>" + deep,
        )
    )
    assert found["cc:license"] == "https://example.org/by"
    assert found["urn:own/:creator"] == {"urn:own/:tel": "5", "urn:own/:city": "Huế"}
    assert found["urn:own/:alt"] == ["one"]
    assert found["urn:own/:plain"] == "1"
    assert found["urn:own/:empty"] == ""


def test_structured_values_are_not_words(tmp_path: Path) -> None:
    inner = "<dc:creator><rdf:Description><own:a><rdf:Bag><rdf:li>x</rdf:li></rdf:Bag></own:a></rdf:Description></dc:creator>"
    assert read(tmp_path, in_jpeg(described(inner=inner)))[1] == {}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + described(), "entities"),
        (b"words", "no RDF"),
        (b" ", "well-formed"),
        (b"<x:xmpmeta xmlns:x='adobe:ns:meta/'></x:xmpmeta>", "no RDF"),
    ],
)
def test_what_is_no_packet_is_refused(content: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=words):
        read(tmp_path, in_jpeg(content))


def test_a_packet_with_a_fault_is_read_as_far_as_it_goes() -> None:
    assert (
        properties(packet('<rdf:Description dc:format="x"/><rdf:Description dc:format="y" own:b="2"><bad></rdf:Description>'))["dc:format"]
        == "x"
    )


def test_the_segments_of_a_jpeg_end_where_they_end() -> None:
    assert find_packet(io.BytesIO(b"\xff\xd8" + jpeg_segment(0xE0, b"JFIF\0"))) is None
    assert find_packet(io.BytesIO(b"\xff\xd8\xff\xe1" + struct.pack(">H", 0))) is None
    assert find_packet(io.BytesIO(b"\xff\xd8" + jpeg_segment(0xE0, b"") * 5000)) is None
    assert find_packet(io.BytesIO(image("PNG")[:8] + png_chunk(b"tEXt", b"") * 5000)) is None


def test_the_search_for_a_packet_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.describe.xmp_packet._SEARCHED_AT_MOST", 1 << 22)
    assert find_packet(io.BytesIO(b"\0" * (1 << 23))) is None
