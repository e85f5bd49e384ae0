"""The fields of an asset's record that a person may change, by the names of a spreadsheet's columns: read one, set one.

``title@vi`` … ``description@th``, creator, captured, rights, rights_holder, credit, subject, access, access_reason, location_access,
nature, kind (photo ↔ panorama), latitude, longitude, altitude, heading. An empty value clears a field.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from archive.records.access import AccessDecision, AccessLevel
from archive.records.asset import Asset, AssetKind, GeoPosition, Nature, SourcedValue
from pipeline.sheet_values import CellError, cell_value

SOURCE = "edit"
_TEXTS = ("title", "description")
_PLACE = ("latitude", "longitude", "altitude", "heading")
_RIGHTS = {"rights": "statement", "rights_holder": "holder", "credit": "credit"}
_IMAGES = (AssetKind.PHOTO, AssetKind.PANORAMA)


def editable_fields() -> tuple[str, ...]:
    """All names, in the order in which they are shown."""
    texts = tuple(f"{field}@{language}" for field in _TEXTS for language in ("vi", "en", "th"))
    return (*texts, *_SETTERS, *_RIGHTS, *_PLACE)


def read_field(record: Asset, field: str) -> str:
    """What the record says now, as text; "" where it says nothing."""
    name, _, language = field.partition("@")
    if name in _TEXTS:
        return getattr(getattr(record, name), language) or ""
    if field in _RIGHTS:
        return str(getattr(record.rights, _RIGHTS[field]))
    if field in _PLACE:
        number = getattr(record.position, field, None)
        return "" if number is None else f"{number:.10g}"
    return _READERS[field](record)


def with_field(record: Asset, field: str, cell: Any) -> Asset:
    """The record with one field set from what a person typed.

    Raises:
        CellError: the field is not one that can be set, or cannot hold this.
    """
    name, _, language = field.partition("@")
    if field not in editable_fields():
        known = ", ".join(editable_fields())
        raise CellError(
            f"không có trường “{field}”. Các trường: {known}.",
            f"there is no field “{field}”. Fields: {known}.",
            f"ไม่มีช่อง “{field}” ช่องที่มี: {known}",
        )
    found = cell_value(name, cell)
    value = found.value if found else None
    if name in _TEXTS:
        return replace(record, **{name: replace(getattr(record, name), **{language: value})})
    if field in _RIGHTS:
        return replace(record, rights=replace(record.rights, **{_RIGHTS[field]: value or ""}))
    if field in _PLACE:
        return replace(record, position=_moved(record.position, field, value))
    return _SETTERS[field](record, value)


def _moved(position: GeoPosition | None, field: str, value: float | None) -> GeoPosition | None:
    if position is None:
        if value is None:
            return None
        # The other half is set in the same edit, or the plan refuses it: see ``is_whole``.
        position = GeoPosition(float("nan"), float("nan"))
    changes: dict[str, Any] = {field: value, "source": SOURCE}
    return None if value is None and field in {"latitude", "longitude"} else replace(position, **changes)


def is_whole(record: Asset) -> bool:
    """Whether the position has both halves, or none."""
    position = record.position
    return position is None or (abs(position.latitude) <= 90 and abs(position.longitude) <= 180)


def _access(record: Asset, value: AccessLevel | None) -> Asset:
    return replace(record, access=AccessDecision(value or AccessLevel.RESTRICTED, reason=SOURCE))


def _location_access(record: Asset, value: AccessLevel | None) -> Asset:
    return replace(record, location_access=AccessDecision(value or AccessLevel.RESTRICTED, reason=SOURCE))


def _kind(record: Asset, value: str | None) -> Asset:
    if record.kind not in _IMAGES or value not in {str(one) for one in _IMAGES}:
        raise CellError(
            "chỉ đổi được giữa photo và panorama.", "only photo and panorama can be exchanged.", "เปลี่ยนได้เฉพาะ photo กับ panorama"
        )
    facts = {name: fact for name, fact in record.facts.items() if name != "projection"}
    if value == AssetKind.PANORAMA:
        facts["projection"] = SourcedValue("equirectangular", SOURCE)
    return replace(record, kind=AssetKind(value), facts=facts)


_SETTERS: dict[str, Callable[[Asset, Any], Asset]] = {
    "creator": lambda record, value: replace(record, creator=value or ""),
    "captured": lambda record, value: replace(record, captured=SourcedValue(value, SOURCE) if value else None),
    "subject": lambda record, value: replace(record, subject=value or ()),
    "access": _access,
    "access_reason": lambda record, value: replace(record, access=replace(record.access, reason=value or "")),
    "location_access": _location_access,
    "nature": lambda record, value: replace(record, nature=value or Nature.SURVEY),
    "kind": _kind,
}
_READERS: dict[str, Callable[[Asset], str]] = {
    "creator": lambda record: record.creator,
    "captured": lambda record: str(record.captured.value) if record.captured else "",
    "subject": lambda record: " | ".join(record.subject),
    "access": lambda record: str(record.access.level),
    "access_reason": lambda record: record.access.reason,
    "location_access": lambda record: str(record.location_access.level),
    "nature": lambda record: str(record.nature),
    "kind": lambda record: str(record.kind),
}
