"""Receive → identify → describe → check → accession, wired once for ``check`` and ``ingest``."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from archive import access
from archive.catalogue import Catalogue, open_catalogue
from archive.errors import DamageError, NotFoundError, RecordError
from archive.findings import Finding
from archive.home import Home
from archive.records.accession import UNREAD_REASONS
from archive.records.site import Site
from pipeline.accession import Accessioned, Workplace, accession, findings_of, plan_accession, record_of
from pipeline.check.context import CheckContext
from pipeline.check.stage import check
from pipeline.check.too_little_space import judge
from pipeline.deposit_record import Written
from pipeline.describe.stage import describe
from pipeline.identify.stage import identify
from pipeline.ingest_options import IngestOptions, Material
from pipeline.receipts import kept_receipt
from pipeline.receive import Intake, Listing, forget, list_source, receive
from pipeline.reconcile import Decision
from pipeline.report import IngestReport, ReadBack, ReportAsset
from pipeline.sip import CheckedDeposit, Deposit
from pipeline.space import Fits, SpacePlan, plan_space
from pipeline.workers import ParserWorkers

Step = Callable[[str, int, int, str], None]
"""(stage, done, of how much, what is at hand): "receive" and "read-back" count bytes, "archive" counts objects, others are said once"""


@dataclass(frozen=True, slots=True)
class Ingest:
    """One ingest: into which archive and site, by whom, with which options.

    Attributes:
        workers: slots for parsers; shared with what comes after, so made by the caller.
        agent: acting agent's id; "" takes the home's.
        now: with a time zone.
    """

    home: Home
    site: Site
    workers: ParserWorkers
    options: IngestOptions = field(default_factory=IngestOptions)
    agent: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    step: Step | None = None

    def tell(self, stage: str, done: int = 0, total: int = 0, what: str = "") -> None:
        """Report progress, where anybody listens."""
        if self.step is not None:
            self.step(stage, done, total, what)


@dataclass(frozen=True, slots=True)
class _Round:
    """What stays the same through one run."""

    job: Ingest
    listing: Listing
    space: SpacePlan


def ingest(source: Path | Material, job: Ingest) -> IngestReport:
    """Everything from the officer's folder to archived, read back and reported.

    Raises:
        NotFoundError, UsageError: nothing to ingest there.
        NotFoundError: this user has no signing key for the archive; nothing was received.
        StorageError: the archive's disk refused; nothing of the work at hand was acknowledged.
        DamageError: the material is not what it was when it was judged; nothing was archived.
    """
    material = source if isinstance(source, Material) else Material(source)
    listing = _listed(material)
    space = plan_space(tuple(entry.size for entry in listing.entries), job.home.root)
    if space.verdict is Fits.TOO_LITTLE or not listing.entries:
        return _nothing(listing, job, space, judge(space))
    job.home.signers()  # without keys nothing could be archived: said before the card is read
    deposit = receive(listing, _intake(job, job.home.incoming), lambda done, total, path: job.tell("receive", done, total, path))
    _require_expected(deposit, material)
    with open_catalogue(job.home) as catalogue:
        checked = _examine(deposit, job, space, catalogue)
    with open_catalogue(job.home) as catalogue:  # again: examining took its time, and others may have ingested
        if job.options.all_or_nothing and checked.refusals:
            return _report(_Round(job, listing, space), checked, _planned(checked, job, catalogue), ReadBack.NOTHING)
        agent = job.agent or job.home.config.agent
        work = Workplace(job.home, catalogue, agent, job.now, job.options, job.tell, material.companions)

        def report_so_far(done: Accessioned) -> bytes:
            return _report(_Round(job, listing, space), checked, done, ReadBack.PENDING).as_json()

        before = job.home.log.checkpoint().size
        done = accession(checked, work, report_so_far)
    if done.mismatches:
        return _report(_Round(job, listing, space), checked, done, ReadBack.FAILED)
    forget(deposit, job.home.incoming)
    report = _report(_Round(job, listing, space), checked, done, ReadBack.MATCHED)
    return replace(report, receipt=kept_receipt(job.home, deposit.ark, before))


def check_folder(source: Path | Material, job: Ingest) -> IngestReport:
    """Everything that :func:`ingest` would do and say, with nothing written to the archive (a ZIP is unpacked into a temporary folder)."""
    listing = _listed(source if isinstance(source, Material) else Material(source))
    space = plan_space(tuple(entry.size for entry in listing.entries), job.home.root)
    if not listing.entries:
        return _nothing(listing, job, space, judge(space))
    in_place = all(entry.place is not None for entry in listing.entries)
    with tempfile.TemporaryDirectory(prefix="ditich-check-") as scratch:
        intake = _intake(job, None if in_place else Path(scratch))
        deposit = receive(listing, intake, lambda done, total, path: job.tell("receive", done, total, path))
        with open_catalogue(job.home, Path(scratch)) as catalogue:
            checked = _examine(deposit, job, space, catalogue)
            planned = None if space.verdict is Fits.TOO_LITTLE else _planned(checked, job, catalogue)
        return _report(_Round(job, listing, space), checked, planned, ReadBack.DRY_RUN)


def _listed(material: Material) -> Listing:
    listing = list_source(material.folder)
    return replace(listing, origin=material.origin) if material.origin else listing


def _require_expected(deposit: Deposit, material: Material) -> None:
    for file in deposit.files:
        if material.expected and material.expected.get(file.path_hex) != file.sha512:
            raise DamageError(
                f"{file.path} is not what it was when the bag was judged; nothing was archived.",
                advice="Something writes to the bag, or its disk is failing: import it again.",
                code="changed-since-judged",
                values={"path": file.path},
            )


def _intake(job: Ingest, incoming: Path | None) -> Intake:
    return Intake(job.site.ark, job.home.config.naan, incoming, job.now)


def _examine(deposit: Deposit, job: Ingest, space: SpacePlan, catalogue: Catalogue) -> CheckedDeposit:
    identified = identify(deposit, job.workers, lambda done, total, path: job.tell("identify", done, total, path))
    described = describe(identified, job.workers, job.site, job.options, lambda done, total, path: job.tell("describe", done, total, path))
    job.tell("check", 0, len(described.assets))

    def known(sha512: str) -> tuple[str, ...]:
        found = dict.fromkeys(one.ark for one in catalogue.find_file(job.site.ark, sha512))
        return tuple(ark for ark in found if job.home.objects.has(ark))

    return check(described, CheckContext(job.site, known, job.now, space, partial(_names_held, job.home)))


def _names_held(home: Home, ark: str) -> frozenset[str]:
    try:
        return frozenset(one.path.rpartition("/")[2].casefold() for one in access.read_asset(home, ark).originals)
    except (NotFoundError, DamageError, RecordError):  # reconciling says so
        return frozenset()


def _planned(checked: CheckedDeposit, job: Ingest, catalogue: Catalogue) -> Accessioned:
    """What accession would come to."""
    work = Workplace(job.home, catalogue, job.agent or job.home.config.agent, job.now, job.options)
    decisions, rejected, provenance = plan_accession(checked, work)
    written = {one.ark: Written(one.ark, one.base, by_this_deposit=not one.base) for one in decisions}
    record = record_of(checked, (decisions, rejected), written, provenance)
    return Accessioned(record, decisions, rejected, written, (), record.lines)


def _nothing(listing: Listing, job: Ingest, space: SpacePlan, findings: Iterable[Finding]) -> IngestReport:
    empty = Deposit("", job.site.ark, listing.origin, "", (), listing.left_out, (*listing.findings, *findings))
    checked = CheckedDeposit(empty, (), (), (), empty.findings)
    report = _report(_Round(job, listing, space), checked, None, ReadBack.NOTHING)
    return replace(report, deposit="")


def _report(run: _Round, checked: CheckedDeposit, done: Accessioned | None, read_back: ReadBack) -> IngestReport:
    deposit = checked.deposit
    findings = [finding for asset in checked.assets for finding in asset.findings]
    findings += [finding for refusal in checked.refusals for finding in refusal.findings]
    return IngestReport(
        deposit=deposit.ark,
        site=run.job.site.ark,
        site_name=run.job.site.name,
        origin=run.listing.origin,
        survey=run.job.options.survey,
        when=run.job.now.astimezone(UTC).isoformat(timespec="seconds"),
        seen=len(run.listing.entries) + sum(1 for one in run.listing.left_out if one.reason in UNREAD_REASONS),
        lines=done.lines if done else (),
        left_out=tuple((one.path, one.reason) for one in deposit.left_out),
        assets=tuple(_asset(one, done) for one in done.decisions) if done else (),
        findings=(*findings, *checked.findings, *(findings_of(done) if done else ())),
        read_back=read_back,
        mismatches=done.mismatches if done else (),
        needed=run.space.everything,
        free=run.space.free,
    )


def _asset(decision: Decision, done: Accessioned) -> ReportAsset:
    record = decision.record
    paths = tuple(one.file.path for part in decision.parts for one in part.described.candidate.files)
    return ReportAsset(decision.ark, done.written[decision.ark].version, record.kind, record.title, decision.action, paths)
