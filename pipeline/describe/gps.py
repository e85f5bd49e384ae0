"""Positions as EXIF and XMP write them, made WGS84 degrees; null wherever the tags do not say it whole.

EXIF 2.32 §4.6.6: degrees, minutes and seconds as ratios, and a reference letter without which the hemisphere is unknown: it is not guessed.
"""

import math
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from archive.records.asset import SourcedValue

_XMP_COORDINATE = re.compile(r"(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?\s*([NSEW])")
_LIMITS = {"N": 90, "S": 90, "E": 180, "W": 180}
HIGHEST = 12_000
LOWEST = -500


def number(value: Any) -> float | None:
    """A ratio, a number or text with one as a finite float; None for 0/0, NaN and everything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return number(value[0]) if len(value) == 1 else None
    try:
        found = float(Fraction(value.strip("\0 "))) if isinstance(value, str) else float(value)
    except (ValueError, TypeError, ZeroDivisionError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def positions(tags: Mapping[str, Any], source: str) -> tuple[dict[str, SourcedValue], str]:
    """Latitude, longitude, altitude and heading out of EXIF's GPS tags, by their EXIF names.

    Returns:
        The values, and why a position that is there was not taken ("" when it was taken, or when there is none).
    """
    values: dict[str, SourcedValue] = {}
    latitude = _degrees(tags.get("GPSLatitude"), tags.get("GPSLatitudeRef"), "NS")
    longitude = _degrees(tags.get("GPSLongitude"), tags.get("GPSLongitudeRef"), "EW")
    refused = _why_refused(tags, latitude, longitude)
    if not refused and latitude is not None and longitude is not None:
        values["latitude"] = SourcedValue(latitude, f"{source}:GPSLatitude")
        values["longitude"] = SourcedValue(longitude, f"{source}:GPSLongitude")
        values |= _altitude(tags, source)
    return values | _heading(tags, source), refused


def xmp_coordinate(text: str) -> float | None:
    """Signed degrees of ``34,3.5N`` (XMP part 2 §1.2.7.4), None where it is not one."""
    match = _XMP_COORDINATE.fullmatch(text.strip())
    if match is None:
        return None
    degrees = float(match[1]) + float(match[2]) / 60 + float(match[3] or 0) / 3600
    return None if degrees > _LIMITS[match[4]] else round(-degrees if match[4] in "SW" else degrees, 9)


def is_null_island(latitude: float, longitude: float) -> bool:
    """Whether this is the zero that devices write when they know no place."""
    return abs(latitude) < 1e-6 and abs(longitude) < 1e-6


def _degrees(value: Any, reference: Any, letters: str) -> float | None:
    letter = str(reference or "").strip("\0 ").upper()[:1]
    if letter not in letters or not letter or not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return None
    parts = [number(part) for part in value[:3]]
    if not parts or any(part is None or part < 0 for part in parts):
        return None
    degrees = sum((part or 0) / 60**place for place, part in enumerate(parts))
    return None if degrees > _LIMITS[letter] else round(-degrees if letter in "SW" else degrees, 9)


def _why_refused(tags: Mapping[str, Any], latitude: float | None, longitude: float | None) -> str:
    if "GPSLatitude" not in tags and "GPSLongitude" not in tags:
        return ""
    if str(tags.get("GPSStatus", "")).strip("\0 ").upper() == "V":
        return "the receiver marked its own fix as void"
    if latitude is None or longitude is None:
        return "not a whole position: a reference letter or a number is missing, or out of range"
    return "0, 0 is what devices write without a fix" if is_null_island(latitude, longitude) else ""


def _altitude(tags: Mapping[str, Any], source: str) -> dict[str, SourcedValue]:
    metres = number(tags.get("GPSAltitude"))
    if metres is None:
        return {}
    # 1 is below sea level (EXIF 2.32), 3 below the ellipsoid (EXIF 3.0); cameras write it as a byte, a number or text.
    reference = tags.get("GPSAltitudeRef")
    below = _code(reference) in {1, 3}
    signed = -abs(metres) if below else metres
    return {"altitude": SourcedValue(round(signed, 3), f"{source}:GPSAltitude")} if LOWEST <= signed <= HIGHEST else {}


def _code(reference: Any) -> int:
    if isinstance(reference, bytes):
        return reference[0] if reference else 0
    return int(number(reference) or 0)


def _heading(tags: Mapping[str, Any], source: str) -> dict[str, SourcedValue]:
    degrees = number(tags.get("GPSImgDirection"))
    if degrees is None or not 0 <= degrees <= 360:
        return {}
    magnetic = str(tags.get("GPSImgDirectionRef") or "").strip("\0 ").upper().startswith("M")
    certainty = "magnetic" if magnetic else "stated"
    return {"heading": SourcedValue(round(degrees % 360, 3), f"{source}:GPSImgDirection", certainty)}
