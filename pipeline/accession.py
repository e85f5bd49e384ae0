"""Hand a checked deposit to the archive: reconcile, keep the versions, keep the deposit's own object, read everything back.

Idempotent: a run that was killed is completed by the next one, which finds its own assets by the deposit's ARK (a function of site and
received list) in their provenance. What is left out: the write protocol itself, which is ``archive.accession``.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from archive import access
from archive.accession import accession as keep
from archive.accession import verify_from_device
from archive.catalogue import Catalogue
from archive.findings import Finding
from archive.home import Home
from archive.ocfl.object import read_inventory
from archive.records.accession import DepositLine, DepositRecord, Fate
from archive.records.asset import FileRole
from archive.records.package import ArchivalPackage, FileToKeep, VersionDraft
from archive.records.serialise import to_json
from pipeline.asset_record import Provenance
from pipeline.deposit_record import Written, created_by, deposit_lines, merged_with_earlier, refused_files, sheet_files
from pipeline.ingest_options import IngestOptions
from pipeline.reconcile import Action, ArchiveView, Decision, Reconciler, Rejected, Wishes
from pipeline.sip import CheckedDeposit
from pipeline.version_draft import draft_version, generated_file, unchanged_file

Step = Callable[[str, int, int], None]
"""(what is being done: "archive" or "read-back", how much is done, of how much)"""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where and how an accession works.

    Attributes:
        agent: id of the acting agent.
        now: with a time zone.
        step: told of progress.
        companions: files that the deposit's own object keeps beside its record.
    """

    home: Home
    catalogue: Catalogue
    agent: str
    now: datetime
    options: IngestOptions
    step: Step | None = None
    companions: tuple[FileToKeep, ...] = ()

    def tell(self, what: str, done: int, total: int) -> None:
        """Report progress, where anybody listens."""
        if self.step is not None:
            self.step(what, done, total)


@dataclass(frozen=True, slots=True)
class Accessioned:
    """What the archive now holds of the deposit.

    Attributes:
        record: what the deposit's object says, earlier runs included.
        lines: what this run did.
        mismatches: a sentence for everything that did not match when it was read back from the device; empty when all of it did.
    """

    record: DepositRecord
    decisions: tuple[Decision, ...]
    rejected: tuple[Rejected, ...]
    written: dict[str, Written]
    mismatches: tuple[str, ...]
    lines: tuple[DepositLine, ...]


def plan_accession(checked: CheckedDeposit, work: Workplace) -> tuple[tuple[Decision, ...], tuple[Rejected, ...], Provenance]:
    """What accession would do; nothing is written."""
    when = work.now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    deposit = checked.deposit
    provenance = Provenance(deposit.site, deposit.ark, work.options.survey, work.agent, when)
    wishes = Wishes(work.home.config.naan, work.options.as_new, work.options.access is not None)
    decisions, rejected = Reconciler(_view(work, deposit.site), provenance, wishes).decide(checked.assets)
    return decisions, rejected, provenance


def accession(checked: CheckedDeposit, work: Workplace, report: Callable[[Accessioned], bytes]) -> Accessioned:
    """Archive everything that passed; the rest stays with the deposit object.

    Args:
        checked: the deposit, its files in ``incoming/``.
        work: the archive and who acts.
        report: makes ``report.json`` from what the archive holds by then (read back already, but for the deposit's own object).

    Raises:
        ConflictError, DamageError, StorageError: as ``archive.accession``; versions that were acknowledged stay.
    """
    decisions, rejected, provenance = plan_accession(checked, work)
    finished = _finished(work.home, checked.deposit.ark)
    resumed = {one.ark: _resumed(work.home, one, provenance, finished) for one in decisions if one.action is Action.SAME}
    drafts = [draft_version(work.home, one, provenance) for one in decisions if one.action is not Action.SAME]
    packages = _keep(work, drafts)
    written = {one.object_id: Written(one.object_id, one.version, by_this_deposit=True) for one in packages} | resumed
    packages += [_package(work.home, ark, one.version) for ark, one in resumed.items()]
    mismatches = _read_back(work, packages)
    record = record_of(checked, (decisions, rejected), written, provenance)
    done = Accessioned(record, decisions, rejected, written, mismatches, record.lines)
    return _keep_deposit(checked, work, done, report)


def _view(work: Workplace, site: str) -> ArchiveView:
    def principals(sha512: str) -> tuple[str, ...]:
        known = work.catalogue.find_file(site, sha512)
        return tuple(one.ark for one in known if one.role == FileRole.PRINCIPAL)

    expected = created_by(work.home, [row.ark for row in work.catalogue.deposits(site)])
    return ArchiveView(principals, lambda ark: access.read_asset(work.home, ark), lambda ark: access.head_of(work.home, ark), expected)


def _keep(work: Workplace, drafts: list[VersionDraft]) -> list[ArchivalPackage]:
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        work.tell("archive", done, len(drafts))

    packages = list(keep(work.home, drafts, agent=work.agent, now=work.now, progress=advance)) if drafts else []
    work.catalogue.update([one.object_id for one in packages])
    return packages


def _read_back(work: Workplace, packages: list[ArchivalPackage]) -> tuple[str, ...]:
    total = sum(one.size for package in packages for one in access.read_files(work.home, package.object_id, package.version).values())
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        work.tell("read-back", min(done, total), total)

    return tuple(verify_from_device(work.home, packages, progress=advance))


def _package(home: Home, ark: str, version: str) -> ArchivalPackage:
    """A version that was there before, in the form in which it can be read back."""
    stored = read_inventory(home.tree, f"{home.objects.folder_of(ark)}/{version}")
    return ArchivalPackage(ark, version, stored.sha512, ())


def _finished(home: Home, deposit: str) -> frozenset[tuple[str, str]]:
    """(ARK, version) that earlier runs of this deposit wrote and recorded."""
    return frozenset(access.read_deposit(home, deposit).created if access.head_of(home, deposit) else ())


def _resumed(home: Home, decision: Decision, provenance: Provenance, finished: frozenset[tuple[str, str]]) -> Written:
    """Whether a version was written by an interrupted run of this very deposit: its provenance says so, the deposit's record does not."""
    lines = access.read_bytes(home, decision.ark, "events.jsonl").splitlines()
    versions = [version for line in lines if (version := _version_by(line, provenance.deposit))]
    version = versions[-1] if versions else decision.base
    return Written(decision.ark, version, by_this_deposit=bool(versions) and (decision.ark, version) not in finished)


def _version_by(line: bytes, deposit: str) -> str:
    extra = json.loads(line).get("eventDetailExtension") or {}
    return str(extra.get("version", "")) if extra.get("deposit") == deposit else ""


def record_of(
    checked: CheckedDeposit, decided: tuple[tuple[Decision, ...], tuple[Rejected, ...]], written: dict[str, Written], provenance: Provenance
) -> DepositRecord:
    """The deposit's record: every received file with its fate."""
    deposit = checked.deposit
    lines = deposit_lines(checked, *decided, written)
    created = tuple((one.ark, one.version) for one in written.values() if one.by_this_deposit)
    return DepositRecord(
        ark=deposit.ark,
        site=deposit.site,
        origin=deposit.origin,
        received=deposit.received,
        lines=lines,
        left_out=tuple((one.path, one.reason) for one in deposit.left_out),
        survey=provenance.survey,
        created=tuple(sorted(created)),
        totals=_totals(lines),
    )


def _totals(lines: tuple[DepositLine, ...]) -> dict[str, int]:
    counts = {str(fate): sum(1 for line in lines if line.fate is fate) for fate in Fate}
    return {"files": len(lines), "bytes": sum(line.size for line in lines)} | {name: count for name, count in counts.items() if count}


def _keep_deposit(checked: CheckedDeposit, work: Workplace, done: Accessioned, report: Callable[[Accessioned], bytes]) -> Accessioned:
    """The deposit's own object: written once, and again only when a later run of it wrote something or judged otherwise."""
    ark = checked.deposit.ark
    base = access.head_of(work.home, ark) or ""
    earlier = access.read_deposit(work.home, ark) if base else None
    record = merged_with_earlier(done.record, earlier)
    done = replace(done, record=record)
    if earlier is not None and (earlier.created, earlier.lines) == (record.created, record.lines):
        return replace(done, mismatches=(*done.mismatches, *_read_back(work, [_package(work.home, ark, base)])))
    held = access.read_files(work.home, ark) if base else {}
    digests = {one.sha512 for one in held.values()}
    files = [*sheet_files(checked), *refused_files(checked, record.lines), *work.companions]
    files = [replace(one, source=None, move=False, kept=True) if one.sha512 in digests else one for one in files]
    draft = VersionDraft(
        ark,
        base,
        (
            generated_file("deposit.json", to_json(record)),
            generated_file("report.json", report(done)),
            *files,
            *(unchanged_file(path, one) for path, one in held.items() if path not in {file.logical_path for file in files} | _GENERATED),
        ),
        f"Deposit of {len(record.lines)} files",
    )
    packages = _keep(work, [draft])
    return replace(done, mismatches=(*done.mismatches, *_read_back(work, packages)))


_GENERATED = {"deposit.json", "report.json"}


def findings_of(done: Accessioned) -> Iterator[Finding]:
    """What reconciling had to say."""
    yield from (one.finding for one in done.rejected)
    yield from (finding for decision in done.decisions for finding in decision.findings)
