"""Images with known tags, for the tests of description."""

import io
import struct
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from pipeline.worker_process import WorkerInput

GPS = {1: "N", 2: (16.0, 3.0, 36.0), 3: "E", 4: (108.0, 12.0, 0.0), 5: b"\x00", 6: 7.5, 16: "T", 17: 271.5}
"""A made-up point: 16° 3′ 36″ N, 108° 12′ E, 7.5 m, looking west."""
_RDF = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:GPano="http://ns.google.com/photos/1.0/panorama/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" '
    'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
    'xmlns:cc="http://creativecommons.org/ns#" xmlns:iptc="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/" xmlns:own="urn:own/">'
    "{}</rdf:RDF></x:xmpmeta>"
)


def exif(base: Mapping[int, Any], details: Mapping[int, Any] = {}, gps: Mapping[int, Any] = {}) -> bytes:
    """An EXIF block as Pillow writes it."""
    import PIL.Image
    from PIL.TiffImagePlugin import IFDRational

    ratios = {
        tag: IFDRational(value.numerator, value.denominator) if isinstance(value, Fraction) else value for tag, value in details.items()
    }
    block = PIL.Image.Exif()
    # As bytes: Pillow would write the ASCII of the standard, cameras and officers write UTF-8.
    block.update({tag: value.encode() if isinstance(value, str) else value for tag, value in base.items()})
    block.get_ifd(0x8769).update(ratios)
    block.get_ifd(0x8825).update(gps)
    return block.tobytes()


def xmp(inner: str) -> bytes:
    """An XMP packet around ``rdf:Description`` elements."""
    return _RDF.format(inner).encode()


def described(attributes: str = "", inner: str = "") -> bytes:
    """An XMP packet of one description."""
    return xmp(f'<rdf:Description rdf:about="" {attributes}>{inner}</rdf:Description>')


def image(form: str, size: tuple[int, int] = (80, 40), **options: Any) -> bytes:
    """A picture with a gradient, so that damage shows."""
    import PIL.Image
    import pillow_heif

    pillow_heif.register_heif_opener()
    picture = PIL.Image.linear_gradient("L").resize(size).convert("RGB")
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def opened(tmp_path: Path, name: str, content: bytes) -> WorkerInput:
    """The bytes as a source sees them."""
    path = tmp_path / name
    path.write_bytes(content)
    return WorkerInput(name, len(content), io.BytesIO(content), tmp_path, str(path))


def jpeg_segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    """A JPEG with more segments behind its start."""
    return jpeg[:2] + b"".join(segments) + jpeg[2:]
