"""The figures of an archive, as its status says them."""

from dataclasses import dataclass
from enum import StrEnum

from archive.findings import Finding
from archive.integrity.forecast import Need, Outlook
from archive.ledger.vouching import Voucher
from archive.replicas.outside import Contradiction


class Verdict(StrEnum):
    """What the first line says, the worst first."""

    TWO_PASTS = "ledger-two-pasts"
    SET_BACK = "ledger-set-back"
    LEDGER = "ledger-damaged"
    DAMAGED = "damaged"
    UNKNOWN = "unknown"
    OVERDUE = "overdue"
    INTACT = "intact"
    EMPTY = "empty"

    @property
    def of_ledger(self) -> bool:
        """Whether the ledger itself is at fault: then no other figure can be believed."""
        return self in {Verdict.TWO_PASTS, Verdict.SET_BACK, Verdict.LEDGER}

    @property
    def is_damage(self) -> bool:
        """Whether anything is damaged."""
        return self is Verdict.DAMAGED or self.of_ledger


@dataclass(frozen=True, slots=True)
class Place:
    """One location. Numbers are objects; the times are RFC 3339, "" for none.

    Attributes:
        location: "storage" or "replica:<name>".
        objects: that should be there.
        intact, damaged, unreadable: at the last look.
        never: not looked at there yet.
        overdue: whose next look should have been made before now.
        due: (days, objects that fall due within so many days) for 14, 7 and 1.
        last_check, next_due: of any object.
    """

    location: str
    objects: int
    intact: int
    damaged: int
    unreadable: int
    never: int
    overdue: int
    due: tuple[tuple[int, int], ...]
    last_check: str
    next_due: str


@dataclass(frozen=True, slots=True)
class Damage:
    """One object that was not intact at a location.

    Attributes:
        object_id, location: of what.
        since_good: when it was last seen intact there; "" when never.
        problems: (path, what).
        good_at: locations where its newest version was intact at the last look.
    """

    object_id: str
    location: str
    since_good: str
    problems: tuple[tuple[str, str], ...]
    good_at: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """A replica.

    Attributes:
        name, medium, place: as ``ditich.toml`` says.
        present: whether it is there now.
        same_device: it lies on the same device as the archive: no second copy where that device dies.
        beside: name of the older replica on whose disk it lies: the two count as one; "" for none.
        last_seen: when anything of it was last read, RFC 3339; "" when never.
        objects, behind: that should be on it, and those whose newest version was not yet seen there.
    """

    name: str
    medium: str
    place: str
    present: bool
    same_device: bool
    last_seen: str
    objects: int
    behind: int
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Risk:
    """One look that will not be made in time, or only if the machine is not off for longer: when it is due (RFC 3339) and its outlook."""

    object_id: str
    location: str
    due: str
    outlook: Outlook


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is foreseen. Numbers are looks (an object at a location).

    Attributes:
        verdict: the worst outlook.
        late, tight: of those due within 14 days (or until a fortnight after an absence).
        needs: what would have to be done so that nothing is late.
        reserves: what would have to be done before the machine is switched off for longer.
        risks: every look that is overdue, late or tight, first due first.
    """

    verdict: Outlook
    late: int
    tight: int
    needs: tuple[Need, ...]
    reserves: tuple[Need, ...]
    risks: tuple[Risk, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """The figures of an archive.

    Attributes:
        name: of the archive.
        verdict: the first line.
        objects, versions, bytes: kept; bytes are those of the originals and records, every one stored once.
        looks: objects × locations: the N of ``overdue`` and ``due_soon``.
        overdue: looks that should have been made before now.
        due_soon: looks that fall due within 14 days.
        damaged, unreadable: objects that were not intact, or could not be read, somewhere when last looked at.
        never: objects that were not looked at in the archive itself since they came.
        last_check, next_due: RFC 3339; "" for none.
        places, damage, copies: one each.
        ahead: the forecast.
        second_location: where another copy is, as set in words.
        ledger_entries: signed.
        vouchers: who outside holds a checkpoint of this ledger; nobody while it does not hold.
        broken_lists: check lists that are damaged or lost.
        ledger_faults: (path, what) that does not hold in the ledger itself.
        contradictions: what copies hold that this ledger is no extension of.
        notices: what somebody should take care of, the most urgent first.
    """

    name: str
    verdict: Verdict
    objects: int
    versions: int
    bytes: int
    looks: int
    overdue: int
    due_soon: int
    damaged: int
    unreadable: int
    never: int
    last_check: str
    next_due: str
    places: tuple[Place, ...]
    damage: tuple[Damage, ...]
    copies: tuple[Copy, ...]
    ahead: Ahead
    second_location: str
    ledger_entries: int
    vouchers: tuple[Voucher, ...]
    broken_lists: tuple[str, ...]
    ledger_faults: tuple[tuple[str, str], ...]
    contradictions: tuple[Contradiction, ...]
    notices: tuple[Finding, ...] = ()

    @property
    def vouched(self) -> bool:
        """Whether anybody outside can say that the ledger was not rewritten."""
        return bool(self.vouchers)
