"""The lines of the log as they lie on disk: one file for each month, named by the number of its first entry."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from archive.errors import DamageError, RecordError
from archive.ledger.refusals import RESTORE
from archive.records.events import Event
from archive.records.serialise import from_json
from archive.storage.base import Storage

_SEGMENT = re.compile(r"\d{12}-\d{4}-\d{2}\.jsonl")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger, with its line feed, and where it stands."""

    index: int
    line: bytes

    @property
    def event(self) -> Event:
        """What the line says."""
        try:
            return from_json(Event, self.line)
        except RecordError as error:
            raise DamageError(
                f"Entry {self.index} of the ledger is not readable.",
                advice=RESTORE,
                code="ledger-unreadable-entry",
                values={"number": self.index},
                detail=error.message,
            ) from error


@dataclass(frozen=True, slots=True)
class Segment:
    """One file of the log and the number of its first entry."""

    path: str
    first: int


def segments(storage: Storage, folder: str) -> tuple[Segment, ...]:
    """The segments in a folder, in order."""
    names = [entry.name for entry in storage.entries(folder) if _SEGMENT.fullmatch(entry.name)]
    return tuple(Segment(f"{folder}/{name}", int(name.partition("-")[0])) for name in names)


def size_after(found: tuple[Segment, ...], month: str) -> int | None:
    """How many entries the log had when a month ("2026-11") ended; None while it has not, or when the log has nothing of it."""
    for segment, following in pairwise(found):
        if segment.path.endswith(f"-{month}.jsonl"):
            return following.first
    return None


def lines_of(storage: Storage, found: tuple[Segment, ...], start: int, size: int) -> Iterator[bytes]:
    """The lines of entries number ``start`` up to ``size``, as far as they are there: it ends where one is missing."""
    number = start
    ends = [segment.first for segment in found[1:]] + [size]
    for segment, end in zip(found, ends[: len(found)], strict=True):
        if end <= number:
            continue
        if segment.first > number:
            return
        with storage.open(segment.path) as stream:
            for line in islice(stream, number - segment.first, size - segment.first):
                yield line
                number += 1
