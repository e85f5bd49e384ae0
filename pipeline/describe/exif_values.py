"""EXIF tags, whoever read them, as normalised fields. One rule for ExifRead and Pillow, so that they can only differ in what they read."""

from collections.abc import Mapping, Sequence
from typing import Any

from archive.records.asset import SourcedValue
from pipeline.describe.dates import exif_moment
from pipeline.describe.gps import number, positions

_NUMBERS = (
    ("exposure_time", "ExposureTime"),
    ("f_number", "FNumber"),
    ("focal_length", "FocalLength"),
    ("focal_length_35mm", "FocalLengthIn35mmFilm"),
)
_TEXTS = (
    ("lens", "LensModel"),
    ("software", "Software"),
    ("creator", "Artist"),
    ("credit", "Copyright"),
    ("description", "ImageDescription"),
)
_MOMENTS = (("DateTimeOriginal", "OffsetTimeOriginal"), ("DateTimeDigitized", "OffsetTimeDigitized"))
# What cameras write into every picture says nothing about this one.
_EMPTY_WORDS = {
    "olympus digital camera",
    "digital camera",
    "samsung",
    "sony dsc",
    "minolta digital camera",
    "default",
    "unknown",
    "picasa",
    "none",
}


def normalised(tags: Mapping[str, Any], source: str) -> tuple[dict[str, SourcedValue], dict[str, str]]:
    """Fields of the record out of EXIF tags by their standard names.

    Args:
        tags: by names of EXIF 2.32 ("DateTimeOriginal", "GPSLatitude"); ratios as text "n/d" or as numbers, lists where there are several.
        source: "exif" or the other reader's name.

    Returns:
        The values, and remarks by field on what was read and not taken.
    """
    values, refused = positions(tags, source)
    values |= _device(tags, source)
    for name, tag in _NUMBERS:
        found = number(tags.get(tag))
        if found is not None and found > 0:
            values[name] = SourcedValue(round(found, 9), f"{source}:{tag}")
    for name, tag in _TEXTS:
        words = text(tags.get(tag))
        if words and not says_nothing(words):
            values[name] = SourcedValue(words, f"{source}:{tag}")
    iso = number(_first(tags.get("ISOSpeedRatings", tags.get("PhotographicSensitivity"))))
    if iso is not None and 0 < iso < 1e7:
        values["iso"] = SourcedValue(int(iso), f"{source}:ISOSpeedRatings")
    orientation = number(_first(tags.get("Orientation")))
    if orientation is not None and orientation in range(1, 9):
        values["orientation"] = SourcedValue(int(orientation), f"{source}:Orientation")
    values |= _captured(tags, source)
    return values, {"position": refused} if refused else {}


def text(value: Any) -> str:
    """The words of a tag without what follows a NUL, "" where there are none."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return ""
    return _as_utf8(value.partition("\0")[0].strip())


def says_nothing(words: str) -> bool:
    """Whether these are words that a device or a program writes into every picture."""
    return words.lower() in _EMPTY_WORDS


def _as_utf8(words: str) -> str:
    """EXIF text is ASCII by the standard and UTF-8 in practice; a reader that took it for Latin-1 is put right."""
    try:
        return words.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return words


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, Sequence) and not isinstance(value, str | bytes) and value else value


def _device(tags: Mapping[str, Any], source: str) -> dict[str, SourcedValue]:
    make, model = text(tags.get("Make")), text(tags.get("Model"))
    if not make and not model:
        return {}
    # Many models repeat their maker: "Canon" "Canon EOS 40D".
    repeated = make and model.lower().startswith(make.split()[0].lower())
    name = model if repeated or not make else f"{make} {model}".strip()
    return {"camera": SourcedValue(name, f"{source}:Model" if model else f"{source}:Make")}


def _captured(tags: Mapping[str, Any], source: str) -> dict[str, SourcedValue]:
    # The tag DateTime (306) is when the file was changed, not when the picture was taken: it stands in the raw tags only.
    for tag, offset in _MOMENTS:
        found = exif_moment(text(tags.get(tag)), f"{source}:{tag}", text(tags.get(offset)))
        if found is not None:
            return {"captured": found}
    return {}
