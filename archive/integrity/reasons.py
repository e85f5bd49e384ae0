"""Why an object may stand overdue or damaged in a closed month: a small fixed list of codes, given by a person, kept in the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from archive.errors import UsageError
from archive.home import Home
from archive.records.events import Event, EventType, Outcome

OVERDUE, DAMAGED = "overdue", "damaged"


@dataclass(frozen=True, slots=True)
class Reason:
    """One code: what it may explain, and its words by language."""

    code: str
    explains: frozenset[str]
    words: dict[str, str]


def _reason(code: str, explains: str, vi: str, en: str, th: str) -> Reason:
    return Reason(code, frozenset(explains.split()), {"vi": vi, "en": en, "th": th})


REASONS: tuple[Reason, ...] = (
    _reason("machine-off", OVERDUE, "máy đã tắt lâu", "the computer was off", "ปิดเครื่องเป็นเวลานาน"),
    _reason("disk-absent", OVERDUE, "đĩa không được cắm vào máy", "the disk was not plugged in", "ไม่ได้เสียบดิสก์"),
    _reason("disk-slow", OVERDUE, "đĩa đọc quá chậm", "the disk was too slow", "ดิสก์อ่านช้าเกินไป"),
    _reason("awaiting-replica", f"{OVERDUE} {DAMAGED}", "đang chờ bản sao khác", "waiting for another copy", "รอสำเนาอื่น"),
    _reason("repair-pending", DAMAGED, "sắp được khôi phục từ bản tốt", "about to be repaired from a good copy", "รอการซ่อมจากสำเนาที่ดี"),
    _reason("under-investigation", f"{OVERDUE} {DAMAGED}", "đang tìm nguyên nhân", "the cause is being looked for", "กำลังหาสาเหตุ"),
    _reason("accepted-loss", DAMAGED, "mất hẳn, không còn bản tốt", "lost for good: no good copy is left", "สูญหายถาวร ไม่มีสำเนาที่ดีเหลือ"),
)
BY_CODE: Mapping[str, Reason] = {reason.code: reason for reason in REASONS}


@dataclass(frozen=True, slots=True)
class Given:
    """A reason that somebody gave for a month: for an object, for a location, or for all that is ``overdue`` or ``damaged``."""

    month: str
    subject: str
    code: str


def give_reasons(home: Home, month: str, given: Mapping[str, str], now: datetime) -> tuple[Given, ...]:
    """Enter reasons into the ledger.

    Args:
        home: the archive.
        month: "2026-10".
        given: subject (an ARK, a location, "overdue" or "damaged") → code.
        now: with a time zone.

    Raises:
        UsageError: a code that is not in the list.
        NotFoundError: this user has no signing key for this archive.
    """
    for code in given.values():
        if code not in BY_CODE:
            raise UsageError(f"“{code}” is no reason code.", advice=f"Codes: {', '.join(BY_CODE)}.")
    found = tuple(Given(month, subject, code) for subject, code in given.items())
    home.log.append([_event(home, one, now) for one in found], home.signers(), now)
    return found


def reason_in(event: Event) -> Given | None:
    """The reason that a ledger entry gives, or None where it is about something else."""
    extra: dict[str, Any] = event.extra
    if event.type is not EventType.POLICY_ASSIGNMENT or "reason" not in extra:
        return None
    return Given(str(extra["month"]), str(extra["subject"]), str(extra["reason"]))


def explained(given: Iterable[Given], what: str, object_id: str, location: str) -> str:
    """The code that explains why this object there is overdue or damaged; "" when none does. Nearer ones count before wider ones."""
    codes = {one.subject: one.code for one in given if what in BY_CODE[one.code].explains}
    return next((codes[subject] for subject in (object_id, location, what) if subject in codes), "")


def _event(home: Home, given: Given, now: datetime) -> Event:
    when = now.isoformat(timespec="seconds")
    return Event(
        identifier=f"urn:uuid:{uuid5(NAMESPACE_URL, f'{home.config.origin} {given.month} {given.subject} {given.code} {when}')}",
        type=EventType.POLICY_ASSIGNMENT,
        when=when,
        outcome=Outcome.SUCCESS,
        agents=(home.config.agent,),
        objects=(given.subject,) if given.subject.startswith("ark:") else (),
        detail="reason",
        extra={"month": given.month, "subject": given.subject, "reason": given.code},
    )
