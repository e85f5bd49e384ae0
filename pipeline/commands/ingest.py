"""``ditich ingest FOLDER --site S``: takes a folder or ZIP into the archive and reports what became of every file."""

import argparse
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.console import Console, default_home
from pipeline.words import Words

if TYPE_CHECKING:
    from pipeline.report import IngestReport


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    configure_deposit(parser, words)
    parser.add_argument("--report", type=Path, metavar="HTML", help=words("ingest.report"))
    parser.add_argument("--no-replicate", action="store_true", help=words("ingest.no-replicate"))


def configure_deposit(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds what ``check`` and ``ingest`` share."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=words("ingest.folder"))
    parser.add_argument("--site", required=True, help=words("ingest.site"))
    parser.add_argument("--survey", default="", help=words("ingest.survey"))
    parser.add_argument("--access", choices=("public", "reduced", "restricted"), help=words("ingest.access"))
    parser.add_argument("--all-or-nothing", action="store_true", help=words("ingest.all-or-nothing"))
    parser.add_argument("--replaces", default="", metavar="ARK", help=words("ingest.replaces"))
    parser.add_argument("--as-new", action="store_true", help=words("ingest.as-new"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Ingests, shows the report, writes its HTML page."""
    from archive.home import open_home
    from pipeline.report import terminal_lines
    from pipeline.run import ingest_folder, prepare, second_copies, write_report

    home = open_home(arguments.home)
    prepare(home, console)
    report = ingest_folder(home, arguments.folder, arguments, console)
    report = second_copies(home, report, console, wanted=not arguments.no_replicate)
    *lines, card = terminal_lines(report, console.words.language)
    for line in lines:
        console.line(line)
    page = write_report(home, report, arguments.report, console.words.language)
    console.say("ingest.report-at", path=page)
    if report.receipt:
        console.say("ingest.receipt", path=report.receipt)
    if report.card_may_be_taken_out:
        console.say("ingest.next", slug=with_home(arguments.site, arguments.home))
    console.line(card)
    console.document({**json.loads(report.as_json()), "page": str(page)})
    return exit_code(report)


def with_home(site: str, home: Path) -> str:
    """A site's name for the next command, with its ``--home`` where that is not the usual one."""
    return site if home == default_home() else f"{site} --home {shlex.quote(str(home))}"


def exit_code(report: "IngestReport") -> int:
    """0 all taken, 1 something was refused or did not read back, 2 nothing could be taken."""
    from archive.findings import Severity
    from pipeline.report import ReadBack

    if not report.lines:
        return 2
    refused = any(finding.severity is Severity.REFUSE for finding in report.findings)
    return int(refused or report.read_back is ReadBack.FAILED)
