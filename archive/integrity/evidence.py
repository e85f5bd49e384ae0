"""What an archive can show: read from its ledger, its check lists, its settings and its records, for the preservation levels."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from archive.catalogue import open_catalogue
from archive.catalogue.rows import AssetRow
from archive.home import Home
from archive.integrity.closing import closed_months
from archive.integrity.figures import Place
from archive.integrity.month import bounds, instant
from archive.integrity.status import status
from archive.ledger.checks import run_of
from archive.records.events import Event, EventType, Outcome
from archive.settings import PRIMARY


@dataclass(frozen=True, slots=True)
class CopyKept:
    """A replica as the settings name it; ``added`` is POSIX seconds, 0.0 where it does not say."""

    name: str
    medium: str
    place: str
    added: float


@dataclass(slots=True)
class Evidence:
    """What was found. Times are POSIX seconds, 0.0 for never; numbers are what their names say.

    Attributes:
        logged, kept: objects that lie in the storage and that the ledger knows; objects that either has.
        whole_copies: names of locations, the archive's own first, that are complete, on a disk of their own, undamaged and not overdue.
        copies_until: when the first look at one of those falls due.
        review_until: until when the last closed month counts as a review: two months behind its end.
        sound: whether the whole ledger leads to its signed checkpoint.
    """

    now: float
    objects: int = 0
    logged: int = 0
    kept: int = 0
    looks: int = 0
    overdue: int = 0
    damaged: int = 0
    next_due: float = 0.0
    copies: tuple[CopyKept, ...] = ()
    whole_copies: tuple[str, ...] = ()
    copies_until: float = 0.0
    vouched: float = 0.0
    drilled: float = 0.0
    read_back: float = 0.0
    repairs: int = 0
    closed: str = ""
    review_until: float = 0.0
    agents: int = 0
    entries: int = 0
    with_agent: int = 0
    sound: bool = False
    published: int = 0
    sites: int = 0
    assets: int = 0
    described: int = 0
    complete: int = 0
    files: int = 0
    identified: int = 0
    confirmed: int = 0
    published_sites: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)


def gather(home: Home, now: datetime) -> Evidence:
    """Everything that counts at that moment.

    Raises:
        DamageError: the ledger is not readable.
    """
    found = Evidence(now.timestamp(), agents=len(home.config.agents))
    _from_status(found, home, now)
    for entry in home.log.entries():
        _from_event(found, entry.event)
    lying = set(home.objects.object_ids())
    found.kept, found.logged = len(lying | found.known), len(lying & found.known)
    found.sound = not any(True for _problem in home.log.problems())
    found.closed = max(closed_months(home), default="")
    if found.closed:
        found.review_until = _two_months_behind(found.closed)
    _from_catalogue(found, home)
    return found


def _from_status(found: Evidence, home: Home, now: datetime) -> None:
    stands = status(home, now)
    found.objects, found.looks, found.overdue, found.damaged = stands.objects, stands.looks, stands.overdue, stands.damaged
    found.next_due = _seconds(stands.next_due)
    found.vouched = max((_seconds(one.when) for one in stands.vouchers), default=0.0)
    found.copies = tuple(CopyKept(one.name, one.medium, one.place, _seconds(one.added)) for one in home.config.replicas)
    apart = {PRIMARY} | {replica.location for replica in home.config.copies_apart}
    lacking = {f"replica:{copy.name}" for copy in stands.copies if copy.behind}
    whole = [place for place in stands.places if place.location in apart - lacking and _is_well(place)]
    found.whole_copies = tuple(place.location.rpartition(":")[2] for place in whole)
    found.copies_until = min((_seconds(place.next_due) for place in whole), default=0.0)


def _is_well(place: Place) -> bool:
    return place.objects > 0 and not (place.damaged or place.overdue or place.unreadable)


def _from_event(found: Evidence, event: Event) -> None:
    found.entries += 1
    found.with_agent += bool(event.agents)
    extra: dict[str, Any] = event.extra
    when = _seconds(event.when)
    if "inventory_sha512" in extra:
        found.known |= set(event.objects)
    elif event.type is EventType.RECOVERY:
        found.repairs += 1
    elif "drill" in extra and not extra.get("seed") and event.outcome is Outcome.SUCCESS:  # a drill of a sample proves the sample
        found.drilled = max(found.drilled, when)
    elif event.type is EventType.REPLICATION and run_of(event) is not None and event.outcome is Outcome.SUCCESS:
        found.read_back = max(found.read_back, when)
    elif event.type is EventType.PUBLICATION:
        found.published_sites |= set(event.objects)


def _from_catalogue(found: Evidence, home: Home) -> None:
    with open_catalogue(home) as catalogue:
        assets = [one for one in catalogue.assets() if not one.withdrawn]
        files = catalogue.files()
        sites = {site.ark for site in catalogue.sites()}
    found.assets, found.files, found.sites = len(assets), len(files), len(sites)
    found.described = sum(_is_described(one) for one in assets)
    found.complete = sum(_is_described(one) and bool(one.creator and one.captured) for one in assets)
    found.identified = sum(one.format not in {"", "unknown"} for one in files)
    found.confirmed = sum(bool(one.puid) and one.format not in {"", "unknown"} for one in files)
    found.published = len(sites & found.published_sites)


def _is_described(asset: AssetRow) -> bool:
    return bool((asset.title_vi or asset.title_en or asset.title_th) and asset.rights)


def _two_months_behind(month: str) -> float:
    _start, end = bounds(month)
    for _ in range(2):
        _start, end = bounds(instant(end)[:7])
    return end


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp() if text else 0.0
