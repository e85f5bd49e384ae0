"""``ditich import BAG``: judges a bag, then takes it in: a package of Ditich as it was, any other bag like a folder."""

import argparse
import json
import shlex
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError
from pipeline.console import Console, size
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.bagit.report import BagReport
    from archive.exchange.arrivals import Arrival
    from archive.findings import Finding
    from archive.home import Home

MOST = 12
"""objects listed by name in the terminal; --json lists all"""


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("bag", type=Path, metavar="BAG", help=words("import.bag"))
    parser.add_argument("--site", default="", help=words("import.site"))
    parser.add_argument("--survey", default="", help=words("ingest.survey"))
    parser.add_argument("--access", choices=("public", "reduced", "restricted"), help=words("ingest.access"))
    parser.add_argument("--all-or-nothing", action="store_true", help=words("ingest.all-or-nothing"))
    parser.add_argument("--dry-run", action="store_true", help=words("import.dry-run"))
    parser.add_argument("--newer", action="store_true", help=words("import.newer"))
    parser.add_argument("--accept-warnings", action="store_true", help=words("import.accept-warnings"))
    parser.add_argument("--conformance-suite", action="store_true", help=words("import.conformance-suite"))
    parser.add_argument("--no-replicate", action="store_true", help=words("ingest.no-replicate"))
    parser.set_defaults(replaces="", as_new=False)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Judges, asks where there are warnings, takes in; 1 where something was refused."""
    from archive.bagit.source import open_bag
    from archive.exchange.arrivals import is_ours
    from archive.exchange.unpack import unpacked
    from archive.home import open_home
    from pipeline.run import prepare

    home = open_home(arguments.home)
    source = open_bag(arguments.bag)
    if not arguments.dry_run:
        _require_site(arguments)
        prepare(home, console)
    report = _judged(arguments, console)
    document: dict[str, Any] = {"bag": _bag_document(report)}
    if not report.valid or not _accepted(report, arguments, console):
        console.say("import.refused" if not report.valid else "import.not-accepted")
        console.document({**document, "taken": False})
        return 1
    if not is_ours(report):
        _require_site(arguments)
    with source, _scratch(home, arguments) as scratch, unpacked(source, scratch) as folder:
        take = _take_ours if is_ours(report) else _take_foreign
        code, taken = take(home, (folder, report), arguments, console)
    console.document({**document, **taken})
    return code


def _require_site(arguments: argparse.Namespace) -> None:
    """Before hours of reading: a bag that is visibly not ours needs a site."""
    from archive.bagit.notes import Notes
    from archive.bagit.source import DECLARATION, open_bag
    from archive.exchange.contents import OBJECTS

    if arguments.site:
        return
    with open_bag(arguments.bag) as source:
        files = source.files(Notes())
    if DECLARATION in files and OBJECTS not in files:
        raise UsageError(
            "This bag was not made by Ditich: say which site its files belong to.", advice="Add --site SITE.", code="import-needs-site"
        )


def _judged(arguments: argparse.Namespace, console: Console) -> "BagReport":
    from archive.bagit.report import Wishes
    from archive.bagit.source import open_bag
    from archive.bagit.validate import validate_bag
    from pipeline.report import finding_lines

    wishes = Wishes(conformance_suite=arguments.conformance_suite, keep=("sha512",))
    with open_bag(arguments.bag) as source, console.progress("import.judging", "bytes") as progress:
        report = validate_bag(source, wishes, progress)
    console.say(
        "import.bag-is",
        name=arguments.bag,
        version=report.version or "?",
        files=len(report.payload),
        size=size(report.bytes),
        algorithms=", ".join(report.algorithms) or "–",
    )
    for line in finding_lines(report.findings, console.words.language):
        console.line(line)
    return report


def _accepted(report: "BagReport", arguments: argparse.Namespace, console: Console) -> bool:
    if not report.warnings or arguments.accept_warnings or arguments.dry_run:
        return True
    return console.confirm("import.ask-warnings", default=False, count=report.warnings)


@contextmanager
def _scratch(home: "Home", arguments: argparse.Namespace) -> Iterator[Path]:
    """Where a ZIP is unpacked: in the archive's own ``work/``, or for a dry run where nothing of the archive is touched."""
    from archive.exchange.unpack import place_to_unpack

    if not arguments.dry_run:
        with place_to_unpack(home) as place:
            yield place
        return
    with tempfile.TemporaryDirectory(prefix="ditich-import-") as folder:
        yield Path(folder)


def _take_ours(home: "Home", bag: tuple[Path, "BagReport"], arguments: argparse.Namespace, console: Console) -> tuple[int, dict[str, Any]]:
    from archive.exchange.arrivals import Fate, findings_of, plan_arrivals
    from archive.storage.local import LocalStorage
    from pipeline.report import finding_lines

    storage = LocalStorage(bag[0])
    arrivals = plan_arrivals(home, storage, newer=arguments.newer)
    for fate in Fate:
        _list(tuple(one for one in arrivals if one.fate is fate), f"import.fate-{fate}", console)
    found = findings_of(arrivals)
    for line in finding_lines(found, console.words.language):
        console.line(line)
    wanted = tuple(one for one in arrivals if one.fate in {Fate.TAKE, Fate.GROW})
    mismatches: tuple[str, ...] = ()
    if wanted and not arguments.dry_run:
        mismatches = _adopt(home, storage, wanted, console)
    for sentence in mismatches:
        console.line(f"  ! {sentence}")
    key = "import.dry-run-done" if arguments.dry_run else "import.done" if wanted else "import.nothing-new"
    console.say(key, count=len(wanted), command=_command(arguments))
    document = {
        "taken": bool(wanted) and not arguments.dry_run,
        "objects": [{"ark": one.ark, "kind": one.kind, "version": one.version, "fate": str(one.fate)} for one in arrivals],
        "findings": [_finding_document(one) for one in found],
        "mismatches": list(mismatches),
    }
    return int(any(one.fate is Fate.REFUSED for one in arrivals) or bool(mismatches)), document


def _list(arrivals: "tuple[Arrival, ...]", key: str, console: Console) -> None:
    for one in arrivals[:MOST]:
        console.say(key, ark=one.ark, kind=console.words(f"import.kind-{one.kind}"), version=one.version, here=one.here)
    if len(arrivals) > MOST:
        console.say("import.others", count=len(arrivals) - MOST)


def _adopt(home: "Home", storage: Any, wanted: "tuple[Arrival, ...]", console: Console) -> tuple[str, ...]:
    from archive.catalogue import open_catalogue
    from archive.exchange.adopt import Adoption, adopt, origin_of
    from archive.records.events import Event, EventType, Outcome

    now, origin = datetime.now(UTC), origin_of(storage)
    when = now.isoformat(timespec="seconds")
    event = Event(
        identifier=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{origin} {when}')}",
        type=EventType.VALIDATION,
        when=when,
        outcome=Outcome.SUCCESS,
        agents=(home.config.agent,),
        objects=(),
        detail="bag judged valid and taken in",
        extra={"bag": origin, "objects": len(wanted)},
    )
    total, done = sum(one.bytes for one in wanted), 0
    with console.progress("import.keeping", "bytes") as progress:

        def count(block: int) -> None:
            nonlocal done
            done += block
            progress(done, total)

        mismatches = adopt(home, storage, wanted, Adoption(home.config.agent, now, origin, (event,)), count)
    with open_catalogue(home):
        return mismatches


def _take_foreign(
    home: "Home", bag: tuple[Path, "BagReport"], arguments: argparse.Namespace, console: Console
) -> tuple[int, dict[str, Any]]:
    from archive.exchange.foreign import expected_digests, tag_files
    from pipeline.commands.ingest import exit_code, with_home
    from pipeline.ingest_options import Material
    from pipeline.report import terminal_lines
    from pipeline.run import ingest_folder, second_copies

    folder, report = bag
    material = Material(folder / "data", str(arguments.bag), expected_digests(report), tag_files(report, folder))
    ingested = ingest_folder(home, material, arguments, console, dry_run=arguments.dry_run)
    if not arguments.dry_run:
        ingested = second_copies(home, ingested, console, wanted=not arguments.no_replicate)
    *lines, card = terminal_lines(ingested, console.words.language)
    for line in lines:
        console.line(line)
    if arguments.dry_run:
        console.say("import.foreign-dry-run", command=f"{_command(arguments)} --site {with_home(arguments.site, arguments.home)}")
    elif ingested.card_may_be_taken_out:
        console.say("import.foreign-erasable" if ingested.card_may_be_erased else "import.foreign-done")
    else:
        console.line(card)
    return exit_code(ingested), {"taken": not arguments.dry_run and bool(ingested.lines), "report": json.loads(ingested.as_json())}


def _command(arguments: argparse.Namespace) -> str:
    return f"./ditich import {shlex.quote(str(arguments.bag))}"


def _bag_document(report: "BagReport") -> dict[str, Any]:
    return {
        "name": report.name,
        "valid": report.valid,
        "version": report.version,
        "algorithms": list(report.algorithms),
        "files": len(report.payload),
        "bytes": report.bytes,
        "info": [list(pair) for pair in report.info],
        "fetch": [asdict(line) for line in report.fetch],
        "findings": [_finding_document(one) for one in report.findings],
    }


def _finding_document(finding: "Finding") -> dict[str, Any]:
    return {"code": finding.code, "severity": str(finding.severity), "path": finding.path, "detail": finding.detail}
