"""An archive of ten objects that were last checked on ten different days."""

from datetime import timedelta
from pathlib import Path

from archive.audit import AuditReport, Reason
from archive.home import Home
from archive.ledger.checks import check_lines, run_of
from tests.archive.audit.builders import see
from tests.archive.builders import NOW, draft, keep

HERE, DISK = "storage", "replica:disk"
NAMES = tuple(f"ark:99999/dt{number}" for number in range(10))
DAY = timedelta(days=1)
DUE = NOW + 91 * DAY


def ten_objects(home: Home) -> Home:
    """Ten objects that were last checked on ten different days, number 7 longest ago."""
    keep(home, *(draft(name, a=bytes([number]) * 1000) for number, name in enumerate(NAMES)))
    for number, name in enumerate(NAMES):
        see(home, {name: "intact"}, NOW + timedelta(hours=(number + 3) % 10))
    return home


def original(home: Home, name: str) -> Path:
    return home.root / home.objects.folder_of(name) / "v1/content/a"


def looked_at(home: Home, since: int) -> list[tuple[str, str, str]]:
    """(object, algorithm, outcome) of every line that was recorded since the ledger had so many entries."""
    runs = [run for entry in home.log.entries(since) if (run := run_of(entry.event)) is not None]
    return [(line.object, run.algorithm, line.outcome) for run in runs for line in check_lines(home.tree, run)]


def size(home: Home) -> int:
    return home.log.checkpoint().size


def reasons(report: AuditReport) -> list[tuple[Reason, str, int]]:
    return [(missed.reason, missed.location, missed.objects) for missed in report.unchecked]
