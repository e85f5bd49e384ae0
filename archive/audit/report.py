"""What a fixity run found, in a form that always says how much was intact, damaged, missing, and not checked, and why."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from archive.audit.structure.base import Inside
from archive.ocfl.comparing import Condition
from archive.settings import PRIMARY

WHOLE_ARCHIVE = "archive"
"""The ``object_id`` of a problem that concerns the ledger or the storage root and no object."""
_DAMAGED = (Condition.DAMAGED, Condition.CHANGED, Condition.MOVED)


class Reason(StrEnum):
    """Why something was not checked."""

    ABSENT = "absent"
    """the location is not there now: a disk that is not plugged in"""
    NOT_COPIED = "not-copied"
    """the object has not been copied to this replica yet"""
    BUDGET = "budget"
    """the time or the bytes that the run was given are used up"""
    STOPPED = "stopped"
    """somebody stopped the run"""
    BUSY = "busy"
    """somebody is writing the object"""
    INTERRUPTED = "interrupted"
    """an ingest was interrupted while it wrote the object; the next command that writes completes it or takes it back"""
    CRASHED = "crashed"
    """the checker itself failed"""
    LEDGER = "ledger"
    """the ledger does not hold, so nothing says what is due"""


@dataclass(frozen=True, slots=True)
class Problem:
    """One file that is not as it should be.

    Attributes:
        object_id: the ARK, or WHOLE_ARCHIVE.
        path: relative to its object, or to the home (the replica) for WHOLE_ARCHIVE.
        what: is wrong.
        detail: in words.
        since_good: when a check last found its object intact here, RFC 3339; "" for never.
        copies: locations whose last check of the same version was intact.
        location: where.
        inside: where in the file the damage is, as far as its format tells.
    """

    object_id: str
    path: str
    what: Condition
    detail: str = ""
    since_good: str = ""
    copies: tuple[str, ...] = ()
    location: str = PRIMARY
    inside: tuple[Inside, ...] = ()


@dataclass(frozen=True, slots=True)
class NotChecked:
    """So many objects that should have been were not checked there, for this reason; none where a location is absent but nothing is due."""

    reason: Reason
    location: str
    objects: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a run found. ``intact``, ``damaged`` (changed or moved), ``missing``, ``extra`` and ``not_checked`` are files.

    Attributes:
        algorithm: "sha256", "sha512", or "due": each object as it was due.
        objects: looked at.
        extra: files that lie where none should.
        not_checked: files of these objects that could not be read.
        problems: all that is not as it should be.
        recorded: False where the ledger itself is damaged: nothing is added to it then.
        unchecked: what was to be checked and was not, with reasons.
        locations: that were looked at.
        bytes, seconds: read, and the time that took.
        waiting: objects that fall due soon and were not reached; nothing is overdue in that.
        tail: objects that were checked by chance, and ``seed``, which chose them.
    """

    algorithm: str
    objects: int = 0
    intact: int = 0
    damaged: int = 0
    missing: int = 0
    extra: int = 0
    not_checked: int = 0
    problems: tuple[Problem, ...] = ()
    recorded: bool = True
    unchecked: tuple[NotChecked, ...] = ()
    locations: tuple[str, ...] = ()
    bytes: int = 0
    seconds: float = 0.0
    waiting: int = 0
    tail: int = 0
    seed: str = ""

    @property
    def has_damage(self) -> bool:
        """Whether anything is damaged, missing or extra."""
        return bool(self.damaged or self.missing or self.extra)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 damage, 2 something that was to be checked could not be. Damage wins."""
        not_all = self.not_checked or any(found.objects or found.reason is Reason.STOPPED for found in self.unchecked)
        return 1 if self.has_damage else 2 if not_all else 0

    def with_problems(self, problems: Iterable[Problem]) -> "AuditReport":
        """The same with these problems, counted."""
        added = tuple(problems)
        counts = {what: sum(problem.what is what for problem in added) for what in Condition}
        return replace(
            self,
            damaged=self.damaged + sum(counts[what] for what in _DAMAGED),
            missing=self.missing + counts[Condition.MISSING],
            extra=self.extra + counts[Condition.EXTRA],
            not_checked=self.not_checked + counts[Condition.UNREADABLE],
            problems=(*self.problems, *added),
        )

    def without(self, reason: Reason, location: str, objects: int, detail: str = "") -> "AuditReport":
        """The same with so many more objects not checked there for that reason."""
        key = (reason, location, detail)
        others = [found for found in self.unchecked if (found.reason, found.location, found.detail) != key]
        before = sum(found.objects for found in self.unchecked if (found.reason, found.location, found.detail) == key)
        return replace(self, unchecked=(*others, NotChecked(reason, location, before + objects, detail)))
