"""Mending the ledger of one copy: segments, checkpoints and check lists, from whatever copy leads to a signed root.

Every checkpoint that can be found anywhere (of the log, of its finished segments, cosigned by witnesses) is a mark. The bytes of each
segment are taken from the copy whose lines lead through all marks to the newest of them. Where two marks contradict each other the ledger
has two pasts: that is no damage to mend but something to look into, and nothing is touched.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from archive.errors import DamageError, DitichError
from archive.ledger.checks import CheckRun, line_batches
from archive.ledger.log import Ledger
from archive.ledger.merkle import Frontier, leaf_hash
from archive.ledger.note import Checkpoint, Signer, signed_note
from archive.ledger.witness import WITNESSED, WITNESSES
from archive.ocfl.digests import sha512_of
from archive.repair.install import Workshop
from archive.repair.objects import Lost, Mended, Outcome
from archive.repair.sources import WHOLE_ARCHIVE, Copy
from archive.replicas.expected import ExpectedFile
from archive.replicas.ledger_copy import CHECKPOINT, make_ledger_folders
from archive.replicas.logged import logged
from archive.storage.base import Kind, Storage
from archive.transaction import make_durable

LOG = "ledger/log"
KEPT = "ledger/checkpoints"


@dataclass(frozen=True, slots=True)
class _Mark:
    """A signed checkpoint that was found: its bytes, and in which copy and file."""

    checkpoint: Checkpoint
    note: bytes
    source: str


@dataclass
class _Assembly:
    """The bytes of each segment that lead through the marks, and the copy that each came from."""

    frontier: Frontier = field(default_factory=Frontier)
    segments: dict[str, tuple[bytes, str]] = field(default_factory=dict)


Resign = Callable[[], bytes | None]
"""Makes a new checkpoint where that can be justified (``resigned``); nobody resigns the ledger of a replica."""


def mend_ledger(
    target: Copy, others: Sequence[Copy], workshop: Workshop, *, resign: Resign | None = None, dry_run: bool = False
) -> Outcome:
    """Mend the ledger of a copy.

    Args:
        target: the copy.
        others: the other copies that are here.
        workshop: of the target.
        resign: for the archive itself, None for a replica.
        dry_run: only say what would be done.

    Raises:
        StorageError: a disk refused. Run it again.
    """
    outcome = Outcome()
    if not dry_run:
        make_durable(target.tree, make_ledger_folders(target.tree))
    if any(_problems(target.log)) or (resign is not None and _is_behind(target, others)):
        _mend_log(target, others, (workshop, outcome, resign), dry_run=dry_run)
    if not outcome.lost:
        _mend_notes(target, others, (workshop, outcome), dry_run=dry_run)
    named = {lost.path for lost in outcome.lost}
    left = [] if dry_run else [path for path, _what in _problems(target.log) if path not in named]
    outcome.lost += [Lost(WHOLE_ARCHIVE, path) for path in left]  # whatever it was, nobody is told that the ledger is whole
    return outcome


def mend_check_lists(target: Copy, others: Sequence[Copy], workshop: Workshop, *, dry_run: bool = False) -> Outcome:
    """Mend the check lists of a copy whose log holds."""
    outcome = Outcome()
    for run in logged(target.log).runs.values():
        if _is_sound(target.tree, run):
            continue
        source = next((copy for copy in others if _is_sound(copy.tree, run)), None)
        if source is None:
            outcome.lost.append(Lost(WHOLE_ARCHIVE, run.file))
            continue
        outcome.mended.append(Mended(WHOLE_ARCHIVE, run.file, source.location))
        if not dry_run:
            _put(workshop, run.file, source.tree.read(run.file))
    workshop.finish()
    return outcome


def damaged_lists(copy: Copy) -> frozenset[str]:
    """The check lists of a copy whose log holds that are not what was signed."""
    return frozenset(run.file for run in logged(copy.log).runs.values() if not _is_sound(copy.tree, run))


def resigned(log: Ledger, signers: Sequence[Signer], now: datetime) -> bytes | None:
    """A new checkpoint for a log whose checkpoint is lost, when its lines and the saved frontier agree on what was signed last.

    Two records that do not know each other say the same: no signed entry is lost by it, and none is added. None where they do not.
    """
    try:
        saved = json.loads(log.storage.read(f"{log.prefix}/frontier.json"))
        expected = Frontier(int(saved["size"]), tuple(bytes.fromhex(peak) for peak in saved["peaks"]))
    except (DitichError, ValueError, KeyError, TypeError):
        return None
    frontier = Frontier()
    for path in _segment_names(log.storage):
        with log.storage.open(path) as stream:
            lines = [leaf_hash(line) for _number, line in zip(range(expected.size - frontier.size), stream, strict=False)]
        frontier = frontier.extended(lines)
    if frontier != expected or not frontier.size:
        return None
    return signed_note(Checkpoint(log.origin, frontier.size, frontier.root()), signers, int(now.timestamp()))


def _problems(log: Ledger) -> Iterator[tuple[str, str]]:
    try:
        yield from log.problems()
    except (DitichError, OSError) as error:
        yield ("ledger", str(error))


def _is_behind(target: Copy, others: Sequence[Copy]) -> bool:
    """Whether another copy holds a newer checkpoint of this log: the archive's own was set back."""
    size = target.log.checkpoint().size
    return any(mark.checkpoint.size > size for mark in _marks(target.log, others))


def _mend_log(target: Copy, others: Sequence[Copy], means: tuple[Workshop, Outcome, Resign | None], *, dry_run: bool) -> None:
    workshop, outcome, resign = means
    marks = list(_marks(target.log, (target, *others)))
    if resign is not None and not any(mark.source == target.location for mark in marks if _is_newest(target, mark.checkpoint)):
        marks += _resigned_mark(target.log, resign)
    marks.sort(key=lambda mark: -mark.checkpoint.size)
    # a resigned checkpoint counts only where it leads through all the others
    found = _assembled((target, *others), [mark.checkpoint for mark in marks]) if marks else None
    if found is None or (resign is not None and _has_more(target, marks[0].checkpoint)):
        outcome.lost += [Lost(WHOLE_ARCHIVE, path) for path, _what in _problems(target.log)]
        return
    for path, (content, source) in found.segments.items():
        if not _starts_with(target.tree, path, content):
            outcome.mended.append(Mended(WHOLE_ARCHIVE, path, source))
            if not dry_run:
                _put(workshop, path, content)
    newest = marks[0]
    if not _is_newest(target, newest.checkpoint):
        outcome.mended.append(Mended(WHOLE_ARCHIVE, CHECKPOINT, newest.source))
        if not dry_run:
            _put(workshop, CHECKPOINT, newest.note)
    workshop.finish()


def _resigned_mark(log: Ledger, resign: Resign) -> Iterator[_Mark]:
    note = resign()
    if note is not None:
        yield _Mark(log.read_note(note), note, "")


def _has_more(target: Copy, newest: Checkpoint) -> bool:
    """Whether the archive's own log has whole lines behind the newest checkpoint although its own is lost: they may be acknowledged."""
    if _is_readable(target.log):
        return False
    lines = 0
    for path in _segment_names(target.tree):
        with target.tree.open(path) as stream:
            lines = _first(path) + sum(line.endswith(b"\n") for line in stream)
    return lines > newest.size


def _is_readable(log: Ledger) -> bool:
    try:
        log.checkpoint()
    except DamageError:
        return False
    return True


def _is_newest(target: Copy, checkpoint: Checkpoint) -> bool:
    try:
        return target.log.checkpoint() == checkpoint
    except DamageError:
        return False


def _mend_notes(target: Copy, others: Sequence[Copy], means: tuple[Workshop, Outcome], *, dry_run: bool) -> None:
    """The checkpoints that were kept of finished segments, and the copies of what witnesses hold."""
    workshop, outcome = means
    for path, _what in _problems(target.log):
        if not path.startswith((f"{KEPT}/", f"{WITNESSES}/")):
            continue
        source = next(_good_notes(target.log, path, others), None)
        if source is None and path.startswith(f"{WITNESSES}/"):  # a copy of what that witness holds: the next replication makes it anew
            outcome.strays.append(path)
            if not dry_run:
                workshop.set_aside(path)
        elif source is None:
            outcome.lost.append(Lost(WHOLE_ARCHIVE, path))
        else:
            outcome.mended.append(Mended(WHOLE_ARCHIVE, path, source[1]))
            if not dry_run:
                _put(workshop, path, source[0])
    workshop.finish()


def _good_notes(log: Ledger, path: str, others: Sequence[Copy]) -> Iterator[tuple[bytes, str]]:
    """Notes from other copies that may stand there: what lies in the same place, or what that witness itself holds."""
    name = path.rpartition("/")[2]
    for copy in others:
        held = (WITNESSED,) if path.startswith(f"{WITNESSES}/") and copy.location == f"replica:{name}" else ()
        for place in (path, *held):
            if _is_good_note(log, (copy.tree, place), name if not path.startswith(f"{WITNESSES}/") else ""):
                yield copy.tree.read(place), copy.location


def _is_good_note(log: Ledger, place: tuple[Storage, str], size: str) -> bool:
    """Whether a note is of this log's past, and of so many entries where its name tells."""
    try:
        note = place[0].read(place[1])
        checkpoint = log.read_note(note)
        return size in {"", f"{checkpoint.size:012d}"} and log.against(note) is None
    except (DitichError, OSError):
        return False


def _marks(log: Ledger, copies: Sequence[Copy]) -> Iterator[_Mark]:
    """Every checkpoint with good signatures, from all copies."""
    seen = set()
    for copy in copies:
        for path in (CHECKPOINT, WITNESSED, *_notes_in(copy.tree, KEPT), *_notes_in(copy.tree, WITNESSES)):
            if copy.tree.kind(path) is not Kind.FILE:
                continue
            try:
                note = copy.tree.read(path)
                checkpoint = log.read_note(note)
            except (DitichError, OSError):
                continue
            if (checkpoint.size, checkpoint.root) not in seen and checkpoint.size:
                seen.add((checkpoint.size, checkpoint.root))
                yield _Mark(checkpoint, note, copy.location)


def _notes_in(tree: Storage, folder: str) -> list[str]:
    if tree.kind(folder) is not Kind.FOLDER:
        return []
    return [f"{folder}/{entry.name}" for entry in tree.entries(folder) if not entry.name.endswith(".new")]


def _assembled(copies: Sequence[Copy], marks: Sequence[Checkpoint]) -> _Assembly | None:
    """The segments that lead through all marks to the newest, tried copy by copy; None where there are none."""
    names = sorted({path for copy in copies for path in _segment_names(copy.tree)})
    size = marks[0].size
    return _continued(_Assembly(), [name for name in names if _first(name) < size], (copies, marks))


def _continued(so_far: _Assembly, names: Sequence[str], means: tuple[Sequence[Copy], Sequence[Checkpoint]]) -> _Assembly | None:
    copies, marks = means
    if not names:
        return so_far if so_far.frontier.size == marks[0].size else None
    end = _first(names[1]) if len(names) > 1 else marks[0].size
    if _first(names[0]) != so_far.frontier.size:
        return None
    for content, source in _variants(copies, names[0]):
        frontier, counted = _extended(so_far.frontier, content, (end, marks))
        if frontier is None:
            continue
        found = _continued(_Assembly(frontier, {**so_far.segments, names[0]: (content[:counted], source)}), names[1:], means)
        if found is not None:
            return found
    return None


def _variants(copies: Sequence[Copy], path: str) -> Iterator[tuple[bytes, str]]:
    """What may stand in a segment: what each copy has, and a shorter one continued with what a longer one has behind it."""
    there = []
    for copy in copies:
        try:
            there.append((copy.tree.read(path), copy.location))
        except (DitichError, OSError):
            continue
    seen = set()
    joined = [(one + other[len(one) :], source) for one, source in there for other, _other in there if len(other) > len(one)]
    for content, source in (*there, *joined):
        digest = sha512_of(content)
        if digest not in seen:
            seen.add(digest)
            yield content, source


def _extended(frontier: Frontier, content: bytes, means: tuple[int, Sequence[Checkpoint]]) -> tuple[Frontier | None, int]:
    """The frontier after the lines of a segment up to its end, and how many bytes those are; None where a mark is missed."""
    end, marks = means
    roots = {mark.size: {other.root for other in marks if other.size == mark.size} for mark in marks}
    counted = 0
    stops = sorted(size for size in {*roots, end} if frontier.size < size <= end)
    lines = iter(content.splitlines(keepends=True))
    for stop in stops:
        wanted = [line for _number, line in zip(range(stop - frontier.size), lines, strict=False)]
        frontier = frontier.extended(leaf_hash(line) for line in wanted)
        counted += sum(map(len, wanted))
        if frontier.size != stop or roots.get(stop, {frontier.root()}) != {frontier.root()}:
            return None, 0
    return frontier, counted


def _segment_names(tree: Storage) -> list[str]:
    return [f"{LOG}/{entry.name}" for entry in tree.entries(LOG) if entry.name.endswith(".jsonl")] if tree.kind(LOG) is Kind.FOLDER else []


def _first(path: str) -> int:
    return int(path.rpartition("/")[2].partition("-")[0])


def _starts_with(tree: Storage, path: str, content: bytes) -> bool:
    try:
        return tree.read(path).startswith(content)
    except (DitichError, OSError):
        return False


def _is_sound(tree: Storage, run: CheckRun) -> bool:
    try:
        for _batch in line_batches(tree, run):
            pass
    except DamageError:
        return False
    return True


def _put(workshop: Workshop, path: str, content: bytes) -> None:
    file = ExpectedFile(path, sha512_of(content), content=content)
    workshop.install(workshop.stage(file, None), path)
