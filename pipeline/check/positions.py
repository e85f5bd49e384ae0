"""What a position on Earth is; shared by the rules that look at positions."""

from archive.records.asset import GeoPosition


def plausible(position: GeoPosition) -> bool:
    """Whether it is a place on Earth other than the point 0, 0 in the Atlantic."""
    latitude, longitude = position.latitude, position.longitude
    return abs(latitude) <= 90 and abs(longitude) <= 180 and (abs(latitude) > 1e-6 or abs(longitude) > 1e-6)
