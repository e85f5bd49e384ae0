"""Mending one object: every file that it has to have is there with its bytes, and nothing else is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from archive.errors import NotFoundError
from archive.ocfl.inventory import INVENTORY
from archive.repair.install import Workshop
from archive.repair.sources import Copy, Elsewhere, first_with
from archive.replicas.carry import Carrier
from archive.replicas.expected import ExpectedFile, expected_files, true_inventory
from archive.replicas.logged import LoggedObject
from archive.storage.base import Kind, files_under, parent_of


@dataclass(frozen=True, slots=True)
class Mended:
    """One file that has its bytes again (or, in a dry run, can have them): from which copy; "" where they follow from the ledger."""

    object_id: str
    path: str
    source: str


@dataclass(frozen=True, slots=True)
class Lost:
    """One file of which no copy that is here has the bytes."""

    object_id: str
    path: str


@dataclass
class Outcome:
    """What came of one object.

    Attributes:
        mended: files that are whole again.
        lost: files without a good copy anywhere; these, and what lies around them, were not touched.
        strays: files that do not belong there, which went to the quarantine.
    """

    mended: list[Mended] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether there was anything to mend."""
        return bool(self.mended or self.strays)


@dataclass(frozen=True, slots=True)
class Bench:
    """What mending works with: the copy to mend, the others in the order in which they are asked, where it works, whether only to look."""

    target: Copy
    others: tuple[Copy, ...]
    workshop: Workshop
    elsewhere: Elsewhere
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class _Find:
    """A file that has to be written, and where its bytes are."""

    file: ExpectedFile
    source: tuple[Copy, str] | None


def mend_object(bench: Bench, wanted: LoggedObject, folder: str) -> Outcome:
    """Mend one object; only bytes with the digest in its manifest are taken, and only a manifest with the digest in the ledger.

    Args:
        bench: with what.
        wanted: the object as the ledger has it.
        folder: where it lies in every copy.

    Raises:
        StorageError: a disk refused. Run it again.
    """
    outcome = Outcome()
    copies = (bench.target, *bench.others)
    found = true_inventory([(copy.tree, folder) for copy in copies], wanted.versions)
    if found is None:
        outcome.lost.append(Lost(wanted.object_id, INVENTORY))
        return outcome
    if _is_brought_whole(bench, wanted, folder, outcome):
        return outcome
    inventory, content = found
    head = wanted.versions[inventory.head]
    files = [_with_content(file, head, content) for file in expected_files(inventory, wanted.versions, "sha512")]
    present = _present(bench, folder)
    bad = [file for file in files if not file.is_at(bench.target.tree, f"{folder}/{file.path}")]
    strays = sorted(present - {f"{folder}/{file.path}" for file in files})
    finds = []
    for file in bad:
        source = _source(bench, file, folder, sorted(present))
        if file.content is None and source is None:
            outcome.lost.append(Lost(wanted.object_id, file.path))
        else:
            finds.append(_Find(file, source))
            outcome.mended.append(Mended(wanted.object_id, file.path, source[0].location if source else ""))
    # what lies around lost bytes may be what is left of them
    outcome.strays = [] if outcome.lost else [path.removeprefix(f"{folder}/") for path in strays]
    if not bench.dry_run:
        _install(bench, folder, finds, outcome.strays)
    return outcome


def _with_content(file: ExpectedFile, sha512: str, inventory: bytes) -> ExpectedFile:
    """The newest inventory is at hand: it need not be looked for again."""
    return ExpectedFile(file.path, file.digest, file.algorithm, inventory) if file.digest == sha512 else file


def _is_brought_whole(bench: Bench, wanted: LoggedObject, folder: str, outcome: Outcome) -> bool:
    """Where the whole object is missing and one copy has all of it, it comes in one step."""
    if bench.target.tree.kind(folder) is not None:
        return False
    for copy in bench.others:
        if copy.tree.kind(folder) is None:
            continue
        if bench.dry_run:
            outcome.mended.append(Mended(wanted.object_id, "", copy.location))
            return True
        carrier = Carrier(copy.tree, bench.target.tree, lambda _object_id: folder, lambda _count: None)
        carrier.prepare()
        if carrier.carry([wanted]):
            outcome.mended.append(Mended(wanted.object_id, "", copy.location))
            return True
    return False


def _present(bench: Bench, folder: str) -> set[str]:
    try:
        return set(files_under(bench.target.tree, folder))
    except NotFoundError:
        return set()


def _source(bench: Bench, file: ExpectedFile, folder: str, present: Sequence[str]) -> tuple[Copy, str] | None:
    """Where the bytes of a file are: in its place in another copy, elsewhere in the object, elsewhere in this copy or another."""
    if file.content is not None:
        return None
    return first_with(file, folder, bench.others) or next(_nearby(bench, file, present), None)


def _nearby(bench: Bench, file: ExpectedFile, present: Sequence[str]) -> Iterator[tuple[Copy, str]]:
    for path in present:
        if file.is_at(bench.target.tree, path):
            yield bench.target, path
    for copy, path in bench.elsewhere.places(file):
        if file.is_at(copy.tree, path):
            yield copy, path


def _install(bench: Bench, folder: str, finds: Sequence[_Find], strays: Sequence[str]) -> None:
    workshop = bench.workshop
    staged = [(workshop.stage(one.file, (one.source[0].tree, one.source[1]) if one.source else None), one.file) for one in finds]
    for path, file in staged:
        workshop.install(path, f"{folder}/{file.path}")
    for stray in strays:
        if workshop.tree.kind(f"{folder}/{stray}") not in {None, Kind.FOLDER}:  # else it was in the way of a folder, and is gone
            workshop.set_aside(f"{folder}/{stray}")
    workshop.drop_empty(above for stray in strays for above in _above(f"{folder}/{stray}", folder))
    workshop.finish()


def _above(path: str, folder: str) -> Iterator[str]:
    while (path := parent_of(path)) != folder:
        yield path
