"""Putting good bytes in the place of bad ones, so that a crash at any moment loses neither.

Good bytes are written below ``work/repair/`` and read back from the device before anything else moves. Then what stands in their place is
moved to ``work/quarantine/``, never deleted, and they are renamed into it. Whatever a crash leaves, the same repair finds again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from archive.errors import StorageError
from archive.replicas.expected import ExpectedFile
from archive.storage.base import Kind, Storage, files_under, folders_under, make_folders, parent_of
from archive.transaction import make_durable

SCRATCH = "work/repair"
QUARANTINE = "work/quarantine"


@dataclass
class Workshop:
    """Where one repair of one copy works.

    Attributes:
        tree: the copy.
        name: of this repair, the name of its folder in the quarantine.
        quarantined: where things were moved to.
    """

    tree: Storage
    name: str
    quarantined: list[str] = field(default_factory=list)
    _touched: set[str] = field(default_factory=set)
    _number: int = 0

    def prepare(self) -> None:
        """Make the scratch; what an interrupted repair left in it goes, nothing refers to it."""
        make_folders(self.tree, SCRATCH)
        for path in files_under(self.tree, SCRATCH):
            self.tree.remove_file(path)
        for folder in folders_under(self.tree, SCRATCH)[:-1]:
            self.tree.remove_folder(folder)

    def stage(self, file: ExpectedFile, source: tuple[Storage, str] | None) -> str:
        """Write the good bytes and read them back; where they lie now.

        Raises:
            StorageError: the source changed meanwhile, or this disk does not keep what is written to it.
        """
        self._number += 1
        path = f"{SCRATCH}/{self._number}"
        fault = ""
        if source is None:  # then the bytes follow from the ledger
            self.tree.write_new(path, file.content or b"")
        else:
            fault = file.copy(source, (self.tree, path), lambda _count: None)
        self.tree.sync_file(path)
        if fault or not file.is_at(self.tree, path):
            raise StorageError(
                f"{file.path} could not be written as it should be.",
                advice="The disk is failing: copy the archive to another one, then repair there.",
                detail=fault,
            )
        return path

    def install(self, staged: str, target: str) -> None:
        """Put a staged file in its place; what stood there goes to the quarantine."""
        self._clear_way(parent_of(target))
        if self.tree.kind(target) is not None:
            self.set_aside(target)
        made = make_folders(self.tree, parent_of(target))
        self.tree.rename(staged, target)
        self._touched |= {SCRATCH, parent_of(target), *(parent_of(folder) for folder in made)}

    def set_aside(self, path: str) -> None:
        """Move a file or folder to the quarantine, under the path that it had."""
        target = free = f"{QUARANTINE}/{self.name}/{path}"
        number = 1
        while self.tree.kind(free) is not None:
            number += 1
            free = f"{target}-{number}"
        made = make_folders(self.tree, parent_of(free))
        self.tree.rename(path, free)
        self.quarantined.append(free)
        self._touched |= {parent_of(path), parent_of(free), *(parent_of(folder) for folder in made)}

    def drop_empty(self, folders: Iterable[str]) -> None:
        """Remove folders that hold nothing any more, deepest first."""
        for folder in sorted(set(folders), key=lambda one: -one.count("/")):
            if self.tree.kind(folder) is Kind.FOLDER and not self.tree.entries(folder):
                self.tree.remove_folder(folder)
                self._touched.discard(folder)
                self._touched.add(parent_of(folder))

    def finish(self) -> None:
        """Make everything durable."""
        make_durable(self.tree, self._touched)
        self._touched.clear()

    def _clear_way(self, folder: str) -> None:
        """Where a file or a link stands in the place of a folder above, it is set aside."""
        if folder and self.tree.kind(folder) is not Kind.FOLDER:
            self._clear_way(parent_of(folder))
            if self.tree.kind(folder) is not None:
                self.set_aside(folder)
