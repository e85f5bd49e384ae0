"""``ditich audit``: reads kept files again and compares them with their recorded digests; all, some, or those that fall due."""

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING

from archive.errors import DitichError, UsageError
from pipeline.console import Console, above_zero, size
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.audit import AuditReport, Conduct, Problem
    from archive.audit.structure import Inside
    from archive.home import Home

COULD_NOT = 2
_SHOWN = 200


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("objects", nargs="*", metavar="ARK", help=words("audit.objects"))
    parser.add_argument("--due", action="store_true", help=words("audit.due"))
    parser.add_argument("--minutes", type=above_zero, help=words("audit.minutes"))
    parser.add_argument("--gigabytes", type=above_zero, help=words("audit.gigabytes"))
    parser.add_argument("--location", default="", metavar="NAME", help=words("audit.location"))
    parser.add_argument("--algorithm", choices=("sha256", "sha512"), help=words("audit.algorithm"))
    parser.add_argument("--fast", action="store_true", help=words("audit.fast"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Audits; 0 clean, 1 damage, 2 something could not be checked."""
    from archive.audit.guard import guarded

    _require_sense(arguments)
    if console.out is not sys.__stdout__:  # somebody else's stream: no process of our own writes to it
        return _run(arguments, console)
    code, ended_by = guarded(lambda: _run(arguments, console))
    if ended_by:
        console.failed(
            DitichError(
                f"The check was ended by signal {ended_by} before it was through.",
                advice="What it had checked until a few minutes before is recorded; run the same command again.",
                code="audit-killed",
                values={"signal": ended_by},
            )
        )
    return code


def _run(arguments: argparse.Namespace, console: Console) -> int:
    try:
        report = _audited(arguments, console)
    except DitichError:
        raise
    except Exception as error:  # noqa: BLE001 - exit code 1 would mean damage: a checker that fails has not checked
        failed = DitichError(f"The check itself failed: {error!r}.", advice="Report this as a fault of Ditich.", code="audit-crashed")
        failed.values["detail"] = repr(error)
        console.failed(failed)
        return COULD_NOT
    _say(report, console)
    console.document({**asdict(report), "exit_code": report.exit_code})
    return report.exit_code


def _audited(arguments: argparse.Namespace, console: Console) -> "AuditReport":
    from archive.audit import Budget, audit_at, audit_due
    from archive.audit.known import require_known
    from archive.home import open_home

    home = open_home(arguments.home)
    require_known(home, arguments.objects)
    with _conduct(home, console, gentle=arguments.due and not arguments.fast) as conduct:
        if arguments.due:
            return audit_due(home, Budget(arguments.minutes, arguments.gigabytes), conduct, location=arguments.location or "all")
        objects = arguments.objects or None
        return audit_at(home, arguments.location, conduct, algorithm=arguments.algorithm or "sha256", objects=objects)


@contextmanager
def _conduct(home: "Home", console: Console, *, gentle: bool) -> "Iterator[Conduct]":
    """How the run behaves before this console: with a bar, stopped by the usual signals, and behind all others where it is gentle."""
    from archive.audit import Conduct
    from archive.audit.courtesy import Courtesy, step_back

    workers = 2
    read = total = 0

    def expect(more: int) -> None:
        nonlocal total
        total += more

    with console.progress("audit.progress", "bytes") as progress, _stoppable() as stop:

        def count(block: int) -> None:
            nonlocal read
            read += block
            progress(read, max(read, total))

        conduct = Conduct(lambda: datetime.now(UTC), count, expect, stop, workers=workers)
        if gentle:
            if console.out is sys.__stdout__:
                step_back()
            conduct = Conduct(conduct.clock, count, expect, stop, Courtesy(home, workers), workers)
        yield conduct


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Whether somebody asked to stop, by Ctrl-C or SIGTERM; a second time ends the command at once."""
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped.is_set
        return

    def ask(_number: int, _frame: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _require_sense(arguments: argparse.Namespace) -> None:
    if arguments.due and (arguments.objects or arguments.algorithm):
        raise UsageError("--due chooses objects and digests itself.", advice="Leave out --due, or the ARKs and --algorithm.")
    if not arguments.due and (arguments.minutes or arguments.gigabytes):
        raise UsageError("--minutes and --gigabytes belong to --due.", advice="Add --due.")


def _say(report: "AuditReport", console: Console) -> None:
    console.say(
        "audit.counts",
        intact=report.intact,
        damaged=report.damaged,
        missing=report.missing,
        extra=report.extra,
        unchecked=report.not_checked,
        size=size(report.bytes),
        objects=report.objects,
    )
    for problem in report.problems[:_SHOWN]:
        _say_problem(problem, console)
    if len(report.problems) > _SHOWN:
        console.say("audit.more", number=len(report.problems) - _SHOWN)
    for missed in report.unchecked:
        reason = console.words(f"audit.why-{missed.reason}")
        console.say("audit.missed", number=missed.objects, location=missed.location, reason=reason, detail=missed.detail or "–")
    if report.algorithm == "due":
        console.say("audit.chance", number=report.tail, seed=report.seed, waiting=report.waiting)
    if not report.recorded:
        console.say("audit.unrecorded")
    console.say({0: "audit.clean", 1: "audit.damage", 2: "audit.not-checked"}[report.exit_code])


def _say_problem(problem: "Problem", console: Console) -> None:
    what = console.words(f"audit.what-{problem.what}")
    detail = problem.detail or "–"
    console.say("audit.problem", what=what, path=problem.path or "–", ark=problem.object_id, location=problem.location, detail=detail)
    for inside in problem.inside:
        console.say("audit.inside", place=_place(inside, console), start=inside.start, end=max(inside.start, inside.end - 1))
    since = problem.since_good or console.words("audit.never")
    copies = ", ".join(problem.copies) or console.words("audit.no-copy")
    console.say("audit.since", since=since, copies=copies)


def _place(inside: "Inside", console: Console) -> str:
    unit = console.words(f"audit.unit-{inside.unit}")
    number = f" {inside.index}" if inside.index else ""
    of = f"/{inside.total}" if inside.index and inside.total else ""
    name = f" {inside.name}" if inside.name else ""
    holds = f" ({inside.holds})" if inside.holds else ""
    return f"{unit}{number}{of}{name}{holds}, {console.words(f'audit.inside-{inside.what}')}"
