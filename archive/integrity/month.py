"""What a month showed, from the ledger and its check lists alone: the same ledger gives the same report, byte for byte.

A month is one of the calendar in UTC. Where the archive stood is told for the month's end. Once a month is closed, what is entered
later about it does not count any more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from archive.audit.standings import Standing
from archive.errors import UsageError
from archive.home import Home
from archive.integrity.history import Checked, Copied, Episode, History, Noted, Version, history
from archive.integrity.reasons import DAMAGED, OVERDUE, explained
from archive.integrity.soundness import sound_standings
from archive.settings import Cadence, ReplicaConfig

REPORT_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Standpoint:
    """One location at the month's end: objects, and those that were overdue, damaged or never looked at there."""

    location: str
    objects: int
    overdue: int
    damaged: int
    never: int


@dataclass(frozen=True, slots=True)
class Late:
    """An object that was overdue at the month's end: since when, and the reason code ("" for none)."""

    object_id: str
    location: str
    due: str
    reason: str


@dataclass(frozen=True, slots=True)
class Harm:
    """An object that was damaged for some time of the month.

    Attributes:
        object_id, location: of what.
        good: when it was last seen intact before; "" when never.
        found: when the damage was found.
        problems: (path, what).
        repaired, event: when it was repaired, and the identifier of the ledger's entry about that; "".
        intact: when it was seen intact again; "" when it was damaged at the month's end.
        reason: code; "" for none.
    """

    object_id: str
    location: str
    good: str
    found: str
    problems: tuple[tuple[str, str], ...]
    repaired: str
    event: str
    intact: str
    reason: str


@dataclass(frozen=True, slots=True)
class MonthReport:
    """The integrity report of one month.

    Attributes:
        month: "2026-10".
        origin: the name of the log.
        first, size: number of the month's first entry, and of entries at its end.
        root: of the Merkle tree over all entries at the month's end, hexadecimal.
        ended: whether entries of a later month follow, so that nothing can be added to this one.
        closed: when it was closed, RFC 3339; "" while it is open.
        cadence: of checks, days.
        came: versions that came.
        checks: by location and algorithm.
        places: where each location stood.
        late, harm: what needs a reason.
        copied: replications.
        keys, drills: what became of the ledger's keys; restore drills.
        broken_lists: check lists that are damaged: their checks do not count.
    """

    month: str
    origin: str
    first: int
    size: int
    root: str
    ended: bool
    closed: str
    cadence: Cadence
    came: tuple[Version, ...]
    checks: tuple[Checked, ...]
    places: tuple[Standpoint, ...]
    late: tuple[Late, ...]
    harm: tuple[Harm, ...]
    copied: tuple[Copied, ...]
    keys: tuple[Noted, ...]
    drills: tuple[Noted, ...]
    broken_lists: tuple[str, ...]
    schema: int = REPORT_SCHEMA

    @property
    def unexplained(self) -> tuple[Late | Harm, ...]:
        """What still needs a reason before the month can be closed."""
        late = (one for one in self.late if not one.reason)
        return (*late, *(one for one in self.harm if not one.intact and not one.reason))

    @property
    def overdue(self) -> int:
        """Looks that were overdue at the month's end, of ``looks``."""
        return sum(place.overdue for place in self.places)

    @property
    def looks(self) -> int:
        """Objects times locations."""
        return sum(place.objects for place in self.places)


def month_report(home: Home, month: str) -> MonthReport:
    """The report of a month.

    Args:
        home: the archive.
        month: "2026-10".

    Raises:
        UsageError: not a month.
        DamageError: the ledger is not readable.
    """
    start, end = bounds(month)
    found = history(home, month)
    cadence = found.cadence or home.config.cadence
    then = Home(home.root, replace(home.config, replicas=_replicas(found)), home.keys, home.tree)
    stood, broken = sound_standings(then, end - 1)
    standings = [one for one in stood.objects.values() if one.location in found.places]
    late = tuple(_late(one, found, cadence) for one in _ordered(standings) if one.due(cadence) < end)
    return MonthReport(
        month=month,
        origin=home.config.origin,
        first=found.size if found.first is None else found.first,
        size=found.size,
        root=found.root,
        ended=found.ended,
        closed=found.closed,
        cadence=cadence,
        came=tuple(found.came),
        checks=tuple(found.checks.values()),
        places=tuple(_standpoint(location, standings, cadence, end) for location in found.places),
        late=late,
        harm=tuple(_harm(found, standings, start)),
        copied=tuple(found.copied),
        keys=tuple(found.keys),
        drills=tuple(found.drills),
        broken_lists=tuple(name for name in broken if name in found.lists),
    )


def bounds(month: str) -> tuple[float, float]:
    """The first second of a month and the first after it, POSIX, UTC. Raises UsageError: not a month."""
    try:
        start = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
    except ValueError as error:
        raise UsageError(f"“{month}” is not a month.", advice="Write it as 2026-10.") from error
    after = start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    return start.timestamp(), after.timestamp()


def month_before(now: datetime) -> str:
    """The last month that is over."""
    first = now.astimezone(UTC).replace(day=1)
    return f"{first.year - (first.month == 1)}-{(first.month - 2) % 12 + 1:02d}"


def _replicas(found: History) -> tuple[ReplicaConfig, ...]:
    """The replicas that the ledger knows of: from their first check on."""
    places = ((location, since) for location, since in found.places.items() if location.startswith("replica:"))
    return tuple(ReplicaConfig(location.partition(":")[2], "", added=since) for location, since in places)


def _ordered(standings: Iterable[Standing]) -> list[Standing]:
    return sorted(standings, key=lambda one: (one.object_id, one.location))


def _standpoint(location: str, standings: Iterable[Standing], cadence: Cadence, end: float) -> Standpoint:
    here = [one for one in standings if one.location == location]
    return Standpoint(
        location=location,
        objects=len(here),
        overdue=sum(one.due(cadence) < end for one in here),
        damaged=sum(one.is_damaged for one in here),
        never=sum(not one.seen for one in here),
    )


def _late(one: Standing, found: History, cadence: Cadence) -> Late:
    reason = explained(found.given, OVERDUE, one.object_id, one.location)
    return Late(one.object_id, one.location, instant(one.due(cadence)), reason)


def _harm(found: History, standings: Iterable[Standing], start: float) -> Iterator[Harm]:
    """Damage of the month: what stood damaged at its end, and what was found intact again in it."""
    for one in _ordered(standings):
        key = (one.object_id, one.location)
        episodes = [episode for episode in found.episodes.get(key, []) if not episode.intact or _seconds(episode.intact) >= start]
        if one.is_damaged and not any(not episode.intact for episode in episodes):
            episodes.append(Episode(instant(one.scrubbed), one.problems))
        for episode in episodes:
            reason = "" if episode.intact else explained(found.given, DAMAGED, *key)
            good = instant(one.good) if not episode.intact else ""
            problems = tuple(sorted(episode.problems))
            yield Harm(*key, good, episode.found, problems, episode.repaired, episode.event, episode.intact, reason)


def instant(seconds: float) -> str:
    """POSIX seconds as RFC 3339 in UTC; "" for 0."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else ""


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def document(report: MonthReport) -> dict[str, Any]:
    """The report in plain values, for JSON."""
    from archive.records.serialise import plain

    counted: dict[str, Any] = {"overdue": report.overdue, "looks": report.looks, "unexplained": len(report.unexplained)}
    return {**plain(report), **counted}
