"""What was checked where: for every object at every location when it was last looked at, what was found, and when it falls due.

One pass over the ledger, and over those check lists that can still say something. Made for hundreds of thousands of objects: JSON is read
in batches into plain attributes.
"""

import gc
import json
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from math import inf
from sys import intern
from typing import Any

from archive.audit.looks import CheckedList, Looks
from archive.errors import DamageError
from archive.home import Home
from archive.ledger.checks import CheckRun, line_batches, run_from
from archive.ledger.refusals import RESTORE
from archive.records.events import EventType
from archive.replicas.place import locations
from archive.settings import PRIMARY, Cadence

DAY = 86400.0
NEVER = "never"
_BATCH = 2048
_RUNS = frozenset({EventType.FIXITY_CHECK.value, EventType.REPLICATION.value})


@dataclass(slots=True)
class Standing:
    """One object at one location. Times are POSIX seconds.

    Attributes:
        object_id, location: of what.
        version: the newest that the ledger has: what should be there.
        bytes: of the originals and records of all versions.
        since: when it came to this location; for a replica its first check there.
        changed: when its newest version came.
        scrubbed: the last look of any kind that saw something; ``since`` when there was none.
        audited: the last such look with sha512; ``since`` when there was none.
        checked_version: the version seen at the last look; "" when never.
        outcome: of the last look: "intact", "damaged", "not checked", or "never".
        good: when it was last seen intact; 0.0 when never.
        problems: (path, what) of the last look.
        seen: whether any look saw something.
    """

    object_id: str
    location: str
    version: str
    bytes: int
    since: float
    changed: float
    scrubbed: float
    audited: float
    checked_version: str = ""
    outcome: str = NEVER
    good: float = 0.0
    problems: tuple[tuple[str, str], ...] = ()
    seen: bool = False

    def due(self, cadence: Cadence) -> float:
        """When it has to be looked at again: the scrub or the full audit, whichever comes first."""
        return min(self.scrubbed + cadence.scrub_days * DAY, self.audited + cadence.full_days * DAY)

    @property
    def is_damaged(self) -> bool:
        """Whether the last look that saw something saw damage."""
        if self.outcome == "not checked":
            return self.seen and self.good < self.scrubbed
        return self.outcome == "damaged"

    def full_is_due(self, cadence: Cadence, moment: float) -> bool:
        """Whether a look should be a full audit (sha512), because that falls due before the moment."""
        return self.audited + cadence.full_days * DAY <= moment


@dataclass(frozen=True, slots=True)
class Run:
    """One check run: when, where, how much was read in how many seconds, and how many objects (the rest are files)."""

    when: float
    location: str
    algorithm: str
    bytes: int
    seconds: float
    objects: int
    intact: int
    damaged: int
    missing: int
    extra: int
    not_checked: int


@dataclass(frozen=True, slots=True)
class Standings:
    """All of it: by (object, location), the runs in order, and how many entries the ledger has."""

    objects: dict[tuple[str, str], Standing]
    runs: tuple[Run, ...]
    entries: int
    locations: tuple[str, ...] = (PRIMARY,)

    def others(self, object_id: str, location: str) -> tuple[Standing, ...]:
        """How the object stands at all other locations."""
        found = (self.objects.get((object_id, other)) for other in self.locations if other != location)
        return tuple(standing for standing in found if standing is not None)


def standings(home: Home, until: float | None = None, *, ignore: Collection[str] = (), verify: bool = True) -> Standings:
    """How every object stands at every location.

    Args:
        home: the archive.
        until: POSIX seconds: what the ledger entered later is left out. None for everything.
        ignore: check lists known to be damaged: what they say does not count.
        verify: compare the check lists that can say nothing new with what was signed, too. Without it they are not even opened.

    Raises:
        DamageError: the ledger or one of its check lists is not readable; an audit says more.
    """
    with _uncollected():
        tally = _tallied(home, until, ignore)
        tally.take_looks(verify=verify)
    return Standings(tally.objects, tuple(tally.runs), tally.entries, locations(home))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles, a third of the time: a million records that all stay, and none of which points at another."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()


def _tallied(home: Home, until: float | None, ignore: Collection[str]) -> "_Tally":
    """The entries of the ledger, added up."""
    tally = _Tally(home, ignore)
    for line in _events(home):
        try:
            when = tally.believed(line["eventDateTime"])
            if until is None or when <= until:
                tally.take(line, when)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise DamageError(
                f"The ledger has an entry that is not readable: {line!r}"[:200],
                advice=RESTORE,
                detail=repr(error),
            ) from error
    return tally


class _Tally:
    """What the pass adds up."""

    def __init__(self, home: Home, ignore: Collection[str]) -> None:
        self.objects: dict[tuple[str, str], Standing] = {}
        self.runs: list[Run] = []
        self.entries = 0
        self._tree = home.tree
        self._order: dict[str, int] = {}
        self._lists: dict[str, list[CheckedList]] = {}
        self._read: set[str] = set()
        self._ignore = ignore
        self._moments: dict[str, float] = {}
        self._present = self._newest(home) + DAY
        self._before = 0.0
        added = ((replica.location, self.seconds(replica.added) if replica.added else 0.0) for replica in home.config.replicas)
        self._columns: tuple[tuple[str, float, list[Standing]], ...] = tuple(
            (location, since, []) for location, since in ((PRIMARY, 0.0), *added)
        )

    def seconds(self, text: str) -> float:
        """POSIX seconds of an RFC 3339 time; the same few texts come again and again."""
        found = self._moments.get(text)
        if found is None:
            if len(self._moments) > _BATCH:
                self._moments.clear()
            found = self._moments[text] = datetime.fromisoformat(text).timestamp()
        return found

    def believed(self, text: str) -> float:
        """When an entry was made; one later than the newest comes from a clock that ran ahead, and counts as old as the one before."""
        when = self.seconds(text)
        if when <= self._present:
            self._before = when
        return self._before

    def _newest(self, home: Home) -> float:
        size = home.log.checkpoint().size
        try:
            return max((self.seconds(json.loads(entry.line)["eventDateTime"]) for entry in home.log.entries(max(size - 1, 0))), default=0.0)
        except (ValueError, KeyError, TypeError):
            return inf  # whoever reads the entries says that this one is not readable

    def take(self, line: dict[str, Any], when: float) -> None:
        """Take the next entry of the ledger, made at that time."""
        self.entries += 1
        extra = line["eventDetailExtension"]
        if "inventory_sha512" in extra:
            self._add_version(line["linkingObjectIdentifier"][0], extra, when)
        elif line["eventType"] in _RUNS and "file" in extra:
            run = run_from(extra)
            self.runs.append(_run(run, extra, when))
            if run.file not in self._ignore:
                self._lists.setdefault(run.location, []).append(CheckedList(run, when, len(self._order)))

    def _add_version(self, object_id: str, extra: dict[str, Any], when: float) -> None:
        place = self._order.setdefault(object_id, len(self._order))
        version, size = intern(extra["version"]), extra["bytes"]
        for location, added, standings in self._columns:
            if place == len(standings):
                since = max(added, when)
                found = Standing(object_id, location, version, size, since, when, since, since)
                standings.append(found)
                self.objects[object_id, location] = found
            else:
                found = standings[place]
                found.version = version
                found.bytes += size
                found.changed = when

    def take_looks(self, *, verify: bool) -> None:
        """Take what the check lists say, when all entries have been taken."""
        for location, _added, standings in self._columns:
            lists = self._lists.get(location, [])
            if lists:
                looks = Looks(self._tree, (standings, self._order), lists, self._look_moment)
                looks.take()
                self._read |= looks.read
        if verify:
            for run in (one.run for lists in self._lists.values() for one in lists):
                if run.file not in self._read:
                    deque(line_batches(self._tree, run), maxlen=0)

    def _look_moment(self, text: str, entered: float) -> float:
        """When a look was made: never later than the ledger took it, whatever a clock said."""
        return min(self.seconds(text), entered)


def _events(home: Home) -> Iterator[dict[str, Any]]:
    """The entries of the ledger in plain values."""
    entries = home.log.entries()
    start = 0
    while batch := [entry.line for entry in islice(entries, _BATCH)]:
        try:
            yield from _parsed(batch)
        except ValueError as error:
            raise DamageError(
                f"One of the entries {start}-{start + len(batch) - 1} of the ledger is not readable.",
                advice=RESTORE,
                detail=str(error),
            ) from error
        start += len(batch)


def _parsed(lines: list[bytes]) -> list[dict[str, Any]]:
    """JSON lines in one go: a third less time than one by one."""
    return json.loads(b"[" + b",".join(lines) + b"]")  # type: ignore[no-any-return]  # the shape is that of a record; what is not raises


def _run(run: CheckRun, extra: dict[str, Any], when: float) -> Run:
    counts = (int(extra.get(name, 0)) for name in ("intact", "damaged", "missing", "extra", "not_checked"))
    return Run(when, run.location, run.algorithm, run.bytes, run.seconds, run.lines, *counts)
