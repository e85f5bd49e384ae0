"""Moments as tags write them, made EDTF (ISO 8601-2), with how far they can be believed.

Camera clocks lie: they are unset, in another zone, or start at the maker's day. So a moment from a camera is "camera-clock", never
"stated", and one that no camera can have taken is "doubtful"; it is kept, and a rule of ``check`` says so. Whether a moment lies in the
future is not asked here: nothing that is read depends on today.
"""

import re
from datetime import datetime

from archive.records.asset import SourcedValue

FIRST_PHOTOGRAPH = 1826
CAMERA_CLOCK = "camera-clock"
DOUBTFUL = "doubtful"
_EXIF = re.compile(r"(\d{4})[:\-/. ](\d{1,2})[:\-/. ](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_XMP = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?")
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})|Z")
_FACTORY_YEARS = {1904, 1970, 1980, 2000}


def exif_moment(text: object, source: str, offset: object = "") -> SourcedValue | None:
    """``2024:05:03 08:15:00`` of EXIF; None where the tag holds no date (blanks, "0000:00:00 00:00:00").

    Args:
        text: the tag as read.
        source: where it was read.
        offset: the tag OffsetTimeOriginal or its like; a moment without one has no zone, and none is guessed.
    """
    match = _EXIF.match(str(text).strip("\0 "))
    if match is None:
        return None
    return _sourced(match.groups(), _zone(offset), source, CAMERA_CLOCK)


def xmp_moment(text: str, source: str, certainty: str = CAMERA_CLOCK) -> SourcedValue | None:
    """A date of XMP (ISO 8601, whole or begun); None where it is none."""
    match = _XMP.fullmatch(text.strip())
    if match is None:
        return None
    *parts, zone = match.groups()
    return _sourced(tuple(parts), zone or "", source, certainty)


def _sourced(parts: tuple[str | None, ...], zone: str, source: str, certainty: str) -> SourcedValue | None:
    numbers = [int(part) for part in parts if part is not None]
    if numbers[0] == 0 or not _is_moment(numbers):
        return None
    edtf = f"{numbers[0]:04d}" + "".join(f"-{number:02d}" for number in numbers[1:3])
    if len(numbers) > 3:
        edtf += "T" + ":".join(f"{number:02d}" for number in (*numbers[3:], 0)[:3]) + zone
    return SourcedValue(edtf, source, DOUBTFUL if _is_doubtful(numbers) else certainty)


def _is_moment(numbers: list[int]) -> bool:
    year, month, day, hour, minute, second = (*numbers, *(1, 1, 1, 0, 0, 0)[len(numbers) :])
    try:
        datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - only asked whether it exists
    except ValueError:
        return False
    return True


def _is_doubtful(numbers: list[int]) -> bool:
    unset = numbers[0] in _FACTORY_YEARS and numbers[1:3] == [1, 1] and not any(numbers[3:5])
    return numbers[0] < FIRST_PHOTOGRAPH or unset


def _zone(offset: object) -> str:
    match = _OFFSET.fullmatch(str(offset).strip("\0 "))
    if match is None:
        return ""
    if match[0] == "Z":
        return "Z"
    hours, minutes = int(match[2]), int(match[3])
    return f"{match[1]}{hours:02d}:{minutes:02d}" if hours <= 14 and minutes < 60 else ""
