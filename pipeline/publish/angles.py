"""Bearings between positions in the site's frame."""

import math

Point = tuple[float, float, float]


def bearing(here: Point, there: Point) -> float:
    """Degrees clockwise from north (y) from one position to another."""
    return math.degrees(math.atan2(there[0] - here[0], there[1] - here[1])) % 360


def signed(degrees: float) -> float:
    """The same angle between -180 (included) and 180."""
    return (degrees + 180) % 360 - 180
