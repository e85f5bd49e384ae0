"""Faults in the material, as values: stable code, severity, place, and a sentence that says what to do."""

from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """What a finding means for the asset it concerns."""

    REFUSE = "refuse"
    WARN = "warn"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault or remark.

    Attributes:
        code: stable kebab-case name, the same as the file of the rule that raised it ("exact-duplicate").
        severity: what it means for the asset.
        path: the deposit path it concerns, as text (undecodable bytes as surrogate escapes); "" for the whole deposit.
        sentence: for the officer, by language ("vi", "en", "th"): what, and what to do now.
        detail: for the log: got, expected, reader and its message.
    """

    code: str
    severity: Severity
    path: str
    sentence: dict[str, str] = field(hash=False)
    detail: str = ""
