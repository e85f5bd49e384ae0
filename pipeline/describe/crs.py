"""Coordinate reference systems as scan files state them: OGC WKT and GeoTIFF keys (LAS 1.4 R15 section 3; OGC 19-008r4), by pyproj."""

import re
import struct
from dataclasses import dataclass
from typing import Any

UNITS = {9001: "metre", 9002: "foot", 9003: "US survey foot"}
"""EPSG codes of linear units that GeoTIFF key 3076 uses."""
USER_DEFINED = 32767


@dataclass(frozen=True, slots=True)
class StatedCrs:
    """One statement. ``code``: "EPSG:32648" where it is known; ``unit`` of the horizontal axes; ``system``: pyproj's own, or None."""

    source: str
    name: str
    code: str = ""
    unit: str = ""
    system: Any = None

    @property
    def words(self) -> str:
        """Code and name in one line."""
        return f"{self.code} {self.name}".strip()

    def agrees(self, other: "StatedCrs") -> bool:
        """Whether both mean the same: by code where both have one, else by name."""
        if self.code and other.code:
            return self.code == other.code
        return self.name.casefold() == other.name.casefold()


def _from_system(system: Any, source: str) -> StatedCrs:
    horizontal = system.sub_crs_list[0] if system.is_compound else system
    epsg = horizontal.to_epsg(min_confidence=70)
    unit = horizontal.axis_info[0].unit_name if horizontal.axis_info else ""
    return StatedCrs(source, str(system.name), f"EPSG:{epsg}" if epsg else "", unit, horizontal)


def from_wkt(text: str, source: str) -> StatedCrs | None:
    """The CRS of a WKT text; its name alone when pyproj does not understand it; None when it is no WKT."""
    import pyproj

    clean = text.strip("\0 \r\n\t")
    if not clean:
        return None
    try:
        return _from_system(pyproj.CRS.from_wkt(clean), source)
    except pyproj.exceptions.CRSError:
        named = re.match(r'[A-Z_]+\s*\[\s*"([^"]{1,200})"', clean)
        return StatedCrs(source, named[1]) if named else None


def _key_values(directory: bytes, texts: bytes) -> dict[int, int | str]:
    """GeoTIFF keys by number: codes as integers, citations as text."""
    found: dict[int, int | str] = {}
    words = struct.unpack(f"<{len(directory) // 2}H", directory[: len(directory) // 2 * 2])
    for place in range(4, len(words) - 3, 4):
        key, location, count, value = words[place : place + 4]
        if location == 0:
            found[key] = value
        elif location == 34737:
            found[key] = texts[value : value + count].decode("latin-1").strip("|\0 ")
    return found


def from_geotiff(directory: bytes, texts: bytes, source: str) -> StatedCrs | None:
    """The CRS of GeoKeyDirectory and GeoAsciiParams records; None when they name none."""
    import pyproj

    keys = _key_values(directory, texts)
    citation = next((str(keys[key]) for key in (3073, 1026, 2049) if isinstance(keys.get(key), str) and keys[key]), "")
    unit_code = keys.get(3076)
    unit = UNITS.get(unit_code, "") if isinstance(unit_code, int) else ""
    for key in (3072, 2048):
        code = keys.get(key)
        if isinstance(code, int) and 0 < code < USER_DEFINED:
            try:
                return _from_system(pyproj.CRS.from_epsg(code), source)
            except pyproj.exceptions.CRSError:
                return StatedCrs(source, citation, f"EPSG:{code}", unit)
    return StatedCrs(source, citation, "", unit) if citation or unit else None


def to_wgs84(stated: StatedCrs, x: float, y: float) -> tuple[float, float] | None:
    """(latitude, longitude) of a place in the stated system; None where it has none or lies outside the earth."""
    import pyproj

    if stated.system is None or not (stated.system.is_geographic or stated.system.is_projected):
        return None
    try:
        transformer = pyproj.Transformer.from_crs(stated.system, "EPSG:4326", always_xy=True)
        longitude, latitude = transformer.transform(x, y)
    except pyproj.exceptions.ProjError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
