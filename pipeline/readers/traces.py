"""Reads a derived picture or model back and names everything in it that is not pixels or geometry.

Independent of the libraries that wrote the file: our own walk over its segments, chunks, tags or boxes with lists of what may be
there, then Pillow and ExifRead. A file whose structure is not understood is a trace by itself.
"""

import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

_JPEG_ALLOWED = frozenset({0xE0, 0xEE, 0xDB, 0xC4, 0xDD, 0xDA, 0xC0, 0xC1, 0xC2})
_TIFF_ALLOWED = frozenset(
    {254, 256, 257, 258, 259, 262, 266, 274, 277, 278, 282, 283, 284, 296, 297, 317, 322, 323, 324, 325, 330, 338, 339, 347, 530, 531, 532}
)
_PNG_ALLOWED = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"pHYs"})
_AVIF_BOXES = frozenset({b"ftyp", b"meta", b"mdat", b"free"})
_AVIF_ITEMS = frozenset({b"av01", b"grid"})
_PILLOW_TELLS = ("exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop", "icc_profile", "Software")
_GLTF_TELLS = ("extras", "copyright", "name", "uri")
_WEBP_CHUNKS = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH"})


def read_all(sources: tuple[tuple[str, Path], ...], _output: Path | None = None) -> tuple[tuple[str, str], ...]:
    """What stands in these files besides pixels and geometry, as (file name, trace); empty when they are clean.

    Files of other types than JPEG, AVIF, PNG, TIFF, GLB and USDZ are not looked into: what makes them answers for them.
    """
    return tuple((name, trace) for name, path in sources for trace in traces(path))


def traces(path: Path) -> tuple[str, ...]:
    """What stands in one file besides pixels and geometry ("JPEG segment APP1", "TIFF tag 306"), in order, each once."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        return ()
    found: list[str] = []
    with path.open("rb") as stream:
        try:
            found.extend(reader(stream))
        except (struct.error, ValueError, IndexError, KeyError) as error:
            found.append(f"not understood: {error}")
    if path.suffix.lower() not in {".glb", ".usdz"}:
        found.extend(_second_reader(path))
    return tuple(dict.fromkeys(found))


def _jpeg(stream: BinaryIO) -> Iterator[str]:
    content = stream.read()
    if content[:2] != b"\xff\xd8":
        raise ValueError("no JPEG begins like this")
    at = 2
    while (marker := content[at + 1]) != 0xD9:
        if content[at] != 0xFF:
            raise ValueError(f"no marker at {at}")
        (length,) = struct.unpack_from(">H", content, at + 2)
        if marker not in _JPEG_ALLOWED:
            yield f"JPEG segment {marker:02X}"
        at += 2 + length
        if marker == 0xDA:
            at = _end_of_scan(content, at)
    if at + 2 != len(content):
        yield f"{len(content) - at - 2} bytes after the end of the JPEG"


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next real marker stands: FF 00 is data, FF D0–D7 are restarts (ITU-T T.81, B.1.1.5)."""
    while True:
        at = content.index(b"\xff", at)
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2


def _tiff(stream: BinaryIO) -> Iterator[str]:
    head = stream.read(16)
    order = {b"II": "<", b"MM": ">"}[head[:2]]
    (version,) = struct.unpack_from(f"{order}H", head, 2)
    big = version == 43
    (offset,) = struct.unpack_from(f"{order}Q" if big else f"{order}I", head, 8 if big else 4)
    seen: set[int] = set()
    while offset and offset not in seen:
        seen.add(offset)
        stream.seek(offset)
        (count,) = struct.unpack(f"{order}Q" if big else f"{order}H", stream.read(8 if big else 2))
        for _ in range(count):
            entry = stream.read(20 if big else 12)
            (tag,) = struct.unpack_from(f"{order}H", entry)
            if tag not in _TIFF_ALLOWED:
                yield f"TIFF tag {tag}"
        (offset,) = struct.unpack(f"{order}Q" if big else f"{order}I", stream.read(8 if big else 4))


def _png(stream: BinaryIO) -> Iterator[str]:
    if stream.read(8) != b"\x89PNG\r\n\x1a\n":
        raise ValueError("no PNG begins like this")
    kind = b""
    while kind != b"IEND":
        length, kind = struct.unpack(">I4s", stream.read(8))
        if kind not in _PNG_ALLOWED:
            yield f"PNG chunk {kind.decode('latin-1')}"
        stream.seek(length + 4, 1)
    if stream.read(1):
        yield "bytes after the end of the PNG"


def _boxes(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(type, first byte of its content, end) of every box (ISO/IEC 14496-12, 4.2)."""
    at = start
    while at < end:
        size, kind = struct.unpack_from(">I4s", content, at)
        inside = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, inside)
            inside += 8
        elif size == 0:
            size = end - at
        if size < inside - at or at + size > end:
            raise ValueError(f"box {kind!r} does not fit")
        yield kind, inside, at + size
        at += size


def _avif(stream: BinaryIO) -> Iterator[str]:
    content = stream.read()
    for kind, inside, end in _boxes(content, 0, len(content)):
        if kind not in _AVIF_BOXES:
            yield f"AVIF box {kind.decode('latin-1')}"
        if kind != b"meta":
            continue
        for part, first, last in _boxes(content, inside + 4, end):
            if part == b"iinf":
                yield from _avif_items(content, first, last)
            elif part == b"iprp" and b"colrprof" in content[first:last]:
                yield "AVIF colour profile"


def _avif_items(content: bytes, first: int, last: int) -> Iterator[str]:
    header = 4 + (2 if content[first] == 0 else 4)
    for _, inside, _ in _boxes(content, first + header, last):
        # infe, ISO/IEC 14496-12, 8.11.6: version and flags 4, item_ID 2 (4 in version 3), protection 2, item_type 4.
        place = inside + (8 if content[inside] == 2 else 10)
        kind = content[place : place + 4]
        if kind not in _AVIF_ITEMS:
            yield f"AVIF item {kind.decode('latin-1')}"


def _glb(stream: BinaryIO) -> Iterator[str]:
    magic, _, _, length, kind = struct.unpack("<4sII I4s", stream.read(20))
    if magic != b"glTF" or kind != b"JSON":
        raise ValueError("no binary glTF begins like this")
    document = json.loads(stream.read(length))
    yield from dict.fromkeys(f"glTF {name}" for name in _names(document) if name in _GLTF_TELLS)
    content = stream.read()[8:]
    for image in document.get("images", []):
        view = document["bufferViews"][image["bufferView"]]
        start = view.get("byteOffset", 0)
        yield from _image_inside(content[start : start + view["byteLength"]])


def _usdz(stream: BinaryIO) -> Iterator[str]:
    # The library of USD is loaded only for a file that needs it.
    from pipeline.readers.usdz_traces import usdz_traces

    yield from usdz_traces(stream, {".jpg": _jpeg, ".png": _png})


def _image_inside(content: bytes) -> Iterator[str]:
    """What an image in a model holds besides pixels; WebP is the only kind that we put there (RFC 9649)."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        yield "glTF image that is no WebP"
        return
    at = 12
    while at < len(content):
        kind, size = struct.unpack_from("<4sI", content, at)
        if kind not in _WEBP_CHUNKS:
            yield f"WebP chunk {kind.decode('latin-1')}"
        at += 8 + size + size % 2


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner)


def _second_reader(path: Path) -> Iterator[str]:
    """What Pillow, and of a JPEG ExifRead too, find."""
    import exifread
    from PIL import Image

    try:
        with Image.open(path, formats=["JPEG", "AVIF", "PNG", "TIFF"]) as picture:
            if picture.format != "TIFF":
                yield from (f"Pillow finds EXIF tag {tag}" for tag in picture.getexif())
            yield from (f"Pillow finds {name}" for name in _PILLOW_TELLS if picture.info.get(name))
    except (OSError, ValueError, SyntaxError) as error:
        yield f"Pillow cannot read it: {error}"
    if path.suffix.lower() == ".jpg":
        with path.open("rb") as stream:
            yield from (f"ExifRead finds {name}" for name in exifread.process_file(stream, details=False, extract_thumbnail=False))


_READERS: dict[str, Callable[[BinaryIO], Iterator[str]]] = {
    ".jpg": _jpeg,
    ".jpeg": _jpeg,
    ".tif": _tiff,
    ".png": _png,
    ".avif": _avif,
    ".glb": _glb,
    ".usdz": _usdz,
}
