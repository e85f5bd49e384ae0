"""What the officer is told after an ingest or a check: one record, shown as JSON, as lines on the terminal and as one HTML page."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from archive.findings import Finding, Severity
from archive.records.accession import UNREAD_REASONS, DepositLine, Fate
from archive.records.asset import AssetKind
from archive.records.serialise import to_json
from archive.records.text import Language, LocalText
from pipeline.console import printable as printable  # noqa: PLC0414 - those who show reports import it from here
from pipeline.console import size
from pipeline.reconcile import Action
from pipeline.report_words import WORDS

REPORT_SCHEMA = 1


class ReadBack(StrEnum):
    """Whether the archived bytes were read back from the device."""

    MATCHED = "matched"
    FAILED = "failed"
    PENDING = "pending"
    DRY_RUN = "dry-run"
    NOTHING = "nothing-archived"


@dataclass(frozen=True, slots=True)
class ReportAsset:
    """One asset of the deposit: what became of it, and the deposit paths of its files, the principal first."""

    ark: str
    version: str
    kind: AssetKind
    title: LocalText
    action: Action
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Everything that is said of one ingest.

    Attributes:
        seen: regular files that were found and not left out on purpose; ``lines`` are those that were read.
        left_out: (path, reason).
        findings: all, those of the whole deposit with an empty path.
        needed, free: bytes, as planned before anything was written.
        receipt: where the receipt was written; "" for none.
    """

    deposit: str
    site: str
    site_name: LocalText
    origin: str
    survey: str
    when: str
    seen: int
    lines: tuple[DepositLine, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    assets: tuple[ReportAsset, ...] = ()
    findings: tuple[Finding, ...] = ()
    read_back: ReadBack = ReadBack.PENDING
    mismatches: tuple[str, ...] = ()
    needed: int = 0
    free: int = 0
    receipt: str = ""
    totals: dict[str, int] = field(default_factory=dict, hash=False)
    card: str = ""
    schema: int = REPORT_SCHEMA

    def count(self, *fates: Fate) -> int:
        """How many files had one of these fates."""
        return sum(1 for line in self.lines if line.fate in fates)

    @property
    def bytes_received(self) -> int:
        """Bytes that were read from the card."""
        return sum(line.size for line in self.lines)

    @property
    def refuses(self) -> bool:
        """Whether anything was refused or did not match: exit code 1."""
        return bool(self.mismatches) or any(one.severity is Severity.REFUSE for one in self.findings)

    @property
    def card_may_be_taken_out(self) -> bool:
        """Only when something is in the archive, and everything archived was read back from the device and matched."""
        there = self.count(Fate.ARCHIVED, Fate.ALREADY_ARCHIVED, Fate.DESCRIBES)
        return self.read_back is ReadBack.MATCHED and not self.mismatches and there > 0

    @property
    def card_may_be_erased(self) -> bool:
        """Only when every file of it has a second copy, read back on another disk."""
        return self.card_may_be_taken_out and self.card == "erase"

    def as_json(self) -> bytes:
        """The report as one JSON document."""
        return to_json(self)


def unread(report: IngestReport) -> tuple[str, ...]:
    """Paths that were found but could not be read: not in the archive, and not left out on purpose."""
    return tuple(path for path, reason in report.left_out if reason in UNREAD_REASONS)


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one rule: its sentence where all say the same, else none and each has its own."""

    code: str
    severity: Severity
    sentence: str
    entries: tuple[tuple[str, str], ...]
    """(deposit path, its own sentence or "")"""


def grouped(findings: Iterable[Finding], language: Language) -> tuple[FindingGroup, ...]:
    """Findings by rule, what refuses first, so that two hundred photos without rights are one thing to do and not two hundred."""
    by_rule: dict[tuple[int, str], list[Finding]] = {}
    order = list(Severity)
    for finding in findings:
        by_rule.setdefault((order.index(finding.severity), finding.code), []).append(finding)
    return tuple(_group(code, order[rank], by_rule[rank, code], language) for rank, code in sorted(by_rule))


def _group(code: str, severity: Severity, findings: list[Finding], language: Language) -> FindingGroup:
    sentences = {printable(one.sentence[language]) for one in findings}
    shared = sentences.pop() if len(sentences) == 1 else ""
    entries = sorted((one.path, "" if shared else printable(one.sentence[language])) for one in findings)
    return FindingGroup(code, severity, shared, tuple(entries))


def terminal_lines(report: IngestReport, language: Language, most: int = 8) -> tuple[str, ...]:
    """The report for a terminal: counts, what was refused and what to do, and last whether the card may be taken out."""
    name = report.site_name.best(language)
    lines = [f"{name[0] if name else report.site} · {WORDS[language]['deposit']}: {report.deposit}", *counts(report, language)]
    lines += finding_lines(report.findings, language, most)
    lines += [f"  ! {sentence}" for sentence in report.mismatches]
    return (*lines, verdict(report, language))


def finding_lines(findings: Iterable[Finding], language: Language, most: int = 8) -> list[str]:
    """Findings for a terminal: by rule, what refuses first, of each rule as many places as fit."""
    return [line for group in grouped(findings, language) for line in _group_lines(group, WORDS[language], most)]


def counts(report: IngestReport, language: Language) -> list[str]:
    """One sentence a count, those that are nought left out but for the first."""
    words = WORDS[language]
    numbers = {
        "kept": report.count(Fate.ARCHIVED),
        "already": report.count(Fate.ALREADY_ARCHIVED),
        "describes": report.count(Fate.DESCRIBES),
        "refused": report.count(Fate.REFUSED) + len(unread(report)),
        "left_out": len(report.left_out) - len(unread(report)),
    }
    dry = report.read_back is ReadBack.DRY_RUN
    first = words["would_received" if dry else "received"]
    changed = sum(one.action in {Action.NEW_VERSION, Action.CORRECTION} for one in report.assets)
    numbers["changed"] = changed
    rest = [words[f"would_{name}" if dry else f"n_{name}"].format(n=number) for name, number in numbers.items() if number]
    return [first.format(n=len(report.lines), of=report.seen, size=size(report.bytes_received)), *rest]


def _group_lines(group: FindingGroup, words: dict[str, str], most: int) -> list[str]:
    head = f"{words[group.severity]} · {group.code} ({len(group.entries)})"
    lines = [f"{head}: {group.sentence}" if group.sentence else f"{head}:"]
    for path, sentence in group.entries[:most]:
        if path:
            lines.append(f"    {printable(path)}" + (f": {sentence}" if sentence else ""))
        elif sentence:
            lines.append(f"    {sentence}")
    if len(group.entries) > most:
        lines.append("    " + words["more"].format(n=len(group.entries) - most))
    return lines


def verdict(report: IngestReport, language: Language) -> str:
    """What the officer may do with the card now."""
    words = WORDS[language]
    if report.card_may_be_taken_out:
        refused = report.count(Fate.REFUSED)
        if report.card_may_be_erased and refused:  # what is damaged here may be whole on the card
            return words["card_erase_refused"].format(n=refused)
        return words[f"card_{report.card}" if report.card else "take_out"]
    key = {
        ReadBack.DRY_RUN: "dry_run",
        ReadBack.NOTHING: "nothing",
        ReadBack.PENDING: "pending",
        ReadBack.MATCHED: "mismatch" if report.mismatches else "nothing",
        ReadBack.FAILED: "mismatch",
    }[report.read_back]
    return words[key]
