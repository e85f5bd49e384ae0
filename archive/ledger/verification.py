"""Whether a ledger is what it says: the whole tree is computed again and compared with every checkpoint that lies beside it."""

from collections.abc import Iterator
from itertools import islice
from typing import Protocol

from archive.errors import DamageError, DitichError, NotFoundError
from archive.ledger.merkle import Frontier
from archive.ledger.note import Checkpoint
from archive.ledger.refusals import lost
from archive.ledger.segments import Segment
from archive.ledger.timestamp import timestamps
from archive.storage.base import Storage


class Log(Protocol):
    """What is asked of a ledger here."""

    storage: Storage
    prefix: str

    def checkpoint(self) -> Checkpoint:
        """The newest checkpoint, verified."""
        ...

    def read_note(self, note: bytes) -> Checkpoint:
        """The checkpoint of a note that was kept somewhere."""
        ...

    def segments(self) -> tuple[Segment, ...]:
        """The files of the log, in order."""
        ...

    def leaves(self, size: int) -> Iterator[bytes]:
        """The leaf hashes of the first entries, as far as they are there."""
        ...


def problems_of(log: Log) -> Iterator[tuple[str, str]]:
    """(path, what is wrong) for everything that does not hold."""
    marks: dict[str, Checkpoint] = {}
    for path, note in _kept(log):
        try:
            marks[path] = log.read_note(note)
        except DamageError as error:
            yield (path, str(error))
            continue
        name = path.rpartition("/")[2].partition(".")[0]
        if name.isdigit() and int(name) != marks[path].size and "/witnesses/" not in path:
            yield (path, f"it is of {marks[path].size} entries, and bears another number")
    yield from ((path, str(said)) for path, _note, said in timestamps(log.storage, log.prefix) if isinstance(said, DitichError))
    try:
        checkpoint = log.checkpoint()
        yield from _missing_checkpoints(log, checkpoint.size)
        yield from _against_marks(log, checkpoint, marks)
    except (DamageError, NotFoundError) as error:
        yield (f"{log.prefix}/checkpoint", str(error))


def _kept(log: Log) -> Iterator[tuple[str, bytes]]:
    """The checkpoints that lie here beside the newest one: of finished segments, what witnesses hold, what was timestamped."""
    for name in ("checkpoints", "witnesses", "timestamps"):
        folder = f"{log.prefix}/{name}"
        if log.storage.kind(folder) is None:
            continue
        for entry in log.storage.entries(folder):
            # what ends in .new was left by a writer that was killed
            if not entry.name.endswith((".new", ".tsr", ".pem")):
                yield f"{folder}/{entry.name}", log.storage.read(f"{folder}/{entry.name}")


def _missing_checkpoints(log: Log, size: int) -> Iterator[tuple[str, str]]:
    for segment in log.segments()[1:]:
        path = f"{log.prefix}/checkpoints/{segment.first:012d}"
        if 0 < segment.first < size and log.storage.kind(path) is None:
            yield (path, "the checkpoint that was kept of a finished segment is missing")


def _against_marks(log: Log, checkpoint: Checkpoint, marks: dict[str, Checkpoint]) -> Iterator[tuple[str, str]]:
    leaves, frontier, unlike = log.leaves(checkpoint.size), Frontier(), []
    for path, mark in sorted(marks.items(), key=lambda one: one[1].size):
        if mark.size > checkpoint.size:
            yield (path, f"it is of {mark.size} entries, the ledger has {checkpoint.size}: the ledger was set back")
            continue
        frontier = frontier.extended(islice(leaves, mark.size - frontier.size))
        if (frontier.size, frontier.root()) != (mark.size, mark.root):
            unlike.append((path, mark))
    frontier = frontier.extended(leaves)
    if frontier.size < checkpoint.size:
        raise lost(checkpoint.size, frontier.size)
    if frontier.root() == checkpoint.root:
        yield from ((path, "it is of another past than the ledger's") for path, _mark in unlike)
    elif unlike:
        yield (_segment_before(log, unlike[0][1].size), "does not match the checkpoint that was kept of it")
    else:
        yield (_segment_before(log, checkpoint.size), "does not match the signed checkpoint")


def _segment_before(log: Log, index: int) -> str:
    """The segment that holds the entry before this number."""
    found = [segment.path for segment in log.segments() if segment.first < index]
    return found[-1] if found else f"{log.prefix}/log"
