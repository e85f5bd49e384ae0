"""Bringing a replica up to date: what it lacks by the ledger is carried, read back on the far side, and only then counts as a copy.

Objects first, the ledger after them: a replica never claims an object that it does not have. What is damaged here is named and left out;
the rest goes on. Interrupted at any moment, the next run goes on from there.
"""

import secrets
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from archive.errors import StorageError
from archive.home import Home
from archive.ledger.checks import SCRATCH, CheckLine, CheckList, CheckRun
from archive.ocfl.digests import sha512_of
from archive.ocfl.fixity import Condition, ObjectCheck, Reading, check_object
from archive.ocfl.inventory import SIDECAR
from archive.ocfl.root import root_files
from archive.records.events import Event, EventType, Outcome
from archive.replicas.carry import Carrier, NotCarried, head_at
from archive.replicas.ledger_copy import WHOLE_ARCHIVE, copy_ledger, cosigned, require_extension
from archive.replicas.logged import Logged, LoggedObject, logged
from archive.replicas.pace import Pace
from archive.replicas.place import Replica
from archive.replicas.register import make_replica_folders
from archive.storage.base import Kind, Storage, make_folders, parent_of
from archive.transaction import make_durable

GROUP_OBJECTS = 64
GROUP_BYTES = 256_000_000
LOCK = "work/locks/replicate"
ALGORITHM = "sha256"
_ROUNDS = 4
_SPARE = 64_000_000
"""Bytes that a replica's disk keeps free."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How to replicate.

    Attributes:
        now: with a time zone.
        verified: object → its newest version that was read back intact at this replica; these are left alone.
        rate: bytes a second; 0 for as fast as it goes.
        progress: told (done, total) bytes, carrying and reading back together.
    """

    now: datetime
    verified: Mapping[str, str]
    rate: float = 0.0
    progress: Callable[[int, int], object] | None = None


@dataclass
class Replication:
    """What one run did.

    Attributes:
        replica: its name.
        same_device: whether it lies on the disk of the archive.
        objects: how many the ledger has; ``copied`` of them were carried, ``read_back`` read again on the far side.
        bytes_copied, bytes_read: carried, and read back.
        seconds_copying, seconds_reading: what that took.
        refused: damaged here, not copied.
        damaged: objects that are damaged on the far side: (id, path, what).
        ledger: entries that the replica has now.
        cosigned: whether it signed for them.
        interrupted: stopped by the user; what was carried until then counts.
    """

    replica: str
    same_device: bool
    objects: int = 0
    copied: int = 0
    read_back: int = 0
    bytes_copied: int = 0
    bytes_read: int = 0
    seconds_copying: float = 0.0
    seconds_reading: float = 0.0
    refused: list[NotCarried] = field(default_factory=list)
    damaged: list[tuple[str, str, str]] = field(default_factory=list)
    ledger: int = 0
    cosigned: bool = False
    interrupted: bool = False

    @property
    def complete(self) -> bool:
        """Whether the replica has everything now, all of it read back."""
        return not (self.refused or self.damaged or self.interrupted)


def replicate(home: Home, replica: Replica, wishes: Wishes) -> Replication:
    """Bring a replica up to date.

    Args:
        home: the archive.
        replica: plugged in (``open_replica``).
        wishes: how.

    Raises:
        DamageError: the archive's ledger is damaged, was set back or rewritten (nothing was copied); or the far side's disk fails.
        StorageError: a disk refused, or the replica's is too small. What was carried and read back until then is recorded.
        ConflictError: another run is writing to this replica.
        NotFoundError: this user has no signing key for this archive.
    """
    home.signers()
    make_replica_folders(replica.tree)
    with replica.tree.lock(LOCK, seconds=0):
        require_extension(home, replica)
        return _Run(home, replica, wishes).whole()


class _Run:
    """One run; the replica is locked."""

    def __init__(self, home: Home, replica: Replica, wishes: Wishes) -> None:
        self.home, self.replica, self.wishes = home, replica, wishes
        self.report = Replication(replica.config.name, replica.config.same_device)
        self.verified = dict(wishes.verified)
        self.done = self.total = 0
        self.pace = Pace(wishes.rate, self._moved)
        self.carrier = Carrier(home.tree, replica.tree, home.objects.folder_of, self._carried)

    def whole(self) -> Replication:
        found = logged(self.home.log)
        self._furnish(found.root_files)
        self.carrier.prepare()
        for _ in range(_ROUNDS):
            self._objects(found)
            found = logged(self.home.log)
            if self.report.interrupted or not self._lacking(found):
                break  # else somebody wrote meanwhile: the ledger goes over only when its objects are there
        self.report.objects = len(found.objects)
        self.report.refused += self.carrier.refused
        self.report.refused += copy_ledger(self.home, self.replica, found.runs.values())
        self.report.ledger = found.size
        self.report.cosigned = cosigned(self.home, self.replica, int(self.wishes.now.timestamp()))
        return self.report

    def _furnish(self, wanted: Mapping[str, str]) -> None:
        """The storage root's own files."""
        tree, ours = self.replica.tree, root_files()
        touched = []
        for path, sha512 in wanted.items():
            target = f"storage/{path}"
            if tree.kind(target) is not None:
                continue
            content = ours[path] if path in ours and sha512_of(ours[path]) == sha512 else self.home.tree.read(target)
            if sha512_of(content) != sha512:
                self.report.refused.append(NotCarried(WHOLE_ARCHIVE, target, "not what the ledger has"))
                continue
            make_folders(tree, parent_of(target))
            tree.write_new(target, content)
            tree.sync_file(target)
            touched += [parent_of(target), parent_of(parent_of(target)) or "storage"]
        make_durable(tree, touched)

    def _lacking(self, found: Logged) -> list[LoggedObject]:
        refused = {one.object_id for one in self.carrier.refused} | {object_id for object_id, _path, _what in self.report.damaged}
        return [one for one in found.objects.values() if one.object_id not in refused and not self._has(one)]

    def _has(self, wanted: LoggedObject) -> bool:
        """Whether the newest version lies there and was read back: two cheap looks, one at the records and one at the digest file."""
        if self.verified.get(wanted.object_id) != wanted.head:
            return False
        return _sidecar_at(self.replica.tree, self.home.objects.folder_of(wanted.object_id)) == wanted.versions[wanted.head]

    def _objects(self, found: Logged) -> None:
        """Carry and read back what is lacking; what was read back is recorded, however this ends."""
        lacking = self._lacking(found)
        if not lacking:
            return
        plans = [(one, self._bytes_to_carry(one)) for one in lacking]
        self._require_room(sum(to_carry for _one, to_carry in plans))
        self.total += sum(to_carry + one.bytes for one, to_carry in plans)
        with CheckList(self.home.tree, f"work/{SCRATCH}{secrets.token_hex(8)}") as lines:
            before = self.report.read_back
            try:
                for group in _groups(plans):
                    self._group(group, lines)
            except KeyboardInterrupt:
                self.report.interrupted = True
            finally:
                if self.report.read_back > before:
                    self._record(lines.close(ALGORITHM), before)

    def _bytes_to_carry(self, wanted: LoggedObject) -> int:
        folder = self.home.objects.folder_of(wanted.object_id)
        if self.replica.tree.kind(folder) is None:
            return wanted.bytes
        reached = head_at(self.replica.tree, folder, wanted)
        if not reached:
            return 0  # its inventory is damaged there: to be named, and mended by a repair
        return sum(size for version, size in wanted.sizes.items() if int(version[1:]) > int(reached[1:]))

    def _require_room(self, needed: int) -> None:
        free = shutil.disk_usage(self.replica.root).free
        if needed + _SPARE > free:
            raise StorageError(
                f"The disk of the replica “{self.replica.config.name}” is too small: {needed:,} bytes are to be copied, {free:,} are free.",
                advice="Make room on it, or add a replica on a larger disk.",
                code="replica-too-small",
                values={"name": self.replica.config.name, "needed": f"{needed:,}", "free": f"{free:,}"},
            )

    def _group(self, group: list[LoggedObject], lines: CheckList) -> None:
        started = time.monotonic()
        tree, folder_of = self.replica.tree, self.home.objects.folder_of
        touchable = [one for one in group if tree.kind(folder_of(one.object_id)) is None or head_at(tree, folder_of(one.object_id), one)]
        carried = self.carrier.carry([one for one in touchable if self._is_behind(one)])
        self.report.copied += len(carried)
        refused = {one.object_id for one in self.carrier.refused}
        copied_at = time.monotonic()
        self.report.seconds_copying += copied_at - started
        for one in group:
            if one.object_id not in refused:
                self._read_back(one, lines)
        self.report.seconds_reading += time.monotonic() - copied_at

    def _is_behind(self, wanted: LoggedObject) -> bool:
        """Whether inventory or digest file are still those of an earlier version: a power cut may leave one of each."""
        tree, folder = self.replica.tree, self.home.objects.folder_of(wanted.object_id)
        return _sidecar_at(tree, folder) != wanted.versions[wanted.head] or head_at(tree, folder, wanted) != wanted.head

    def _read_back(self, wanted: LoggedObject, lines: CheckList) -> None:
        folder = self.home.objects.folder_of(wanted.object_id)
        check = check_object(self.replica.tree, folder, wanted.versions, Reading(ALGORITHM, self._read))
        lines.add(_line(wanted, check, self.replica.location, self.wishes.now.isoformat(timespec="seconds")))
        self.report.read_back += 1
        if check.problems:
            self.report.damaged += [(wanted.object_id, problem.path, problem.what.value) for problem in check.problems]
        else:
            self.verified[wanted.object_id] = wanted.head

    def _read(self, count: int) -> None:
        self.report.bytes_read += count
        self.pace(count)

    def _carried(self, count: int) -> None:
        self.report.bytes_copied += count
        self.pace(count)

    def _moved(self, count: int) -> None:
        self.done += count
        if self.wishes.progress is not None:
            self.wishes.progress(self.done, max(self.total, self.done))

    def _record(self, run: CheckRun, before: int) -> None:
        """One entry of the ledger for what was carried and read back."""
        report = self.report
        damaged = len({object_id for object_id, _path, _what in report.damaged})
        event = Event(
            identifier=f"urn:uuid:{uuid.uuid4()}",
            type=EventType.REPLICATION,
            when=self.wishes.now.isoformat(timespec="seconds"),
            outcome=Outcome.SUCCESS if not damaged and not self.carrier.refused else Outcome.WARNING,
            agents=(self.home.config.agent,),
            objects=(),
            extra={
                "file": run.file,
                "root": run.root,
                "lines": run.lines,
                "algorithm": run.algorithm,
                "replica": report.replica,
                "location": self.replica.location,
                "same_device": report.same_device,
                "bytes": report.bytes_read,
                "seconds": round(report.seconds_reading, 3),
                "copied": report.copied,
                "bytes_copied": report.bytes_copied,
                "seconds_copying": round(report.seconds_copying, 3),
                "objects": report.read_back - before,
                "damaged": damaged,
                "refused": len(self.carrier.refused),
            },
        )
        self.home.log.append((event,), self.home.signers(), self.wishes.now)


def _groups(plans: list[tuple[LoggedObject, int]]) -> Iterator[list[LoggedObject]]:
    group: list[LoggedObject] = []
    held = 0
    for one, to_carry in plans:
        group.append(one)
        held += to_carry
        if len(group) >= GROUP_OBJECTS or held >= GROUP_BYTES:
            yield group
            group, held = [], 0
    if group:
        yield group


def _sidecar_at(tree: Storage, folder: str) -> str:
    """The digest in an object's digest file, as it stands; "" when there is none."""
    path = f"{folder}/{SIDECAR}"
    return tree.read(path).decode("ascii", "replace").partition(" ")[0] if tree.kind(path) is Kind.FILE else ""


def _line(wanted: LoggedObject, check: ObjectCheck, location: str, when: str) -> CheckLine:
    outcome = "intact"
    if check.problems:
        outcome = "not checked" if all(problem.what is Condition.UNREADABLE for problem in check.problems) else "damaged"
    problems = tuple((problem.path, problem.what.value) for problem in check.problems)
    return CheckLine(wanted.object_id, check.version or wanted.head, location, outcome, when, problems)
