"""How objects stand although a check list is damaged: what the list said does not count, and its loss is said."""

from archive.audit.standings import Standings, standings
from archive.errors import DamageError
from archive.home import Home
from archive.ledger.checks import CheckRun, line_batches, run_of


def sound_standings(home: Home, until: float | None = None) -> tuple[Standings, tuple[str, ...]]:
    """How every object stands, and the check lists that are damaged or lost.

    Args:
        home: the archive.
        until: POSIX seconds: what the ledger entered later is left out. None for everything.

    Raises:
        DamageError: the ledger itself is not readable.
    """
    try:
        return standings(home, until), ()
    except DamageError:
        broken = tuple(run.file for run in _runs(home) if not _is_sound(home, run))
        if not broken:
            raise
        return standings(home, until, ignore=broken), broken


def _runs(home: Home) -> list[CheckRun]:
    return [run for entry in home.log.entries() if (run := run_of(entry.event)) is not None]


def _is_sound(home: Home, run: CheckRun) -> bool:
    try:
        for _batch in line_batches(home.tree, run):
            pass
    except DamageError:
        return False
    return True
