"""A year of an archive in a calendar of its own: the real forecast and the real order of the audit, simulated reading, seeded.

A day on which the machine runs goes like this: the forecast is made from what the runs so far showed; the keeper may have read it; the
audit takes objects in its own order until its time is up. Nothing here knows tomorrow: days off, the slow month and new objects just come.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from archive.audit.standings import Standing
from archive.integrity.forecast import Absence, Forecast, Look, Outlook, forecast
from archive.integrity.pace import DAY, Sample, measure
from archive.settings import PRIMARY, Cadence

DAYS = 365
OBJECTS = 10_000
OFF_SHARE = 0.15
LONGEST_OFF = 10
NEW_DAY, NEW_SHARE = 182, 0.2
SLOW_DAYS = range(230, 260)
SLOW = 2.0
START = 20_000 * DAY
HOUR = 9 / 24
CADENCE = Cadence()
OBJECT_SECONDS, BYTE_SECONDS = 0.03, 1 / 60e6
KEEPER_HOURS = 4.0
KEEPER_READS = 0.8
"""the chance that the keeper reads the warnings of a day"""


@dataclass(frozen=True)
class Plan:
    """What is different from one simulated year to another.

    Attributes:
        seed: of the days off, the sizes and the keeper.
        minutes: of checking on a day on which the machine runs.
        heeds: whether there are warnings, and somebody reads them.
        outage: days of one further outage from day 300 on; it was announced the day before where it is not 0.
    """

    seed: int
    minutes: float
    heeds: bool = True
    outage: int = 0


@dataclass
class Year:
    """What became of it.

    Attributes:
        object_days, overdue_days: objects × days, and those on which an object was overdue at the day's end.
        looks, late: looks that fell due or were made, and those made after their due date (or not made at the year's end).
        warned: late looks that a forecast of a running day before the due date had named as late or tight.
        announced, due_dates: due dates that came within 14 days, and those named by a forecast of a running day before them.
        alarms, false_alarms: looks ever said to be LATE, and those that were in time after all.
        extra_hours: that the keeper gave.
        foretold, became_late: the 30-day outage: ids said to be late before it, ids that were late after it.
    """

    object_days: int = 0
    overdue_days: int = 0
    looks: int = 0
    late: int = 0
    warned: int = 0
    announced: int = 0
    due_dates: int = 0
    alarms: int = 0
    false_alarms: int = 0
    extra_hours: float = 0.0
    off_days: int = 0
    longest_off: int = 0
    foretold: set[str] = field(default_factory=set)
    became_late: set[str] = field(default_factory=set)

    @property
    def overdue_share(self) -> float:
        """Of the object-days."""
        return self.overdue_days / self.object_days


def off_days(rng: random.Random) -> set[int]:
    """Days on which the machine is off: 15 % of the year in outages that do not touch, the longest of them 10 days; the first day runs."""
    left = round(DAYS * OFF_SHARE)
    lengths = [LONGEST_OFF]
    left -= LONGEST_OFF
    while left:
        length = min(left, rng.choice((1, 1, 2, 2, 3, 5, 9)))
        lengths.append(length)
        left -= length
    while True:
        off: set[int] = set()
        for length in lengths:
            start = rng.randrange(1, DAYS - length)
            around = set(range(start - 1, start + length + 1))
            if around & off:
                break
            off |= set(range(start, start + length))
        else:
            return off


def longest(off: set[int]) -> int:
    """The longest run of days in a set."""
    return max(next(length for length in range(1, DAYS) if day + length not in off) for day in off if day - 1 not in off)


class Simulation:
    """One year that is under way."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rng = random.Random(plan.seed)
        self.off = off_days(self.rng)
        self.year = Year(off_days=len(self.off), longest_off=longest(self.off))
        if plan.outage:
            self.off |= set(range(300, 300 + plan.outage))
        self.standings: list[Standing] = []
        self.samples: list[Sample] = []
        self.granted = 0.0
        self.said: dict[tuple[str, float], Outlook] = {}
        self.named: set[tuple[str, float]] = set()
        self.due_dates: set[tuple[str, float]] = set()
        self.late: set[tuple[str, float]] = set()
        self._arrive(OBJECTS, START, spread=76.0)
        self._past()

    def run(self) -> Year:
        """Play the whole year."""
        for day in range(DAYS):
            now = START + (day + HOUR) * DAY
            if day == NEW_DAY:
                self._arrive(round(OBJECTS * NEW_SHARE), now, spread=0.0)
            if day not in self.off:
                self._running_day(day, now)
            self._count(START + (day + 1) * DAY)
        self._close()
        return self.year

    def _arrive(self, count: int, now: float, *, spread: float) -> None:
        for _ in range(count):
            number = len(self.standings)
            checked = now - self.rng.random() * spread * DAY
            audited = now - self.rng.random() * (300.0 if spread else 0.0) * DAY
            size = round(self.rng.lognormvariate(18.4, 1.5))
            scrubbed = max(checked, audited)
            self.standings.append(Standing(f"object-{number:05d}", PRIMARY, "v1", size, checked, checked, scrubbed, audited))

    def _past(self) -> None:
        """The runs of the month before the year, so that there is something to forecast from."""
        objects, total = len(self.standings), sum(one.bytes for one in self.standings)
        for day in range(-28, 0):
            share = [objects // 90, total // 90]
            seconds = share[0] * OBJECT_SECONDS + share[1] * BYTE_SECONDS
            self.samples.append(Sample(START + (day + HOUR) * DAY, share[0], share[1], seconds, self.plan.minutes * 60))

    def _running_day(self, day: int, now: float) -> None:
        foreseen = self._forecast(day, now)
        for one in foreseen.looks:
            key = (one.look.object_id, one.look.due)
            if one.look.due > now:
                self.named.add(key)
                if one.outlook is not Outlook.IN_TIME and self.said.get(key) is not Outlook.LATE:
                    self.said[key] = one.outlook
        extra, self.granted = self.granted, 0.0
        if self.plan.heeds and self.rng.random() < KEEPER_READS:
            asked = max((need.seconds for need in (*foreseen.needs, *foreseen.reserves)), default=0.0)
            self.granted = min(asked, KEEPER_HOURS * 3600)
        self.year.extra_hours += extra / 3600
        self._audit(day, now, self.plan.minutes * 60 + extra)

    def _forecast(self, day: int, now: float) -> Forecast:
        paces = {PRIMARY: measure(self.samples, now, START - 28 * DAY)}
        looks = [Look(one.object_id, one.location, one.due(CADENCE), one.bytes) for one in self.standings]
        if self.plan.outage and day == 299:
            absence = Absence(START + 300 * DAY, START + (300 + self.plan.outage) * DAY)
            foretold = forecast(looks, paces, now, absence=absence)
            self.year.foretold = {one.look.object_id for one in foretold.looks if one.outlook in {Outlook.LATE, Outlook.OVERDUE}}
        return forecast(looks, paces, now)

    def _audit(self, day: int, now: float, budget: float) -> None:
        """Reads in the order of the audit until the time is up."""
        slow = SLOW if day in SLOW_DAYS else 1.0
        used, read, looked = 0.0, 0, 0
        for one in self._order(now):
            if used >= budget:
                break
            used += (OBJECT_SECONDS + BYTE_SECONDS * one.bytes) * slow * self.rng.uniform(0.9, 1.1)
            read, looked = read + one.bytes, looked + 1
            due = one.due(CADENCE)
            full = one.full_is_due(CADENCE, now)
            when = now + used
            self.year.looks += 1
            if when > due:
                self.late.add((one.object_id, due))
            one.scrubbed = when
            if full:
                one.audited = when
        self.samples.append(Sample(now + used, looked, read, used, self.plan.minutes * 60))

    def _order(self, now: float) -> Iterator[Standing]:
        """Stands in until the audit's own order is there."""
        return _oldest_first(self.standings, self.rng)

    def _count(self, end: float) -> None:
        for one in self.standings:
            due = one.due(CADENCE)
            self.year.object_days += 1
            if due < end + 14 * DAY:
                self.due_dates.add((one.object_id, due))
            if due < end:
                self.year.overdue_days += 1
                self.late.add((one.object_id, due))
        if self.plan.outage and end == START + (300 + self.plan.outage) * DAY:
            self.year.became_late = {one.object_id for one in self.standings if one.due(CADENCE) < end}

    def _close(self) -> None:
        year = self.year
        year.late = len(self.late)
        year.warned = len(self.late & self.said.keys())
        first = START + HOUR * DAY
        last = START + DAYS * DAY
        dates = {key for key in self.due_dates if first < key[1] < last}
        year.due_dates, year.announced = len(dates), len(dates & self.named)
        alarms = {key for key, outlook in self.said.items() if outlook is Outlook.LATE}
        year.alarms, year.false_alarms = len(alarms), len(alarms - self.late)


def _oldest_first(standings: Iterable[Standing], rng: random.Random) -> Iterator[Standing]:
    oldest = sorted(standings, key=lambda one: one.due(CADENCE))
    for number, one in enumerate(oldest):
        yield one
        if number % 10 == 9:
            yield oldest[rng.randrange(len(oldest))]
