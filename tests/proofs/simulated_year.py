"""A year of an archive in a calendar of its own: the real forecast and the real order of the audit, simulated reading, seeded.

A day on which the machine runs goes like this: the forecast is made from what the runs so far showed; the keeper may have read it; the
audit takes objects in its own order until its time is up. Nothing here knows tomorrow: days off, the slow month and new objects just come.
"""

import random
from dataclasses import dataclass, field

from archive.audit.plan import TAIL, Budget, Task, chance_tasks, due_tasks
from archive.audit.standings import Standing
from archive.integrity.forecast import Absence, Forecast, Look, Outlook, forecast
from archive.integrity.outlook import looks_of
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
ANNOUNCED = 14
"""days before the long outage on which the forecast is told of it; what it says last is compared"""
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
        foretold, became_late: the long outage: ids said before it to be late, or late unless done before it; ids overdue at its end.
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
        self.standings: dict[str, Standing] = {}
        self.dues: dict[str, float] = {}
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
            name = f"object-{number:05d}"
            one = self.standings[name] = Standing(name, PRIMARY, "v1", size, checked, checked, scrubbed, audited)
            self.dues[name] = one.due(CADENCE)

    def _past(self) -> None:
        """The runs of the month before the year, so that there is something to forecast from."""
        objects, total = len(self.standings), sum(one.bytes for one in self.standings.values())
        for day in range(-28, 0):
            share = [objects // 90, total // 90]
            seconds = share[0] * OBJECT_SECONDS + share[1] * BYTE_SECONDS
            self.samples.append(Sample(START + (day + HOUR) * DAY, share[0], share[1], seconds))

    def _running_day(self, day: int, now: float) -> None:
        foreseen = self._forecast(day, now)
        self._heard(foreseen, now)
        extra, self.granted = self.granted, 0.0
        if self.plan.heeds and self.rng.random() < KEEPER_READS:
            asked = max((need.seconds for need in (*foreseen.needs, *foreseen.reserves)), default=0.0)
            self.granted = min(asked, KEEPER_HOURS * 3600)
        self.year.extra_hours += extra / 3600
        self._audit(day, now, self.plan.minutes + extra / 60)

    def _heard(self, foreseen: Forecast, now: float) -> None:
        """Remember what was named before its due date, and what was said of it."""
        for one in foreseen.looks:
            key = (one.look.object_id, one.look.due)
            if one.look.due > now:
                self.named.add(key)
                if one.outlook is not Outlook.IN_TIME and self.said.get(key) is not Outlook.LATE:
                    self.said[key] = one.outlook

    def _forecast(self, day: int, now: float) -> Forecast:
        paces = {PRIMARY: measure(self.samples, now, START - 28 * DAY)}
        looks = [Look(name, PRIMARY, due, self.standings[name].bytes) for name, due in self.dues.items() if due < now + 60 * DAY]
        if self.plan.outage and 300 - ANNOUNCED <= day < 300:
            absence = Absence(START + 300 * DAY, START + (300 + self.plan.outage) * DAY)
            known = [look for one in self.standings.values() for look in looks_of(one, CADENCE, absence)]
            foretold = forecast(known, paces, now, absence=absence)
            self._heard(foretold, now)
            self.year.foretold = {one.look.object_id for one in foretold.looks if one.outlook is not Outlook.IN_TIME}
        return forecast(looks, paces, now)

    def _audit(self, day: int, now: float, minutes: float) -> None:
        """What ``ditich audit --due --minutes`` takes, in its order and within its budget; only the reading is simulated."""
        budget = Budget(minutes=minutes)
        tasks = due_tasks(self.standings.values(), CADENCE, now)
        used, read, looked = 0.0, 0, 0
        for task in tasks:
            if not budget.allows(used, read, task.bytes, 1 - TAIL):
                break
            used += self._look(task, day, now + used)
            read, looked = read + task.bytes, looked + 1
        tail = 0
        for task in chance_tasks(self.standings.values(), CADENCE, {task.object_id for task in tasks}, f"{self.plan.seed} {day}"):
            if not budget.allows(used, read + tail, task.bytes) or (tail and tail + task.bytes > read * TAIL / (1 - TAIL)):
                break
            used += self._look(task, day, now + used)
            tail, looked = tail + task.bytes, looked + 1
        self.samples.append(Sample(now + used, looked, read + tail, used))

    def _look(self, task: Task, day: int, when: float) -> float:
        """Look at one object; how many seconds it took."""
        one = self.standings[task.object_id]
        slow = SLOW if day in SLOW_DAYS else 1.0
        seconds = (OBJECT_SECONDS + BYTE_SECONDS * one.bytes) * slow * self.rng.uniform(0.9, 1.1)
        due = one.due(CADENCE)
        self.year.looks += 1
        if when + seconds > due:
            self.late.add((one.object_id, due))
        one.scrubbed = when + seconds
        if task.algorithm == "sha512":
            one.audited = when + seconds
        self.dues[one.object_id] = one.due(CADENCE)
        return seconds

    def _count(self, end: float) -> None:
        self.year.object_days += len(self.dues)
        overdue = {(name, due) for name, due in self.dues.items() if due < end}
        self.due_dates |= {(name, due) for name, due in self.dues.items() if due < end + 14 * DAY}
        self.year.overdue_days += len(overdue)
        self.late |= overdue
        if self.plan.outage and end == START + (300 + self.plan.outage) * DAY:
            self.year.became_late = {name for name, _due in overdue}

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
