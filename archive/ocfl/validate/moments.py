"""Whether a text is a moment in the Internet Date/Time Format (RFC 3339 section 5.6, leap seconds by its appendix D)."""

import re
from datetime import datetime, timedelta

_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d+)?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))", re.ASCII
)
_LEAP_YEAR_ALIKE = 2000
"""stands for year 0, which RFC 3339 has and ``datetime`` has not: both are leap years"""


def is_moment(text: str) -> bool:
    """Whether the text is a date and time with seconds and an offset; letters of either case."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        return False
    year, month, day, hour, minute = (int(part) for part in match.groups()[:5])
    try:
        moment = datetime(year or _LEAP_YEAR_ALIKE, month, day, hour, minute)  # noqa: DTZ001 - the offset is taken off by hand below
    except ValueError:
        return False
    return match[6] != "60" or _may_leap(moment, match)


def _may_leap(moment: datetime, match: re.Match[str]) -> bool:
    """Leap seconds are the last second of a month in UTC."""
    offset = timedelta(hours=int(match[8] or 0), minutes=int(match[9] or 0)) * (-1 if match[7] == "-" else 1)
    try:
        utc = moment - offset
        return (utc.hour, utc.minute) == (23, 59) and (utc + timedelta(minutes=1)).day == 1
    except OverflowError:
        return False
