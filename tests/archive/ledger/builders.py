"""A ledger in memory, with its keys."""

from collections.abc import Sequence
from datetime import UTC, datetime

from archive.ledger.log import Ledger
from archive.ledger.segments import Entry
from archive.ledger.signers import new_signers
from archive.records.events import Event, EventType, Outcome
from archive.storage.base import make_folders
from archive.storage.memory import MemoryStorage

ORIGIN = "ditich-archive/t"
NOVEMBER = datetime(2026, 11, 30, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)


def event(number: int, **extra: object) -> Event:
    when = "2026-11-30T00:00:00+00:00"
    return Event(f"e{number}", EventType.INGESTION, when, Outcome.SUCCESS, ("a",), (f"o{number}",), "", extra)


class Log:
    """A ledger in memory with its keys."""

    def __init__(self, entries: int = 0) -> None:
        self.storage = MemoryStorage()
        make_folders(self.storage, "work/locks")
        make_folders(self.storage, "ledger")
        self.signers = new_signers(ORIGIN)
        self.keys = [signer.public for signer in self.signers]
        self.vkeys = [key.vkey() for key in self.keys]
        self.log = Ledger(self.storage, ORIGIN, self.keys)
        self.log.create(self.signers, NOVEMBER)
        if entries:
            self.append([event(number) for number in range(entries)])

    def append(self, events: Sequence[Event], now: datetime = NOVEMBER) -> None:
        self.log.append(events, self.signers, now)

    def entries(self) -> list[Entry]:
        return list(self.log.entries())
