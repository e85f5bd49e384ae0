"""The ledger on disk: JSON lines in monthly segments, a saved frontier, and the signed checkpoint.

``log/<first entry>-<month>.jsonl`` hold the entries, ``checkpoint`` says how many of them count and under which root. What stands
behind the checkpoint's size was never acknowledged: it is set aside, not read. ``checkpoints/`` keeps the last checkpoint of every
finished segment. ``frontier.json`` spares the start from reading the log; it is believed only where it leads to the signed root.

An entry is appended in this order: lines, sync, checkpoint in one step, sync. One writer at a time holds ``work/locks/ledger``.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from archive.errors import DamageError, NotFoundError, RecordError
from archive.ledger.merkle import Frontier, inclusion_proof, leaf_hash
from archive.ledger.note import Checkpoint, PublicKey, Signer, read_note, signed_note
from archive.ledger.signers import verify_signature
from archive.records.events import Event
from archive.records.serialise import from_json, to_line
from archive.storage.base import Storage, make_folders, put_file

LOCK = "work/locks/ledger"
QUARANTINE = "work/quarantine"
_SEGMENT = re.compile(r"\d{12}-\d{4}-\d{2}\.jsonl")
_KEPT = re.compile(r"\d{12}")
"""anything else there was left by a writer that was killed"""


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
                advice="Restore ledger/ from another copy of the archive.",
                detail=error.message,
            ) from error


@dataclass(frozen=True, slots=True)
class _State:
    """Where appending goes on: the frontier, the last segment and how many of its bytes count."""

    frontier: Frontier
    segment: str
    offset: int


class Ledger:
    """The log of one archive.

    Args:
        storage: the tree of the archive home.
        origin: the name of the log, first line of every checkpoint.
        keys: the public keys whose signatures count.
        prefix: the ledger's folder in that tree.
    """

    def __init__(self, storage: Storage, origin: str, keys: Sequence[PublicKey], prefix: str = "ledger") -> None:
        self.storage = storage
        self.origin = origin
        self.prefix = prefix
        self._keys = tuple(keys)

    def create(self, signers: Sequence[Signer], now: datetime) -> None:
        """Make the folders and the checkpoint of an empty log."""
        for name in ("log", "checks", "checkpoints"):
            make_folders(self.storage, f"{self.prefix}/{name}")
        self._sign(Frontier(), signers, now)

    def checkpoint(self) -> Checkpoint:
        """The newest checkpoint.

        Raises:
            DamageError: it is missing, unreadable, of another log, or not signed by a known key.
        """
        try:
            note = self.storage.read(f"{self.prefix}/checkpoint")
        except NotFoundError as error:
            raise DamageError("The ledger has no checkpoint.", advice="Restore ledger/ from another copy of the archive.") from error
        return self._read_note(note)

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """The entries that count, from number ``start`` on.

        Raises:
            DamageError: the log is shorter than its checkpoint says.
        """
        size = self.checkpoint().size
        if start >= size:
            return
        index = start
        for name, first, end in self._segments():
            if end is not None and end <= start:
                continue
            for entry in self._lines(name, first, size):
                if entry.index >= index:
                    yield entry
                    index = entry.index + 1
        if index < size:
            raise DamageError(
                f"The ledger has lost entries: {size} are signed, {index} are there.", advice="Restore ledger/ from another copy."
            )

    def append(self, events: Sequence[Event], signers: Sequence[Signer], now: datetime) -> Checkpoint:
        """Add entries; when it returns they are durable and signed.

        Args:
            events: what happened, in order.
            signers: of the checkpoint, one for each key of the ledger.
            now: decides the month of the segment and the time of the signatures.
        """
        with self.storage.lock(LOCK):
            self._set_tail_aside()
            state = self._state()
            segment = self._segment_for(state, now)
            lines = [to_line(event) for event in events]
            self.storage.append(segment, b"".join(lines))
            self.storage.sync_file(segment)
            if segment != state.segment:
                self.storage.sync_folder(f"{self.prefix}/log")
                self._keep_checkpoint(state.frontier.size)
            frontier = state.frontier.extended(leaf_hash(line) for line in lines)
            checkpoint = self._sign(frontier, signers, now)
            self._save_frontier(_State(frontier, segment, self.storage.size(segment)))
            return checkpoint

    def set_tail_aside(self) -> str:
        """Move what stands behind the checkpoint (a torn line, entries never acknowledged) to quarantine; where to, "" if nothing did."""
        with self.storage.lock(LOCK):
            return self._set_tail_aside()

    def problems(self) -> Iterator[tuple[str, str]]:
        """Recompute the whole tree; (path, what is wrong) for everything that does not hold."""
        try:
            kept = self._kept_checkpoints()
            checkpoint = self.checkpoint()
            frontier = Frontier()
            for entry in self.entries():
                if entry.index in kept and frontier.root() != kept[entry.index]:
                    yield (self._segment_before(entry.index), "does not match the checkpoint that was kept of it")
                frontier = frontier.extended((leaf_hash(entry.line),))
            if frontier.root() != checkpoint.root:
                yield (self._segment_before(checkpoint.size), "does not match the signed checkpoint")
        except (DamageError, NotFoundError) as error:
            yield (f"{self.prefix}/checkpoint", str(error))

    def proof(self, index: int) -> tuple[bytes, ...]:
        """The inclusion proof of an entry under the newest checkpoint."""
        return inclusion_proof([leaf_hash(entry.line) for entry in self.entries()], index)

    def _segments(self) -> list[tuple[str, int, int | None]]:
        """(path, first entry, first entry of the next segment or None)."""
        names = [entry.name for entry in self.storage.entries(f"{self.prefix}/log") if _SEGMENT.fullmatch(entry.name)]
        firsts = [int(name.partition("-")[0]) for name in names]
        ends: list[int | None] = [*firsts[1:], None]
        return [(f"{self.prefix}/log/{name}", first, end) for name, first, end in zip(names, firsts, ends[: len(names)], strict=True)]

    def _lines(self, segment: str, first: int, size: int) -> Iterator[Entry]:
        with self.storage.open(segment) as stream:
            for index, line in enumerate(stream, start=first):
                if index >= size:
                    return
                yield Entry(index, line)

    def _state(self) -> _State:
        """From the saved frontier where it leads to the signed root, else from the log itself."""
        checkpoint = self.checkpoint()
        saved = self._saved_frontier()
        signed = (checkpoint.size, checkpoint.root)
        if saved is not None and (saved.frontier.size, saved.frontier.root()) == signed and self._is_there(saved):
            return saved
        return self._replayed(checkpoint)

    def _is_there(self, state: _State) -> bool:
        """Whether the segment still holds as many bytes: behind one that lost signed entries nothing may ever be written."""
        sizes = {path: self.storage.size(path) for path, _first, _end in self._segments()}
        return not state.segment or sizes.get(state.segment, -1) >= state.offset

    def _replayed(self, checkpoint: Checkpoint) -> _State:
        frontier, segment, offset = Frontier(), "", 0
        for name, first, _end in self._segments():
            if first >= checkpoint.size:
                break
            segment, offset, leaves = name, 0, []
            for entry in self._lines(name, first, checkpoint.size):
                offset += len(entry.line)
                leaves.append(leaf_hash(entry.line))
            frontier = frontier.extended(leaves)
        if (frontier.size, frontier.root()) != (checkpoint.size, checkpoint.root):
            raise DamageError(
                "The ledger does not match its signed checkpoint.",
                advice="Someone or something changed it: stop, keep it as it is, and compare it with another copy of the archive.",
                detail=f"{frontier.size} of {checkpoint.size} entries, root {frontier.root().hex()}",
            )
        return _State(frontier, segment, offset)

    def _set_tail_aside(self) -> str:
        state = self._state()
        if not self._tail(state):
            return ""
        # What is cut off is decided by the log and the signed checkpoint alone, never by the saved frontier.
        state = self._replayed(self.checkpoint())
        tail = self._tail(state)
        if not tail:
            self._save_frontier(state)
            return ""
        content = b"".join(tail.values())
        target = f"{QUARANTINE}/ledger-{state.frontier.size}-{leaf_hash(content).hex()[:12]}"
        make_folders(self.storage, QUARANTINE)
        put_file(self.storage, target, content)
        for path in tail:
            kept = state.offset if path == state.segment else 0
            self.storage.truncate(path, kept)
            self.storage.sync_file(path)
            if not kept:
                self.storage.remove_file(path)
        self._save_frontier(state)
        return target

    def _tail(self, state: _State) -> dict[str, bytes]:
        """The bytes of every segment that stand behind the state."""
        found = {}
        for path, _first, _end in self._segments():
            kept = state.offset if path == state.segment else 0
            if path >= state.segment and self.storage.size(path) > kept:
                found[path] = self.storage.read(path)[kept:]
        return found

    def _segment_for(self, state: _State, now: datetime) -> str:
        month = f"{now:%Y-%m}"
        # A clock that went backwards does not open a segment of the past.
        if state.segment and state.segment.removesuffix(".jsonl")[-len(month) :] >= month:
            return state.segment
        return f"{self.prefix}/log/{state.frontier.size:012d}-{month}.jsonl"

    def _segment_before(self, index: int) -> str:
        """The segment that holds the entry before this number."""
        found = (path for path, first, end in self._segments() if first < index and (end is None or index <= end))
        return next(found, f"{self.prefix}/log")

    def _keep_checkpoint(self, size: int) -> None:
        if size:
            put_file(self.storage, f"{self.prefix}/checkpoints/{size:012d}", self.storage.read(f"{self.prefix}/checkpoint"))

    def _kept_checkpoints(self) -> dict[int, bytes]:
        folder = f"{self.prefix}/checkpoints"
        notes = (
            self._read_note(self.storage.read(f"{folder}/{entry.name}"))
            for entry in self.storage.entries(folder)
            if _KEPT.fullmatch(entry.name)
        )
        return {note.size: note.root for note in notes}

    def _read_note(self, note: bytes) -> Checkpoint:
        checkpoint = read_note(note, self._keys, verify_signature)
        if checkpoint.origin != self.origin:
            raise DamageError(
                f"The ledger's checkpoint belongs to another log ({checkpoint.origin}).", advice="Restore ledger/ from a copy."
            )
        return checkpoint

    def _sign(self, frontier: Frontier, signers: Sequence[Signer], now: datetime) -> Checkpoint:
        checkpoint = Checkpoint(self.origin, frontier.size, frontier.root())
        put_file(self.storage, f"{self.prefix}/checkpoint", signed_note(checkpoint, signers, int(now.timestamp())))
        return checkpoint

    def _save_frontier(self, state: _State) -> None:
        content = {
            "size": state.frontier.size,
            "peaks": [peak.hex() for peak in state.frontier.peaks],
            "segment": state.segment,
            "offset": state.offset,
        }
        put_file(self.storage, f"{self.prefix}/frontier.json", json.dumps(content, sort_keys=True).encode() + b"\n", durable=False)

    def _saved_frontier(self) -> _State | None:
        try:
            saved = json.loads(self.storage.read(f"{self.prefix}/frontier.json"))
            frontier = Frontier(int(saved["size"]), tuple(bytes.fromhex(peak) for peak in saved["peaks"]))
            return _State(frontier, str(saved["segment"]), int(saved["offset"]))
        except (NotFoundError, ValueError, KeyError, TypeError):
            return None
