"""The leaf lists of check runs: one line for each object that was checked, under a Merkle root of their own.

A run of a million objects is one entry of the ledger; its lines lie compressed in ``ledger/checks/`` and can each be proved against
that entry. Due dates come from here.
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from archive.errors import DamageError, DitichError, NotFoundError, RecordError, StorageError
from archive.ledger.merkle import Frontier, leaf_hash
from archive.records.events import Event, EventType
from archive.records.serialise import from_json, to_line
from archive.storage.base import Storage, make_folders, parent_of

FOLDER = "ledger/checks"
SCRATCH = "check-"
"""how the names of lists that are being written begin, in ``work/``"""
_WORK, _LOCKS = "work", "work/locks"
_HERE = "storage"  # archive.settings.PRIMARY, which stands above
_RUNS = (EventType.FIXITY_CHECK, EventType.REPLICATION)
_ADVICE = "Restore it from another copy of the archive."
_GZIP = 31
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class CheckLine:
    """What one check found of one object: ``outcome`` is "intact", "damaged" or "not checked", ``problems`` are (path, what)."""

    object: str
    version: str
    location: str
    outcome: str
    time: str
    problems: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CheckRun:
    """A check run as its ledger entry describes it.

    Attributes:
        file, root: where its leaf list is, and the Merkle root over the lines.
        lines: looks at objects.
        algorithm: "sha256" or "sha512".
        location: what was looked at, the archive itself or a replica.
        bytes, seconds: read, and the time that reading took; 0 in entries from before these were kept.
    """

    file: str
    root: str
    lines: int
    algorithm: str
    location: str = _HERE
    bytes: int = 0
    seconds: float = 0.0


class CheckList:
    """A leaf list that is being written; memory stays flat. A lock of the same name says that its writer is alive.

    Args:
        storage: the archive home's tree.
        scratch: a path in ``work/`` that is free.
    """

    def __init__(self, storage: Storage, scratch: str) -> None:
        self._storage = storage
        self._scratch = scratch
        self._alive = ExitStack()
        for folder in (parent_of(scratch), _LOCKS):
            make_folders(storage, folder)  # a copy of an archive need not have them
        self._compressor = zlib.compressobj(wbits=_GZIP)
        self._waiting = b""
        self._frontier = Frontier()
        self._begun = False

    def add(self, line: CheckLine) -> None:
        """Add one line."""
        content = to_line(line)
        self._frontier = self._frontier.extended((leaf_hash(content),))
        self._waiting += self._compressor.compress(content)
        if len(self._waiting) > _BLOCK:
            self._flush()

    def close(self, algorithm: str) -> CheckRun:
        """Put the list in its place, durably."""
        self._waiting += self._compressor.flush()
        self._flush()
        root = self._frontier.root().hex()
        path = f"{FOLDER}/{root[:32]}.jsonl.gz"
        self._storage.sync_file(self._scratch)
        self._storage.replace(self._scratch, path)
        self._storage.sync_folder(FOLDER)
        self._storage.sync_folder(parent_of(self._scratch))
        self._alive.close()
        return CheckRun(path, root, self._frontier.size, algorithm)

    def __enter__(self) -> Self:
        """Nothing to prepare: the scratch file is made when there is something to write."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Where the list was not put in its place, its scratch file goes."""
        with suppress(StorageError):
            if self._storage.kind(self._scratch) is not None:
                self._storage.remove_file(self._scratch)
        self._alive.close()

    def _flush(self) -> None:
        if not self._begun:
            self._begun = True
            with suppress(DitichError):  # where no lock can be had nobody removes what is left behind, either
                self._alive.enter_context(self._storage.lock(_lock_of(self._scratch)))
        self._storage.append(self._scratch, self._waiting)
        self._waiting = b""


def remove_leftovers(storage: Storage) -> None:
    """Remove the lists that writers which are dead had begun: what stood in them is nowhere else, and its objects fall due again."""
    for path in [f"{_WORK}/{entry.name}" for entry in storage.entries(_WORK) if entry.name.startswith(SCRATCH)]:
        with suppress(DitichError), storage.lock(_lock_of(path), seconds=0):  # a list that is locked is being written
            if storage.kind(path) is not None:  # else its writer has just finished
                storage.remove_file(path)


def _lock_of(scratch: str) -> str:
    return f"{_LOCKS}/{scratch.rpartition('/')[2]}"


def run_of(event: Event) -> CheckRun | None:
    """The check run that a ledger entry describes, a check of its own or the reading back after a replication, or None."""
    if event.type not in _RUNS or "file" not in event.extra:
        return None
    return run_from(event.extra)


def run_from(extra: dict[str, Any]) -> CheckRun:
    """The check run in the extension of such an entry."""
    return CheckRun(
        file=str(extra["file"]),
        root=str(extra["root"]),
        lines=int(extra["lines"]),
        algorithm=str(extra["algorithm"]),
        location=f"replica:{extra['replica']}" if "replica" in extra else str(extra.get("location", _HERE)),
        bytes=int(extra.get("bytes", 0)),
        seconds=float(extra.get("seconds", 0.0)),
    )


def check_lines(storage: Storage, run: CheckRun) -> Iterator[CheckLine]:
    """The lines of a run, verified against its root at the end.

    Raises:
        DamageError: the list is missing, not readable, or not the one that was signed.
    """
    for batch in line_batches(storage, run):
        try:
            yield from [from_json(CheckLine, line) for line in batch]
        except RecordError as error:
            raise _unreadable(run, error) from error


def line_batches(storage: Storage, run: CheckRun) -> Iterator[list[bytes]]:
    """The lines of a run as they stand, some thousand at a time, verified against its root after the last; memory stays flat.

    Raises:
        DamageError: the list is missing, not readable, or not the one that was signed.
    """
    frontier = Frontier()
    try:
        with storage.open(run.file) as packed, gzip.GzipFile(fileobj=packed) as lines:
            while batch := lines.readlines(_BLOCK):
                frontier = frontier.extended(map(leaf_hash, batch))
                yield batch
    except (NotFoundError, OSError, EOFError, zlib.error) as error:
        raise _unreadable(run, error) from error
    if (frontier.root().hex(), frontier.size) != (run.root, run.lines):
        raise DamageError(f"{run.file} is not the list that was signed.", advice=_ADVICE)


def _unreadable(run: CheckRun, error: Exception) -> DamageError:
    return DamageError(f"{run.file} is not readable.", advice=_ADVICE, detail=str(error))
