"""All rules for one object, in order (section 3)."""

from dataclasses import dataclass, field
from typing import NamedTuple

from archive.ocfl.validate.block import INVENTORY, Block
from archive.ocfl.validate.content import ContentCheck
from archive.ocfl.validate.declarations import OBJECT, declarations_in, judge_declaration
from archive.ocfl.validate.extensions import OF_OBJECT, judge_extensions
from archive.ocfl.validate.file_digests import FileReader
from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.folders import Entries, EntryKind, entries_of
from archive.ocfl.validate.inventory import read_inventory
from archive.ocfl.validate.links import judge_links, note_odd
from archive.ocfl.validate.prior import judge_content_directories, judge_prior, judge_spec_order
from archive.ocfl.validate.sidecars import InventoryText, judge_sidecar, sidecar_of
from archive.ocfl.validate.small_files import Reading, read_noted
from archive.ocfl.validate.version_names import in_order, version_number
from archive.ocfl.validate.versions_on_disk import VersionFolder, judge_names_on_disk, judge_version_content, judge_version_folder
from archive.ocfl.validate.wanted import WantedDigests

LARGEST_INVENTORY = 1 << 32
_OWN_FOLDERS = ("logs", "extensions")


class ObjectFacts(NamedTuple):
    """What the storage root wants to know of an object.

    Attributes:
        object_id: "" when it cannot be known.
        spec: version of the specification that it declares, "" when none.
    """

    object_id: str
    spec: str


@dataclass(slots=True)
class _Object:
    """An object while it is judged.

    Attributes:
        folder: where it lies.
        entries: of that folder.
        notes: what is found.
        text: of the root's inventory.
        root: what it says; None when it cannot be used.
        priors: the other inventories, oldest first.
        folders: the version directories.
        hidden: those that cannot be read, with a slash.
    """

    folder: str
    entries: Entries
    notes: Notes
    text: InventoryText | None = None
    root: Block | None = None
    priors: list[Block] = field(default_factory=list)
    folders: list[VersionFolder] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def judge_object(folder: str, notes: Notes, reader: FileReader) -> ObjectFacts:
    """Judge the object in a folder.

    Args:
        folder: where it lies.
        notes: what is found goes there.
        reader: reads the content files.
    """
    try:
        entries = entries_of(folder)
    except OSError as error:
        notes.unread("", error)
        return ObjectFacts("", "")
    notes.tally.objects += 1
    found = _Object(folder, entries, notes)
    spec = judge_declaration(folder, entries, OBJECT, notes)
    _judge_root_inventory(found, spec)
    _judge_own_entries(found)
    if found.root is not None:
        judge_names_on_disk(entries, found.root, notes)
    wanted = _judge_versions(found)
    _judge_history(found)
    _judge_content(found, ContentCheck(folder, wanted, notes, reader, hidden=found.hidden))
    return ObjectFacts(found.root.object_id if found.root is not None else "", spec)


def _judge_root_inventory(found: _Object, spec: str) -> None:
    content = _read_inventory_file(found, "", found.entries)
    if found.entries.get(INVENTORY) not in {EntryKind.FILE, EntryKind.LINK}:
        found.notes.found("E063", INVENTORY, "there is no inventory")
    if content is None:
        return
    found.root = read_inventory(content, found.notes, INVENTORY)
    found.text = InventoryText(content, found.root.algorithm if found.root is not None else "")
    judge_sidecar(found.folder, found.entries, found.text, found.notes)
    if found.root is not None and spec and found.root.spec and found.root.spec != spec:
        found.notes.found("E038", INVENTORY, f"the type is of specification {found.root.spec}, the declaration of {spec}")


def _read_inventory_file(found: _Object, place: str, entries: Entries) -> bytes | None:
    for name in entries:
        if name.casefold() == INVENTORY and name != INVENTORY:
            found.notes.found("E034", f"{place}{name}", f"not named {INVENTORY}")
    if entries.get(INVENTORY) is not EntryKind.FILE:
        return None
    return read_noted(found.folder, f"{place}{INVENTORY}", Reading("E033", LARGEST_INVENTORY), found.notes)


def _judge_own_entries(found: _Object) -> None:
    """Judge what lies directly in the object's folder (E001)."""
    algorithm = found.root.algorithm if found.root is not None else ""
    files = {INVENTORY, sidecar_of(algorithm, found.entries), *declarations_in(found.entries, OBJECT)}
    for name, kind in found.entries.items():
        if kind is EntryKind.FOLDER:
            if name in _OWN_FOLDERS:
                _judge_own_folder(found, name)
            elif not version_number(name):
                found.notes.found("E001", name, "a folder that does not belong here")
                judge_links(found.folder, name, found.notes)
        elif kind is not EntryKind.FILE:
            note_odd(name, found.notes, link=kind is EntryKind.LINK)
        elif name not in files:
            found.notes.found("E001", name, "a file that does not belong here")


def _judge_own_folder(found: _Object, name: str) -> None:
    if name == "extensions":
        judge_extensions(found.folder, OF_OBJECT, found.notes)
    elif not judge_links(found.folder, name, found.notes) and _has_entries(f"{found.folder}/{name}"):
        found.notes.found("W012", name, "folders, but no file that records anything")


def _has_entries(folder: str) -> bool:
    try:
        return bool(entries_of(folder))
    except OSError:
        return False  # that it cannot be read was said already


def _judge_versions(found: _Object) -> WantedDigests:
    """Judge every version directory and its inventory; the digests that all inventories want."""
    root = found.root or Block(INVENTORY)
    wanted = WantedDigests(root.algorithm, root.paths)
    wanted.add_fixity(root)
    for name in in_order(name for name, kind in found.entries.items() if kind is EntryKind.FOLDER):
        try:
            entries = entries_of(f"{found.folder}/{name}")
        except OSError as error:
            found.notes.unread(name, error)
            found.hidden.append(f"{name}/")
            continue
        block = _judge_version_inventory(found, name, entries)
        algorithm = block.algorithm if block is not None else ""
        sidecar = sidecar_of(algorithm, entries) if INVENTORY in entries else ""
        found.folders.append(VersionFolder(name, entries, sidecar))
        judge_version_folder(found.folders[-1], root.content_name, found.notes)
        if block is not None and block is not found.root:
            found.priors.append(block)
            wanted.add_manifest(block)
            wanted.add_fixity(block)
    return wanted


def _judge_version_inventory(found: _Object, name: str, entries: Entries) -> Block | None:
    """The inventory of a version directory; that of the root where both are the same."""
    content = _read_inventory_file(found, f"{name}/", entries)
    if content is None:
        if INVENTORY not in entries:
            found.notes.found("W010", name, "the version has no inventory")
        return None
    place = f"{name}/{INVENTORY}"
    head = found.root is not None and found.root.head == name
    same = found.text if found.text is not None and found.text.content == content else None
    if head and same is None:
        found.notes.found("E064", place, "not the same as the inventory in the object's root")
    block = read_inventory(content, found.notes, place) if same is None else found.root
    if block is not None and found.root is not None and not (head and block is found.root):
        judge_prior(block, name, found.root, found.notes)
    text = same or InventoryText(content, block.algorithm if block is not None else "")
    judge_sidecar(f"{found.folder}/{name}", entries, text, found.notes.inside(name))
    return block


def _judge_history(found: _Object) -> None:
    """Judge what must hold from version to version."""
    blocks = [*found.priors, *([found.root] if found.root is not None else [])]
    judge_spec_order(blocks, found.notes)
    if blocks and version_number(blocks[0].place.partition("/")[0]) == 1:
        judge_content_directories(blocks[0], blocks[1:], found.notes)


def _judge_content(found: _Object, check: ContentCheck) -> None:
    for folder in found.folders:
        if found.root is not None and folder.name in found.root.versions:
            judge_version_content(folder, found.root, check)
        else:
            judge_links(found.folder, folder.name, found.notes)
    if found.root is not None:
        check.judge_missing()
    found.notes.tally.files += check.files
    found.notes.tally.bytes += check.bytes
