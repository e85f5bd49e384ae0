"""An object as it lies in a folder, whole: every version, every file, with the digests that say so. For objects that Ditich wrote.

Stricter than reading an object for its content: a file too many, an inventory that Ditich would have written differently, or versions
that contradict each other are damage.
"""

from dataclasses import dataclass

from archive.errors import DamageError, NotFoundError, UsageError
from archive.ocfl.digests import digests_of
from archive.ocfl.inventory import INVENTORY, NAMASTE, NAMASTE_CONTENT, SIDECAR, Inventory, inventory_json, sidecar, version_number
from archive.ocfl.object import read_inventory
from archive.ocfl.paths import require_logical
from archive.storage.base import Kind, Storage, files_under


@dataclass(frozen=True, slots=True)
class TreeFile:
    """One file of an object; ``path`` is relative to the object's folder."""

    path: str
    sha512: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ObjectTree:
    """A whole object.

    Attributes:
        folder: in its storage.
        inventory: the newest.
        versions: (version, bytes of its inventory), oldest first.
        frame: declaration, inventories and their digest files.
        content: the files of all versions.
    """

    object_id: str
    folder: str
    inventory: Inventory
    versions: tuple[tuple[str, bytes], ...]
    frame: tuple[TreeFile, ...]
    content: tuple[TreeFile, ...]

    @property
    def files(self) -> tuple[TreeFile, ...]:
        """Everything, sorted by path."""
        return tuple(sorted((*self.frame, *self.content), key=lambda file: file.path))

    @property
    def size(self) -> int:
        """Bytes of everything."""
        return sum(file.size for file in self.files)


def read_tree(storage: Storage, folder: str, object_id: str) -> ObjectTree:
    """The object in a folder; content files are counted and measured, not read.

    Raises:
        DamageError: it is not whole, or not as Ditich writes objects.
    """
    try:
        return _tree(storage, folder, object_id)
    except (NotFoundError, UsageError) as error:
        raise _damage(folder, error.message) from error
    except ValueError as error:  # text with half a character: nothing that Ditich writes
        raise _damage(folder, str(error)) from error


def _tree(storage: Storage, folder: str, object_id: str) -> ObjectTree:
    inventory = read_inventory(storage, folder).inventory
    if inventory.object_id != object_id:
        raise _damage(folder, f"it is {inventory.object_id}, not {object_id}")
    names = sorted(inventory.versions, key=version_number)
    versions = tuple((name, _own_inventory(storage, f"{folder}/{name}", name, inventory)) for name in names)
    if storage.read(f"{folder}/{INVENTORY}") != versions[-1][1]:
        raise _damage(folder, "its inventory is not that of its newest version")
    if storage.read(f"{folder}/{NAMASTE}") != NAMASTE_CONTENT:
        raise _damage(folder, f"{NAMASTE} does not say what it should")
    content = _content(storage, folder, inventory)
    frame = _frame(versions)
    found = files_under(storage, folder)
    if [f"{folder}/{path}" for path in sorted(file.path for file in (*frame, *content))] != list(found):
        strange = {path.removeprefix(f"{folder}/") for path in found} ^ {file.path for file in (*frame, *content)}
        raise _damage(folder, f"missing or too many: {', '.join(sorted(strange)[:5])}")
    return ObjectTree(object_id, folder, inventory, versions, frame, content)


def _own_inventory(storage: Storage, folder: str, version: str, newest: Inventory) -> bytes:
    """The bytes of one version's inventory, when it agrees with the newest one about all that it knows."""
    stored = read_inventory(storage, folder)
    inventory, content = stored.inventory, storage.read(f"{folder}/{INVENTORY}")
    known = {name: newest.versions.get(name) for name in inventory.versions}
    agrees = (inventory.object_id, inventory.head, inventory.versions) == (newest.object_id, version, known)
    kept = set(inventory.sha512_by_content_path().items()) <= set(newest.sha512_by_content_path().items())
    if not agrees or not kept or inventory_json(inventory) != content:
        raise _damage(folder, "its inventory contradicts the newest one, or was not written by Ditich")
    if storage.read(f"{folder}/{SIDECAR}") != sidecar(content):
        raise _damage(folder, "its digest file was not written by Ditich")
    for logical, _, _ in inventory.files():
        require_logical(logical)
    return content


def _content(storage: Storage, folder: str, inventory: Inventory) -> tuple[TreeFile, ...]:
    second = inventory.sha256_by_content_path()
    found = []
    for path, sha512 in inventory.sha512_by_content_path().items():
        require_logical(path)
        if path.split("/")[1:2] != ["content"] or path not in second or "\0" in path:
            raise _damage(folder, f"{path} is no content path of Ditich")
        if storage.kind(f"{folder}/{path}") is not Kind.FILE:
            raise _damage(folder, f"{path} is missing")
        found.append(TreeFile(path, sha512, second[path], storage.size(f"{folder}/{path}")))
    return tuple(found)


def _frame(versions: tuple[tuple[str, bytes], ...]) -> tuple[TreeFile, ...]:
    places = {f"{name}/": inventory for name, inventory in versions} | {"": versions[-1][1]}
    files = {NAMASTE: NAMASTE_CONTENT}
    for place, inventory in places.items():
        files |= {f"{place}{INVENTORY}": inventory, f"{place}{SIDECAR}": sidecar(inventory)}
    digested = ((path, digests_of(content)) for path, content in files.items())
    return tuple(TreeFile(path, found.sha512, found.sha256, found.size) for path, found in digested)


def _damage(folder: str, why: str) -> DamageError:
    return DamageError(
        f"The object in {folder} is not whole: {why}.",
        advice="Run `ditich audit`, then `ditich repair`; in a bag: ask the sender for another one.",
        code="object-not-whole",
        values={"folder": folder, "why": why},
    )
