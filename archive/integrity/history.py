"""The events of one month as the ledger tells them: what came, which checks ran, what was damaged and repaired, copied, decided."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from archive.home import Home
from archive.integrity.reasons import Given, reason_in
from archive.ledger.checks import CheckRun, run_of
from archive.ledger.merkle import leaf_hash, root_of
from archive.records.events import DROPPED, Event, EventType, Outcome
from archive.settings import PRIMARY, Cadence

CLOSING = "month closed"
SEALED = "month sealed"
"""``eventDetail`` of the entries that close a month, and that end its part of the log where nothing else did"""
_DECISION = b'"poa"'


@dataclass(frozen=True, slots=True)
class Version:
    """A version that came: of what, which, when, and how many bytes it added."""

    object_id: str
    version: str
    when: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Checked:
    """The check runs of a month at one location with one digest: runs, looks at objects, files by outcome, bytes and seconds of reading."""

    location: str
    algorithm: str
    runs: int = 0
    looks: int = 0
    intact: int = 0
    damaged: int = 0
    missing: int = 0
    extra: int = 0
    not_checked: int = 0
    bytes: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Copied:
    """One replication: where to, when, objects copied, bytes copied, objects read back, and how many of those were damaged."""

    replica: str
    when: str
    copied: int
    bytes: int
    read_back: int
    damaged: int


@dataclass(frozen=True, slots=True)
class Noted:
    """Something else that happened: when, in words, and the entry's identifier."""

    when: str
    detail: str
    event: str


@dataclass(slots=True)
class Episode:
    """One time of damage of an object at a location, from when it was found until it was seen intact again."""

    found: str
    problems: tuple[tuple[str, str], ...]
    repaired: str = ""
    event: str = ""
    intact: str = ""


@dataclass(slots=True)
class History:
    """What a pass over the ledger adds up for one month.

    Attributes:
        first, size, root: number of the month's first entry (None: it has none), of entries at its end, and the Merkle root over those.
        ended: whether other entries follow.
        sealed: number of entries at its end as it was sealed or closed; None while it was not.
        closed, cadence: when the month was closed, and the cadence that was in force; "" and None while it is open.
        places: location → first check there (RFC 3339), up to the month's end; without copies that were dropped by then.
        lists, own_lists: check lists up to the month's end, and those of the month itself.
        episodes: damage by (object, location), up to the month's end.
        given: reasons for the month, up to its closing.
    """

    month: str
    first: int | None = None
    size: int = 0
    root: str = ""
    ended: bool = False
    sealed: int | None = None
    closed: str = ""
    cadence: Cadence | None = None
    places: dict[str, str] = field(default_factory=lambda: {PRIMARY: ""})
    came: list[Version] = field(default_factory=list)
    checks: dict[tuple[str, str], Checked] = field(default_factory=dict)
    lists: list[str] = field(default_factory=list)
    own_lists: list[str] = field(default_factory=list)
    copied: list[Copied] = field(default_factory=list)
    keys: list[Noted] = field(default_factory=list)
    drills: list[Noted] = field(default_factory=list)
    episodes: dict[tuple[str, str], list[Episode]] = field(default_factory=dict)
    given: list[Given] = field(default_factory=list)


def history(home: Home, month: str) -> History:
    """Read what the ledger has of a month, and what was said later about it.

    What a month is made of is decided by the times of its entries; once it is sealed, only by entries in front of the sealing.

    Raises:
        DamageError: the ledger is not readable.
    """
    found, limit = History(month), None
    for entry in home.log.entries():
        if _DECISION in entry.line:
            _take_decision(found, entry.event)
            limit = found.sealed if found.sealed is not None else limit
    leaves: list[bytes] = []
    for entry in home.log.entries():
        leaves.append(leaf_hash(entry.line))
        event = entry.event
        when = month_of(event)
        if when > month or (limit is not None and entry.index >= limit):
            continue
        found.size = len(leaves)
        if when == month and found.first is None:
            found.first = entry.index
        _take(found, event, in_month=when == month)
    found.ended = found.size < len(leaves)
    found.size = found.size if limit is None else limit
    found.root = root_of(leaves[: found.size]).hex()
    return found


def month_of(event: Event) -> str:
    """The calendar month of an entry, in UTC."""
    return datetime.fromisoformat(event.when).astimezone(UTC).strftime("%Y-%m")


def _take(found: History, event: Event, *, in_month: bool) -> None:
    run = run_of(event)
    if run is not None:
        found.places.setdefault(run.location, event.when)
        found.lists.append(run.file)
    else:
        found.places.pop(str(event.extra.get(DROPPED, "")), None)
        _take_damage(found, event)
    if not in_month:
        return
    extra: dict[str, Any] = event.extra
    if run is not None:
        _take_run(found, event, run)
    elif "inventory_sha512" in extra:
        found.came.append(Version(event.objects[0], str(extra["version"]), event.when, int(extra["bytes"])))
    elif "drill" in extra:
        told = f"{extra['drill']}: {extra['objects']}/{extra['of']}, {extra['seconds']} s, {event.outcome.value}"
        found.drills.append(Noted(event.when, told, event.identifier))
    elif "keys" in extra:
        found.keys.append(Noted(event.when, event.detail, event.identifier))


def _take_run(found: History, event: Event, run: CheckRun) -> None:
    extra: dict[str, Any] = event.extra
    found.own_lists.append(run.file)
    if event.type is EventType.REPLICATION:
        numbers = (int(extra.get(name, 0)) for name in ("copied", "bytes_copied", "objects", "damaged"))
        found.copied.append(Copied(run.location, event.when, *numbers))
    key = (run.location, run.algorithm)
    so_far = found.checks.get(key, Checked(*key))
    found.checks[key] = Checked(
        *key,
        runs=so_far.runs + 1,
        looks=so_far.looks + run.lines,
        **{name: getattr(so_far, name) + int(extra.get(name, 0)) for name in ("intact", "damaged", "missing", "extra", "not_checked")},
        bytes=so_far.bytes + run.bytes,
        seconds=round(so_far.seconds + run.seconds, 3),
    )


def _take_damage(found: History, event: Event) -> None:
    """Damage begins and ends with an entry of its own; a repair stands between."""
    extra: dict[str, Any] = event.extra
    if event.type is EventType.FIXITY_CHECK and "location" in extra:
        for object_id in event.objects:
            episodes = found.episodes.setdefault((object_id, str(extra["location"])), [])
            if event.outcome is Outcome.FAILURE:
                episodes.append(Episode(event.when, tuple((str(path), str(what)) for path, what in extra.get("problems", ()))))
            elif episodes:
                episodes[-1].intact = event.when
    elif event.type is EventType.RECOVERY:
        for object_id in event.objects:
            for episode in found.episodes.get((object_id, str(extra.get("location", PRIMARY))), [])[-1:]:
                episode.repaired, episode.event = event.when, event.identifier


def _take_decision(found: History, event: Event) -> None:
    """Reasons for this month, its sealing and its closing; nothing counts behind the closing."""
    extra: dict[str, Any] = event.extra
    given = reason_in(event)
    if found.closed or extra.get("month") != found.month:
        return
    if given is not None:
        found.given.append(given)
    elif event.detail == SEALED:
        found.sealed = int(extra["size"])
    elif event.detail == CLOSING:
        found.sealed, found.closed = int(extra["size"]), event.when
        found.cadence = Cadence(int(extra["scrub_days"]), int(extra["full_days"]))
