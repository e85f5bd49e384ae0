"""A new version of an object: planned, staged, installed.

The plan is computed from the draft and the head before anything is written. Staging builds in a work folder exactly what will stand in
the object. Installing is renames only: a new object by one rename of its whole folder; a new version by its folder, then the inventory,
then the digest file (the order that leaves only states that can be mended without outside help).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive.errors import ConflictError, UsageError
from archive.ocfl.digests import sha512_of
from archive.ocfl.inventory import INVENTORY, NAMASTE, NAMASTE_CONTENT, SIDECAR, Inventory, Version, inventory_json, sidecar, version_number
from archive.ocfl.object import read_inventory
from archive.ocfl.paths import content_path, portable_name, require_logical
from archive.ocfl.root import StorageRoot
from archive.records.package import FileToKeep, VersionDraft
from archive.storage.base import Storage, make_folders, parent_of


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file whose bytes the object does not have yet, and its content path."""

    path: str
    file: FileToKeep


@dataclass(frozen=True, slots=True)
class UpdatePlan:
    """One version, ready to be written.

    Attributes:
        folder: of the object, in the storage.
        version: the new one.
        base_sha512: digest of the inventory it follows, "" for a new object.
        inventory: bytes of the new inventory.
        new_files: what has to be written; everything else is kept already.
        earlier: (version, bytes of its inventory) of a new object that comes with a history of its own, oldest first.
    """

    object_id: str
    folder: str
    version: str
    base_sha512: str
    inventory: bytes
    new_files: tuple[NewFile, ...]
    files: tuple[tuple[str, str], ...]
    earlier: tuple[tuple[str, bytes], ...] = ()

    @property
    def inventory_sha512(self) -> str:
        """Digest of the new inventory."""
        return sha512_of(self.inventory)


def plan_update(root: StorageRoot, draft: VersionDraft, made: Version) -> UpdatePlan:
    """What the draft becomes.

    Args:
        root: where the object lies or will lie.
        draft: the version that somebody wants kept.
        made: when and by whom; its state is filled in here.

    Raises:
        ConflictError: the draft was not made from the head, or counts on bytes that are not kept.
        UsageError: logical paths that cannot stand together.
    """
    folder = root.folder_of(draft.object_id)
    base = read_inventory(root.storage, folder) if root.has(draft.object_id) else None
    head = base.inventory.head if base else ""
    if head != draft.base:
        raise ConflictError(
            f"{draft.object_id} is at {head or 'no version'}, not at {draft.base or 'no version'}: someone else changed it.",
            advice="Look at the newest version and do it again from there.",
        )
    _require_names(draft.files)
    empty = Inventory(draft.object_id, "v0", {}, {}, {})
    inventory, new_files = _next_inventory(base.inventory if base else empty, draft, made)
    return UpdatePlan(
        object_id=draft.object_id,
        folder=folder,
        version=inventory.head,
        base_sha512=base.sha512 if base else "",
        inventory=inventory_json(inventory),
        new_files=new_files,
        files=tuple((logical, sha512) for logical, sha512, _ in inventory.files()),
    )


def stage_frame(storage: Storage, plan: UpdatePlan, staged: str) -> None:
    """Make the staged folder of a version with its folders, inventories and declaration: everything but the content."""
    versions = {f"{staged}/{version}": inventory for version, inventory in (*plan.earlier, (plan.version, plan.inventory))}
    folders = set(versions) | {parent_of(f"{staged}/{new.path}") for new in plan.new_files}
    for folder in sorted(folders):
        make_folders(storage, folder)
    if not plan.base_sha512:
        storage.write_new(f"{staged}/{NAMASTE}", NAMASTE_CONTENT)
    for folder, inventory in (*versions.items(), (staged, plan.inventory)):
        storage.write_new(f"{folder}/{INVENTORY}", inventory)
        storage.write_new(f"{folder}/{SIDECAR}", sidecar(inventory))


def require_base(storage: Storage, plan: UpdatePlan) -> None:
    """Look again, just before installing, that the object is still what the plan was made from.

    Raises:
        ConflictError: it is not.
    """
    there = storage.kind(plan.folder) is not None
    found = read_inventory(storage, plan.folder).sha512 if there and plan.base_sha512 else ""
    if found != plan.base_sha512 or there != bool(plan.base_sha512):
        raise ConflictError(f"{plan.object_id} was changed meanwhile.", advice="Look at the newest version and do it again from there.")


def install_folder(storage: Storage, plan: UpdatePlan, staged: str) -> tuple[str, ...]:
    """Put the whole new object, or the new version's folder, in its place; the folders whose names changed, deepest first."""
    if plan.base_sha512:
        storage.rename(f"{staged}/{plan.version}", f"{plan.folder}/{plan.version}")
        return (plan.folder, staged)
    parent = parent_of(plan.folder)
    made = make_folders(storage, parent)
    storage.rename(staged, plan.folder)
    return (parent, *(parent_of(folder) for folder in reversed(made)), parent_of(staged))


def install_inventory(storage: Storage, folder: str, staged: str) -> tuple[str, ...]:
    """Put the staged inventory and its digest file over those of the object; the folders whose names changed."""
    storage.replace(f"{staged}/{INVENTORY}", f"{folder}/{INVENTORY}")
    storage.replace(f"{staged}/{SIDECAR}", f"{folder}/{SIDECAR}")
    return (folder, staged)


def _next_inventory(base: Inventory, draft: VersionDraft, made: Version) -> tuple[Inventory, tuple[NewFile, ...]]:
    version = f"v{version_number(base.head) + 1}"
    manifest = dict(base.manifest)
    fixity: defaultdict[str, tuple[str, ...]] = defaultdict(tuple, base.fixity)
    state: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    new_files = []
    taken: set[str] = set()
    for file in sorted(draft.files, key=lambda file: file.logical_path):
        state[file.sha512] += (file.logical_path,)
        if file.sha512 in manifest:
            continue
        if file.kept:
            raise ConflictError(f"{draft.object_id} has no bytes with the digest of {file.logical_path}.", advice="Give the file itself.")
        path = content_path(version, file.logical_path, file.sha512, taken)
        taken.add(portable_name(path))
        manifest[file.sha512] = (path,)
        fixity[file.sha256] += (path,)
        new_files.append(NewFile(path, file))
    versions: dict[str, Version] = {**base.versions, version: replace(made, state=dict(state), message=draft.message)}
    return Inventory(draft.object_id, version, manifest, dict(fixity), versions), tuple(new_files)


def _require_names(files: Iterable[FileToKeep]) -> None:
    """Logical paths are unique, and none is a folder of another (E095)."""
    paths = [file.logical_path for file in files]
    folders = set()
    for path in paths:
        require_logical(path)
        while path := parent_of(path):
            folders.add(path)
    if len(set(paths)) != len(paths) or folders & set(paths):
        twice = sorted({path for path in paths if paths.count(path) > 1} | (folders & set(paths)))
        raise UsageError(f"Two files of one version want the same name: {', '.join(twice)}.")
