"""Open an image's header with Pillow and pillow-heif, no pixel decoded: its upright size and its EXIF tags by name.

Traps: Pillow gives a TIFF's size already turned upright, pillow-heif turns HEIC and sets its orientation to 1, AVIF and the others keep
theirs.
"""

import io
from collections.abc import Mapping
from typing import Any, BinaryIO

from archive.errors import UnreadableError

FORMATS = ("JPEG", "TIFF", "PNG", "HEIF", "AVIF", "WEBP", "GIF", "JPEG2000")
_EXIF_DIRECTORY, _GPS_DIRECTORY = 0x8769, 0x8825
_ALREADY_UPRIGHT = {"TIFF", "HEIF"}


def open_image(stream: BinaryIO) -> Any:
    """The image with its header read and no pixel; a context manager.

    Raises:
        UnreadableError: Pillow does not take the header for any of ``FORMATS``.
    """
    import PIL.Image
    import pillow_heif

    pillow_heif.register_heif_opener()
    # Headers only: the number of pixels is no danger here, and half a gigapixel is a legitimate panorama.
    PIL.Image.MAX_IMAGE_PIXELS = None
    try:
        return PIL.Image.open(stream, formats=FORMATS)
    except Exception as error:
        raise refusal(error) from error


def exif_block(stream: BinaryIO) -> bytes:
    """The EXIF block of a HEIF file as a TIFF structure, empty where there is none; the stream is read from its start.

    Only of HEIF: of the other formats ExifRead finds the block by itself, and one that it breaks on is broken.
    """
    stream.seek(0)
    try:
        with open_image(stream) as image:
            block: bytes = (image.info.get("exif") or b"") if image.format == "HEIF" else b""
    except UnreadableError:
        return b""
    return block.removeprefix(b"Exif\0\0")


def refusal(error: Exception) -> UnreadableError:
    """What Pillow says of a header that it does not take, as our refusal."""
    # Pillow names the stream with its descriptor, which differs from run to run.
    words = f"Pillow: {type(error).__name__}: {error}".partition(" <_io.")[0]
    return UnreadableError("The image's header cannot be read.", detail=words)


def exif_tags(image: Any) -> dict[str, Any]:
    """All tags by name; nothing where the block is broken, which is no reason to refuse the image."""
    from PIL.ExifTags import GPSTAGS, TAGS

    try:
        block = image.getexif()
        directories = ((block, TAGS), (block.get_ifd(_EXIF_DIRECTORY), TAGS), (block.get_ifd(_GPS_DIRECTORY), GPSTAGS))
        return {_name(tag, names): _plain(value) for entries, names in directories for tag, value in dict(entries).items()}
    except Exception:  # noqa: BLE001 - Pillow's own EXIF reader raises many kinds on damaged blocks
        return {}


def _name(tag: int, names: Mapping[int, str]) -> str:
    return names.get(tag, f"0x{tag:04x}")


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    numerator, denominator = getattr(value, "numerator", None), getattr(value, "denominator", None)
    if numerator is not None and denominator is not None and not isinstance(value, int | float):
        return f"{numerator}/{denominator}"
    return value


def upright_size(image: Any, tags: Mapping[str, Any]) -> tuple[int, int]:
    """Width and height as they are seen, pixels."""
    width, height = image.size
    turned = tags.get("Orientation") in {5, 6, 7, 8} and image.format not in _ALREADY_UPRIGHT
    return (height, width) if turned else (width, height)


def header_size(stream: BinaryIO) -> tuple[int, int] | None:
    """Upright pixels of an image by its header alone, None where Pillow does not know it; the stream is read from its start."""
    stream.seek(0)
    try:
        with open_image(io.BufferedReader(stream)) if isinstance(stream, io.RawIOBase) else open_image(stream) as image:
            return upright_size(image, exif_tags(image))
    except UnreadableError:
        return None
