"""``ditich audit``: reads every kept file again and compares it with its recorded digest."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime

from pipeline.console import Console, size
from pipeline.words import Words


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("--algorithm", choices=("sha256", "sha512"), default="sha256", help=words("audit.algorithm"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Audits all objects; 0 clean, 1 damage, 2 something could not be checked."""
    from archive.audit import audit
    from archive.home import open_home
    from archive.integrity.status import status

    home = open_home(arguments.home)
    now = datetime.now(UTC)
    total, read = status(home, now).bytes, 0
    with console.progress("audit.progress", "bytes") as progress:

        def count(block: int) -> None:
            nonlocal read
            read += block
            progress(read, total)

        report = audit(home, algorithm=arguments.algorithm, progress=count, now=now)
    console.say(
        "audit.counts",
        intact=report.intact,
        damaged=report.damaged,
        missing=report.missing,
        unchecked=report.not_checked,
        size=size(read),
    )
    for problem in report.problems:
        what = console.words(f"audit.what-{problem.what}")
        console.say("audit.problem", what=what, path=problem.path, ark=problem.object_id, detail=problem.detail)
    console.document(asdict(report))
    if report.damaged or report.missing or report.extra:
        console.say("audit.damage")
        return 1
    console.say("audit.not-checked" if report.not_checked else "audit.clean")
    return 2 if report.not_checked else 0
