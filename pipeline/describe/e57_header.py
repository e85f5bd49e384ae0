"""E57: scans with poses, guids, times, weather and instruments, embedded images, and what reading all points shows."""

import math
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.records.asset import SourcedValue
from pipeline.describe.json_values import json_value
from pipeline.workers import WorkerInput

GPS_EPOCH = datetime(1980, 1, 6, tzinfo=UTC)
LEAP_SECONDS = 18
TEXTS = ("guid", "name", "description", "sensorVendor", "sensorModel", "sensorSerialNumber", "sensorFirmwareVersion")
NUMBERS = ("temperature", "relativeHumidity", "atmosphericPressure")
MOMENTS = ("acquisitionStart", "acquisitionEnd")
REPRESENTATIONS = ("visualReferenceRepresentation", "pinholeRepresentation", "sphericalRepresentation", "cylindricalRepresentation")
IMAGE_NUMBERS = ("imageWidth", "imageHeight", "pixelWidth", "pixelHeight", "focalLength")
BLOBS = ("jpegImage", "pngImage", "imageMask")
MAX_IMAGES = 10_000


def read(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """Everything that the XML section says of scans and images, and what all points show. E57 is in metres by its standard.

    Raises:
        UnreadableError: damaged, or points missing.
    """
    from pipeline.describe.scan_points import measure
    from pipeline.readers.points.e57 import list_scans, open_points, opened

    raw, values = measure(open_points(source.path), "e57-header")
    with opened(source.path) as file:
        root = file.root
        raw["file"] = _file(root)
        raw["scans"] = [_scan(file.data3d[scan.index], sorted(scan.fields)) for scan in list_scans(file, source.size)]
        raw["images"] = [_image(root["images2D"][at]) for at in range(_count(root, "images2D"))]
    values["unit"] = SourcedValue("metre", "e57-header:ASTM E2807 fixes it")
    return raw, values | _facts(raw)


def _count(root: Any, name: str) -> int:
    return min(len(root[name]), MAX_IMAGES) if root.isDefined(name) else 0


def _moment(node: Any, name: str) -> str:
    """A DateTime structure (GPS seconds) as RFC 3339 UTC; "" where there is none or it is no date."""
    from pipeline.readers.points.e57 import number_at

    seconds = number_at(node[name], "dateTimeValue") if node.isDefined(name) else None
    if seconds is None or not math.isfinite(seconds) or not 0 < seconds < 4e9:
        return ""
    return (GPS_EPOCH + timedelta(seconds=seconds - LEAP_SECONDS)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _words(node: Any, names: tuple[str, ...]) -> dict[str, Any]:
    from pipeline.readers.points.e57 import text_at

    return {name: text for name in names if (text := text_at(node, name))}


def _numbers(node: Any, names: tuple[str, ...]) -> dict[str, Any]:
    from pipeline.readers.points.e57 import number_at

    return {name: value for name in names if (value := number_at(node, name)) is not None}


def _file(root: Any) -> dict[str, Any]:
    found = _words(root, ("formatName", "guid", "versionMajor", "versionMinor", "e57LibraryVersion", "coordinateMetadata"))
    record: dict[str, Any] = json_value(found | {"creationDateTime": _moment(root, "creationDateTime")})
    return record


def _scan(node: Any, fields: list[str]) -> dict[str, Any]:
    found = _words(node, TEXTS) | _numbers(node, NUMBERS) | {name: _moment(node, name) for name in MOMENTS}
    if node.isDefined("cartesianBounds"):
        bounds = node["cartesianBounds"]
        found["cartesianBounds"] = _numbers(bounds, tuple(f"{axis}{end}" for axis in "xyz" for end in ("Minimum", "Maximum")))
    record: dict[str, Any] = json_value(found | {"fields": fields, "posed": node.isDefined("pose")})
    return record


def _image(node: Any) -> dict[str, Any]:
    found = _words(node, (*TEXTS, "associatedData3DGuid")) | {"acquisitionDateTime": _moment(node, "acquisitionDateTime")}
    for name in REPRESENTATIONS:
        if node.isDefined(name):
            kind = node[name]
            blobs = {blob: int(kind[blob].byteCount()) for blob in BLOBS if kind.isDefined(blob)}
            found |= {"representation": name, **_numbers(kind, IMAGE_NUMBERS), "blobs": blobs}
    record: dict[str, Any] = json_value(found)
    return record


def _facts(raw: dict[str, Any]) -> dict[str, SourcedValue]:
    values: dict[str, SourcedValue] = {}
    scans = raw["scans"]
    starts = sorted(scan["acquisitionStart"] for scan in scans if scan["acquisitionStart"])
    if starts:
        values["captured"] = SourcedValue(starts[0], "e57-header:acquisitionStart", "instrument-clock")
    devices = sorted({" ".join(filter(None, (scan.get("sensorVendor"), scan.get("sensorModel")))) for scan in scans} - {""})
    if devices:
        values["device"] = SourcedValue("; ".join(devices), "e57-header:sensorVendor, sensorModel")
    if raw["images"]:
        values["images"] = SourcedValue(len(raw["images"]), "e57-header:images2D")
    metadata = raw["file"].get("coordinateMetadata", "")
    if metadata:
        from pipeline.describe.crs import from_wkt

        with suppress(ImportError):
            stated = from_wkt(metadata, "e57-header:coordinateMetadata")
            if stated is not None:
                values["crs"] = SourcedValue(stated.words, stated.source)
    return values
