"""Receipts: text files that prove, without the archive, what it signed for.

A receipt holds entries of the ledger with their audit paths, and the files that the last of them speaks of (the object's inventory, the
deposit's record). It ends in a complete C2SP tlog-proof of that last entry, whose checkpoint is the one for all of them. So it goes from a
file's name and sha512 to the public key: file → ``deposit.json`` → ``inventory.json`` → entry → root → signature. What stands before
the first section is for people and proves nothing. The format is described in docs/receipts.md, with a reader of its own.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive.errors import DamageError
from archive.ledger.log import Ledger
from archive.ledger.merkle import inclusion_proof, leaf_hash
from archive.ledger.note import Checkpoint, PublicKey, parse_vkey, read_note
from archive.ledger.segments import Entry
from archive.ledger.signers import verify_signature
from archive.ledger.tlog_proof import HEADER, ProvedEntry, decoded, encoded, number, read_proof, unreadable, write_proof
from archive.records.events import Event

MAGIC = b"ditich-receipt/1\n"
INVENTORY = "inventory.json"
KEYS_CHANGED = b'"retired":['
"""stands in the line of every entry that hands the ledger over to other keys"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt that holds.

    Attributes:
        checkpoint: under which everything in it stands.
        entries: of the ledger; the last is the one that the files belong to.
        files: by logical path, each of them bound to the last entry.
        keys: verifier keys that were believed.
        own_keys: those keys were the receipt's own: it agrees with itself, and somebody has to vouch for them.
    """

    checkpoint: Checkpoint
    entries: tuple[Entry, ...]
    files: Mapping[str, bytes]
    keys: tuple[str, ...]
    own_keys: bool


@dataclass(slots=True)
class _Parts:
    """The sections of a receipt, nothing verified."""

    keys: list[str] = field(default_factory=list)
    changes: list[bytes] = field(default_factory=list)
    entries: list[ProvedEntry] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    note: bytes = b""


def make_receipt(log: Ledger, entries: Sequence[Entry], *, files: Mapping[str, bytes] | None = None, notes: Sequence[str] = ()) -> bytes:
    """A receipt for entries of the ledger, under its newest checkpoint.

    Args:
        log: the ledger.
        entries: at least one; the last is the one that the files belong to.
        files: by logical path: ``inventory.json`` of the version that the last entry names, and files that this inventory lists.
        notes: sentences for people, one line each.

    Raises:
        DamageError: the ledger is not what is signed.
    """
    note, tree = log.note(), log.tree()
    proved = [ProvedEntry(entry.index, entry.line, tree.inclusion(entry.index)) for entry in entries]
    parts = [MAGIC, *(f"# {sentence}\n".encode() for sentence in notes)]
    parts += [f"key {key.vkey()}\n".encode() for key in log.keys]
    parts += [_section(f"keys {len(change)}", change) for change in _key_changes(log)]
    parts += [_section(f"entry {one.index} {len(one.line)}", one.line + _path_lines(one)) for one in proved[:-1]]
    parts += [_section(f"file {len(content)} {path}", content) for path, content in (files or {}).items()]
    return b"".join([*parts, b"\n", write_proof(proved[-1], note)])


def verify_receipt(content: bytes, vkeys: Sequence[str] = ()) -> Receipt:
    """What a receipt proves.

    Args:
        content: the file's bytes.
        vkeys: verifier keys of the archive, known from elsewhere; all of them must have signed. Without any the receipt's own are taken.

    Raises:
        DamageError: it does not hold.
        RecordError: a verifier key is not one.
    """
    parts = _read(content)
    checkpoint, keys = _signed(parts.note, _followed(tuple(parse_vkey(text) for text in (vkeys or parts.keys)), parts.changes))
    for one in parts.entries:
        if not one.under(checkpoint):
            raise DamageError(
                f"The receipt is forged or damaged: entry {one.index} does not stand under its checkpoint.",
                advice="Take the file as it was given out, or ask the archive for it again.",
                code="receipt-broken",
                values={"what": one.index},
            )
    entries = tuple(Entry(one.index, one.line) for one in parts.entries)
    _require_bound(entries[-1].event, parts.files)
    return Receipt(checkpoint, entries, parts.files, tuple(key.vkey() for key in keys), own_keys=not vkeys)


def state_of(inventory: bytes, version: str) -> dict[str, str]:
    """Logical path → sha512 of one version of an OCFL inventory. Raises DamageError when it is not one."""
    try:
        found: dict[str, Any] = json.loads(inventory)
        return {str(path): str(digest) for digest, paths in found["versions"][version]["state"].items() for path in paths}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise unreadable(INVENTORY) from error


def _key_changes(log: Ledger) -> Iterator[bytes]:
    """The proof of each change of keys under the checkpoint that the old keys signed; where they were lost there is none."""
    if not log.retired:
        return
    folder = f"{log.prefix}/checkpoints"
    kept = [(int(entry.name), f"{folder}/{entry.name}") for entry in log.storage.entries(folder) if entry.name.isdigit()]
    leaves: list[bytes] = []
    changes: list[Entry] = []
    for entry in log.entries():
        leaves.append(leaf_hash(entry.line))
        if KEYS_CHANGED in entry.line:
            changes.append(entry)
    for entry in changes:
        size, path = next(((size, path) for size, path in kept if size > entry.index), (0, ""))
        if size:
            yield write_proof(ProvedEntry(entry.index, entry.line, inclusion_proof(leaves[:size], entry.index)), log.storage.read(path))


def _section(head: str, content: bytes) -> bytes:
    return f"\n{head}\n".encode() + content + (b"" if content.endswith(b"\n") else b"\n")


def _path_lines(one: ProvedEntry) -> bytes:
    return "".join(f"{encoded(node)}\n" for node in one.path).encode()


def _read(content: bytes) -> _Parts:
    if not content.startswith(MAGIC):
        raise unreadable("not a receipt")
    parts, place = _Parts(), len(MAGIC)
    while not content.startswith(HEADER, place):
        line, place = _line(content, place)
        word, _, rest = line.partition(" ")
        if word == "key":
            parts.keys.append(rest)
        elif word == "keys":
            change, place = _taken(content, place, rest)
            parts.changes.append(change)
        elif word == "entry":
            entry, place = _entry(content, place, rest)
            parts.entries.append(entry)
        elif word == "file":
            size, _, path = rest.partition(" ")
            parts.files[path], place = _taken(content, place, size)
        elif word not in {"", "#"}:
            raise unreadable(line[:80])
    last, parts.note = read_proof(content[place:])
    parts.entries.append(last)
    return parts


def _line(content: bytes, place: int) -> tuple[str, int]:
    end = content.find(b"\n", place)
    if end < 0:
        raise unreadable("it is cut off")
    return content[place:end].decode("utf-8", "replace"), end + 1


def _taken(content: bytes, place: int, size: str) -> tuple[bytes, int]:
    end = place + number(size, "")
    return content[place:end], end


def _entry(content: bytes, place: int, rest: str) -> tuple[ProvedEntry, int]:
    index, _, size = rest.partition(" ")
    line, place = _taken(content, place, size)
    path: list[bytes] = []
    while True:
        text, after = _line(content, place)
        if not text:
            return ProvedEntry(number(index, ""), line, tuple(path)), place
        path.append(decoded(text))
        place = after


def _signed(note: bytes, keys: Sequence[tuple[PublicKey, ...]]) -> tuple[Checkpoint, tuple[PublicKey, ...]]:
    """The checkpoint of a note that one of these sets of keys signed, the newest first, and that set."""
    for one in reversed(keys[1:]):
        try:
            return read_note(note, one, verify_signature), one
        except DamageError:
            continue
    return read_note(note, keys[0], verify_signature), keys[0]


def _followed(keys: tuple[PublicKey, ...], changes: Sequence[bytes]) -> list[tuple[PublicKey, ...]]:
    """These keys and those that they lead to, by the changes that they signed themselves."""
    known = [keys]
    for change in changes:
        entry, note = read_proof(change)
        try:
            checkpoint, _keys = _signed(note, known)
        except DamageError:
            continue  # signed by keys that nobody vouches for here
        following = Entry(entry.index, entry.line).event.extra.get("keys") if entry.under(checkpoint) else None
        if isinstance(following, list):
            known.append(tuple(parse_vkey(str(text)) for text in following))
    return known


def _require_bound(event: Event, files: Mapping[str, bytes]) -> None:
    """Every file is the one that the entry speaks of: the inventory by its digest, the others as that inventory lists them."""
    if not files:
        return
    inventory = files.get(INVENTORY, b"")
    if hashlib.sha512(inventory).hexdigest() != event.extra.get("inventory_sha512"):
        raise _unbound(INVENTORY)
    state = state_of(inventory, str(event.extra.get("version")))
    for path, content in files.items():
        if path != INVENTORY and state.get(path) != hashlib.sha512(content).hexdigest():
            raise _unbound(path)


def _unbound(path: str) -> DamageError:
    return DamageError(
        f"The receipt is forged or damaged: {path} in it is not what was archived.",
        advice="Take the file as it was given out, or ask the archive for it again.",
        code="receipt-broken",
        values={"what": path},
    )
