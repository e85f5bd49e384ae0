"""Where the XMP packet of a file lies (XMP part 3): JPEG APP1, PNG iTXt, else the first packet that is found in the bytes.

TIFF, DNG, WebP, HEIC, AVIF, JPEG XL and JPEG 2000 keep it as plain bytes somewhere in the file; a bounded search finds it without
trusting the offsets of the container. Extended XMP (depth maps, whole pictures in base64) is counted, not read.
"""

import zlib
from dataclasses import dataclass
from typing import BinaryIO

MOST_BYTES = 4 * 1024 * 1024
_SEARCHED_AT_MOST = 512 * 1024 * 1024
_CHUNK = 1 << 22
_JPEG_MAIN = b"http://ns.adobe.com/xap/1.0/\0"
_JPEG_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_PNG_KEYWORD = b"XML:com.adobe.xmp\0"
_STARTS = (b"<x:xmpmeta", b"<xmp:xmpmeta", b"<x:xapmeta", b"<rdf:RDF")
_ENDS = {
    b"<x:xmpmeta": b"</x:xmpmeta>",
    b"<xmp:xmpmeta": b"</xmp:xmpmeta>",
    b"<x:xapmeta": b"</x:xapmeta>",
    b"<rdf:RDF": b"</rdf:RDF>",
}


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet and where it was found; ``extended`` counts the bytes of extended XMP beside it."""

    content: bytes
    place: str
    extended: int = 0


def find_packet(stream: BinaryIO) -> Packet | None:
    """The file's main packet, or None. The stream is read from its start."""
    stream.seek(0)
    head = stream.read(16)
    stream.seek(0)
    if head.startswith(b"\xff\xd8"):
        return _in_jpeg(stream)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _in_png(stream)
    return _anywhere(stream)


def _in_jpeg(stream: BinaryIO) -> Packet | None:
    stream.seek(2)
    main, extended = b"", 0
    for _ in range(4096):
        marker = stream.read(4)
        if len(marker) < 4 or marker[0] != 0xFF or marker[1] in {0xD9, 0xDA}:
            break
        length = int.from_bytes(marker[2:], "big")
        segment = stream.read(max(0, length - 2))
        if marker[1] == 0xE1 and segment.startswith(_JPEG_MAIN):
            main = main or segment[len(_JPEG_MAIN) :]
        elif marker[1] == 0xE1 and segment.startswith(_JPEG_EXTENSION):
            extended += len(segment)
    return Packet(main, "JPEG APP1", extended) if main else None


def _in_png(stream: BinaryIO) -> Packet | None:
    stream.seek(8)
    for _ in range(4096):
        header = stream.read(8)
        length = int.from_bytes(header[:4], "big")
        if len(header) < 8 or header[4:] == b"IEND":
            return None
        if header[4:] != b"iTXt" or length > 2 * MOST_BYTES:
            stream.seek(length + 4, 1)
            continue
        chunk = stream.read(length)
        stream.seek(4, 1)
        if chunk.startswith(_PNG_KEYWORD):
            return Packet(_itxt_text(chunk[len(_PNG_KEYWORD) :]), "PNG iTXt")
    return None


def _itxt_text(rest: bytes) -> bytes:
    """Compression flag and method, language and translated keyword, each ended by NUL, then the text (PNG §11.3.4.5)."""
    compressed = rest[:1] == b"\x01"
    text = rest[2:].split(b"\0", 2)[-1]
    return zlib.decompressobj().decompress(text, MOST_BYTES) if compressed else text


def _anywhere(stream: BinaryIO) -> Packet | None:
    kept, searched = b"", 0
    while searched < _SEARCHED_AT_MOST:
        chunk = stream.read(_CHUNK)
        if not chunk:
            return None
        searched += len(chunk)
        window = kept + chunk
        starts = [(window.find(start), start) for start in _STARTS]
        found = min(((at, start) for at, start in starts if at >= 0), default=None)
        if found is not None:
            at, start = found
            content = window[at:] + stream.read(max(0, MOST_BYTES - (len(window) - at)))
            end = content.find(_ENDS[start], 0, MOST_BYTES)
            return Packet(content[: end + len(_ENDS[start])] if end >= 0 else content[:MOST_BYTES], "packet in the file")
        kept = window[-32:]
    return None
