"""Restoring a whole archive from one of its copies: as a rehearsal that is timed and taken away again, and in earnest.

What is restored needs nothing but the copy: its own signed ledger says what has to be there. Objects come first, then the ledger, and the
settings last: a folder with settings in it is an archive that is whole.
"""

import random
import secrets
import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from archive.catalogue import open_catalogue
from archive.errors import ConflictError, DamageError, StorageError
from archive.home import FOLDERS, Home, open_home
from archive.ledger.log import Ledger, Relation
from archive.ledger.refusals import rewritten
from archive.ocfl.digests import sha512_of
from archive.ocfl.fixity import Reading, check_object
from archive.records.events import Event, EventType, Outcome
from archive.replicas.carry import Carrier, head_at
from archive.replicas.ledger_copy import bring_ledger
from archive.replicas.logged import Logged, LoggedObject, logged
from archive.replicas.place import Replica
from archive.settings import CONFIG, config_toml
from archive.storage.base import Kind, Storage, files_under, make_folders, parent_of, put_file
from archive.storage.local import LocalStorage
from archive.storage.refusals import Refusals
from archive.transaction import LOCKS

MARK = "work/restoring"
_PREFIX = "drill-"
_GROUP = 32
_SPARE = 64_000_000


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How to rehearse.

    Attributes:
        now: with a time zone.
        folder: where to restore to; None for a folder of the archive's own ``work/``.
        sample: restore about so many bytes only, objects chosen by chance; 0 for everything.
        progress: told (done, total) bytes, restoring and reading again together.
        seed: of the choice; a fresh one when "".
    """

    now: datetime
    folder: Path | None = None
    sample: int = 0
    progress: Callable[[int, int], object] | None = None
    seed: str = ""


@dataclass
class Restored:
    """What came of it.

    Attributes:
        source: folder of the copy.
        folder: where it was restored to.
        objects: restored, of ``known`` in the copy's ledger.
        bytes, seconds: of all files, and the time until the catalogue stood.
        damaged: (object, path, what) that did not come back as the ledger has it.
        catalogued: objects in the rebuilt catalogue.
        entries: of the restored ledger; ``behind`` as many stand in the archive's own since then.
        keys: verifier keys of the ledger that were believed. In an emergency they come from the copy itself: whoever made a false copy
            named false keys, so a person compares them with those on a receipt.
    """

    source: str
    folder: str
    objects: int = 0
    known: int = 0
    bytes: int = 0
    seconds: float = 0.0
    damaged: list[tuple[str, str, str]] = field(default_factory=list)
    catalogued: int = 0
    entries: int = 0
    behind: int = 0
    seed: str = ""
    keys: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything that was wanted came back."""
        return not self.damaged

    @property
    def rate(self) -> float:
        """Bytes a second, everything included."""
        return self.bytes / self.seconds if self.seconds else 0.0


def drill(home: Home, replica: Replica, wishes: Rehearsal) -> Restored:
    """Restore from a replica as if the archive were gone, compare everything, take the copy away, enter it in the ledger.

    Raises:
        ConflictError: the folder to restore to is not empty; another rehearsal is running.
        DamageError: the replica's ledger does not hold, or is of another past than the archive's.
        StorageError: a disk refused, or has too little room.
        NotFoundError: this user has no signing key.
    """
    home.signers()
    _require_one_past(home, replica)
    if wishes.folder:
        _require_apart(home, wishes.folder)
    seed = wishes.seed or secrets.token_hex(8)
    with ExitStack() as afterwards:
        folder = wishes.folder or _own_folder(home, afterwards)
        if not folder.exists() or not any(folder.iterdir()):
            afterwards.callback(shutil.rmtree, folder, ignore_errors=True)
        restored = _restored(open_home(replica.root, home.keys), folder, (wishes.progress, wishes.sample, seed))
    restored.behind = home.log.checkpoint().size - restored.entries
    home.log.append((_event(home, replica, restored, wishes),), home.signers(), wishes.now)
    return restored


def _own_folder(home: Home, afterwards: ExitStack) -> Path:
    """A folder in the archive's own ``work/``, for one rehearsal at a time: what one that was killed left there is taken away first."""
    make_folders(home.tree, LOCKS)
    afterwards.enter_context(home.tree.lock(f"{LOCKS}/drill", seconds=0))
    for left in home.work.glob(f"{_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home.work))


def restore(copy: Path, folder: Path, progress: Callable[[int, int], object] | None = None) -> Restored:
    """Restore a whole archive in earnest; the same call goes on where an interrupted one stopped.

    Args:
        copy: folder of the replica.
        folder: absent, empty, or one that an interrupted restoring left.
        progress: told (done, total) bytes.

    Raises:
        NotFoundError: there is no copy of an archive.
        ConflictError: the folder holds something else, or lies inside the copy.
        DamageError: the copy's ledger does not hold.
        StorageError: a disk refused, or has too little room.
    """
    source = open_home(copy)
    place = folder.absolute().resolve()
    if source.root.resolve() in (place, *place.parents):
        raise ConflictError(f"{folder} lies inside the copy {copy}.", advice="Choose a folder outside the copy: nothing is written to it.")
    return _restored(source, folder, (progress, 0, ""))


def _restored(source: Home, folder: Path, means: tuple[Callable[[int, int], object] | None, int, str]) -> Restored:
    progress, sample, seed = means
    started = time.monotonic()
    for path, what in source.log.problems():
        raise DamageError(
            f"The ledger of the copy in {source.root} does not hold ({path}).", advice="Try another copy of the archive.", detail=what
        )
    found = logged(source.log)
    wanted = _chosen(found, sample, seed)
    target = _prepared(source, folder, sum(one.bytes for one in wanted))
    restored = Restored(str(source.root), str(folder), known=len(found.objects), entries=found.size, seed=seed if sample else "")
    restored.keys = tuple(key.vkey() for key in source.config.ledger_keys)
    _Restoring(source, target, restored, progress).objects(wanted)
    restored.damaged += _root_files(source.tree, target, found)
    lists = bring_ledger(source.log, Ledger(target, source.log.origin, source.log.keys, retired=source.log.retired), found.runs.values())
    restored.damaged += [(one.object_id, one.path, one.detail) for one in lists]
    put_file(target, CONFIG, config_toml(replace(source.config, replica="")))
    with open_catalogue(open_home(folder, source.keys)) as catalogue:
        restored.catalogued = catalogue.rebuild()
    target.remove_file(MARK)
    restored.seconds = time.monotonic() - started
    return restored


class _Restoring:
    """The objects of one restoring."""

    def __init__(self, source: Home, target: Storage, restored: Restored, progress: Callable[[int, int], object] | None) -> None:
        self.source, self.target, self.restored, self.progress = source, target, restored, progress
        self.done = self.total = 0
        self.carrier = Carrier(source.tree, target, source.objects.folder_of, self._moved)

    def objects(self, wanted: Sequence[LoggedObject]) -> None:
        """Carry them, a few at a time, and read each again."""
        self.total = 2 * sum(one.bytes for one in wanted)
        self.carrier.prepare()
        for start in range(0, len(wanted), _GROUP):
            group = wanted[start : start + _GROUP]
            self.carrier.carry([one for one in group if head_at(self.target, self._folder(one), one) != one.head])
            refused = {one.object_id for one in self.carrier.refused}
            for one in group:
                if one.object_id in refused:
                    self._rescue(one)
                self._compare(one)

    def _folder(self, wanted: LoggedObject) -> str:
        return self.source.objects.folder_of(wanted.object_id)

    def _rescue(self, wanted: LoggedObject) -> None:
        """Bring a damaged object as it is: what is left of it may be all that there is."""
        folder = self._folder(wanted)
        if self.source.tree.kind(folder) is None:
            return
        for path in files_under(self.source.tree, folder):
            if self.source.tree.kind(path) is not Kind.FILE or self.target.kind(path) is not None:
                continue
            make_folders(self.target, parent_of(path))
            with suppress(StorageError):  # a file that cannot be read to its end: as much of it as came
                self.target.copy_in(self.source.tree.path_of(path), path, lambda _block: None)
            self.target.sync_file(path)

    def _compare(self, wanted: LoggedObject) -> None:
        check = check_object(self.target, self._folder(wanted), wanted.versions, Reading("sha512", self._moved))
        self.restored.damaged += [(wanted.object_id, problem.path, problem.what.value) for problem in check.problems]
        self.restored.objects += 1
        self.restored.bytes += wanted.bytes

    def _moved(self, count: int) -> None:
        self.done += count
        if self.progress is not None:
            self.progress(self.done, max(self.total, self.done))


def _chosen(found: Logged, sample: int, seed: str) -> list[LoggedObject]:
    """All objects, or about so many bytes of them, chosen by chance."""
    everything = list(found.objects.values())
    if not sample:
        return everything
    random.Random(seed).shuffle(everything)  # noqa: S311 - the seed is told, so that anyone can draw again
    chosen: list[LoggedObject] = []
    for one in everything:
        if sample <= 0:
            break
        chosen.append(one)
        sample -= one.bytes
    return chosen


def _prepared(source: Home, folder: Path, needed: int) -> Storage:
    """The folders of the archive to come, with a mark by which an interrupted restoring is known again."""
    target = LocalStorage(folder)
    identity = source.config.identifier.encode() + b"\n"
    with Refusals(str(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        known = (folder / MARK).is_file() and (folder / MARK).read_bytes() == identity
        if not known and any(folder.iterdir()):
            raise ConflictError(
                f"{folder} is not empty.", advice="Choose an empty folder for the archive.", code="home-exists", values={"root": folder}
            )
        free = shutil.disk_usage(folder).free
    if not known and needed + _SPARE > free:
        raise StorageError(
            f"{folder} has too little room: {needed:,} bytes are to be restored, {free:,} are free.",
            advice="Choose a folder on a larger disk; a rehearsal can be of a part (--sample GB).",
            code="restore-too-large",
            values={"folder": folder, "needed": f"{needed:,}", "free": f"{free:,}"},
        )
    for name in FOLDERS:
        make_folders(target, name)
    put_file(target, MARK, identity)
    return target


def _root_files(source: Storage, target: Storage, found: Logged) -> Iterator[tuple[str, str, str]]:
    for path, sha512 in found.root_files.items():
        content = source.read(f"storage/{path}")
        if sha512_of(content) != sha512:
            yield ("archive", f"storage/{path}", "changed")
            continue
        make_folders(target, parent_of(f"storage/{path}"))
        put_file(target, f"storage/{path}", content)


def _require_apart(home: Home, folder: Path) -> None:
    """Where to rehearse: a folder or none yet, no link (what is restored could not be taken away), and not inside the archive."""
    place = folder.absolute()
    if (
        folder.is_symlink()
        or (folder.exists() and not folder.is_dir())
        or home.root.resolve() in (place.resolve(), *place.resolve().parents)
    ):
        raise ConflictError(
            f"{folder} is no place for a rehearsal.", advice="Name an empty folder outside the archive, or leave --folder out."
        )


def _require_one_past(home: Home, replica: Replica) -> None:
    """The replica's ledger is the beginning of the archive's own."""
    held = replica.log.checkpoint()
    if home.log.relation(held) is Relation.REWRITTEN:
        raise rewritten(held.size)


def _event(home: Home, replica: Replica, restored: Restored, wishes: Rehearsal) -> Event:
    return Event(
        identifier=f"urn:uuid:{uuid.uuid4()}",
        type=EventType.VALIDATION,
        when=wishes.now.isoformat(timespec="seconds"),
        outcome=Outcome.SUCCESS if restored.whole else Outcome.FAILURE,
        agents=(home.config.agent,),
        objects=(),
        detail="restore drill",
        extra={
            "drill": replica.config.name,
            "objects": restored.objects,
            "of": restored.known,
            "bytes": restored.bytes,
            "seconds": round(restored.seconds, 3),
            "damaged": len(restored.damaged),
            "catalogued": restored.catalogued,
            "seed": restored.seed,
        },
    )
