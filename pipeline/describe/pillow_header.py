"""What Pillow (with pillow-heif) says of an image's header: size, mode, and EXIF a second time, beside ExifRead.

No pixel is decoded. Traps: Pillow gives a TIFF's size already turned upright, pillow-heif turns HEIC and sets its orientation to 1, AVIF
and the others keep theirs; ``width`` and ``height`` here are upright for all. Pillow opens 16-bit RGB TIFF as 8-bit: depth is not taken.
"""

import io
from collections.abc import Mapping
from typing import Any, BinaryIO

from archive.errors import UnreadableError
from archive.records.asset import SourcedValue
from pipeline.describe.exif_values import normalised
from pipeline.describe.json_values import json_value
from pipeline.workers import WorkerInput

FORMATS = ("JPEG", "TIFF", "PNG", "HEIF", "AVIF", "WEBP", "GIF", "JPEG2000")
_EXIF_DIRECTORY, _GPS_DIRECTORY = 0x8769, 0x8825
_ALREADY_UPRIGHT = {"TIFF", "HEIF"}
_ORIENTATION = 0x0112


def read(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """Format, size, mode, frames, profile and EXIF tags by name; and the normalised fields.

    Raises:
        UnreadableError: Pillow does not take the header for any of its formats.
    """
    try:
        return _described(source.stream)
    except UnreadableError:
        raise
    except Exception as error:
        raise _refusal(error) from error


def _described(stream: BinaryIO) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    with _open(stream) as image:
        tags = _exif(image)
        raw: dict[str, Any] = {
            "format": image.format,
            "size": list(image.size),
            "mode": image.mode,
            "frames": int(getattr(image, "n_frames", 1)),
            "icc_profile_bytes": len(image.info.get("icc_profile") or b""),
            "exif": {name: json_value(value) for name, value in sorted(tags.items())},
        }
        values, remarks = normalised(tags, "pillow")
        width, height = _upright_size(image, tags)
        if image.format == "HEIF":
            values |= _stored_orientation(image)
    if remarks:
        raw["not_taken"] = remarks
    values |= {"width": SourcedValue(width, "pillow:size"), "height": SourcedValue(height, "pillow:size")}
    return raw, values


def _open(stream: BinaryIO) -> Any:
    import PIL.Image
    import pillow_heif

    pillow_heif.register_heif_opener()
    # Headers only: the number of pixels is no danger here, and half a gigapixel is a legitimate panorama.
    PIL.Image.MAX_IMAGE_PIXELS = None
    try:
        return PIL.Image.open(stream, formats=FORMATS)
    except Exception as error:
        raise _refusal(error) from error


def _refusal(error: Exception) -> UnreadableError:
    # Pillow names the stream with its descriptor, which differs from run to run.
    words = f"Pillow: {type(error).__name__}: {error}".partition(" <_io.")[0]
    return UnreadableError("The image's header cannot be read.", detail=words)


def _exif(image: Any) -> dict[str, Any]:
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


def _upright_size(image: Any, tags: Mapping[str, Any]) -> tuple[int, int]:
    width, height = image.size
    turned = tags.get("Orientation") in {5, 6, 7, 8} and image.format not in _ALREADY_UPRIGHT
    return (height, width) if turned else (width, height)


def _stored_orientation(image: Any) -> dict[str, SourcedValue]:
    """The orientation that stands in the file: pillow-heif has replaced it by 1 in what ``getexif`` gives."""
    import PIL.Image

    block = PIL.Image.Exif()
    try:
        block.load(image.info.get("exif") or b"")
    except Exception:  # noqa: BLE001 - as above
        return {}
    stored = image.info.get("original_orientation") or block.get(_ORIENTATION)
    return {"orientation": SourcedValue(stored, "pillow:Orientation")} if isinstance(stored, int) and stored in range(1, 9) else {}


def header_size(stream: BinaryIO) -> tuple[int, int] | None:
    """Upright pixels of an image by its header alone, None where Pillow does not know it; the stream is read from its start."""
    stream.seek(0)
    try:
        with _open(io.BufferedReader(stream)) if isinstance(stream, io.RawIOBase) else _open(stream) as image:
            return _upright_size(image, _exif(image))
    except UnreadableError:
        return None
