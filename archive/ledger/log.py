"""The ledger on disk: JSON lines in monthly segments, a saved frontier, and the signed checkpoint.

``log/<first entry>-<month>.jsonl`` hold the entries, ``checkpoint`` says how many of them count and under which root. What stands
behind the checkpoint's size was never acknowledged: it is set aside, not read. ``checkpoints/`` keeps the last checkpoint of every
finished segment. ``frontier.json`` spares the start from reading the log; it is believed only where it leads to the signed root.

An entry is appended in this order: lines, sync, checkpoint in one step, sync. One writer at a time holds ``work/locks/ledger``.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.errors import DamageError, NotFoundError, StorageError
from archive.ledger.merkle import Frontier, Tree, leaf_hash
from archive.ledger.note import Checkpoint, PublicKey, Signer, read_note, signed_note, with_signatures
from archive.ledger.refusals import bad_checkpoint, lost, no_checkpoint, rewritten, rolled_back, unlike_signed
from archive.ledger.segments import Entry, Segment, lines_of, segments
from archive.ledger.signers import verify_signature
from archive.ledger.verification import problems_of
from archive.records.events import Event
from archive.records.serialise import to_line
from archive.storage.base import Storage, make_folders, parent_of, put_file

LOCK = "work/locks/ledger"
QUARANTINE = "work/quarantine"


@dataclass(frozen=True, slots=True)
class _State:
    """Where appending goes on: the frontier, the last segment and how many of its bytes count."""

    frontier: Frontier
    segment: str
    offset: int


@dataclass(frozen=True, slots=True)
class KeyChange:
    """Other keys for a ledger: the entries that say so, the signers until then (none when they are lost) and from then on."""

    events: tuple[Event, ...]
    old: tuple[Signer, ...]
    new: tuple[Signer, ...]


class Relation(StrEnum):
    """What a ledger is to a checkpoint of it that is held elsewhere."""

    SAME = "same"
    EXTENDED = "extended"
    ROLLED_BACK = "rolled-back"
    REWRITTEN = "rewritten"
    FOREIGN = "foreign"


class Ledger:
    """The log of one archive.

    Args:
        storage: the tree of the archive home.
        origin: the name of the log, first line of every checkpoint.
        keys: the public keys whose signatures count.
        prefix: the ledger's folder in that tree.
        retired: the keys before them, one set for each time that they were changed: they vouch for checkpoints of their days only.
    """

    def __init__(
        self, storage: Storage, origin: str, keys: Sequence[PublicKey], prefix: str = "ledger", retired: Sequence[Sequence[PublicKey]] = ()
    ) -> None:
        self.storage = storage
        self.origin = origin
        self.prefix = prefix
        self.keys = tuple(keys)
        self.retired = tuple(tuple(before) for before in retired)

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
        note = self.note()
        try:
            return self._of_this_log(read_note(note, self.keys, verify_signature))
        except DamageError as error:
            raise bad_checkpoint(error) from error

    def note(self) -> bytes:
        """The newest checkpoint with its signatures, as it lies on disk. Raises DamageError when it is missing."""
        try:
            return self.storage.read(f"{self.prefix}/checkpoint")
        except NotFoundError as error:
            raise no_checkpoint() from error

    def read_note(self, note: bytes) -> Checkpoint:
        """The checkpoint of a note of this log that was kept somewhere, signed by its keys or by those before them.

        Raises:
            DamageError: unreadable, of another log, or signed by no set of keys that this log ever had.
        """
        for keys in self.retired:
            try:
                return self._of_this_log(read_note(note, keys, verify_signature))
            except DamageError:
                continue
        return self._of_this_log(read_note(note, self.keys, verify_signature))

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """The entries that count, from number ``start`` on.

        Raises:
            DamageError: the log is shorter than its checkpoint says.
        """
        size, number = self.checkpoint().size, start
        for line in lines_of(self.storage, self.segments(), start, size):
            yield Entry(number, line)
            number += 1
        if number < size:
            raise lost(size, number)

    def append(self, events: Sequence[Event], signers: Sequence[Signer], now: datetime) -> Checkpoint:
        """Add entries; when it returns they are durable and signed.

        Args:
            events: what happened, in order.
            signers: of the checkpoint, one for each key of the ledger.
            now: decides the month of the segment and the time of the signatures.
        """
        with self._alone():
            return self._append(events, signers, now)

    def hand_over(self, change: KeyChange, now: datetime, settle: Callable[[], object]) -> None:
        """Let other keys sign from here on, in an order that no crash can break.

        The old keys sign the entry that names the new ones, and that checkpoint is kept. Then the checkpoint carries the signatures of
        both, so that it holds under the old settings and under the new; then the settings change; then it carries the new alone.

        Args:
            change: what is said of it, by whom; without entries nothing is appended (the keys are lost, or it was done before a crash).
            now: time of the signatures.
            settle: writes the settings that name the new keys, durably.
        """
        with self._alone():
            if change.events:
                self._append(change.events, change.old, now)
            before, seconds = self.checkpoint(), int(now.timestamp())
            self._keep_checkpoint(before.size)
            put_file(self.storage, f"{self.prefix}/checkpoint", with_signatures(self.note(), self.keys, change.new, seconds))
            settle()
            put_file(self.storage, f"{self.prefix}/checkpoint", signed_note(before, change.new, seconds))

    def set_tail_aside(self) -> str:
        """Move what stands behind the checkpoint (a torn line, entries never acknowledged) to quarantine; where to, "" if nothing did."""
        with self._alone():
            return self._set_tail_aside()

    def problems(self) -> Iterator[tuple[str, str]]:
        """Recompute the whole tree; (path, what is wrong) for everything that does not hold."""
        yield from problems_of(self)

    def leaves(self, size: int) -> Iterator[bytes]:
        """The leaf hashes of the first entries, as far as they are there; nothing is compared with what is signed."""
        digest = hashlib.sha256
        for line in lines_of(self.storage, self.segments(), 0, size):
            yield digest(b"\0" + line).digest()

    def tree(self) -> Tree:
        """All nodes of the tree under the newest checkpoint; read once for any number of proofs.

        Raises:
            DamageError: the log is not what is signed.
        """
        checkpoint = self.checkpoint()
        tree = Tree(self.leaves(checkpoint.size))
        if (tree.size, tree.root()) != (checkpoint.size, checkpoint.root):
            raise unlike_signed(checkpoint, tree.size, tree.root())
        return tree

    def proof(self, index: int) -> tuple[bytes, ...]:
        """The inclusion proof of an entry under the newest checkpoint."""
        return self.tree().inclusion(index)

    def consistency(self, old_size: int) -> tuple[bytes, ...]:
        """The proof that the newest checkpoint extends the one of so many entries; empty where it is of none or of as many."""
        return self.tree().consistency(old_size) if 0 < old_size <= self.checkpoint().size else ()

    def relation(self, held: Checkpoint) -> Relation:
        """What this ledger is to a checkpoint that somebody holds. Raises DamageError when the ledger is not even what it says itself."""
        if held.origin != self.origin:
            return Relation.FOREIGN
        tree = self.tree()
        if held.size > tree.size:
            return Relation.ROLLED_BACK
        if tree.root_at(held.size) != held.root:
            return Relation.REWRITTEN
        return Relation.SAME if held.size == tree.size else Relation.EXTENDED

    def against(self, note: bytes) -> str | None:
        """What is wrong where this ledger is not an extension of a checkpoint held elsewhere, signed by it; None when all is well."""
        held = self.read_note(note)
        relation = self.relation(held)
        if relation is Relation.ROLLED_BACK:
            return str(rolled_back(held.size, self.checkpoint().size))
        return str(rewritten(held.size)) if relation is Relation.REWRITTEN else None

    def _alone(self) -> AbstractContextManager[None]:
        """One writer at a time. A copy of an archive need not have the folder of the locks."""
        make_folders(self.storage, parent_of(LOCK))
        return self.storage.lock(LOCK)

    def _append(self, events: Sequence[Event], signers: Sequence[Signer], now: datetime) -> Checkpoint:
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
        with suppress(StorageError):  # the entries count already; without it the next start reads the log
            self._save_frontier(_State(frontier, segment, self.storage.size(segment)))
        return checkpoint

    def segments(self) -> tuple[Segment, ...]:
        """The files of the log, in order."""
        return segments(self.storage, f"{self.prefix}/log")

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
        sizes = {segment.path: self.storage.size(segment.path) for segment in self.segments()}
        return not state.segment or sizes.get(state.segment, -1) >= state.offset

    def _replayed(self, checkpoint: Checkpoint) -> _State:
        frontier, place, offset = Frontier(), "", 0
        for segment in self.segments():
            if segment.first >= checkpoint.size:
                break
            place, offset, leaves = segment.path, 0, []
            for line in lines_of(self.storage, (segment,), segment.first, checkpoint.size):
                offset += len(line)
                leaves.append(leaf_hash(line))
            frontier = frontier.extended(leaves)
        if (frontier.size, frontier.root()) != (checkpoint.size, checkpoint.root):
            raise unlike_signed(checkpoint, frontier.size, frontier.root())
        return _State(frontier, place, offset)

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
        target = f"{QUARANTINE}/ledger-{state.frontier.size}-{leaf_hash(content).hex()[:12]}" if content else ""
        if target:
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
        """The bytes of every segment that stand behind the state; none of one that was opened and not written."""
        found = {}
        for path in (segment.path for segment in self.segments()):
            kept = state.offset if path == state.segment else 0
            if path > state.segment or (path == state.segment and self.storage.size(path) > kept):
                found[path] = self.storage.read(path)[kept:]
        return found

    def _segment_for(self, state: _State, now: datetime) -> str:
        month = f"{now:%Y-%m}"
        # A clock that went backwards does not open a segment of the past.
        if state.segment and state.segment.removesuffix(".jsonl")[-len(month) :] >= month:
            return state.segment
        return f"{self.prefix}/log/{state.frontier.size:012d}-{month}.jsonl"

    def _keep_checkpoint(self, size: int) -> None:
        # One that is there was signed first: perhaps by keys that have changed since, and it vouches for that change.
        path = f"{self.prefix}/checkpoints/{size:012d}"
        if size and self.storage.kind(path) is None:
            put_file(self.storage, path, self.storage.read(f"{self.prefix}/checkpoint"))

    def _of_this_log(self, checkpoint: Checkpoint) -> Checkpoint:
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
