"""EXIF through ExifRead, the quick reader.

Only ever with ``details=False``: with details a kilobyte of hostile maker note makes it loop for ever. An image format that it does not
know gives no tags and no error, so "no tags" says nothing about CR3, RAF, BigTIFF or JPEG XL. Of the boxes of HEIF it knows only the
layout that some phones write: where it breaks on them, it is given the EXIF block alone.
"""

import io
from typing import Any, BinaryIO

from archive.errors import UnreadableError
from archive.records.asset import SourcedValue
from pipeline.describe.exif_values import normalised
from pipeline.describe.image_header import exif_block
from pipeline.describe.json_values import json_value
from pipeline.workers import WorkerInput

_PREFIXES = ("EXIF ", "GPS ", "Image ")


def read(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """The tags as ExifRead names them ("EXIF FNumber"), and the normalised fields.

    Raises:
        UnreadableError: ExifRead broke on the file. The picture may be whole all the same.
    """
    try:
        tags = _tags(source.stream)
    except Exception as error:
        # Measured: it raises what it never promised (IndexError, AssertionError, UnicodeDecodeError) on 1.6 % of damaged files.
        block = exif_block(source.stream)
        if not block:
            raise UnreadableError("The EXIF tags cannot be read.", detail=f"{type(error).__name__}: {error}") from error
        tags = _tags_of_block(block)
    plain = {name: _value(tag) for name, tag in tags.items() if name != "JPEGThumbnail"}
    values, remarks = normalised(_by_standard_name(plain), "exif")
    raw = {name: json_value(value) for name, value in sorted(plain.items())}
    return (raw | {"ditich:not-taken": remarks} if remarks else raw), values


def _tags(stream: BinaryIO) -> dict[str, Any]:
    import exifread

    found: dict[str, Any] = exifread.process_file(stream, details=False, extract_thumbnail=False)
    return found


def _tags_of_block(block: bytes) -> dict[str, Any]:
    try:
        return _tags(io.BytesIO(block))
    except Exception as error:
        raise UnreadableError("The EXIF tags cannot be read.", detail=f"EXIF block: {type(error).__name__}: {error}") from error


def _value(tag: Any) -> Any:
    """A tag's values: text as text, ratios as "n/d", one number as a number, several as a list."""
    found = getattr(tag, "values", tag)
    if not isinstance(found, list | tuple):
        return found
    if len(found) > 4096:
        return bytes(one & 0xFF for one in found) if all(isinstance(one, int) for one in found) else [str(one) for one in found[:64]]
    plain = [_ratio(one) for one in found]
    return plain[0] if len(plain) == 1 else plain


def _ratio(one: Any) -> Any:
    return f"{one.num}/{one.den}" if hasattr(one, "num") and hasattr(one, "den") else one


def _by_standard_name(tags: dict[str, Any]) -> dict[str, Any]:
    """Tags by their EXIF name; where two directories have the same tag, EXIF before GPS before the image's own."""
    named: dict[str, Any] = {}
    for prefix in reversed(_PREFIXES):
        named |= {name.removeprefix(prefix): value for name, value in tags.items() if name.startswith(prefix)}
    return named
