"""How the archive stands: what it holds, where it lies, what was found, what falls due, and what somebody has to do.

Everything comes from the ledger and its check lists, never from the catalogue. An object is due at every location by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from archive.audit.standings import NEVER, Standing, Standings
from archive.errors import DitichError
from archive.home import Home
from archive.integrity.figures import Ahead, Copy, Damage, Place, Risk, Status, Verdict
from archive.integrity.forecast import LEADS, Absence, Forecast, Outlook
from archive.integrity.notices import notices_of
from archive.integrity.outlook import outlook
from archive.integrity.pace import DAY
from archive.integrity.soundness import sound_standings
from archive.ledger.log import Relation
from archive.ledger.vouching import Voucher, vouchers
from archive.ocfl.inventory import version_number
from archive.replicas.outside import Contradiction, ledger_state
from archive.replicas.place import locations, open_replica
from archive.settings import Cadence, ReplicaConfig

DAMAGED, INTACT, NOT_CHECKED = "damaged", "intact", "not checked"


def status(home: Home, now: datetime, absence: Absence | None = None) -> Status:
    """How the archive stands at that time (with a time zone).

    Args:
        home: the archive.
        now: the moment, with a time zone.
        absence: days on which the machine will be off: the forecast reckons with them.

    The whole ledger is computed again, and compared with what the copies that are here have seen of it. Where it cannot be read, that is
    the verdict, and nothing else is known.
    """
    moment = now.timestamp()
    faults, contradicted = ledger_state(home)
    found, broken = _standings(home, certain=not faults)
    cadence = home.config.cadence
    ahead = outlook(found, cadence, moment, absence)
    by_place = {location: [one for one in found.objects.values() if one.location == location] for location in locations(home)}
    places = tuple(_place(location, standing, cadence, moment) for location, standing in by_place.items())
    primary = by_place[places[0].location]
    bad = _ids(found.objects.values(), DAMAGED)
    unread = _ids(found.objects.values(), NOT_CHECKED) - bad
    figures = Status(
        name=home.config.name,
        verdict=_of_ledger(faults, contradicted) or _verdict(len(primary), bad, (unread, broken), sum(one.overdue for one in places)),
        objects=len(primary),
        versions=sum(version_number(one.version) for one in primary),
        bytes=sum(one.bytes for one in primary),
        looks=len(found.objects),
        overdue=sum(one.overdue for one in places),
        due_soon=sum(one.due[0][1] for one in places),
        damaged=len(bad),
        unreadable=len(unread),
        never=places[0].never,
        last_check=_moment(max((run.when for run in found.runs), default=0.0)),
        next_due=min((one.next_due for one in places if one.next_due), default=""),
        places=places,
        damage=tuple(_damage(found, one, tuple(by_place)) for one in found.objects.values() if one.outcome == DAMAGED),
        copies=tuple(_copy(home, config, by_place[config.location], found) for config in home.config.replicas),
        ahead=_ahead(ahead),
        second_location=home.config.second_location,
        ledger_entries=found.entries,
        vouchers=() if faults or contradicted else _vouchers(home),
        broken_lists=broken,
        ledger_faults=faults,
        contradictions=contradicted,
    )
    return replace(figures, notices=notices_of(figures, now))


def _standings(home: Home, *, certain: bool) -> tuple[Standings, tuple[str, ...]]:
    """How everything stands; nothing is known where the ledger cannot be read."""
    try:
        return sound_standings(home)
    except (DitichError, OSError):
        if certain:
            raise
        return Standings({}, (), 0), ()


def _of_ledger(faults: Sequence[tuple[str, str]], contradicted: Sequence[Contradiction]) -> Verdict | None:
    if any(one.relation is Relation.REWRITTEN for one in contradicted):
        return Verdict.TWO_PASTS
    if contradicted:
        return Verdict.SET_BACK
    return Verdict.LEDGER if faults else None


def _verdict(objects: int, bad: set[str], unsure: tuple[set[str], Sequence[str]], overdue: int) -> Verdict:
    if not objects:
        return Verdict.EMPTY
    if bad:
        return Verdict.DAMAGED
    if any(unsure):
        return Verdict.UNKNOWN
    return Verdict.OVERDUE if overdue else Verdict.INTACT


def _ids(standings: Iterable[Standing], outcome: str) -> set[str]:
    return {one.object_id for one in standings if one.outcome == outcome}


def _place(location: str, standings: Sequence[Standing], cadence: Cadence, now: float) -> Place:
    due = [one.due(cadence) for one in standings]
    count = {outcome: sum(one.outcome == outcome for one in standings) for outcome in (INTACT, DAMAGED, NOT_CHECKED, NEVER)}
    return Place(
        location=location,
        objects=len(standings),
        intact=count[INTACT],
        damaged=count[DAMAGED],
        unreadable=count[NOT_CHECKED],
        never=count[NEVER],
        overdue=sum(when < now for when in due),
        due=tuple((days, sum(now <= when < now + days * DAY for when in due)) for days in LEADS),
        last_check=_moment(max((one.scrubbed for one in standings if one.seen), default=0.0)),
        next_due=_moment(min(due, default=0.0)),
    )


def _damage(found: Standings, one: Standing, everywhere: Iterable[str]) -> Damage:
    others = [found.objects[one.object_id, location] for location in everywhere if (one.object_id, location) in found.objects]
    good = tuple(other.location for other in others if other.outcome == INTACT and other.checked_version == other.version)
    return Damage(one.object_id, one.location, _moment(one.good), one.problems, good)


def _copy(home: Home, config: ReplicaConfig, standings: Sequence[Standing], found: Standings) -> Copy:
    try:
        open_replica(home, config.name)
        present = True
    except (DitichError, OSError):
        present = False
    return Copy(
        name=config.name,
        medium=config.medium,
        place=config.place,
        present=present,
        same_device=config.same_device,
        last_seen=_moment(max((run.when for run in found.runs if run.location == config.location), default=0.0)),
        objects=len(standings),
        behind=sum(one.checked_version != one.version for one in standings),
        beside="" if config in home.config.copies_apart else config.beside,
    )


def _ahead(found: Forecast) -> Ahead:
    risks = (one for one in found.looks if one.outlook is not Outlook.IN_TIME)
    told = tuple(Risk(one.look.object_id, one.look.location, _moment(one.look.due), one.outlook) for one in risks)
    return Ahead(found.verdict, found.count(Outlook.LATE), found.count(Outlook.TIGHT), found.needs, found.reserves, told)


def _vouchers(home: Home) -> tuple[Voucher, ...]:
    """Who vouches; what lies on the archive's own disk is not outside."""
    witnesses = {config.name: config.witness for config in home.config.replicas if not config.same_device}
    return vouchers(home.tree, home.config.origin, home.config.ledger_keys, witnesses)


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else ""
