"""``ditich replicate [NAME]``: brings the other copies of the archive up to date and reads them back."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError
from pipeline.console import Console, above_zero, size
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.home import Home
    from archive.replicas.place import Replica
    from archive.replicas.replicate import Replication

MEGABYTE = 1_000_000


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help=words("replicate.name"))
    parser.add_argument("--rate", type=above_zero, default=0.0, metavar="MB/s", help=words("replicate.rate"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Replicates; 0 all is there and was read back, 1 something is damaged here or there, 2 no copy could be reached."""
    from archive.home import open_home
    from pipeline.run import cards, prepare, replicate_to

    home = open_home(arguments.home)
    replicas = _wanted(home, arguments.name)
    prepare(home, console)
    before = {one.deposit for one in cards(home) if one.erasable}
    done = []
    for replica in replicas:
        report = replicate_to(home, replica, console, arguments.rate * MEGABYTE)
        _say(report, console)
        done.append(report)
        if report.interrupted:
            break
    freed = [one.deposit for one in cards(home) if one.erasable and one.deposit not in before]
    for deposit in freed:
        console.say("replicate.erase", deposit=deposit)
    console.document({"replicas": [_plain(report) for report in done], "cards_that_may_be_erased": freed})
    if any(report.interrupted for report in done):
        return 2
    return 0 if all(report.complete for report in done) else 1


def _wanted(home: "Home", name: str) -> list["Replica"]:
    """The replica of that name; all that are plugged in when none is named."""
    from archive.replicas.place import open_replica, present_replicas

    if name:
        return [open_replica(home, name)]
    if not home.config.replicas:
        raise UsageError(
            "This archive has no other copy yet.", advice="Add one on another disk: `ditich replica add FOLDER`.", code="no-replica"
        )
    found = list(present_replicas(home))
    return found or [open_replica(home, home.config.replicas[0].name)]


def _say(report: "Replication", console: Console) -> None:
    console.say(
        "replicate.done",
        name=report.replica,
        copied=report.copied,
        read=report.read_back,
        objects=report.objects,
        size=size(report.bytes_copied),
        entries=report.ledger,
    )
    for one in report.refused:
        console.say("replicate.refused", ark=one.object_id, path=one.path, detail=one.detail)
    for object_id, path, _what in report.damaged:
        console.say("replicate.damaged", ark=object_id, path=path, name=report.replica)
    if report.same_device:
        console.say("replica.one-disk", name=report.replica)
    if report.refused or report.damaged:
        console.say("replicate.repair")
    if report.interrupted:
        console.say("replicate.interrupted")


def _plain(report: "Replication") -> dict[str, Any]:
    return {**asdict(report), "complete": report.complete}
