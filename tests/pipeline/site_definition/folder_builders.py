"""Small site folders, recordings and drawings, made byte by byte."""

import io
import json
import struct
import wave
from pathlib import Path
from typing import Any

SITE = 'slug = "dinh-thu"\n[name]\nvi = "Đình Thử"\n'
PLAN = '[[plans]]\nid = "p"\ntitle.vi = "Mặt bằng"\norigin = [0, 0]\nunits_per_metre = 1.0\n'
GUIDE = '[[guides]]\nid = "g"\ntitle.vi = "Lối"\n[[guides.steps]]\nscene = "a.jpg"\ntitle.vi = "Cổng"\n'
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20"><path d="M0 0L5 5"/></svg>'
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:01.000\n[tiếng trống]\n"


def write_folder(folder: Path, tour: str = "", files: dict[str, bytes | str] | None = None) -> Path:
    """A site folder with that tour and those files."""
    for name, content in {"site.toml": SITE, "tour.toml": tour, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def wav(seconds: float = 0.5, rate: int = 8000) -> bytes:
    """A plain mono recording."""
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(struct.pack("<h", 1000) * int(seconds * rate))
    return made.getvalue()


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    """A WAV of any chunks."""
    body = b"WAVE" + b"".join(name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2) for name, content in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mp3_frame(*, version: int = 3, rate: int = 9, frequency: int = 0, padding: int = 0) -> bytes:
    """A silent layer III frame: MPEG 1, 128 kbit/s, 44.1 kHz unless told otherwise."""
    header = 0x7FF << 21 | version << 19 | 1 << 17 | 1 << 16 | rate << 12 | frequency << 10 | padding << 9
    table = {3: (32, 40, 48, 56, 64, 80, 96, 112, 128), 2: (8, 16, 24, 32, 40, 48, 56, 64, 80), 0: (8, 16, 24, 32, 40, 48, 56, 64, 80)}
    hertz = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}[version][frequency]
    samples = 1152 if version == 3 else 576
    length = samples // 8 * table[version][rate - 1] * 1000 // hertz + padding
    return header.to_bytes(4, "big") + bytes(length - 4)


def id3(content: bytes, *, footer: bool = False) -> bytes:
    """An ID3v2.4 tag around these bytes."""
    size = bytes(len(content) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\x00" + bytes([0x10 if footer else 0]) + size + content + (b"3DI\x04\x00\x10" + size if footer else b"")


def annotation(**changes: Any) -> dict[str, Any]:
    """One annotation as the standard writes it."""
    made = {
        "id": "#rong",
        "type": "Annotation",
        "body": [{"type": "TextualBody", "purpose": "identifying", "language": "vi", "value": "Rồng"}],
        "target": "a.jpg",
    }
    return made | changes


def page(*items: dict[str, Any], **changes: Any) -> bytes:
    """A page of annotations."""
    made = {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage", "items": list(items)}
    return json.dumps(made | changes, ensure_ascii=False).encode()
