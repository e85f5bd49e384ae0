"""``ditich integrity``: the report of a month, reasons for what was overdue or damaged in it, and closing it."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import UsageError
from archive.storage.refusals import Refusals
from pipeline.console import Console
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.home import Home
    from archive.integrity.month import MonthReport

DONE, OPEN = 0, 1


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("month", nargs="?", default="", metavar=words("integrity.month"), help=words("integrity.month-help"))
    parser.add_argument("--html", type=Path, metavar=words("status.file"), help=words("integrity.html"))
    parser.add_argument("--reason", nargs="+", default=[], metavar=words("integrity.reason-form"), help=words("integrity.reason"))
    parser.add_argument("--reasons", action="store_true", help=words("integrity.reasons"))
    parser.add_argument("--close", action="store_true", help=words("integrity.close"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Shows the month; 1 while something that is overdue or damaged lacks a reason."""
    from archive.home import open_home
    from archive.integrity.month import month_before, month_report
    from archive.integrity.reasons import give_reasons
    from pipeline.run import prepare

    if arguments.reasons:
        return _say_reasons(console)
    home = open_home(arguments.home)
    now = datetime.now(UTC)
    month = arguments.month or month_before(now)
    _require_begun(month, now)
    given = _given(arguments.reason)
    if given or arguments.close:
        prepare(home, console)
    if given:
        give_reasons(home, month, given, now)
    report = _close(home, month, now, console) if arguments.close else month_report(home, month)
    return _show(report, console, arguments.html)


def _require_begun(month: str, now: datetime) -> None:
    from archive.integrity.month import bounds

    if bounds(month)[0] > now.timestamp():
        raise UsageError(
            f"The month {month} has not begun.",
            advice="Name one that is over, or the running one.",
            code="month-ahead",
            values={"month": month},
        )


def _show(report: "MonthReport", console: Console, page: Path | None) -> int:
    from archive.integrity.month import document
    from pipeline.month_page import month_lines, month_page, month_view

    if page is not None:
        with Refusals(str(page)):
            page.write_text(month_page(report, console.words.language), encoding="utf-8")
    for line in month_lines(month_view(report, console.words)):
        console.line(line)
    for one in report.unexplained[:10]:
        console.say("integrity.lacks-reason", ark=one.object_id, location=one.location, month=report.month)
    console.document(document(report))
    return OPEN if report.unexplained else DONE


def _close(home: "Home", month: str, now: datetime, console: Console) -> "MonthReport":
    from archive.integrity.closing import close_month
    from archive.integrity.month import month_before, month_report
    from pipeline.month_page import month_pages

    before = month_report(home, month)
    if not before.size and month == month_before(now):
        return before  # the archive's first month: the page says that it did not exist before it
    closed = close_month(home, month, month_pages, now)
    console.say("integrity.closed", month=month, ark=closed.object_id)
    return month_report(home, month)


def _say_reasons(console: Console) -> int:
    from archive.integrity.reasons import REASONS

    for reason in REASONS:
        console.say("integrity.reason-line", code=reason.code, words=reason.words[console.words.language])
    console.document({"reasons": [{"code": one.code, "explains": sorted(one.explains), "words": one.words} for one in REASONS]})
    return DONE


def _given(written: Sequence[str]) -> dict[str, str]:
    """ARK=CODE, one or more."""
    given = {}
    for one in written:
        subject, equals, code = one.rpartition("=")
        if not equals or not subject:
            raise UsageError(f"“{one}” is not ARK=CODE.", advice="Write for example ark:99999/dt1…=machine-off, or overdue=machine-off.")
        given[subject] = code
    return given
