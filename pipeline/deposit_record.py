"""The deposit's own object: the received list with every fate, the spreadsheets, and the bytes that were refused."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from archive.access import read_deposit
from archive.errors import DamageError, NotFoundError, RecordError
from archive.home import Home
from archive.records.accession import DepositLine, DepositRecord, Fate
from archive.records.package import FileToKeep
from pipeline.logical_paths import logical_path
from pipeline.reconcile import Action, Decision, Rejected
from pipeline.sip import CheckedAsset, CheckedDeposit, DescribedAsset, ReceivedFile


@dataclass(frozen=True, slots=True)
class Written:
    """An ARK with the version that stands for this deposit, and whether this deposit wrote it (now or before it was interrupted)."""

    ark: str
    version: str
    by_this_deposit: bool


def created_by(home: Home, deposits: Iterable[str]) -> frozenset[str]:
    """The assets that deposits made or changed, as their records say: the archive should have them, whatever the catalogue shows.

    A deposit that cannot be read itself says nothing; an audit names it.
    """
    arks: set[str] = set()
    for deposit in deposits:
        with suppress(NotFoundError, DamageError, RecordError):
            arks.update(ark for ark, _version in read_deposit(home, deposit).created)
    return frozenset(arks)


def deposit_lines(
    checked: CheckedDeposit, decisions: Iterable[Decision], rejected: Iterable[Rejected], written: Mapping[str, Written]
) -> tuple[DepositLine, ...]:
    """One line per received file, sorted by exact path. A file of several assets names the first it was archived in."""
    fates = dict(_fates(decisions, written))
    sheets = {one.file.path for one in checked.sheets}
    formats, codes = _formats(checked), _codes(checked, decisions, rejected)
    return tuple(
        DepositLine(
            path=file.path,
            path_hex=file.path_hex,
            size=file.size,
            sha512=file.sha512,
            sha256=file.sha256,
            modified=file.modified,
            format=formats.get(file.path, "unknown"),
            fate=fates[file.path][0] if file.path in fates else Fate.DESCRIBES if file.path in sheets else Fate.REFUSED,
            asset=fates[file.path][1] if file.path in fates else "",
            findings=tuple(dict.fromkeys(codes[file.path])),
        )
        for file in sorted(checked.deposit.files, key=lambda one: one.path_hex)
    )


def refused_assets(checked: CheckedDeposit, rejected: Iterable[Rejected]) -> tuple[DescribedAsset, ...]:
    """Assets that were refused by a rule or by reconciling."""
    return (*(one.asset for one in checked.refusals), *(one.asset.described for one in rejected))


def refused_files(checked: CheckedDeposit, lines: Iterable[DepositLine]) -> Iterator[FileToKeep]:
    """Bytes that stay with the deposit because no asset holds them."""
    by_path = {one.path: one for one in checked.deposit.files}
    for line in lines:
        if line.fate is Fate.REFUSED:
            yield kept_file("refused", by_path[line.path])


def sheet_files(checked: CheckedDeposit) -> Iterator[FileToKeep]:
    """The spreadsheets."""
    return (kept_file("sheets", one.file) for one in checked.sheets)


def kept_file(prefix: str, file: ReceivedFile, *, move: bool = True) -> FileToKeep:
    """A received file as a file of a new version."""
    return FileToKeep(logical_path(prefix, file.path_hex), file.sha512, file.sha256, file.size, source=file.stored, move=move)


def merged_with_earlier(record: DepositRecord, earlier: DepositRecord | None) -> DepositRecord:
    """A second run of the same deposit adds what it wrote; what the first one said of its own versions stays."""
    if earlier is None:
        return record
    before = {line.path_hex: line for line in earlier.lines}
    lines = tuple(_earlier_said(line, before.get(line.path_hex)) for line in record.lines)
    created = tuple(dict.fromkeys((*earlier.created, *record.created)))
    return replace(record, lines=lines, received=earlier.received, created=created, undone=earlier.undone)


def _earlier_said(line: DepositLine, before: DepositLine | None) -> DepositLine:
    known_again = line.fate is Fate.ALREADY_ARCHIVED and before is not None and before.fate is Fate.ARCHIVED
    return before if known_again and before is not None and before.asset == line.asset else line


def _fates(decisions: Iterable[Decision], written: Mapping[str, Written]) -> Iterator[tuple[str, tuple[Fate, str]]]:
    for decision in decisions:
        outcome = written[decision.ark]
        held = {one.path_hex for one in decision.record.originals}
        resumed = decision.action is Action.SAME
        for one in (one for part in decision.parts for one in part.described.candidate.files):
            new = outcome.by_this_deposit and one.file.path_hex in held and (resumed or one.file.sha512 not in decision.known)
            yield one.file.path, (Fate.ARCHIVED if new else Fate.ALREADY_ARCHIVED, decision.ark)


def _formats(checked: CheckedDeposit) -> dict[str, str]:
    described = [*(one.described for one in checked.assets), *(one.asset for one in checked.refusals)]
    files = [one for asset in described for one in asset.candidate.files]
    return {one.file.path: one.verdict.name for one in (*files, *checked.sheets)}


def _codes(checked: CheckedDeposit, decisions: Iterable[Decision], rejected: Iterable[Rejected]) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = defaultdict(list)
    accepted: list[CheckedAsset] = list(checked.assets)
    found = [finding for one in accepted for finding in one.findings]
    found += [finding for refusal in checked.refusals for finding in refusal.findings]
    found += [one.finding for one in rejected]
    found += [finding for decision in decisions for finding in decision.findings]
    for finding in (*found, *checked.findings):
        codes[finding.path].append(finding.code)
    return codes
