"""Gives objects out whole (every version, byte for byte) as a bag, as the same bag in one ZIP, or as a small OCFL storage root.

Whatever is written was compared with the inventories and the ledger while it was copied, and is read back from the disk before the package
gets its name. A package that could not be finished leaves nothing behind.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archive.bagit.report import Wishes
from archive.bagit.source import open_bag
from archive.bagit.sums import digests_of
from archive.bagit.target import FolderTarget, Target, write_folder, write_zip
from archive.bagit.validate import validate_bag
from archive.bagit.write import BagWriter
from archive.errors import DamageError, UsageError
from archive.exchange.contents import (
    EVENTS,
    FILES,
    LABEL,
    OBJECTS,
    PACKAGE_VERSION,
    README,
    Contents,
    FileTable,
    PackedObject,
    folder_of,
    most_closed,
)
from archive.exchange.readme import BAG_README, ROOT_README
from archive.exchange.room import require_room
from archive.exchange.selection import Chosen, Selection
from archive.exchange.tree import ObjectTree, read_tree
from archive.home import Home
from archive.ocfl.digests import Digester, sha512_of
from archive.ocfl.layouts import hash_and_id
from archive.ocfl.root import StorageRoot, root_files
from archive.records.serialise import to_json
from archive.storage.local import LocalStorage

Step = Callable[[str, int, int], None]
"""("write" or "read-back", bytes done, bytes in all)"""


class Form(StrEnum):
    """The forms of a package."""

    BAG = "bag"
    OCFL = "ocfl"
    ZIP = "zip"


@dataclass(frozen=True, slots=True)
class Exported:
    """A package that was written and read back."""

    place: Path
    form: Form
    objects: int
    files: int
    bytes: int


@dataclass(slots=True)
class _Progress:
    """Counts bytes for whoever listens."""

    step: Step | None
    total: int
    stage: str = "write"
    done: int = 0

    def count(self, block: int) -> None:
        self.done += block
        if self.step is not None:
            self.step(self.stage, min(self.done, self.total), self.total)

    def begin(self, stage: str) -> None:
        self.stage, self.done = stage, 0


@dataclass(frozen=True, slots=True)
class _Logged:
    """What the ledger has about the objects of a package: the digests of their inventories, and the lines themselves."""

    inventories: dict[tuple[str, str], str]
    lines: tuple[bytes, ...]


def export(home: Home, selection: Selection, place: Path, form: Form, step: Step | None = None) -> Exported:
    """Write a package.

    Args:
        home: the archive.
        selection: what goes out.
        place: where nothing stands yet: a folder, or the file of a ZIP.
        form: which kind.
        step: told of progress.

    Raises:
        UsageError: ``place`` lies inside the archive.
        ConflictError: something stands at ``place``.
        DamageError: an object of the archive is not what its inventory and the ledger say; nothing was written.
        StorageError: the disk refused or has no room; nothing was written.
    """
    _require_outside(home, place)
    package = _Package(home, selection, _logged(home, selection), _Progress(step, 0))
    for one in selection.chosen:
        tree = package.tree(one)
        package.progress.total += tree.size
        package.files += len(tree.files)
    require_room(place.parent, package.progress.total)
    if form is Form.OCFL:
        write_folder(place, package.fill_root, package.verify_root)
    elif form is Form.BAG:
        write_folder(place, package.fill_bag, package.verify_bag)
    else:
        write_zip(place, package.fill_bag, package.verify_bag)
    return Exported(place, form, len(selection.chosen), package.files, package.progress.total)


def _require_outside(home: Home, place: Path) -> None:
    roots = {path.resolve() for path in (home.root, *(Path(one.path) for one in home.config.replicas))}
    if roots & {place.resolve(), *place.resolve().parents}:
        raise UsageError(
            f"{place} lies inside the archive or one of its copies; nothing was written.",
            advice="Name a place outside it, best on another disk.",
            code="export-inside",
            values={"place": place},
        )


def _logged(home: Home, selection: Selection) -> _Logged:
    wanted = {one.ark for one in selection.chosen}
    inventories, lines = {}, []
    for entry in home.log.entries():
        event = entry.event
        if event.objects and wanted.issuperset(event.objects):
            lines.append(entry.line)
            if "inventory_sha512" in event.extra:
                inventories[event.objects[0], str(event.extra["version"])] = str(event.extra["inventory_sha512"])
    return _Logged(inventories, tuple(lines))


@dataclass(slots=True)
class _Package:
    """One package that is being written."""

    home: Home
    selection: Selection
    logged: _Logged
    progress: _Progress
    files: int = 0

    def tree(self, one: Chosen) -> ObjectTree:
        """One object, compared with the ledger."""
        tree = read_tree(self.home.tree, self.home.objects.folder_of(one.ark), one.ark)
        for version, inventory in tree.versions:
            if self.logged.inventories.get((one.ark, version)) != sha512_of(inventory):
                raise _damaged(f"{tree.folder}/{version}/inventory.json")
        return tree

    def trees(self) -> Iterator[tuple[Chosen, ObjectTree]]:
        """The objects one after the other: only one inventory at a time is in memory."""
        return ((one, self.tree(one)) for one in self.selection.chosen)

    def fill_bag(self, target: Target) -> None:
        """Objects into the payload; what says what they are beside it."""
        writer = BagWriter(target)
        table, packed, newest = FileTable(), [], ""
        for one, tree in self.trees():
            folder = folder_of(one.ark)
            table.add(tree, f"data/{folder}")
            versions = tuple((version, sha512_of(inventory)) for version, inventory in tree.versions)
            packed.append(PackedObject(one.ark, one.kind, folder, versions, one.site, one.title, one.access))
            newest = max(newest, tree.inventory.versions[tree.inventory.head].created)
            for file in tree.files:
                source = self.home.tree.path_of(f"{tree.folder}/{file.path}")
                if writer.keep(f"{folder}/{file.path}", source, self.progress.count) != (file.sha512, file.sha256):
                    raise _damaged(f"{tree.folder}/{file.path}")
        config = self.home.config
        writer.tag(OBJECTS, to_json(Contents(config.identifier, config.name, tuple(packed))))
        writer.tag(FILES, table.content())
        writer.tag(EVENTS, b"".join(self.logged.lines))
        writer.tag(README, BAG_README.encode())
        writer.close(self._info(packed, newest))

    def _info(self, packed: list[PackedObject], newest: str) -> Iterator[tuple[str, str]]:
        """What ``bag-info.txt`` says; a function of the archive alone, so the same content is the same bytes."""
        yield "Source-Organization", self.home.config.name
        yield "External-Identifier", self.selection.ark
        if self.selection.title:
            yield "External-Description", self.selection.title
        yield "Bagging-Date", newest[:10]
        yield "Bag-Software-Agent", "Ditich"
        yield LABEL, str(PACKAGE_VERSION)
        yield "Ditich-Archive", self.home.config.identifier
        yield "Ditich-Access", str(most_closed(one.access for one in packed))
        for one in packed:
            yield "Ditich-Object", f"{one.ark} {one.kind} {one.versions[-1][0]} {one.access}"

    def verify_bag(self, place: Path) -> None:
        """Read the package back."""
        self.progress.begin("read-back")
        report = validate_bag(open_bag(place), Wishes(from_device=True), lambda done, _: self.progress.count(done - self.progress.done))
        if not report.valid:
            first = report.findings[0]
            raise _unlike(f"{first.path}: {first.code}")

    def fill_root(self, target: FolderTarget) -> None:
        """Objects where layout 0003 has them, below the files of a storage root."""
        for path, content in {**root_files(), "README.txt": ROOT_README.encode()}.items():
            target.write(path, content)
        for one, tree in self.trees():
            folder = hash_and_id.object_folder(one.ark)
            for file in tree.files:
                digester = Digester()
                target.copy(f"{folder}/{file.path}", self.home.tree.path_of(f"{tree.folder}/{file.path}"), self._watch(digester))
                if digester.digests().sha512 != file.sha512:
                    raise _damaged(f"{tree.folder}/{file.path}")

    def _watch(self, digester: Digester) -> Callable[[bytes], object]:
        def watch(block: bytes) -> None:
            digester.update(block)
            self.progress.count(len(block))

        return watch

    def verify_root(self, place: Path) -> None:
        """Read every object back."""
        self.progress.begin("read-back")
        storage = LocalStorage(place.parent)
        for one in self.selection.chosen:
            tree = read_tree(storage, StorageRoot(storage, place.name).folder_of(one.ark), one.ark)
            for file in tree.files:
                with storage.open(f"{tree.folder}/{file.path}", from_device=True) as stream:
                    (found,), _size = digests_of(stream, ("sha512",), file.size, self.progress.count)
                if found != file.sha512:
                    raise _unlike(file.path)


def _damaged(path: str) -> DamageError:
    return DamageError(
        f"{path} in the archive is not what it should be; nothing was exported.",
        advice="Run `ditich audit`, then `ditich repair`, then export again.",
        code="export-damaged",
        values={"path": path},
    )


def _unlike(what: str) -> DamageError:
    return DamageError(
        f"What was written does not match when it is read back ({what}); it was removed again.",
        advice="The disk that you export to may be failing: use another one.",
        code="export-unlike",
        values={"what": what},
    )
