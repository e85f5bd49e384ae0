"""How fast a location is read and on which days it is there: measured from the check runs of the past, recent ones weighing more.

A check of an object costs a share of the time that is the same for every object and a share by its bytes. Both are fitted by least
squares of the relative error, drawn a little towards a prior that is scaled to the same total, so that runs that are all alike still give
a sound answer. A disk that got slower since yesterday counts at once, one that got faster only as the runs say so for some days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

DAY = 86400.0
PRIOR_OBJECT_SECONDS = 0.02
PRIOR_BYTE_SECONDS = 1 / 60e6
"""of a location that was never measured: an old external disk"""
PRIOR_DAY_SECONDS = 3600.0
"""of checking on a day, before any was measured"""
LEAST_DAY_SECONDS = 600.0
HALF_LIFE_DAYS = 5.0
DRAWN = 0.05
WINDOW_DAYS = 28
PRIOR_DAYS, PRIOR_RAN = 7, 5
HOLIDAY_DAYS = 10
"""days off that are always thought possible: a Tết holiday with the days before and after it"""
MOST_DAYS_OFF = 30
_MONDAY = 4  # 1970-01-05, the first Monday, is day 4


@dataclass(frozen=True, slots=True)
class Sample:
    """One check run: when it ended (POSIX seconds), what it read and how long that took."""

    when: float
    objects: int
    bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Pace:
    """What can be expected of a location.

    Attributes:
        object_seconds, byte_seconds: what checking one object, and each of its bytes, costs.
        shares: the chance that it is there and the machine runs, Monday to Sunday.
        day_seconds: seconds of checking on a day on which it runs.
        used_today: how many of them are used up today.
        days_off: the longest time off that is to be reckoned with.
        last_run: POSIX seconds; 0.0 when there was none.
    """

    object_seconds: float = PRIOR_OBJECT_SECONDS
    byte_seconds: float = PRIOR_BYTE_SECONDS
    shares: tuple[float, ...] = (PRIOR_RAN / PRIOR_DAYS,) * 7
    day_seconds: float = PRIOR_DAY_SECONDS
    used_today: float = 0.0
    days_off: int = HOLIDAY_DAYS
    last_run: float = 0.0

    @property
    def measured(self) -> bool:
        """Whether anything of it was measured."""
        return self.last_run > 0.0

    def cost(self, size: int) -> float:
        """Seconds to check one object of so many bytes."""
        return self.object_seconds + self.byte_seconds * size

    def share(self, day: int) -> float:
        """The chance that it runs on a day (number of days since 1970-01-01, UTC)."""
        return self.shares[(day - _MONDAY) % 7]


def measure(samples: Iterable[Sample], now: float, since: float) -> Pace:
    """The pace of one location.

    Args:
        samples: its check runs.
        now: POSIX seconds.
        since: when the location began to be, POSIX seconds.
    """
    known = sorted((sample for sample in samples if sample.when <= now), key=lambda sample: sample.when)
    if not known:
        return Pace(shares=_shares(set(), now, since))
    today = int(now // DAY)
    days = {int(sample.when // DAY) for sample in known}
    object_seconds, byte_seconds = _costs([sample for sample in known if sample.seconds > 0 and sample.objects], now)
    return Pace(
        object_seconds,
        byte_seconds,
        _shares(days, now, since),
        _day_seconds(known, today),
        sum(sample.seconds for sample in known if sample.when // DAY == today),
        _days_off(sorted(days), today),
        known[-1].when,
    )


def _costs(samples: Sequence[Sample], now: float) -> tuple[float, float]:
    """Seconds an object and seconds a byte."""
    weighed = [(0.5 ** ((now - sample.when) / DAY / HALF_LIFE_DAYS), sample) for sample in samples]
    if not weighed:
        return PRIOR_OBJECT_SECONDS, PRIOR_BYTE_SECONDS
    expected = sum(weight * _prior(sample) for weight, sample in weighed)
    scale = sum(weight * sample.seconds for weight, sample in weighed) / expected
    per_object, per_byte = PRIOR_OBJECT_SECONDS * scale, PRIOR_BYTE_SECONDS * scale
    drawn = DRAWN * sum(weight for weight, _sample in weighed)
    rows = [(weight, per_object * one.objects / one.seconds, per_byte * one.bytes / one.seconds) for weight, one in weighed]
    first = sum(w * x * x for w, x, _y in rows) + drawn
    mixed = sum(w * x * y for w, x, y in rows)
    second = sum(w * y * y for w, _x, y in rows) + drawn
    left, right = sum(w * x for w, x, _y in rows) + drawn, sum(w * y for w, _x, y in rows) + drawn
    determinant = first * second - mixed * mixed  # positive: the draw makes it so
    u = max((left * second - right * mixed) / determinant, 0.0)
    v = max((right * first - left * mixed) / determinant, 0.0)
    newest = weighed[-1][1]
    slower = max(newest.seconds / max(u * per_object * newest.objects + v * per_byte * newest.bytes, 1e-9), 1.0)
    return u * per_object * slower, v * per_byte * slower


def _prior(sample: Sample) -> float:
    return PRIOR_OBJECT_SECONDS * sample.objects + PRIOR_BYTE_SECONDS * sample.bytes


def _shares(days: set[int], now: float, since: float) -> tuple[float, ...]:
    """The chance of running by weekday, drawn towards the chance over all days, and that towards five days in seven."""
    today = int(now // DAY)
    window = range(max(today - WINDOW_DAYS, int(since // DAY)), today)
    over_all = (sum(day in days for day in window) + PRIOR_RAN) / (len(window) + PRIOR_DAYS)
    shares = []
    for weekday in range(7):
        same = [day for day in window if (day - _MONDAY) % 7 == weekday]
        shares.append((sum(day in days for day in same) + 2 * over_all) / (len(same) + 2))
    return tuple(shares)


def _day_seconds(samples: Sequence[Sample], today: int) -> float:
    """Seconds of checking that a running day has: what three of four days used lately, and no less than ten minutes."""
    recent = [sample for sample in samples if sample.when // DAY > today - WINDOW_DAYS]
    used: dict[int, float] = {}
    for sample in recent:
        day = int(sample.when // DAY)
        used[day] = used.get(day, 0.0) + sample.seconds
    return max(sorted(used.values())[len(used) * 3 // 4], LEAST_DAY_SECONDS) if used else LEAST_DAY_SECONDS


def _days_off(days: Sequence[int], today: int) -> int:
    """The longest time off of the last year, at least a holiday."""
    gaps = [after - before - 1 for before, after in pairwise(days) if after > today - 365]
    return min(max([HOLIDAY_DAYS, *gaps]), MOST_DAYS_OFF)
