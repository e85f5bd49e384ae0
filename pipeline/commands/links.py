"""``ditich links``: whether every sign that was ever printed and every name that was ever given still leads somewhere."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from pipeline.console import Console
from pipeline.words import Words

if TYPE_CHECKING:
    from pipeline.labels.links import LinkReport

_SHOWN = 20


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("--address", default="", metavar="https://…", help=words("links.address"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Checks them all; 1 where one leads to nothing, 2 where the server could not be asked."""
    from archive.home import open_home
    from pipeline.labels.links import check_live, check_publications, everything_given

    home = open_home(arguments.home)
    given = everything_given(home)
    with console.progress("links.progress", "links.unit") as show:
        if arguments.address:
            report = check_live(given, arguments.address.rstrip("/"), show)
        else:
            report = check_publications(given, home.publications)
    _say(report, arguments.address, console)
    console.say("links.done", signs=report.signs, names=report.names, broken=len(report.broken))
    console.document(asdict(report))
    if report.broken or report.hidden:
        return 1
    return 2 if report.unanswered else 0


def _say(report: "LinkReport", address: str, console: Console) -> None:
    for fault in report.broken[:_SHOWN]:
        console.say(f"links.fault-{fault.why}", address=fault.address, detail=fault.detail)
    if len(report.broken) > _SHOWN:
        console.say("links.more", count=len(report.broken) - _SHOWN)
    for fault in report.hidden[:_SHOWN]:
        console.say("links.fault-hidden", address=fault.address, detail=fault.detail)
    if report.hidden:
        console.say("links.hidden", count=len(report.hidden))
    if report.unpublished:
        console.say("links.unpublished", count=len(report.unpublished))
    if report.unanswered:
        console.say("links.unanswered", count=len(report.unanswered), address=address)
