"""What lies in a storage root outside the objects: its own few files, and what does not belong there."""

from archive.ocfl.digests import sha512_of
from archive.ocfl.inventory import NAMASTE
from archive.ocfl.root import StorageRoot, root_files
from archive.repair.install import Workshop
from archive.repair.objects import Bench, Lost, Mended, Outcome
from archive.repair.sources import WHOLE_ARCHIVE, first_with
from archive.replicas.expected import ExpectedFile
from archive.replicas.logged import Logged
from archive.storage.base import Kind, parent_of


def mend_surroundings(bench: Bench, found: Logged) -> Outcome:
    """Mend the root's own files, and set aside what lies where nothing should.

    A folder that holds an object of which the ledger knows nothing stays: somebody has to look at it.

    Raises:
        StorageError: a disk refused. Run it again.
    """
    outcome = Outcome()
    for path, sha512 in found.root_files.items():
        _mend_root_file(bench, path, sha512, outcome)
    _set_strays_aside(bench, {StorageRoot(bench.target.tree).folder_of(object_id) for object_id in found.objects}, outcome)
    return outcome


def _mend_root_file(bench: Bench, path: str, sha512: str, outcome: Outcome) -> None:
    ours = root_files().get(path)
    file = ExpectedFile(path, sha512, content=ours if ours is not None and sha512_of(ours) == sha512 else None)
    if file.is_at(bench.target.tree, f"storage/{path}"):
        return
    source = None if file.content is not None else first_with(file, "storage", bench.others)
    if file.content is None and source is None:
        outcome.lost.append(Lost(WHOLE_ARCHIVE, f"storage/{path}"))
        return
    outcome.mended.append(Mended(WHOLE_ARCHIVE, f"storage/{path}", source[0].location if source else ""))
    if not bench.dry_run:
        staged = bench.workshop.stage(file, (source[0].tree, source[1]) if source else None)
        bench.workshop.install(staged, f"storage/{path}")
        bench.workshop.finish()


def _set_strays_aside(bench: Bench, objects: set[str], outcome: Outcome) -> None:
    tree, root = bench.target.tree, StorageRoot(bench.target.tree)
    strays = list(root.strays())
    strays += [folder for folder in root.object_folders() if folder not in objects and tree.kind(f"{folder}/{NAMASTE}") is not Kind.FILE]
    outcome.strays += strays
    if not bench.dry_run:
        _remove(bench.workshop, strays)


def _remove(workshop: Workshop, strays: list[str]) -> None:
    for path in strays:
        workshop.set_aside(path)
    above = []
    for path in strays:
        folder = parent_of(path)
        while folder not in {"storage", ""}:
            above.append(folder)
            folder = parent_of(folder)
    workshop.drop_empty(above)
    workshop.finish()
