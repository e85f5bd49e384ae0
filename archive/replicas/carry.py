"""Carrying objects from one copy of the archive to another; a crash at any moment leaves the other one whole, or the next run ends it.

A group of objects is written below ``work/replicate/`` of the far side and made durable with one sync; whole new objects and new versions
are renamed into place; a second sync; then the inventories and digest files of objects that grew, and a third. Only bytes with the digests
that the ledger signed are carried: damage does not spread.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from archive.errors import DitichError
from archive.ocfl.digests import sha512_of
from archive.ocfl.inventory import INVENTORY, SIDECAR, Inventory, sidecar, version_number
from archive.ocfl.update import install_inventory
from archive.replicas.expected import ExpectedFile, expected_files, true_inventory, version_files
from archive.replicas.logged import LoggedObject
from archive.storage.base import Storage, files_under, folders_under, make_folders, parent_of
from archive.transaction import make_durable

SCRATCH = "work/replicate"
QUARANTINE = "work/quarantine"


@dataclass(frozen=True, slots=True)
class NotCarried:
    """A file whose bytes are not what the ledger signed, so that its object was not carried; ``path`` is relative to the object."""

    object_id: str
    path: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Staged:
    """What of one object is ready: its folder in the scratch, the versions to rename, whether it is new."""

    folder: str
    scratch: str
    versions: tuple[str, ...]
    new: bool


@dataclass
class Carrier:
    """Carries objects between two trees.

    Attributes:
        source, target: trees of an archive home or a replica.
        folder_of: where an object lies in both.
        watch: told the bytes of every block that was written.
        refused: what was not carried.
    """

    source: Storage
    target: Storage
    folder_of: Callable[[str], str]
    watch: Callable[[int], object]
    refused: list[NotCarried] = field(default_factory=list)
    _number: int = 0

    def prepare(self) -> None:
        """Make the scratch, and take away what an interrupted run left in it: copies that nothing refers to."""
        make_folders(self.target, SCRATCH)
        make_folders(self.target, QUARANTINE)
        for entry in self.target.entries(SCRATCH):
            self._clear(f"{SCRATCH}/{entry.name}")

    def carry(self, wanted: Sequence[LoggedObject]) -> list[LoggedObject]:
        """Carry what the target lacks of these objects; those that it has now, in order.

        Raises:
            StorageError: a disk refused. What is in place already stays; the next run goes on from there.
        """
        ready = [(one, staged) for one in wanted if (staged := self._stage(one)) is not None]
        if ready:
            self.target.sync(path for listed in (files_under, folders_under) for path in listed(self.target, SCRATCH))
        self._install([staged for _one, staged in ready])
        for _one, staged in ready:
            self._clear(staged.scratch)
        return [one for one, _staged in ready]

    def _stage(self, wanted: LoggedObject) -> _Staged | None:
        """Write what the target lacks of one object into the scratch; None, and a line in ``refused``, where the source is damaged."""
        self._number += 1
        scratch, folder = f"{SCRATCH}/{self._number}", self.folder_of(wanted.object_id)
        found = true_inventory(((self.source, folder),), wanted.versions)
        if found is None:
            self.refused.append(NotCarried(wanted.object_id, INVENTORY, "no inventory with the digest that the ledger has"))
            return None
        inventory, content = found
        new = self.target.kind(folder) is None
        versions = tuple(wanted.versions) if new else self._lacking(wanted, inventory)
        files = expected_files(inventory, wanted.versions) if new else _of_versions(inventory, wanted, versions)
        make_folders(self.target, scratch)
        for file in files:
            fault = self._bring(file, folder, scratch)
            if fault:
                self.refused.append(NotCarried(wanted.object_id, file.path, fault))
                self._clear(scratch)
                return None
        if not new:
            self.target.write_new(f"{scratch}/{INVENTORY}", content)
            self.target.write_new(f"{scratch}/{SIDECAR}", sidecar(content))
        return _Staged(folder, scratch, versions, new)

    def _bring(self, file: ExpectedFile, folder: str, scratch: str) -> str:
        path = f"{scratch}/{file.path}"
        make_folders(self.target, parent_of(path))
        if file.content is None:
            return file.copy((self.source, f"{folder}/{file.path}"), (self.target, path), self.watch)
        self.target.write_new(path, file.content)
        return ""

    def _lacking(self, wanted: LoggedObject, inventory: Inventory) -> tuple[str, ...]:
        """The versions that the target does not have; one that an interrupted run left there is believed only when it is whole."""
        folder = self.folder_of(wanted.object_id)
        reached = head_at(self.target, folder, wanted)
        names = sorted(wanted.versions, key=version_number)
        later = names[names.index(reached) + 1 :] if reached else names
        return tuple(version for version in later if not self._is_whole(wanted, inventory, version))

    def _is_whole(self, wanted: LoggedObject, inventory: Inventory, version: str) -> bool:
        folder = self.folder_of(wanted.object_id)
        place = f"{folder}/{version}"
        if self.target.kind(place) is None:
            return False
        if all(file.is_at(self.target, f"{folder}/{file.path}") for file in version_files(inventory, wanted.versions, version)):
            return True
        self.target.rename(place, free_path(self.target, f"{QUARANTINE}/{folder.rpartition('/')[2]}+{version}"))
        make_durable(self.target, (folder, QUARANTINE))
        return False

    def _install(self, ready: Sequence[_Staged]) -> None:
        touched: list[str] = []
        for staged in ready:
            if staged.new:
                parent = parent_of(staged.folder)
                made = make_folders(self.target, parent)
                self.target.rename(staged.scratch, staged.folder)
                touched += [parent, *(parent_of(folder) for folder in made), SCRATCH]
                continue
            for version in staged.versions:
                self.target.rename(f"{staged.scratch}/{version}", f"{staged.folder}/{version}")
            touched += [staged.folder, staged.scratch]
        make_durable(self.target, touched)
        touched = [folder for staged in ready if not staged.new for folder in install_inventory(self.target, staged.folder, staged.scratch)]
        make_durable(self.target, touched)

    def _clear(self, scratch: str) -> None:
        if self.target.kind(scratch) is None:
            return
        for path in files_under(self.target, scratch):
            self.target.remove_file(path)
        for folder in folders_under(self.target, scratch):
            self.target.remove_folder(folder)


def head_at(tree: Storage, folder: str, wanted: LoggedObject) -> str:
    """The version whose inventory lies at the top of the object's folder; "" when it is none that the ledger has."""
    try:
        digest = sha512_of(tree.read(f"{folder}/{INVENTORY}"))
    except (DitichError, OSError):
        return ""
    return next((version for version, sha512 in wanted.versions.items() if sha512 == digest), "")


def free_path(tree: Storage, path: str) -> str:
    """The path, or with a number behind it where something stands there already."""
    number, free = 1, path
    while tree.kind(free) is not None:
        number += 1
        free = f"{path}-{number}"
    return free


def _of_versions(inventory: Inventory, wanted: LoggedObject, versions: Iterable[str]) -> Iterator[ExpectedFile]:
    for version in versions:
        yield from version_files(inventory, wanted.versions, version)
