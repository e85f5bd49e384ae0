"""What Pillow (with pillow-heif) says of an image's header: size, mode, and EXIF a second time, beside ExifRead.

``width`` and ``height`` are upright for every format. Pillow opens 16-bit RGB TIFF as 8-bit: depth is not taken.
"""

from typing import Any, BinaryIO

from archive.errors import UnreadableError
from archive.records.asset import SourcedValue
from pipeline.describe.exif_values import normalised
from pipeline.describe.image_header import exif_tags, open_image, refusal, upright_size
from pipeline.describe.json_values import json_value
from pipeline.workers import WorkerInput

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
        raise refusal(error) from error


def _described(stream: BinaryIO) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    with open_image(stream) as image:
        tags = exif_tags(image)
        raw: dict[str, Any] = {
            "format": image.format,
            "size": list(image.size),
            "mode": image.mode,
            "frames": int(getattr(image, "n_frames", 1)),
            "icc_profile_bytes": len(image.info.get("icc_profile") or b""),
            "exif": {name: json_value(value) for name, value in sorted(tags.items())},
        }
        values, remarks = normalised(tags, "pillow")
        width, height = upright_size(image, tags)
        if image.format == "HEIF":
            values |= _stored_orientation(image)
    if remarks:
        raw["not_taken"] = remarks
    values |= {"width": SourcedValue(width, "pillow:size"), "height": SourcedValue(height, "pillow:size")}
    return raw, values


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
