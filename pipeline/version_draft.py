"""From a decision to the version that the archive is asked to keep."""

import hashlib
from collections.abc import Callable, Iterable

from archive.access import KeptFile, read_bytes, read_files
from archive.home import Home
from archive.records.asset import Asset, OriginalFile
from archive.records.events import Event
from archive.records.package import FileToKeep, VersionDraft
from archive.records.serialise import to_json
from pipeline.asset_record import Provenance, event_lines, events_of, technical
from pipeline.logical_paths import logical_path
from pipeline.reconcile import Action, Decision
from pipeline.sip import ReceivedFile

_MESSAGES = {
    Action.NEW: "Accession",
    Action.NEW_VERSION: "Companions or metadata added",
    Action.CORRECTION: "Corrected originals",
}


def draft_version(home: Home, decision: Decision, provenance: Provenance) -> VersionDraft:
    """The version of a decision that is not SAME: originals, record, raw dumps, and its own provenance so far."""
    earlier = read_files(home, decision.ark) if decision.base else {}
    read = _reader(home, decision.ark, earlier)
    version = f"v{int(decision.base[1:] or 0) + 1}" if decision.base else "v1"
    events = [one for part in decision.parts for one in events_of(part, decision.ark, provenance, version)]
    descriptions = [one for part in decision.parts for one in part.described.descriptions]
    return VersionDraft(
        decision.ark,
        decision.base,
        (
            *_originals(decision, earlier),
            *written_records(decision.record, technical(descriptions, read("technical.json")), events, read("events.jsonl") or b""),
        ),
        f"{_MESSAGES[decision.action]}: deposit {provenance.deposit}",
    )


def written_records(record: Asset, dumps: bytes, events: Iterable[Event], earlier: bytes) -> tuple[FileToKeep, ...]:
    """record.json, technical.json and events.jsonl."""
    return (
        generated_file("record.json", to_json(record)),
        generated_file("technical.json", dumps),
        generated_file("events.jsonl", event_lines(events, earlier)),
    )


def generated_file(path: str, content: bytes) -> FileToKeep:
    """A small file of our own making."""
    return FileToKeep(path, hashlib.sha512(content).hexdigest(), hashlib.sha256(content).hexdigest(), len(content), content=content)


def unchanged_file(path: str, kept: KeptFile) -> FileToKeep:
    """A file that the object holds already, in this or an earlier version."""
    return FileToKeep(path, kept.sha512, kept.sha256, kept.size, kept=True)


def _originals(decision: Decision, earlier: dict[str, KeptFile]) -> Iterable[FileToKeep]:
    received = {one.file.sha512: one.file for part in decision.parts for one in part.described.candidate.files}
    held = {kept.sha512 for kept in earlier.values()}
    for original in decision.record.originals:
        yield _original(original, received, held)


def _original(original: OriginalFile, received: dict[str, ReceivedFile], held: set[str]) -> FileToKeep:
    path = logical_path("original", original.path_hex)
    if original.sha512 in held:
        return FileToKeep(path, original.sha512, original.sha256, original.size, kept=True)
    return FileToKeep(path, original.sha512, original.sha256, original.size, source=received[original.sha512].stored, move=True)


def _reader(home: Home, ark: str, earlier: dict[str, KeptFile]) -> Callable[[str], bytes | None]:
    return lambda name: read_bytes(home, ark, name) if name in earlier else None
