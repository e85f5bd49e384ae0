"""The one module that knows the order of the stages."""

import argparse
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import DitichError
from archive.findings import Finding
from archive.home import Home
from archive.records.site import Site
from archive.records.text import Language
from archive.recovery import recover
from archive.storage.refusals import Refusals
from pipeline.console import Console, StageProgress
from pipeline.report import IngestReport

if TYPE_CHECKING:
    from archive.audit.copies import CardVerdict
    from archive.replicas.place import Replica
    from archive.replicas.replicate import Replication
    from pipeline.derive.run import Derived
    from pipeline.ingest_options import Material
    from pipeline.publish.publish import PublishReport

INGEST_STAGES = {
    "receive": ("ingest.receiving", "bytes"),
    "identify": ("ingest.identifying", "files"),
    "describe": ("ingest.describing", "files"),
    "check": ("ingest.examining", "assets"),
    "archive": ("ingest.keeping", "objects"),
    "read-back": ("ingest.reading-back", "bytes"),
}


def prepare(home: Home, console: Console) -> None:
    """What every writing command does first: mends what a crash left, and says so.

    Raises:
        ConflictError: in a replica.
        DamageError: the ledger was set back, or has another past than a copy of it: what is added now would split it in two.
    """
    from archive.replicas.outside import require_continued

    if home.config.replica:
        home.signers()
    require_continued(home)
    for sentence in recover(home):
        console.line(sentence)


def slots() -> int:
    """How many files are worked on at a time: one for each processor."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ingest_folder(
    home: Home, folder: "Path | Material", wishes: argparse.Namespace, console: Console, *, dry_run: bool = False
) -> IngestReport:
    """Receives, identifies, describes, checks and (unless ``dry_run``) accessions one folder or ZIP.

    Args:
        home: the archive.
        folder: what the officer brought, with what is known of it.
        wishes: the options of the ``ingest`` command.
        console: where progress is shown.
        dry_run: examine only.
    """
    from archive.records.access import AccessLevel
    from pipeline.ingest import Ingest, check_folder, ingest
    from pipeline.ingest_options import IngestOptions
    from pipeline.site_archive import find_site
    from pipeline.workers import ParserWorkers

    options = IngestOptions(
        survey=wishes.survey,
        access=AccessLevel(wishes.access) if wishes.access else None,
        replaces=wishes.replaces,
        as_new=wishes.as_new,
        all_or_nothing=wishes.all_or_nothing,
        language=console.words.language,
    )
    site = find_site(home, wishes.site)
    scratch = None if dry_run else home.work  # a check leaves no trace in the home
    with ParserWorkers(slots(), scratch) as workers, StageProgress(console, INGEST_STAGES) as progress:
        job = Ingest(home, site, workers, options, now=datetime.now(UTC), step=progress.step)
        return check_folder(folder, job) if dry_run else ingest(folder, job)


def replicate_to(home: Home, replica: "Replica", console: Console, rate: float = 0.0) -> "Replication":
    """Brings one replica up to date; ``rate`` is bytes a second, 0 for as fast as it goes."""
    from archive.integrity.soundness import sound_standings
    from archive.replicas.replicate import Wishes, replicate

    looks = sound_standings(home)[0].objects.values()
    verified = {one.object_id: one.checked_version for one in looks if one.location == replica.location and one.outcome == "intact"}
    with console.progress("replicate.progress", "bytes") as progress:
        return replicate(home, replica, Wishes(datetime.now(UTC), verified, rate, progress))


def cards(home: Home, deposits: Iterable[str] | None = None) -> tuple["CardVerdict", ...]:
    """What may be done with the cards of these deposits, of all that there are when none are named."""
    from archive.audit.copies import card_verdicts
    from archive.catalogue import open_catalogue
    from archive.integrity.soundness import sound_standings

    if deposits is None:
        with open_catalogue(home) as catalogue:
            deposits = [row.ark for row in catalogue.deposits()]
    return card_verdicts(home, deposits, sound_standings(home)[0])


def second_copies(home: Home, report: IngestReport, console: Console, *, wanted: bool) -> IngestReport:
    """After an ingest: brings the replicas that are plugged in up to date (when ``wanted``), and says what may be done with the card.

    A replica that fails stops nothing: the deposit is archived, and its card is kept.
    """
    from archive.replicas.place import present_replicas

    if not report.deposit or not report.card_may_be_taken_out:
        return report
    for replica in present_replicas(home) if wanted else ():
        try:
            replicate_to(home, replica, console)
        except DitichError as error:
            console.failed_beside(error)
    return replace(report, card=cards(home, [report.deposit])[0].card.value)


def write_report(home: Home, report: IngestReport, page: Path | None, language: Language) -> Path:
    """Writes the report's self-contained HTML page; its name tells the deposit."""
    from pipeline.report_page import report_page, report_pictures
    from pipeline.workers import ParserWorkers

    target = page or home.work / "reports" / f"{report.deposit.rpartition('/')[2] or 'nothing'}.html"
    with Refusals(str(target)):
        target.parent.mkdir(parents=True, exist_ok=True)
    with ParserWorkers(slots(), home.work) as workers:
        pictures = report_pictures(home, report.assets, workers)
    with Refusals(str(target)):
        target.write_text(report_page(report, language, pictures), encoding="utf-8", errors="replace")
    return target


def derive_site(home: Home, site: Site, console: Console) -> "Derived":
    """Makes the derivatives that the site's publication will show, where they are missing."""
    from pipeline.derive.run import derive
    from pipeline.publish.publish import assets_to_derive
    from pipeline.workers import ParserWorkers

    with ParserWorkers(slots(), home.work) as workers, console.progress("publish.deriving", "derivatives") as progress:
        return derive(home, assets_to_derive(home, site.ark), workers, progress)


def publish_site(
    home: Home, site: Site, console: Console, agreed: Callable[["PublishReport"], bool]
) -> tuple["PublishReport", tuple[Finding, ...], bool]:
    """Says what a publication will show, and when that is agreed to, derives and publishes.

    Args:
        home: the archive.
        site: an archived site.
        console: where progress is shown.
        agreed: shown the plan; False stops before anything is written.

    Returns:
        what was published (or only planned, as the last value says), and a finding for every derivative that could not be made.
    """
    from pipeline.derive.run import stored
    from pipeline.publish.publish import assets_to_derive, plan, publish

    now = datetime.now(UTC)
    planned = plan(home, site.ark, stored(home, assets_to_derive(home, site.ark)), now)
    if not agreed(planned):
        return planned, (), False
    derived = derive_site(home, site, console)
    return publish(home, site.ark, derived.derivatives, now), derived.findings, True


def take_from_public(home: Home, site_ark: str) -> "PublishReport | None":
    """Publishes a site anew where something that it shows was withdrawn or restricted since; what was opened meanwhile stays closed.

    No view is made for it: what is there suffices, and it has to be gone with the next request.

    Returns:
        the report of what is left; None where the site was never published, or shows all that it did.
    """
    from archive.publications.read import current_generation
    from pipeline.derive.run import stored
    from pipeline.publish.publish import assets_shown, publish_less
    from pipeline.publish.taken_away import less_taken_away

    left = less_taken_away(home, site_ark)
    if left is None or not current_generation(home.publications / left[0].site.slug):
        return None
    material, _less = left
    report = publish_less(home, material, stored(home, assets_shown(material)), datetime.now(UTC))
    return report if report.changed else None
