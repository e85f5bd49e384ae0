"""The material as it moves: one frozen type per stage, so that mypy refuses to accession an unchecked deposit.

folder ─receive→ Deposit ─identify→ IdentifiedDeposit ─describe→ DescribedDeposit ─check→ CheckedDeposit ─accession→ ArchivalPackage
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.findings import Finding
from archive.records.access import AccessDecision, Rights
from archive.records.asset import AssetKind, FileRole, FormatVerdict, GeoPosition, Nature, SourcedValue
from archive.records.text import LocalText

Progress = Callable[[int, int, str], None]
"""(done, in all, deposit path of the file at hand): bytes where files are copied, visits of readers where they are read"""


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One file of the card after the one read.

    Attributes:
        path: deposit path as text, ``/``-joined; bytes that are not UTF-8 stand as surrogate escapes.
        path_hex: the exact bytes of that path, hexadecimal.
        stored: where the copy lies now (in ``incoming/``; the original place during a dry run).
        modified: RFC 3339 UTC.
    """

    path: str
    path_hex: str
    stored: Path
    size: int
    sha512: str
    sha256: str
    modified: str

    @property
    def readable_path(self) -> str:
        """The path for libraries that take text only: bytes that are not UTF-8 stand as U+FFFD."""
        return self.path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file of the folder that is not received, and why ("system-file", "hidden", "symbolic-link", "changed-while-read" …)."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Deposit:
    """What was received. ``ark`` is a function of the site and the received list, so the same folder meets itself."""

    ark: str
    site: str
    origin: str
    received: str
    files: tuple[ReceivedFile, ...]
    left_out: tuple[LeftOut, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class IdentifiedFile:
    """A received file and what its bytes are."""

    file: ReceivedFile
    verdict: FormatVerdict


@dataclass(frozen=True, slots=True)
class CandidateAsset:
    """Files that belong together. ``members`` holds companions and sidecars with their roles, sorted by path."""

    kind: AssetKind
    principal: IdentifiedFile
    members: tuple[tuple[IdentifiedFile, FileRole], ...] = ()

    @property
    def files(self) -> tuple[IdentifiedFile, ...]:
        """All files, the principal first."""
        return (self.principal, *(member for member, _ in self.members))


@dataclass(frozen=True, slots=True)
class IdentifiedDeposit:
    """A deposit whose files have a format and an asset. ``sheets`` are spreadsheets and text that describe the deposit itself."""

    deposit: Deposit
    candidates: tuple[CandidateAsset, ...]
    sheets: tuple[IdentifiedFile, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """What one source says of one file.

    Attributes:
        source: name of the source ("exif", "xmp", "las-header", "sheet" …).
        path: deposit path of the file that was read.
        raw: the tag dump as read, JSON values.
        values: normalised fields by name (the names of ``Asset`` fields and facts), each naming its source.
    """

    source: str
    path: str
    raw: dict[str, Any] = field(hash=False)
    values: dict[str, SourcedValue] = field(hash=False)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class DescribedAsset:
    """A candidate with everything that its sources say, merged by precedence (sheet, XMP, EXIF, header, folder, site)."""

    candidate: CandidateAsset
    kind: AssetKind
    nature: Nature
    title: LocalText
    description: LocalText
    creator: str
    captured: SourcedValue | None
    position: GeoPosition | None
    rights: Rights
    access: AccessDecision
    subject: tuple[str, ...]
    facts: dict[str, SourcedValue] = field(hash=False)
    descriptions: tuple[Description, ...] = ()
    replaces: str = ""
    location_access: AccessDecision = AccessDecision()


@dataclass(frozen=True, slots=True)
class DescribedDeposit:
    """A deposit whose assets are described."""

    deposit: Deposit
    assets: tuple[DescribedAsset, ...]
    sheets: tuple[IdentifiedFile, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """An asset that is not archived as an asset, and why. Its bytes stay with the deposit object, restricted."""

    asset: DescribedAsset
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CheckedAsset:
    """An asset that may be archived, with its warnings and notes."""

    described: DescribedAsset
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedDeposit:
    """A deposit that may be accessioned: accepted assets, refusals beside them, and what concerns the whole."""

    deposit: Deposit
    assets: tuple[CheckedAsset, ...]
    refusals: tuple[Refusal, ...]
    sheets: tuple[IdentifiedFile, ...]
    findings: tuple[Finding, ...] = ()
