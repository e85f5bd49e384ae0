"""PDF, office documents, sound and moving pictures: what their headers say, and what is cut off."""

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from archive.errors import UnreadableError
from archive.records.asset import SourcedValue
from pipeline.describe import audio_video, office_header, pdf_header
from tests.pipeline.describe.image_builders import opened
from tests.pipeline.identify.builders import box, movie, mp3, packed, wav

CORE = (
    '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Lý lịch di tích</dc:title>'
    "<dc:creator>Trần A</dc:creator><dc:description/><cp:keywords>đình; Thạc Gián</cp:keywords></cp:coreProperties>"
).encode()
APP = b'<Properties xmlns="urn:app"><Pages>7</Pages></Properties>'
META = (
    b'<office:document-meta xmlns:office="urn:o" xmlns:meta="urn:m" xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><dc:title>T</dc:title>'
    b'<meta:document-statistic meta:page-count="3"/></office:meta></office:document-meta>'
)


def plain(values: dict[str, SourcedValue]) -> dict[str, Any]:
    return {name: value.value for name, value in values.items()}


def pdf(pages: int = 2, **information: str) -> bytes:
    import PIL.Image

    page = PIL.Image.new("RGB", (60, 80))
    buffer = io.BytesIO()
    page.save(buffer, "PDF", save_all=True, append_images=[page] * (pages - 1), **information)
    return buffer.getvalue()


def test_a_pdf(tmp_path: Path) -> None:
    raw, values = pdf_header.read(opened(tmp_path, "a.pdf", pdf(title="Bằng xếp hạng", author="Sở Văn hóa")))
    assert plain(values) == {"pages": 2, "encrypted": False, "title": "Bằng xếp hạng", "creator": "Sở Văn hóa"}
    assert raw["information"]["Title"] == "Bằng xếp hạng"


def test_a_pdf_that_is_none_and_one_without_pages(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="cannot be opened"):
        pdf_header.read(opened(tmp_path, "a.pdf", b"%PDF-1.7\nnothing"))
    empty = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    with pytest.raises(UnreadableError, match="cannot be opened"):
        pdf_header.read(opened(tmp_path, "a.pdf", empty))
    huge = opened(tmp_path, "a.pdf", pdf())
    huge.size = 1 << 40
    with pytest.raises(UnreadableError, match="larger"):
        pdf_header.read(huge)


def test_a_locked_pdf_says_so(tmp_path: Path) -> None:
    # A standard security handler whose check values fit no empty password.
    locked = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj 4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<"
        + b"ab" * 32
        + b">/U<"
        + b"cd" * 32
        + b">>>endobj\ntrailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>\n%%EOF"
    )
    _, values = pdf_header.read(opened(tmp_path, "a.pdf", locked))
    assert plain(values) == {"encrypted": True}


def test_office_documents(tmp_path: Path) -> None:
    document = packed({"docProps/core.xml": CORE, "docProps/app.xml": APP, "word/document.xml": b"<w/>"})
    raw, values = office_header.read(opened(tmp_path, "a.docx", document))
    assert plain(values) == {"title": "Lý lịch di tích", "creator": "Trần A", "subject": ["đình", "Thạc Gián"], "pages": 7}
    assert raw["docProps/app.xml"] == {"Pages": "7"}
    _, values = office_header.read(opened(tmp_path, "a.odt", packed({"meta.xml": META})))
    assert plain(values) == {"title": "T", "pages": 3}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04nothing", "package"),
        (packed({"docProps/core.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "entities"),
        (packed({"docProps/core.xml": b"<a"}), "well-formed"),
    ],
)
def test_office_documents_that_cannot_be_read(content: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=words):
        office_header.read(opened(tmp_path, "a.docx", content))


def test_a_bomb_inside_an_office_document_is_not_unpacked(tmp_path: Path) -> None:
    bomb = packed({"docProps/core.xml": b"<a>" + b" " * (64 << 20) + b"</a>"}, zipfile.ZIP_DEFLATED)
    with pytest.raises(UnreadableError, match="well-formed"):
        office_header.read(opened(tmp_path, "a.docx", bomb))


def test_wav(tmp_path: Path) -> None:
    _, values = audio_video.read(opened(tmp_path, "a.wav", wav()))
    assert plain(values) == {"duration": 0.1, "channels": 1, "sample_rate": 8000, "bit_depth": 16}
    with pytest.raises(UnreadableError, match="cut off"):
        audio_video.read(opened(tmp_path, "a.wav", wav()[:-100]))
    with pytest.raises(UnreadableError, match="no sound"):
        audio_video.read(opened(tmp_path, "a.wav", wav()[:36]))
    with pytest.raises(UnreadableError, match="damaged"):
        audio_video.read(opened(tmp_path, "a.wav", wav()[:30]))


def test_a_long_wav_by_its_64_bit_length(tmp_path: Path) -> None:
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    rf64 = b"RF64\xff\xff\xff\xffWAVE" + struct.pack("<4sIQQQI", b"ds64", 28, 0, 32, 0, 0) + fmt
    content = rf64 + struct.pack("<4sI", b"data", 0xFFFFFFFF) + b"\0" * 32
    assert plain(audio_video.read(opened(tmp_path, "a.wav", content))[1])["duration"] == 0.002
    silent = content.replace(struct.pack("<II", 8000, 16000), struct.pack("<II", 8000, 0))
    assert "duration" not in audio_video.read(opened(tmp_path, "a.wav", silent))[1]


def test_odd_chunks_of_wav_are_padded(tmp_path: Path) -> None:
    content = wav()
    made = content[:12] + struct.pack("<4sI", b"LIST", 3) + b"abc\0" + content[12:]
    assert plain(audio_video.read(opened(tmp_path, "a.wav", made))[1])["duration"] == 0.1


def test_flac(tmp_path: Path) -> None:
    info = struct.pack(">HH6xQ", 4096, 4096, 44100 << 44 | 1 << 41 | 15 << 36 | 88200) + b"\0" * 16
    _, values = audio_video.read(opened(tmp_path, "a.flac", b"fLaC\x80\0\0\x22" + info))
    assert plain(values) == {"sample_rate": 44100, "channels": 2, "bit_depth": 16, "duration": 2.0}
    unknown = struct.pack(">HH6xQ", 4096, 4096, 44100 << 44 | 1 << 41 | 15 << 36) + b"\0" * 16
    assert "duration" not in audio_video.read(opened(tmp_path, "a.flac", b"fLaC\x80\0\0\x22" + unknown))[1]
    with pytest.raises(UnreadableError):
        audio_video.read(opened(tmp_path, "a.flac", b"fLaC\x84\0\0\x22" + info))


def test_mp3(tmp_path: Path) -> None:
    _, values = audio_video.read(opened(tmp_path, "a.mp3", mp3(100)))
    assert plain(values) == {"duration": 2.606, "sample_rate": 44100, "channels": 2}
    counted = mp3(1)[:36] + b"Xing" + struct.pack(">II", 1, 1000) + mp3(1)[48:] + mp3(3)
    raw, values = audio_video.read(opened(tmp_path, "a.mp3", b"ID3\x04\0\0\0\0\0\x05junk!" + counted))
    assert values["duration"].value == 26.122
    assert raw["duration_by"] == "frame count"
    assert audio_video.read(opened(tmp_path, "a.mp3", b"\0" * 20 + mp3(1)))[1]["duration"].value == 0.026
    with pytest.raises(UnreadableError, match="no sound"):
        audio_video.read(opened(tmp_path, "a.mp3", b"ID3\x04\0\0\0\0\0\0" + b"\0" * 99 + b"\xff\xfb\x90\0\0"))


def test_movies(tmp_path: Path) -> None:
    raw, values = audio_video.read(opened(tmp_path, "a.mp4", movie(b"isom")))
    assert plain(values) == {"duration": 2.5, "width": 640, "height": 480, "captured": "2018-01-28T16:00:00Z"}
    assert values["captured"].certainty == "camera-clock"
    assert raw["created"].startswith("2018")
    sound = movie(b"M4A ", width=0, height=0)
    assert "width" not in audio_video.read(opened(tmp_path, "a.m4a", sound))[1]


def test_a_movie_with_long_boxes_and_no_clock(tmp_path: Path) -> None:
    header = box(b"mvhd", b"\1\0\0\0" + struct.pack(">QQIQ", 0, 0, 600, 1200) + b"\0" * 60)
    content = box(b"ftyp", b"isom") + struct.pack(">I4sQ", 1, b"free", 20) + b"\0" * 4 + struct.pack(">I4s", 0, b"moov") + header
    assert plain(audio_video.read(opened(tmp_path, "a.mp4", content))[1]) == {"duration": 2.0}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (movie(b"isom")[:-10], "cut off"),
        (box(b"ftyp", b"isom") + box(b"mdat", b"\0" * 9), "cut off"),
        (box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", b"\0")), "damaged"),
        (box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", b"\0" * 100)), "damaged"),
        (box(b"ftyp", b"isom") + b"\0\0\0\x03moov" + b"\0" * 8, "cut off"),
    ],
)
def test_movies_that_are_cut_or_damaged(content: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match=words):
        audio_video.read(opened(tmp_path, "a.mp4", content))
