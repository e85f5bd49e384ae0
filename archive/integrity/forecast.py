"""Which objects fall due, and whether the machine will get through in time: pure computation, no clock, no file.

The days to come are played through: on each the machine is given its usual seconds times the chance that it runs on such a weekday, and
takes what is due first. What cannot be done by its due date so is LATE. Then the same is played through with the machine off from
tomorrow for as long as is to be reckoned with (a holiday, or the longest time off of the last year): what is late only then is TIGHT.
A stay away that is known beforehand is played through as it is; TIGHT is then what is late if nothing more is done before it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from archive.audit.plan import AHEAD_DAYS
from archive.integrity.pace import DAY, Pace

LEADS = (14, 7, 1)
"""Days before the due date at which somebody is told."""
MARGIN = 1.1
"""on measured costs"""
RANDOM_TAIL = 0.1
"""share of a run that looks at objects chosen by lot, whatever is due"""
MOST_DAYS = 400


class Outlook(StrEnum):
    """What will become of a look that falls due."""

    OVERDUE = "overdue"
    LATE = "late"
    TIGHT = "tight"
    IN_TIME = "in time"


@dataclass(frozen=True, slots=True)
class Look:
    """One object at one location that has to be looked at again by ``due`` (POSIX seconds)."""

    object_id: str
    location: str
    due: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Absence:
    """A time known beforehand in which the machine is off: from ``start`` until ``end``, POSIX seconds."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A look and what will become of it."""

    look: Look
    outlook: Outlook


@dataclass(frozen=True, slots=True)
class Need:
    """What would have to be done so that nothing is late.

    Attributes:
        location: where.
        seconds: of checking more than on usual days.
        before: POSIX seconds; now or earlier means at once.
        late: looks that would be late without it.
        away: they fall due while the machine is known to be off: they would have to be looked at before it is.
    """

    location: str
    seconds: float
    before: float
    late: int
    away: bool = False


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is to be expected.

    Attributes:
        now: the moment that it was made for, POSIX seconds.
        looks: all that are overdue or fall due within the horizon, first due first.
        needs: one for each location that will not get through at its usual pace.
        reserves: one for each location that will not get through if the machine stays off from tomorrow: what to do before that.
    """

    now: float
    looks: tuple[Foreseen, ...]
    needs: tuple[Need, ...]
    reserves: tuple[Need, ...]

    def count(self, outlook: Outlook, days: float | None = None) -> int:
        """How many looks have this outlook, of those due within so many days where days are named."""
        limit = float("inf") if days is None else self.now + days * DAY
        return sum(one.outlook is outlook and one.look.due <= limit for one in self.looks)

    def due_within(self, days: float) -> int:
        """How many looks fall due from now on within so many days."""
        return sum(self.now <= one.look.due <= self.now + days * DAY for one in self.looks)

    @property
    def verdict(self) -> Outlook:
        """The worst that is foreseen."""
        found = {one.outlook for one in self.looks}
        return next((outlook for outlook in Outlook if outlook in found), Outlook.IN_TIME)


def forecast(
    looks: Iterable[Look], paces: Mapping[str, Pace], now: float, *, absence: Absence | None = None, horizon: float = LEADS[0]
) -> Forecast:
    """What falls due within the horizon and whether it will be looked at in time.

    Args:
        looks: one for each object and location.
        paces: of each location; one that is not named is taken to be as yet unmeasured.
        now: POSIX seconds; the machine runs now.
        absence: days that the machine will be off. The horizon reaches at least a fortnight behind it.
        horizon: days to look ahead.
    """
    end = now + horizon * DAY
    if absence is not None:
        end = max(end, absence.end + LEADS[0] * DAY)
    concerned: dict[str, list[Look]] = {}
    for look in looks:
        if look.due <= end:
            concerned.setdefault(look.location, []).append(look)
    foreseen: list[Foreseen] = []
    needs: list[Need] = []
    reserves: list[Need] = []
    for location, found in sorted(concerned.items()):
        found.sort(key=lambda look: (look.due, look.object_id))
        pace = paces.get(location, Pace())
        usual = _play(found, pace, now, absence)
        tomorrow = (now // DAY + 1) * DAY
        back = max(tomorrow + pace.days_off * DAY, absence.end if absence is not None else 0.0)
        off = _play(found, pace, now, Absence(tomorrow, back))
        foreseen += (Foreseen(look, _outlook(look, now, usual.late, off.late)) for look in found)
        needs += usual.needs(location, now, absence)
        reserves += off.needs(location, now, None)
    foreseen.sort(key=lambda one: (one.look.due, one.look.object_id, one.look.location))
    return Forecast(now, tuple(foreseen), tuple(needs), tuple(reserves))


@dataclass(frozen=True, slots=True)
class _Played:
    """What a play of the days to come led to: the ids that are late, how many seconds short, and when the first of them is due."""

    late: frozenset[str]
    short: float
    first: float

    def needs(self, location: str, now: float, absence: Absence | None) -> Iterator[Need]:
        if self.late:
            away = absence is not None and absence.start <= self.first
            before = absence.start if absence is not None and away else self.first
            yield Need(location, self.short, max(before, now), len(self.late), away)


def _play(looks: Sequence[Look], pace: Pace, now: float, absence: Absence | None) -> _Played:
    """Look after look in the order of their due dates, against the seconds that the days to come will have."""
    late, short, first = set(), 0.0, 0.0
    days = _Days(pace, now, absence)
    needed = untouched = 0.0
    for look in looks:
        cost = pace.cost(look.bytes) * MARGIN
        needed += cost
        available = days.available(look.due)
        alone = _untouched(look, now, absence)
        untouched += cost * alone
        if alone or needed > available:
            late.add(look.object_id)
            short = max(short, needed - available, untouched)
            first = first or look.due
    return _Played(frozenset(late), short, first)


def _untouched(look: Look, now: float, absence: Absence | None) -> bool:
    """Whether the machine is off from the run that would first take it until it is due; a run is made once a day, at this hour."""
    if absence is None or look.due > absence.end:
        return False
    days = max(0, ceil((look.due - AHEAD_DAYS * DAY - now) / DAY))
    return absence.start <= now + days * DAY


class _Days:
    """The seconds of checking from now on until a moment; a day counts once it is over, today at once."""

    def __init__(self, pace: Pace, now: float, absence: Absence | None) -> None:
        self._pace, self._absence = pace, absence
        self._day = int(now // DAY)
        self._total = max(pace.day_seconds - pace.used_today, 0.0) * (1 - RANDOM_TAIL)
        self._last = self._day + MOST_DAYS

    def available(self, moment: float) -> float:
        """Moments are asked for in rising order."""
        last = min(int(moment // DAY) - 1, self._last)
        while self._day < last:
            self._day += 1
            self._total += self._seconds(self._day)
        return self._total

    def _seconds(self, day: int) -> float:
        absence = self._absence
        if absence is not None and absence.start < (day + 1) * DAY and day * DAY < absence.end:
            return 0.0
        return self._pace.share(day) * self._pace.day_seconds * (1 - RANDOM_TAIL)


def _outlook(look: Look, now: float, usual: frozenset[str], off: frozenset[str]) -> Outlook:
    if look.due < now:
        return Outlook.OVERDUE
    if look.object_id in usual:
        return Outlook.LATE
    return Outlook.TIGHT if look.object_id in off else Outlook.IN_TIME
