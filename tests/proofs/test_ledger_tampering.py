"""Any edit, deletion, reordering or truncation of the ledger is found; a rollback or a rewritten past by whoever holds a checkpoint.

A small ledger of three months lies in memory with its kept checkpoints and the copy of what a witness holds. Everything that can be
done to one file is done to a copy of it, byte by byte; ``problems`` has to name it. Somebody with the signing keys can do more, and
leave a ledger that is right in itself: an earlier day, or another past. Each of these is held against every checkpoint that
somebody elsewhere could have.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from archive.errors import DamageError
from archive.ledger.log import Ledger, Relation
from archive.ledger.signers import new_signers, new_witness
from archive.ledger.vouching import vouchers
from archive.ledger.witness import cosign
from archive.records.events import Event, EventType, Outcome
from archive.storage.base import make_folders
from archive.storage.memory import MemoryStorage
from tests.proofs.conftest import Extent

ORIGIN = "ditich-archive/tampered"
BEGIN = datetime(2026, 9, 1, tzinfo=UTC)
ENTRIES = 18
Record = Callable[[str], None]


@dataclass
class Days:
    """A ledger that grew day by day: its folder after each day, and the checkpoint that somebody outside kept of that day."""

    folders: list[MemoryStorage] = field(default_factory=list)
    notes: list[bytes] = field(default_factory=list)


SIGNERS = new_signers(ORIGIN)
WITNESS = new_witness("disk-2")
KEYS = [signer.public for signer in SIGNERS]


def event(number: int, detail: str = "") -> Event:
    when = (BEGIN + timedelta(days=5 * number)).isoformat()
    return Event(f"urn:uuid:{number}", EventType.INGESTION, when, Outcome.SUCCESS, ("a",), (f"ark:99999/dt{number}",), detail)


def ledger(storage: MemoryStorage) -> Ledger:
    return Ledger(storage, ORIGIN, KEYS)


def copied(storage: MemoryStorage) -> MemoryStorage:
    copy = MemoryStorage()
    copy.nodes = {path: None if content is None else bytearray(content) for path, content in storage.nodes.items()}
    return copy


def grown(details: dict[int, str], entries: int = ENTRIES) -> Days:
    """A ledger with these details in these entries; its witness cosigns after the 4th and the 14th day."""
    storage, days, held = MemoryStorage(), Days(), None
    make_folders(storage, "work/locks")
    make_folders(storage, "ledger/witnesses")
    log = ledger(storage)
    log.create(SIGNERS, BEGIN)
    for number in range(entries):
        now = BEGIN + timedelta(days=5 * number)
        log.append([event(number, details.get(number, ""))], SIGNERS, now)
        if number in {3, 13}:
            proof = log.consistency(4) if held else ()
            held = cosign(log.note(), keys=KEYS, held=held, proof=proof, witness=WITNESS, seconds=int(now.timestamp()))
            storage.nodes["ledger/witnesses/disk-2"] = bytearray(held)
        days.folders.append(copied(storage))
        days.notes.append(log.note())
    return days


@pytest.fixture(scope="module")
def days() -> Days:
    return grown({})


@pytest.fixture(scope="module")
def whole(days: Days) -> MemoryStorage:
    return days.folders[-1]


def files(storage: MemoryStorage) -> Iterator[tuple[str, bytearray]]:
    """Every file of the ledger but the saved frontier, which is believed only where it leads to the signed root."""
    for path, content in storage.nodes.items():
        if content is not None and path.startswith("ledger/") and not path.endswith("frontier.json"):
            yield path, content


def is_found(storage: MemoryStorage) -> bool:
    """Whether the ledger names what is wrong, or its witness does not vouch for it any more."""
    return any(ledger(storage).problems()) or not vouchers(storage, ORIGIN, KEYS, {"disk-2": WITNESS.public.vkey()})


def test_an_untouched_ledger_has_no_problem(days: Days, record_proof: Record) -> None:
    for storage in days.folders:
        assert list(ledger(storage).problems()) == []
    assert not is_found(days.folders[-1])
    record_proof(f"ledger untouched: {len(days.folders)} days, 0 false alarms")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(4))
def test_every_changed_byte_is_found(part: int, whole: MemoryStorage, extent: Extent, record_proof: Record) -> None:
    chance = random.Random(extent.seed + part)
    places = [(path, offset) for path, content in files(whole) for offset in range(len(content))][part::4]
    chosen = extent.pick(chance.sample(places, 250), places)
    missed = []
    for path, offset in chosen:
        content = whole.nodes[path]
        assert content is not None
        before = content[offset]
        content[offset] ^= chance.randrange(1, 256)
        if not is_found(whole):
            missed.append((path, offset))
        content[offset] = before
    assert missed == []
    record_proof(f"ledger, one byte changed, part {part + 1} of 4: {len(chosen)} of {len(places)} places, 0 missed")


@pytest.mark.timeout(900)
def test_every_truncation_is_found(whole: MemoryStorage, extent: Extent, record_proof: Record) -> None:
    chance = random.Random(extent.seed)
    places = [(path, size) for path, content in files(whole) for size in range(len(content))]
    chosen = extent.pick(chance.sample(places, 300), places)
    for path, size in chosen:
        copy = copied(whole)
        content = copy.nodes[path]
        assert content is not None
        del content[size:]
        assert is_found(copy), (path, size)
    record_proof(f"ledger truncated: {len(chosen)} of {len(places)} places, 0 missed")


def test_every_deleted_repeated_swapped_and_inserted_line_is_found(whole: MemoryStorage, record_proof: Record) -> None:
    paths = [path for path, _content in files(whole) if path.startswith("ledger/log/")]
    lines = [(path, line) for path in paths for line in bytes(whole.nodes[path] or b"").splitlines(keepends=True)]
    stranger = bytes(lines[0][1]).replace(b"urn:uuid:0", b"urn:uuid:x")
    attempts: list[list[tuple[str, bytes]]] = []
    for index, (path, line) in enumerate(lines):
        attempts.append([*lines[:index], *lines[index + 1 :]])
        if index + 1 < len(lines):
            attempts.append([*lines[: index + 1], (path, line), *lines[index + 1 :]])
        attempts.append([*lines[:index], (path, stranger), *lines[index:]])
    for one, other in combinations(range(len(lines)), 2):
        swapped = list(lines)
        swapped[one], swapped[other] = (lines[one][0], lines[other][1]), (lines[other][0], lines[one][1])
        attempts.append(swapped)
    for attempt in attempts:
        copy = copied(whole)
        for path in paths:
            copy.nodes[path] = bytearray(b"".join(line for where, line in attempt if where == path))
        assert is_found(copy)
    record_proof(f"ledger, lines deleted, repeated, inserted, swapped: {len(attempts)} attempts, 0 missed")


def test_what_stands_behind_the_signed_end_does_not_count(whole: MemoryStorage) -> None:
    """A line behind the last that is signed is what a writer leaves who was interrupted: it is not read, and set aside by the next."""
    copy = copied(whole)
    last = [path for path, _content in files(whole) if path.startswith("ledger/log/")][-1]
    content = copy.nodes[last]
    assert content is not None
    content.extend(bytes(content).splitlines(keepends=True)[-1])
    assert [entry.line for entry in ledger(copy).entries()] == [entry.line for entry in ledger(whole).entries()]
    assert copy.read(ledger(copy).set_tail_aside()) != b""
    assert copy.nodes[last] == whole.nodes[last]


def test_every_deleted_and_swapped_file_is_found(whole: MemoryStorage, record_proof: Record) -> None:
    paths = [path for path, _content in files(whole)]
    for path in paths:
        copy = copied(whole)
        del copy.nodes[path]
        assert is_found(copy), path
    for one, other in combinations(paths, 2):
        copy = copied(whole)
        copy.nodes[one], copy.nodes[other] = copy.nodes[other], copy.nodes[one]
        assert is_found(copy), (one, other)
    pairs = len(paths) * (len(paths) - 1) // 2
    record_proof(f"ledger, files deleted: {len(paths)}, exchanged: {pairs}, 0 missed")


def test_every_rollback_is_found_by_whoever_holds_more(days: Days, record_proof: Record) -> None:
    """The whole folder of an earlier day is right in itself: only what is held elsewhere tells."""
    found = 0
    for earlier, folder in enumerate(days.folders):
        log = ledger(folder)
        assert list(log.problems()) == []
        for later, note in enumerate(days.notes):
            wrong = log.against(note)
            assert (wrong is not None) == (later > earlier)
            found += wrong is not None
            if wrong is not None:
                assert log.relation(log.read_note(note)) is Relation.ROLLED_BACK
                assert "set back" in wrong
    record_proof(f"ledger rolled back to an earlier day, correctly signed: {found} pairs of days, 0 missed, 0 false alarms")


def test_a_rollback_that_forgets_the_copy_of_the_witness_is_found(days: Days, record_proof: Record) -> None:
    newest = days.folders[-1].nodes["ledger/witnesses/disk-2"]
    behind = days.folders[4:13]
    for folder in behind:
        copy = copied(folder)
        copy.nodes["ledger/witnesses/disk-2"] = newest
        assert [what for _path, what in ledger(copy).problems() if "set back" in what]
    record_proof(f"ledger rolled back behind what a witness holds: {len(behind)} days, 0 missed")


def test_every_rewritten_past_is_found_by_whoever_holds_it(days: Days, extent: Extent, record_proof: Record) -> None:
    """Somebody with the signing keys changes one entry and signs everything anew."""
    found = 0
    witnessed = bytes(days.folders[-1].nodes["ledger/witnesses/disk-2"] or b"")
    changed = extent.pick((0, 3, 9, ENTRIES - 1), tuple(range(ENTRIES)))
    for number in changed:
        forged = grown({number: "nothing happened"})
        log = ledger(forged.folders[-1])
        assert list(log.problems()) == []
        for day, note in enumerate(days.notes):
            relation = log.relation(log.read_note(note))
            assert (relation is Relation.REWRITTEN) == (day >= number)
            found += relation is Relation.REWRITTEN
        if number < 14:
            with pytest.raises(DamageError, match="rewritten"):
                cosign(log.note(), keys=KEYS, held=witnessed, proof=log.consistency(14), witness=WITNESS, seconds=1)
    record_proof(f"ledger rewritten and signed anew: {len(changed)} entries, {found} pairs, 0 missed, 0 false alarms")
