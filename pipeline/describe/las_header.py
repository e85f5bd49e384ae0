"""LAS, LAZ, COPC: the public header, the variable records, the coordinate system, and what reading all points shows."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from archive.records.asset import SourcedValue
from pipeline.describe.json_values import json_value
from pipeline.workers import WorkerInput

if TYPE_CHECKING:
    from pipeline.describe.crs import StatedCrs
    from pipeline.readers.points.las_layout import LasLayout, VariableRecord

PROJECTION = "LASF_Projection"
GPS_EPOCH = datetime(1980, 1, 6, tzinfo=UTC)
STANDARD_GPS_TIME = 1e9
"""Adjusted standard GPS time is seconds since the epoch less this (LAS 1.4 R15, table 4, global encoding bit 0)."""
LEAP_SECONDS = 18
"""GPS time ran this far ahead of UTC since 2017; a date needs no more."""


def read(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """Header, records, CRS, creation and GPS times, and what all points show.

    Raises:
        UnreadableError: an impossible header, or points that are damaged or missing.
    """
    from pipeline.describe.scan_points import measure
    from pipeline.readers.points.las import UnsupportedCompressionError, first_gps_time, open_points
    from pipeline.readers.points.las_layout import read_layout

    layout = read_layout(source.stream)
    try:
        raw, values = measure(open_points(source.path), "las-header")
    except UnsupportedCompressionError as error:
        raw = {"not_read": error.message, "detail": error.detail}
        values = {"points": SourcedValue(layout.points, "las-header:number of points", "declared")}
    raw |= {"header": _header(layout), "records": [_record(record) for record in layout.records]}
    if 1980 <= layout.created[0] <= 9999:
        values["file_created"] = SourcedValue(_day(*layout.created), "las-header:creation day and year")
    moment = "" if "not_read" in raw else _moment(layout, first_gps_time(source.path))
    if moment:
        values["captured"] = SourcedValue(moment, "las-header:GPS time of the first point", "instrument-clock")
    if layout.system:
        values["device"] = SourcedValue(layout.system, "las-header:system identifier")
    if layout.software:
        values["software"] = SourcedValue(layout.software, "las-header:generating software")
    raw["crs"], found = _coordinate_system(layout)
    return raw, values | found | _position(layout, found)


def _day(year: int, day: int) -> str:
    if not 1 <= day <= 366:
        return f"{year:04d}"
    return (datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=day - 1)).date().isoformat()


def _moment(layout: "LasLayout", seconds: float | None) -> str:
    if seconds is None or not layout.encoding & 1 or not 0 < seconds + STANDARD_GPS_TIME < 4e9 or seconds == 0:
        return ""
    return (GPS_EPOCH + timedelta(seconds=seconds + STANDARD_GPS_TIME - LEAP_SECONDS)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _header(layout: "LasLayout") -> dict[str, Any]:
    record: dict[str, Any] = json_value(
        {
            "version": layout.version,
            "system_identifier": layout.system,
            "generating_software": layout.software,
            "creation_year_and_day": list(layout.created),
            "global_encoding": layout.encoding,
            "guid": layout.guid.hex(),
            "point_format": layout.point_format,
            "record_size": layout.record_size,
            "points": layout.points,
            "scale": list(layout.scale),
            "offset": list(layout.offset),
            "minimum": list(layout.minimum),
            "maximum": list(layout.maximum),
            "compressed": layout.compressed,
        }
    )
    return record


def _record(record: "VariableRecord") -> dict[str, Any]:
    payload: Any = record.payload
    if record.user == PROJECTION and record.number in {2111, 2112, 34737}:
        payload = record.payload.decode("utf-8", "replace").rstrip("\0")
    return {"user": record.user, "number": record.number, "description": record.description, "payload": json_value(payload)}


def _statements(layout: "LasLayout") -> list["StatedCrs"]:
    from pipeline.describe.crs import from_geotiff, from_wkt

    wkt = layout.record(PROJECTION, 2112)
    directory, texts = layout.record(PROJECTION, 34735), layout.record(PROJECTION, 34737)
    found = [
        from_wkt(wkt.payload.decode("utf-8", "replace"), "las-header:WKT record 2112") if wkt else None,
        from_geotiff(directory.payload, texts.payload if texts else b"", "las-header:GeoTIFF keys 34735") if directory else None,
    ]
    return [one for one in found if one is not None]


def _coordinate_system(layout: "LasLayout") -> tuple[list[dict[str, str]], dict[str, SourcedValue]]:
    """All statements, and the facts: the one that the global encoding names (bit 4: WKT) counts; a conflict is a fact too."""
    stated = _statements(layout)
    raw = [{"source": one.source, "name": one.name, "code": one.code, "unit": one.unit} for one in stated]
    if not stated:
        return raw, {}
    chosen = stated[0] if layout.encoding & 0x10 else stated[-1]
    values = {"crs": SourcedValue(chosen.words, chosen.source)} if chosen.words else {}
    if chosen.unit:
        values["unit"] = SourcedValue(chosen.unit, chosen.source)
    if not stated[0].agrees(stated[-1]):
        values["crs_conflict"] = SourcedValue([one.words for one in stated], "; ".join(one.source for one in stated), "conflicting")
    return raw, values


def _position(layout: "LasLayout", found: dict[str, SourcedValue]) -> dict[str, SourcedValue]:
    """Latitude and longitude of the middle of the stated bounds, where the coordinate system is known and undisputed."""
    from pipeline.describe.crs import to_wgs84

    if "crs" not in found or "crs_conflict" in found or not layout.points:
        return {}
    chosen = next(one for one in _statements(layout) if one.source == found["crs"].source)
    middle = [(low + high) / 2 for low, high in zip(layout.minimum, layout.maximum, strict=True)]
    place = to_wgs84(chosen, middle[0], middle[1])
    if place is None:
        return {}
    source = "las-header:middle of the bounds"
    return {
        "latitude": SourcedValue(round(place[0], 7), source, "computed"),
        "longitude": SourcedValue(round(place[1], 7), source, "computed"),
    }
