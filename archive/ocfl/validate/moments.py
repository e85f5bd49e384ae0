"""Whether a text is a moment in the Internet Date/Time Format (RFC 3339 section 5.6, leap seconds by its section 5.7)."""

import re

_MOMENT = re.compile(
    r"(\d{4})-(0[1-9]|1[0-2])-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d+)?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))", re.ASCII
)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAY = 24 * 60
"""minutes"""


def is_moment(text: str) -> bool:
    """Whether the text is a date and time with seconds and an offset; letters of either case."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return False
    year, month, day, hour, minute = (int(part) for part in match.groups()[:5])
    last = _DAYS[month - 1] + (month == 2 and _is_leap_year(year))
    if not 1 <= day <= last:
        return False
    return match[6] != "60" or _may_leap(day, last, hour * 60 + minute - _offset(match))


def _may_leap(day: int, last: int, minute: int) -> bool:
    """Leap seconds end the last minute of a month in UTC; ``minute`` is of that day in UTC, below 0 the day before."""
    shift, utc = divmod(minute, _DAY)
    return utc == _DAY - 1 and day + shift in {0, last}


def _offset(match: re.Match[str]) -> int:
    minutes = int(match[8] or 0) * 60 + int(match[9] or 0)
    return -minutes if match[7] == "-" else minutes


def _is_leap_year(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
