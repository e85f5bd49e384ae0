"""The places that a run looks at: the archive itself, and the replicas that are there now."""

from collections.abc import Iterator
from contextlib import suppress

from archive.audit.report import WHOLE_ARCHIVE, Problem
from archive.audit.standings import Standing, Standings, standings
from archive.errors import DamageError, DitichError, UsageError
from archive.home import Home
from archive.ledger.checks import line_batches
from archive.ledger.log import Ledger
from archive.ocfl.comparing import Condition, Reading, digests_at
from archive.ocfl.fixity import content_problem
from archive.ocfl.inventory import version_number
from archive.ocfl.root import StorageRoot
from archive.records.serialise import from_json
from archive.replicas.ledger_copy import CHECKPOINT
from archive.replicas.logged import Logged, logged
from archive.replicas.outside import ledger_state
from archive.replicas.place import locations, open_replica
from archive.settings import PRIMARY
from archive.storage.base import Storage
from archive.transaction import INTENT, TRANSACTIONS, Intent


class Place:
    """One location that is there.

    Args:
        home: the archive; its ledger says what should be anywhere.
        location: "storage" or "replica:<name>".
        found: how everything stands.
        sound: whether the archive's ledger holds. One that does not accuses nobody: objects are compared with their own digest files.

    Raises:
        NotFoundError: it is not there now.
    """

    def __init__(self, home: Home, location: str, found: Standings, *, sound: bool = True) -> None:
        self.location = location
        self.tree: Storage = home.tree
        self.log: Ledger = home.log
        if location != PRIMARY:
            replica = open_replica(home, location.removeprefix("replica:"))
            self.tree, self.log = replica.tree, replica.log
        self.objects = StorageRoot(self.tree)
        self.logged = Logged()
        self._home = home
        self._found = found
        self._sound = sound
        self.refresh()

    def refresh(self) -> None:
        """Read the ledger again, where it has grown meanwhile."""
        with suppress(DitichError):  # the ledger's own problems are named by themselves
            if self._sound and self._home.log.checkpoint().size != self.logged.size:
                self.logged = logged(self._home.log)

    def standing(self, object_id: str) -> Standing | None:
        """How the object stands here; None where the ledger does not know it."""
        return self._found.objects.get((object_id, self.location))

    def size(self, object_id: str) -> int:
        """About how many bytes a look at the object reads."""
        known = self.logged.objects.get(object_id)
        return known.bytes if known is not None else 0

    def standings(self) -> list[Standing]:
        """How all objects stand here."""
        return [standing for (_object_id, location), standing in self._found.objects.items() if location == self.location]

    def is_copied(self, object_id: str) -> bool:
        """Whether the object should be here: a replica gets each only with its next replication."""
        if self.location == PRIMARY:
            return True
        standing = self.standing(object_id)
        return (standing is not None and bool(standing.checked_version)) or self.objects.storage.kind(
            self.objects.folder_of(object_id)
        ) is not None

    def versions(self, object_id: str) -> dict[str, str]:
        """Version → sha512 of its inventory, of those versions that should be here."""
        known = self.logged.objects.get(object_id)
        versions = known.versions if known is not None else {}
        if self.location == PRIMARY:
            return versions
        standing = self.standing(object_id)
        seen = standing.checked_version if standing is not None else ""
        folder = self.objects.folder_of(object_id)
        here = [version for version in versions if version == seen or self.tree.kind(f"{folder}/{version}") is not None]
        newest = max((version_number(version) for version in here), default=len(versions))
        return {version: digest for version, digest in versions.items() if version_number(version) <= newest}

    def object_ids(self) -> tuple[str, ...]:
        """All that should be here and all that is."""
        expected = [object_id for object_id in self.logged.objects if self.is_copied(object_id)]
        return tuple(sorted({*self.objects.object_ids(), *expected}))

    def ledger_problems(self) -> Iterator[Problem]:
        """What does not hold in the ledger that lies here. A replica that was never written to has none yet."""
        if self.location != PRIMARY and self.tree.kind("ledger/checkpoint") is None and not any(s.seen for s in self.standings()):
            return
        for path, what in self.log.problems():
            yield Problem(WHOLE_ARCHIVE, path, Condition.DAMAGED, what, location=self.location)

    def root_problems(self, objects: tuple[str, ...], reading: Reading) -> Iterator[tuple[Problem, tuple[str, ...]]]:
        """What is wrong outside the objects, with the digests of files that lie where none should."""
        mine = self._logged_here()
        for path, detail in _damaged_lists(self.tree, mine):
            yield self._problem(path, Condition.DAMAGED, detail), ()
        for path, sha512 in mine.root_files.items():
            problem = content_problem(self.tree, f"storage/{path}", sha512)
            if problem is not None:
                yield self._problem(f"storage/{path}", *problem), ()
        for path in self.objects.strays():
            yield self._problem(path, Condition.EXTRA), digests_at(self.tree, path, reading)
        folders = {self.objects.folder_of(object_id) for object_id in objects}
        for folder in self.objects.object_folders():
            if folder not in folders:
                yield self._problem(folder, Condition.EXTRA, "no object that the archive knows"), ()

    def _logged_here(self) -> Logged:
        """What the ledger that lies here says: a replica's may be older than the archive's."""
        if self.location == PRIMARY:
            return self.logged
        with suppress(DitichError):
            return logged(self.log)
        return Logged()

    def _problem(self, path: str, what: Condition, detail: str = "") -> Problem:
        return Problem(WHOLE_ARCHIVE, path, what, detail, location=self.location)


def wanted_locations(home: Home, named: str) -> tuple[str, ...]:
    """The locations that a name means: "" or "storage" the archive itself, "all" every one, else a replica by its name.

    Raises:
        UsageError: no such location.
    """
    every = locations(home)
    if named in {"", PRIMARY}:
        return (PRIMARY,)
    if named == "all":
        return every
    location = named if named.startswith("replica:") else f"replica:{named}"
    if location not in every:
        raise UsageError(f"This archive has no location “{named}”.", advice=f"It has: {', '.join(every)}; or say all.")
    return (location,)


def half_written(home: Home) -> frozenset[str]:
    """The objects of transactions that are not finished."""
    found: set[str] = set()
    with suppress(DitichError):  # without the folder of transactions there are none
        for entry in home.tree.entries(TRANSACTIONS):
            with suppress(DitichError):  # without a readable intent nothing was moved yet
                intent = from_json(Intent, home.tree.read(f"{TRANSACTIONS}/{entry.name}/{INTENT}"))
                found |= {version.object_id for version in intent.versions}
    return frozenset(found)


def ledger_faults(home: Home) -> Iterator[Problem]:
    """What does not hold in the archive's ledger, by itself and against what the copies that are here have seen of it."""
    faults, contradicted = ledger_state(home)
    yield from (Problem(WHOLE_ARCHIVE, path, Condition.DAMAGED, what) for path, what in faults)
    yield from (Problem(WHOLE_ARCHIVE, CHECKPOINT, Condition.DAMAGED, one.error.message) for one in contradicted)


def known_standings(home: Home) -> tuple[Standings, list[Problem]]:
    """How everything stands as far as the ledger can be read, and the check lists that do not count because they are damaged.

    Lists that can say nothing new are not opened: that they are what was signed is looked at by ``list_faults``.
    """
    with suppress(DitichError):
        return standings(home, verify=False), []
    bad = list_faults(home)
    with suppress(DitichError):
        return standings(home, ignore={problem.path for problem in bad}, verify=False), bad
    return Standings({}, (), 0), []


def list_faults(home: Home) -> list[Problem]:
    """The check lists that are not what was signed; none where the ledger itself cannot be read."""
    with suppress(DitichError):
        return [Problem(WHOLE_ARCHIVE, path, Condition.DAMAGED, detail) for path, detail in _damaged_lists(home.tree, logged(home.log))]
    return []


def _damaged_lists(tree: Storage, known: Logged) -> Iterator[tuple[str, str]]:
    """(path, what is wrong) of check lists that are not what was signed."""
    for run in known.runs.values():
        try:
            for _batch in line_batches(tree, run):
                pass
        except DamageError as error:
            yield run.file, error.detail or error.message
