"""One repair: the ledger first, then the objects, then everything mended is read again, entered in the ledger, and certified."""

import secrets
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archive.accession import lock_of
from archive.audit import audit_at
from archive.audit.conduct import Conduct
from archive.audit.place import Place
from archive.audit.report import AuditReport
from archive.audit.standings import standings
from archive.errors import NotFoundError
from archive.home import Home
from archive.ledger.log import Relation
from archive.ledger.receipt import make_receipt
from archive.ledger.segments import Entry
from archive.records.events import Event, EventType
from archive.records.events import Outcome as EventOutcome
from archive.recovery import recover
from archive.repair.install import Workshop
from archive.repair.ledger import damaged_lists, mend_check_lists, mend_ledger, resigned
from archive.repair.objects import Bench, Lost, Mended, Outcome, mend_object
from archive.repair.sources import PRIMARY, WHOLE_ARCHIVE, Copy, Elsewhere, copies_of
from archive.repair.surroundings import mend_surroundings
from archive.replicas.carry import head_at
from archive.replicas.ledger_copy import CHECKPOINT, require_sound
from archive.replicas.logged import LoggedObject
from archive.replicas.outside import Contradiction, ledger_state, require_continued
from archive.replicas.replicate import LOCK
from archive.storage.base import make_folders, put_file

RECEIPTS = "receipts"


@dataclass(frozen=True, slots=True)
class Order:
    """What to repair.

    Attributes:
        now: with a time zone.
        location: "storage" for the archive itself, "replica:<name>" for a copy.
        objects: ids; none for what the newest checks found damaged, or when they found nothing, for what a check finds now.
        dry_run: change nothing, say what could be mended from where.
        folder: one more place where good bytes may be: the card, the officer's own folder.
        progress: told the bytes of every block that a check reads.
    """

    now: datetime
    location: str = PRIMARY
    objects: tuple[str, ...] = ()
    dry_run: bool = False
    folder: Path | None = None
    progress: Callable[[int], None] | None = None


@dataclass
class RepairReport:
    """What a repair did, or would do.

    Attributes:
        location: of the copy that was repaired.
        objects: that were looked at.
        mended: files that are whole again, with the copy that their bytes came from.
        lost: files of which no copy that is here has the bytes; they were not touched.
        quarantined: where bad and stray files are now.
        strays: files that did not belong where they were.
        still_damaged: what the check afterwards found all the same.
        certificate: path of the receipt over the entries of this repair, relative to the home; "" when nothing was mended.
        copies: the locations that good bytes were looked for in.
        checked: whether everything was checked first, because no damage was known.
    """

    location: str
    dry_run: bool
    objects: int = 0
    mended: list[Mended] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    quarantined: list[str] = field(default_factory=list)
    strays: list[tuple[str, str]] = field(default_factory=list)
    still_damaged: list[tuple[str, str, str]] = field(default_factory=list)
    certificate: str = ""
    copies: tuple[str, ...] = ()
    checked: bool = False
    messages: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing is damaged any more of what was looked at."""
        return not self.lost and not self.still_damaged


def repair(home: Home, order: Order) -> RepairReport:
    """Mend what is damaged in one copy of the archive, from the others.

    Raises:
        UsageError: there is no such location.
        NotFoundError: it is not here now; an object that the ledger does not know; this user has no signing key.
        DamageError: the ledger and that of a copy have two pasts; or it is a copy that is to be repaired, and the archive's own ledger is
            damaged or was set back. Nothing was touched.
        ConflictError: somebody writes to the same replica or object.
        StorageError: a disk refused; run it again.
    """
    home.signers()
    target, others = copies_of(home, order.location)
    if order.location != PRIMARY:
        require_sound(home)
        require_continued(home)
    for found in _contradictions(home):
        if found.relation is Relation.REWRITTEN:
            raise found.error
    with _held(target):
        return _Run(home, order, (target, others)).whole()


class _Run:
    """One repair; where it is of a replica, that is locked."""

    def __init__(self, home: Home, order: Order, copies: tuple[Copy, tuple[Copy, ...]]) -> None:
        self.home, self.order = home, order
        self.target, self.others = copies
        self.report = RepairReport(order.location, order.dry_run, copies=tuple(copy.location for copy in self.others))
        self.workshop = Workshop(self.target.tree, f"repair-{order.now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}")
        self.bench = Bench(self.target, self.others, self.workshop, Elsewhere(self.target, order.folder), order.dry_run)
        self.by_object: dict[str, Outcome] = {}
        self.holds = False

    def whole(self) -> RepairReport:
        if not self.order.dry_run:
            self.workshop.prepare()
        self.holds = self._ledger()
        if not self.holds:
            return self._finished()
        if self.order.location == PRIMARY and not self.order.dry_run:
            self.report.messages = recover(self.home)
        self._lists()
        own = Copy(PRIMARY, self.home.tree, self.home.log)
        place = Place(self.home, self.order.location, standings(self.home, ignore=damaged_lists(own)))
        if not self.order.objects:
            self._take(WHOLE_ARCHIVE, mend_surroundings(self.bench, place.logged))
        for wanted in self._wanted(place):
            self.report.objects += 1
            with self._lock(wanted):
                folder = self.home.objects.folder_of(wanted.object_id)
                self._take(wanted.object_id, mend_object(self.bench, wanted, folder))
        return self._finished()

    def _ledger(self) -> bool:
        """Mend the ledger; whether it holds now, so that the rest can be believed."""
        resign = None
        if self.order.location == PRIMARY:
            resign = self._resign
        outcome = mend_ledger(self.target, self.others, self.workshop, resign=resign, dry_run=self.order.dry_run)
        if not self.order.dry_run and not outcome.lost and _contradictions(self.home):
            outcome.lost.append(Lost(WHOLE_ARCHIVE, CHECKPOINT))  # what would bring it forward is not here
        self._take(WHOLE_ARCHIVE, outcome)
        return not outcome.lost and not (self.order.dry_run and outcome.mended)

    def _resign(self) -> bytes | None:
        return resigned(self.home.log, self.home.signers(), self.order.now)

    def _lists(self) -> None:
        self._take(WHOLE_ARCHIVE, mend_check_lists(self.target, self.others, self.workshop, dry_run=self.order.dry_run))

    def _wanted(self, place: Place) -> Iterator[LoggedObject]:
        names: Sequence[str] = self.order.objects
        if not names:
            known_bad = {one.object_id for one in place.standings() if one.is_damaged or one.outcome == "not checked"}
            names = sorted(known_bad | set(self._behind(place)))
        if not names and not self.report.mended:
            self.report.checked = True
            names = _damaged_now(self._check())
        for name in names:
            known = place.logged.objects.get(name)
            if known is None:
                raise NotFoundError(f"The ledger knows no {name}.", advice="Copy the ARK whole; `ditich status` names what is damaged.")
            versions = place.versions(name)
            yield LoggedObject(name, dict(versions), {version: known.sizes[version] for version in versions})

    def _behind(self, place: Place) -> Iterator[str]:
        """Where the ledger was mended, the archive may have been set back as a whole: the objects that are not at their newest version."""
        if WHOLE_ARCHIVE in self.by_object and self.order.location == PRIMARY:
            for one in place.logged.objects.values():
                if head_at(self.home.tree, self.home.objects.folder_of(one.object_id), one) != one.head:
                    yield one.object_id

    def _check(self, objects: Sequence[str] | None = None, algorithm: str = "sha256") -> AuditReport:
        conduct = Conduct(lambda: self.order.now, self.order.progress)
        return audit_at(self.home, self.order.location, conduct, algorithm=algorithm, objects=objects)

    def _take(self, object_id: str, outcome: Outcome) -> None:
        self.report.mended += outcome.mended
        self.report.lost += outcome.lost
        self.report.strays += [(object_id, path) for path in outcome.strays]
        if outcome.changed:
            known = self.by_object.setdefault(object_id, Outcome())
            known.mended += outcome.mended
            known.strays += outcome.strays
            known.lost += outcome.lost

    def _finished(self) -> RepairReport:
        """Read again what was mended, enter it in the ledger, certify it."""
        self.report.quarantined = self.workshop.quarantined
        if self.order.dry_run or not self.by_object or not self.holds:
            return self.report
        names = [name for name in self.by_object if name != WHOLE_ARCHIVE]
        if names:
            checked = self._check(names, "sha512")
            self.report.still_damaged = [(one.object_id, one.path, one.what.value) for one in checked.problems]
        lost = {one.object_id for one in self.report.lost} | {object_id for object_id, _path, _what in self.report.still_damaged}
        events = [self._event(name, outcome, whole=name not in lost) for name, outcome in self.by_object.items()]
        self.home.log.append(events, self.home.signers(), self.order.now)
        self.report.certificate = self._certificate(len(events))
        return self.report

    def _event(self, object_id: str, outcome: Outcome, *, whole: bool) -> Event:
        return Event(
            identifier=f"urn:uuid:{uuid.uuid4()}",
            type=EventType.RECOVERY,
            when=self.order.now.isoformat(timespec="seconds"),
            outcome=EventOutcome.SUCCESS if whole else EventOutcome.WARNING,
            agents=(self.home.config.agent,),
            objects=() if object_id == WHOLE_ARCHIVE else (object_id,),
            detail="repair",
            extra={
                "location": self.order.location,
                "restored": [[one.path, one.source] for one in outcome.mended],
                "set_aside": list(outcome.strays),
                "quarantine": f"work/quarantine/{self.workshop.name}",
            },
        )

    def _certificate(self, events: int) -> str:
        size = self.home.log.checkpoint().size
        entries: list[Entry] = list(self.home.log.entries(size - events))
        sentences = (f"{self.home.config.name}: repair of {self.order.now:%Y-%m-%d}, {self.order.location}.",)
        path = f"{RECEIPTS}/{self.workshop.name}.receipt"
        make_folders(self.home.tree, RECEIPTS)
        put_file(self.home.tree, path, make_receipt(self.home.log, entries, notes=sentences))
        return path

    def _lock(self, wanted: LoggedObject) -> AbstractContextManager[None]:
        return self.home.tree.lock(lock_of(wanted.object_id))


def _held(target: Copy) -> AbstractContextManager[None]:
    """One repair of a copy at a time, and none while it is replicated to."""
    name = "work/locks/repair" if target.location == PRIMARY else LOCK
    make_folders(target.tree, "work/locks")
    return target.tree.lock(name, seconds=0)


def _contradictions(home: Home) -> tuple[Contradiction, ...]:
    """What copies hold that the archive's ledger is no extension of; of one that is damaged that cannot be said before it is mended."""
    return ledger_state(home)[1]


def _damaged_now(report: AuditReport) -> list[str]:
    return sorted({problem.object_id for problem in report.problems} - {WHOLE_ARCHIVE})
