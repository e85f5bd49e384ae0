"""Turn a checked asset into what its object holds: record.json, technical.json and events.jsonl."""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from archive.records.access import AccessDecision
from archive.records.asset import Asset, FileRole, OriginalFile, SourcedValue
from archive.records.events import Event, EventType, Outcome
from archive.records.serialise import to_line
from archive.records.text import LocalText
from pipeline.sip import CheckedAsset, DescribedAsset, Description, IdentifiedFile

_EXPLICIT_FIELDS = {
    "creator": "creator",
    "captured": "captured",
    "rights": "rights",
    "rights_holder": "rights",
    "credit": "rights",
    "subject": "subject",
    "nature": "nature",
    "latitude": "position",
    "longitude": "position",
    "altitude": "position",
    "heading": "position",
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Under which deposit, by whom and when a version is made. ``when`` is RFC 3339 UTC, ``agent`` an agent id."""

    site: str
    deposit: str
    survey: str
    agent: str
    when: str


def new_record(checked: CheckedAsset, ark: str, provenance: Provenance, ordinal: int = 0) -> Asset:
    """The record of an asset that is archived for the first time."""
    described = checked.described
    access, location = (_decided(one, provenance) for one in (described.access, described.location_access))
    return Asset(
        ark=ark,
        site=provenance.site,
        kind=described.kind,
        nature=described.nature,
        title=described.title,
        originals=originals(described),
        description=described.description,
        creator=described.creator,
        captured=described.captured,
        position=described.position,
        rights=described.rights,
        access=access,
        location_access=location,
        subject=described.subject,
        facts=facts_of(described),
        survey=provenance.survey,
        deposit=provenance.deposit,
        ordinal=ordinal,
    )


def _decided(decision: AccessDecision, provenance: Provenance) -> AccessDecision:
    """Who handed the deposit in has decided what nobody else did."""
    return replace(decision, decided_by=decision.decided_by or provenance.agent)


def facts_of(described: DescribedAsset) -> dict[str, SourcedValue]:
    """The facts with values that JSON can say."""
    return {name: replace(fact, value=plain(fact.value)) for name, fact in described.facts.items()}


def originals(described: DescribedAsset) -> tuple[OriginalFile, ...]:
    """The files of an asset as they stand in its record, the principal first."""
    candidate = described.candidate
    return (_original(candidate.principal, FileRole.PRINCIPAL), *(_original(one, role) for one, role in candidate.members))


def _original(one: IdentifiedFile, role: FileRole) -> OriginalFile:
    file = one.file
    return OriginalFile(file.path, file.path_hex, file.size, file.sha512, file.sha256, role, one.verdict, file.modified)


def with_explicit_changes(record: Asset, described: DescribedAsset, *, access_option: bool = False) -> Asset:
    """The record with what a sheet (or the deposit's access option) says otherwise; a mere second reading changes nothing."""
    stated = {name for one in described.descriptions if one.source == "sheet" for name in one.values}
    changes: dict[str, Any] = {
        field: getattr(described, field) for name, field in _EXPLICIT_FIELDS.items() if name in stated and getattr(described, field)
    }
    for field in ("title", "description"):
        said = {name.partition("@")[2] for name in stated if name.startswith(f"{field}@")}
        if said:
            changes[field] = _overlay(getattr(record, field), getattr(described, field), said)
    for field, explicit in (("access", access_option or "access" in stated), ("location_access", "location_access" in stated)):
        if explicit and getattr(described, field).level is not getattr(record, field).level:
            changes[field] = getattr(described, field)
    return replace(record, **{name: value for name, value in changes.items() if not _same(getattr(record, name), value)})


def _overlay(old: LocalText, new: LocalText, languages: Iterable[str]) -> LocalText:
    return replace(old, **{language: getattr(new, language) for language in languages})


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, SourcedValue) and isinstance(new, SourcedValue):
        return bool(old.value == new.value)
    if hasattr(old, "latitude") and hasattr(new, "latitude"):
        return (old.latitude, old.longitude, old.altitude) == (new.latitude, new.longitude, new.altitude)
    return bool(old == new)


def technical(descriptions: Iterable[Description], earlier: bytes | None = None) -> bytes:
    """``technical.json``: the raw dump of every reader by path and source, added to what an earlier version holds."""
    document: dict[str, Any] = json.loads(earlier) if earlier else {"schema": 1, "files": {}}
    for one in descriptions:
        document["files"].setdefault(one.path.encode("utf-8", "backslashreplace").decode(), {})[one.source] = plain(one.raw)
    return (json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n").encode("utf-8", "backslashreplace")


def plain(value: Any) -> Any:
    """A raw value as strict JSON: what JSON cannot say (NaN, bytes, odd keys) becomes text."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, float) and value - value != 0:
        return str(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def events_of(checked: CheckedAsset, ark: str, provenance: Provenance, version: str) -> tuple[Event, ...]:
    """What happened to these files on their way in: digests, formats, validation, extraction, ingestion."""
    described = checked.described
    files = {one.file.path: one for one in described.candidate.files}
    outcome = Outcome.WARNING if checked.findings else Outcome.SUCCESS
    formats = {_text(path): f"{one.verdict.name} {one.verdict.puid}".strip() for path, one in files.items()}
    digests = {_text(path): {"sha512": one.file.sha512, "sha256": one.file.sha256} for path, one in files.items()}
    validation = [{"code": one.code, "severity": str(one.severity), "path": _text(one.path)} for one in checked.findings]
    sources = sorted({one.source for one in described.descriptions})
    common: dict[str, object] = {"deposit": provenance.deposit, "version": version}
    return (
        event(EventType.DIGEST, ark, provenance, detail="one read of the card", extra={"digests": digests}),
        event(EventType.IDENTIFICATION, ark, provenance, detail="by bytes", extra={"formats": formats}),
        event(EventType.EXTRACTION, ark, provenance, detail=", ".join(sources)),
        event(EventType.VALIDATION, ark, provenance, outcome=outcome, extra={"findings": validation}),
        event(EventType.INGESTION, ark, provenance, detail=f"deposit {provenance.deposit}", extra=common),
    )


def event(  # noqa: PLR0913 - the semantic units of a PREMIS event
    kind: EventType,
    ark: str,
    provenance: Provenance,
    *,
    outcome: Outcome = Outcome.SUCCESS,
    detail: str = "",
    extra: dict[str, object] | None = None,
) -> Event:
    """One event about an object; its identifier is a function of what it says, so a repeated attempt writes the same one."""
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{ark}\n{kind}\n{provenance.when}\n{provenance.deposit}\n{_text(detail)}")
    agents = (provenance.agent,) if provenance.agent else ()
    return Event(f"urn:uuid:{name}", kind, provenance.when, outcome, agents, (ark,), detail, extra or {})


def event_lines(events: Iterable[Event], earlier: bytes = b"") -> bytes:
    """``events.jsonl``: earlier lines unchanged, then one line per event."""
    return earlier + b"".join(to_line(one) for one in events)


def _text(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()
