"""PREMIS 3 shaped events: what happened to what, by which agent, with which outcome.

Semantic units are named as in the PREMIS 3 data dictionary (camelCase on disk, see serialise.py); event types are the codes of
id.loc.gov/vocabulary/preservation/eventType.
"""

from dataclasses import dataclass, field
from enum import StrEnum

DROPPED = "dropped"
"""in ``extra`` of the entry that takes a copy out of use: its location"""


class EventType(StrEnum):
    """The event types that Ditich writes."""

    CAPTURE = "cap"
    INGESTION = "ing"
    DIGEST = "mes"
    IDENTIFICATION = "for"
    VALIDATION = "val"
    EXTRACTION = "mee"
    MODIFICATION = "mod"
    METADATA_MODIFICATION = "mem"
    FIXITY_CHECK = "fix"
    REPLICATION = "rep"
    RECOVERY = "rec"
    QUARANTINE = "qua"
    DEACCESSION = "dea"
    PUBLICATION = "dis"
    POLICY_ASSIGNMENT = "poa"


class Outcome(StrEnum):
    """How it went."""

    SUCCESS = "success"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``agents`` are agent ids (persons by id only); ``objects`` are ARKs; ``extra`` is canonical JSON data."""

    identifier: str
    type: EventType
    when: str
    outcome: Outcome
    agents: tuple[str, ...]
    objects: tuple[str, ...]
    detail: str = ""
    extra: dict[str, object] = field(default_factory=dict, hash=False)
