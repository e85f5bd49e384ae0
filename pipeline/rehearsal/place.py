"""Where and when the rehearsal is: a place that does not exist, on open water, and an afternoon.

The local frame has its origin in the middle of the yard: x east, y north, z up, metres.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

LATITUDE = 16.1
LONGITUDE = 108.5
ALTITUDE = 5.0
"""Of the local origin, WGS84 degrees and metres: in the sea off Đà Nẵng, so that no real house can be meant."""

OFFSET = (547_000.0, 1_780_000.0, 5.0)
"""Added to local coordinates in the laser scan, so that numbers are as large as those of VN-2000; they are no real VN-2000."""

EARLIER_YEAR = 2016
"""When the roof of the model house was being mended: ten years before the survey."""
VIETNAM = timezone(timedelta(hours=7))
START = datetime(2026, 3, 14, 16, 5, tzinfo=VIETNAM)
MAKE = "Ditich"
MODEL = "Simulated camera"
PANORAMA_MODEL = "Simulated 360 camera"
SCANNER = "Simulated laser scanner"
CREATOR = "Diễn tập Ditich (mô phỏng)"
RIGHTS = "https://creativecommons.org/publicdomain/zero/1.0/"
BADGE = "MÔ PHỎNG · SIMULATED"


@dataclass(frozen=True, slots=True)
class Position:
    """WGS84 degrees, metres above the ellipsoid."""

    latitude: float
    longitude: float
    altitude: float


def to_wgs84(point: tuple[float, float, float]) -> Position:
    """The WGS84 position of a local point (radii of curvature of the ellipsoid at the origin; exact to a millimetre over the yard)."""
    axis, square = 6_378_137.0, 0.00669437999014
    phi = math.radians(LATITUDE)
    bend = 1.0 - square * math.sin(phi) ** 2
    meridian = axis * (1.0 - square) / bend**1.5
    normal = axis / math.sqrt(bend)
    latitude = LATITUDE + math.degrees(point[1] / (meridian + ALTITUDE))
    longitude = LONGITUDE + math.degrees(point[0] / ((normal + ALTITUDE) * math.cos(phi)))
    return Position(round(latitude, 9), round(longitude, 9), round(ALTITUDE + point[2], 3))


def moment(minutes: float) -> datetime:
    """A time of the simulated afternoon, minutes after it began."""
    return START + timedelta(minutes=minutes)
