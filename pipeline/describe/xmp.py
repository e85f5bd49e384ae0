"""XMP: GPano, Dublin Core with its languages, photoshop, IPTC, rights and position; out of the file or a sidecar."""

from collections.abc import Iterator, Mapping
from typing import Any

from archive.records.asset import SourcedValue
from pipeline.describe.dates import xmp_moment
from pipeline.describe.exif_values import says_nothing
from pipeline.describe.gps import is_null_island, number, xmp_coordinate
from pipeline.describe.image_header import header_size
from pipeline.describe.json_values import json_value
from pipeline.describe.panorama_crop import is_whole_sphere, scaled_crop, stated_crop
from pipeline.describe.xmp_packet import Packet, find_packet
from pipeline.describe.xmp_properties import properties
from pipeline.workers import WorkerInput

_RIGHTS = ("cc:license", "xmpRights:WebStatement")
_LANGUAGES = ("vi", "en", "th")
_TEXTS = (
    ("rights_holder", ("xmpRights:Owner", "plus:CopyrightOwnerName")),
    ("credit", ("photoshop:Credit", "dc:rights")),
    ("software", ("xmp:CreatorTool",)),
    ("place_as_read", ("Iptc4xmpCore:Location",)),
)
_MOMENTS = ("exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:CreateDate")
_ANGLES = (("heading", "GPano:PoseHeadingDegrees"), ("pose_pitch", "GPano:PosePitchDegrees"), ("pose_roll", "GPano:PoseRollDegrees"))


def read(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """The packet's properties, and the normalised fields; nothing for a file without a packet.

    Raises:
        UnreadableError: there is a packet, and it cannot be read.
    """
    packet = find_packet(source.stream)
    if packet is None:
        return {}, {}
    found = properties(packet.content)
    values = dict(_words(found)) | dict(_texts(found)) | dict(_moment(found)) | _position(found)
    if "GPano:ProjectionType" in found or "GPano:FullPanoWidthPixels" in found:
        values |= _panorama(found, source)
    return _raw(packet, found), values


def _raw(packet: Packet, found: Mapping[str, Any]) -> dict[str, Any]:
    raw: dict[str, Any] = {"place": packet.place, "properties": json_value(dict(sorted(found.items())))}
    return raw | {"extended_bytes": packet.extended} if packet.extended else raw


def _plain(value: Any) -> str:
    """One text out of whatever a property holds: the default of its languages, the items of its list."""
    if isinstance(value, Mapping):
        return (
            str(value.get("x-default") or next(iter(value.values()), "")).strip()
            if all(isinstance(one, str) for one in value.values())
            else ""
        )
    if isinstance(value, list):
        return "; ".join(one.strip() for one in value if isinstance(one, str) and one.strip())
    return str(value or "").strip()


def _words(found: Mapping[str, Any]) -> Iterator[tuple[str, SourcedValue]]:
    for field, name in (("title", "dc:title"), ("description", "dc:description")):
        yield from _by_language(field, name, found.get(name))
    if "dc:title" not in found and _plain(found.get("photoshop:Headline")):
        yield "title", SourcedValue(_plain(found["photoshop:Headline"]), "xmp:photoshop:Headline")
    creator = _plain(found.get("dc:creator"))
    if creator and not says_nothing(creator):
        yield "creator", SourcedValue(creator, "xmp:dc:creator")
    subject = found.get("dc:subject")
    words = [one for one in subject if isinstance(one, str) and one] if isinstance(subject, list) else []
    if words:
        yield "subject", SourcedValue(words, "xmp:dc:subject")


def _by_language(field: str, name: str, value: Any) -> Iterator[tuple[str, SourcedValue]]:
    """A field a language; words whose language nobody states stay without one."""
    if not isinstance(value, Mapping):
        if _plain(value):
            yield field, SourcedValue(_plain(value), f"xmp:{name}")
        return
    stated = {code: str(words) for language, words in value.items() if words and (code := language.partition("-")[0]) in _LANGUAGES}
    for code, words in stated.items():
        yield f"{field}@{code}", SourcedValue(words, f"xmp:{name}[{code}]")
    default = value.get("x-default")
    if default and default not in stated.values():
        yield field, SourcedValue(str(default), f"xmp:{name}[x-default]")


def _texts(found: Mapping[str, Any]) -> Iterator[tuple[str, SourcedValue]]:
    for field, names in _TEXTS:
        name = next((one for one in names if _plain(found.get(one))), None)
        if name is not None:
            yield field, SourcedValue(_plain(found[name]), f"xmp:{name}")
    for name in _RIGHTS:
        # A rights statement is an address; "www.example.com" or "all rights reserved" is none, and stays in the raw tags.
        if _plain(found.get(name)).startswith(("http://", "https://")):
            yield "rights", SourcedValue(_plain(found[name]), f"xmp:{name}")
            break
    make, model = _plain(found.get("tiff:Make")), _plain(found.get("tiff:Model"))
    if model:
        yield "camera", SourcedValue(model if model.lower().startswith(make.lower()) else f"{make} {model}", "xmp:tiff:Model")
    orientation = number(found.get("tiff:Orientation"))
    if orientation in range(1, 9):
        yield "orientation", SourcedValue(int(orientation or 1), "xmp:tiff:Orientation")


def _moment(found: Mapping[str, Any]) -> Iterator[tuple[str, SourcedValue]]:
    for name in _MOMENTS:
        moment = xmp_moment(_plain(found.get(name)), f"xmp:{name}")
        if moment is not None:
            yield "captured", moment
            return


def _position(found: Mapping[str, Any]) -> dict[str, SourcedValue]:
    latitude = xmp_coordinate(_plain(found.get("exif:GPSLatitude")))
    longitude = xmp_coordinate(_plain(found.get("exif:GPSLongitude")))
    if latitude is None or longitude is None or is_null_island(latitude, longitude):
        return {}
    values = {
        "latitude": SourcedValue(latitude, "xmp:exif:GPSLatitude"),
        "longitude": SourcedValue(longitude, "xmp:exif:GPSLongitude"),
    }
    metres = number(found.get("exif:GPSAltitude"))
    if metres is not None:
        below = _plain(found.get("exif:GPSAltitudeRef")) == "1"
        values["altitude"] = SourcedValue(-metres if below else metres, "xmp:exif:GPSAltitude")
    return values


def _panorama(found: Mapping[str, Any], source: WorkerInput) -> dict[str, SourcedValue]:
    projection = _plain(found.get("GPano:ProjectionType")).lower() or "equirectangular"
    certainty = "stated" if "GPano:ProjectionType" in found else "assumed"
    values = {"projection": SourcedValue(projection, "xmp:GPano:ProjectionType", certainty)}
    for field, name in _ANGLES:
        degrees = number(found.get(name))
        if degrees is not None and abs(degrees) <= 360:
            values[field] = SourcedValue(degrees % 360 if field == "heading" else degrees, f"xmp:{name}")
    stated = stated_crop(found)
    if stated is None:
        return values
    values["crop_as_stated"] = SourcedValue(stated, "xmp:GPano")
    size = header_size(source.stream)
    scaled = scaled_crop(stated, size) if size is not None else None
    if scaled is not None and not is_whole_sphere(scaled):
        changed = (stated["width"], stated["height"]) != size
        values["crop"] = SourcedValue(scaled, "xmp:GPano", "scaled" if changed else "stated")
    return values
