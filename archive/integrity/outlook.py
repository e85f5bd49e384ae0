"""The forecast of a real archive: from how its objects stand and what its check runs showed."""

from collections.abc import Iterable, Iterator

from archive.audit.standings import Standing, Standings
from archive.integrity.forecast import LEADS, Absence, Forecast, Look, forecast
from archive.integrity.pace import DAY, Pace, Sample, measure
from archive.settings import Cadence


def outlook(found: Standings, cadence: Cadence, now: float, absence: Absence | None = None) -> Forecast:
    """What falls due at every location, and whether the machine will get through in time.

    Args:
        found: how the objects stand.
        cadence: how often each has to be looked at.
        now: POSIX seconds.
        absence: days on which the machine will be off.
    """
    looks = (look for one in found.objects.values() for look in looks_of(one, cadence, absence))
    return forecast(looks, paces(found, now), now, absence=absence)


def looks_of(one: Standing, cadence: Cadence, absence: Absence | None = None) -> Iterator[Look]:
    """When an object has to be looked at; before a long absence its full audit too, where a scrub comes first."""
    due = one.due(cadence)
    yield Look(one.object_id, one.location, due, one.bytes)
    full = one.audited + cadence.full_days * DAY
    if absence is not None and due < full < absence.end + LEADS[0] * DAY:
        yield Look(one.object_id, one.location, full, one.bytes)


def paces(found: Standings, now: float) -> dict[str, Pace]:
    """The pace of every location."""
    since = _since(found.objects.values())
    samples: dict[str, list[Sample]] = {location: [] for location in since}
    for run in found.runs:
        samples.setdefault(run.location, []).append(Sample(run.when, run.objects, run.bytes, run.seconds))
    return {location: measure(runs, now, since.get(location, now)) for location, runs in samples.items()}


def _since(standings: Iterable[Standing]) -> dict[str, float]:
    since: dict[str, float] = {}
    for one in standings:
        since[one.location] = min(since.get(one.location, one.since), one.since)
    return since
