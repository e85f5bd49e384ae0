"""``ditich repair [ARK…]``: replaces damaged files by verified bytes from another copy of the archive."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import NotFoundError
from pipeline.console import Console
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.repair import RepairReport

MOST = 40


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("arks", nargs="*", metavar="ARK", help=words("repair.arks"))
    parser.add_argument("--location", default="storage", metavar="storage|replica:NAME", help=words("repair.location"))
    parser.add_argument("--from", dest="folder", type=Path, metavar="DIR", help=words("repair.from"))
    parser.add_argument("--dry-run", action="store_true", help=words("repair.dry-run"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Repairs; 0 nothing is damaged any more, 1 something has no good copy."""
    from archive.home import open_home
    from archive.repair import Order, repair

    home = open_home(arguments.home)
    if arguments.folder and not arguments.folder.is_dir():
        raise NotFoundError(
            f"“{arguments.folder}” is not there.",
            advice="Check that the card is in the reader, and the spelling.",
            code="no-folder",
            values={"folder": arguments.folder},
        )
    read = 0
    with console.progress("repair.progress", "bytes") as progress:

        def count(block: int) -> None:
            nonlocal read
            read += block
            progress(read, read)

        order = Order(datetime.now(UTC), arguments.location, tuple(arguments.arks), arguments.dry_run, arguments.folder, count)
        report = repair(home, order)
    for sentence in report.messages:
        console.line(sentence)
    _say(report, home.root, console)
    console.document({**asdict(report), "clean": report.clean})
    return 0 if report.clean and not (report.dry_run and report.mended) else 1


def _say(report: "RepairReport", root: Path, console: Console) -> None:
    key = "repair.would" if report.dry_run else "repair.mended"
    for one in report.mended[:MOST]:
        source = one.source or console.words("repair.from-ledger")
        console.say(key, ark=one.object_id, path=one.path or console.words("repair.whole-object"), source=source)
    for object_id, path in report.strays[:MOST]:
        console.say("repair.would-set-aside" if report.dry_run else "repair.set-aside", ark=object_id, path=path)
    for lost in report.lost:
        console.say("repair.lost", ark=lost.object_id, path=lost.path)
    for object_id, path, _what in report.still_damaged:
        console.say("repair.still-damaged", ark=object_id, path=path)
    console.say(
        "repair.would-counts" if report.dry_run else "repair.counts",
        mended=len(report.mended),
        strays=len(report.strays),
        lost=len(report.lost),
        copies=", ".join(report.copies) or "–",
    )
    if report.certificate:
        console.say("repair.certificate", path=root / report.certificate)
    if report.lost:
        console.say("repair.no-copy")
    elif not report.mended and not report.strays:
        console.say("repair.nothing")
