"""The ledger on the far side: copied after the objects, only where it holds here, and only forward.

Order: segments, check lists and whatever else lies in ``ledger/``, one sync, then the checkpoint: what stands behind the checkpoint that
lies there does not count yet. Each replica keeps ``witnessed``, the checkpoint that it cosigned last, to itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from archive.errors import DamageError, DitichError, NotFoundError
from archive.home import Home
from archive.ledger.checks import CheckRun, line_batches
from archive.ledger.log import Ledger, Relation
from archive.ledger.note import PublicKey, read_note
from archive.ledger.refusals import rewritten, rolled_back
from archive.ledger.segments import segments
from archive.ledger.signers import verify_signature
from archive.ledger.witness import WITNESSED, WITNESSES, cosign, held_size, keep_witnessed, load_witness
from archive.replicas.carry import QUARANTINE, NotCarried, free_path
from archive.replicas.place import Replica
from archive.settings import CONFIG, config_toml
from archive.storage.base import Kind, Storage, files_under, make_folders, parent_of, put_file
from archive.transaction import make_durable

CHECKPOINT = "ledger/checkpoint"
WHOLE_ARCHIVE = "archive"
FOLDERS = ("log", "checks", "checkpoints")
_OWN = frozenset({CHECKPOINT, WITNESSED, "ledger/frontier.json"})


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far the signed entries reach: the checkpoint's bytes, and how many bytes of each segment count."""

    note: bytes
    segments: dict[str, int]


def require_extension(home: Home, replica: Replica) -> None:
    """Refuse to copy a ledger that does not hold, or that is no extension of what the replica has of it.

    Raises:
        DamageError: the archive's ledger is damaged, was set back, or was rewritten; or what the replica holds cannot be read at all.
    """
    require_sound(home)
    notes = [replica.tree.read(path) for path in (CHECKPOINT, WITNESSED) if replica.tree.kind(path) is Kind.FILE]
    readable = 0
    for note in notes:
        try:
            held = home.log.read_note(note)
        except DamageError:
            continue  # damage on the far side is named by an audit and mended by a repair
        readable += 1
        relation = home.log.relation(held)
        if relation is Relation.ROLLED_BACK:
            raise rolled_back(held.size, home.log.checkpoint().size)
        if relation is Relation.REWRITTEN:
            raise rewritten(held.size)
    if notes and not readable:
        raise DamageError(
            f"The replica “{replica.config.name}” has no readable checkpoint: it cannot be told whether this ledger goes on from it.",
            advice=f"Run `ditich repair --location {replica.location}`.",
        )


def require_sound(home: Home) -> None:
    """Refuse to copy anything by a ledger that does not hold.

    Raises:
        DamageError: the archive's ledger is damaged.
    """
    for path, what in home.log.problems():
        raise DamageError(
            f"The ledger of the archive is damaged ({path}): nothing is copied.",
            advice="Run `ditich repair` first.",
            detail=what,
            code="ledger-damaged",
            values={"path": path},
        )


def copy_ledger(home: Home, replica: Replica, runs: Iterable[CheckRun]) -> list[NotCarried]:
    """Bring the replica's ledger and settings to the state of the archive's.

    Args:
        home: the archive, whose ledger was found sound.
        replica: the far side.
        runs: the check runs that the ledger has.

    Returns:
        what was not copied because it is damaged here.

    Raises:
        DamageError: read back from the far side, the ledger does not hold.
        StorageError: a disk refused.
    """
    there = Ledger(replica.tree, home.log.origin, home.log.keys, retired=home.log.retired)
    damaged = bring_ledger(home.log, there, runs)
    settings = config_toml(replace(home.config, replica=replica.config.name))
    if replica.tree.read(CONFIG) != settings:
        put_file(replica.tree, CONFIG, settings)
    return damaged


def bring_ledger(source: Ledger, target: Ledger, runs: Iterable[CheckRun]) -> list[NotCarried]:
    """Bring the files of a ledger that holds to another tree, forward only, and read them back from there.

    Returns:
        the check lists that were not copied because they are damaged.

    Raises:
        DamageError: read back, the ledger does not hold.
        StorageError: a disk refused.
    """
    reach, here, there = _reach(source), source.storage, target.storage
    touched = make_ledger_folders(there)
    for path, size in reach.segments.items():
        with here.open(path) as stream:
            touched |= _bring_segment(there, path, stream.read(size))
    damaged = list(_damaged_lists(here, runs))
    left_out = {one.path for one in damaged}
    for path in _others(here):
        if path not in left_out:
            touched |= _bring(there, path, here.read(path))
    make_durable(there, touched)
    if there.kind(CHECKPOINT) is not Kind.FILE or there.read(CHECKPOINT) != reach.note:
        put_file(there, CHECKPOINT, reach.note)
    _require_read_back(target, reach)
    return damaged


def make_ledger_folders(tree: Storage) -> set[str]:
    """Make the folders of a ledger, those too that hold nothing yet; the folders whose names changed."""
    made = [folder for name in FOLDERS for folder in make_folders(tree, f"ledger/{name}")]
    return {parent_of(folder) for folder in made}


def cosigned(home: Home, replica: Replica, seconds: int) -> bool:
    """Let the replica cosign the archive's newest checkpoint, and keep a copy of that here; whether its key is here to do so.

    Args:
        home: the archive.
        replica: the far side, whose ledger was brought to this state.
        seconds: POSIX time.

    Raises:
        DamageError: the ledger is no extension of what the replica cosigned last.
    """
    if not replica.config.witness:
        return False
    try:
        witness = load_witness(home.keys, replica.config.witness)
    except NotFoundError:  # an archive that was restored on another computer without the keys of its witnesses
        return False
    held = _held(replica, witness.public)
    note = cosign(
        replica.log.note(),
        keys=home.log.keys,
        held=held,
        proof=home.log.consistency(held_size(held)),
        witness=witness,
        seconds=seconds,
    )
    keep_witnessed(replica.tree, WITNESSED, note)
    keep_witnessed(home.tree, f"{WITNESSES}/{replica.config.name}", note)
    return True


def _held(replica: Replica, key: PublicKey) -> bytes | None:
    """What this witness cosigned last; None where it did not yet, or another key did: ``require_extension`` looked at that one too."""
    if replica.tree.kind(WITNESSED) is not Kind.FILE:
        return None
    note = replica.tree.read(WITNESSED)
    try:
        read_note(note, (key,), verify_signature)
    except DamageError:
        return None
    return note


def _reach(log: Ledger) -> _Reach:
    """The newest checkpoint, and the bytes before it: what a writer adds meanwhile is left for the next time."""
    note = log.note()
    size = log.read_note(note).size
    found = segments(log.storage, f"{log.prefix}/log")
    counted = {}
    for segment, following in zip(found, (*found[1:], None), strict=True):
        if segment.first >= size:
            break
        if following is not None and following.first <= size:
            counted[segment.path] = log.storage.size(segment.path)
        else:
            with log.storage.open(segment.path) as stream:
                counted[segment.path] = sum(len(line) for _number, line in zip(range(segment.first, size), stream, strict=False))
    return _Reach(note, counted)


def _bring_segment(tree: Storage, path: str, content: bytes) -> set[str]:
    """A segment that only grew is continued; anything else that lies there is set aside and replaced."""
    if tree.kind(path) is Kind.FILE:
        there = tree.read(path)
        if there != content and content.startswith(there):
            tree.append(path, content[len(there) :])
            tree.sync_file(path)
            return set()
    return _bring(tree, path, content)


def _bring(tree: Storage, path: str, content: bytes) -> set[str]:
    """Put a file in its place unless it is there; the folders to sync."""
    if tree.kind(path) is Kind.FILE and tree.read(path) == content:
        return set()
    make_folders(tree, parent_of(path))
    if tree.kind(path) is not None and path.endswith(".jsonl"):
        make_folders(tree, QUARANTINE)
        tree.rename(path, free_path(tree, f"{QUARANTINE}/{path.rpartition('/')[2]}"))
    put_file(tree, path, content)
    return {parent_of(path)}


def _others(tree: Storage) -> Iterator[str]:
    """Everything in the ledger's folder that is not a segment and not each copy's own."""
    for path in files_under(tree, "ledger"):
        if path not in _OWN and not path.startswith("ledger/log/") and not path.endswith(".new"):
            yield path


def _damaged_lists(tree: Storage, runs: Iterable[CheckRun]) -> Iterator[NotCarried]:
    for run in runs:
        try:
            for _batch in line_batches(tree, run):
                pass
        except DamageError as error:
            yield NotCarried(WHOLE_ARCHIVE, run.file, error.detail or error.message)


def _require_read_back(target: Ledger, reach: _Reach) -> None:
    """Read the far side from the device and compute its tree: it has to lead to the signed root."""
    for path in reach.segments:
        with target.storage.open(path, from_device=True):
            pass  # what memory holds of it is forgotten
    faults: list[tuple[str, str]] = []
    try:
        faults = list(target.problems())
    except (DitichError, OSError) as error:
        faults = [("ledger", str(error))]
    if faults:
        path, what = faults[0]
        raise DamageError(
            f"Read back from the other disk, {target.storage.path_of(path)} is not what was written.",
            advice="That disk is failing: use another one.",
            detail=what,
        )
