"""Rules for the version directories of an object as they lie on disk (section 3.3)."""

from typing import NamedTuple

from archive.ocfl.validate.block import INVENTORY, Block
from archive.ocfl.validate.content import ContentCheck
from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.folders import Entries, EntryKind
from archive.ocfl.validate.links import judge_links, note_odd
from archive.ocfl.validate.sidecars import sidecars_in
from archive.ocfl.validate.version_names import in_order, judge_sequence


class VersionFolder(NamedTuple):
    """A version directory and what lies in it.

    Attributes:
        name: "v1".
        entries: of the directory.
        sidecar: the name that its inventory's digest file must have; "" when it has no inventory.
    """

    name: str
    entries: Entries
    sidecar: str


def judge_names_on_disk(entries: Entries, block: Block, notes: Notes) -> None:
    """Judge which version directories are there, against the inventory."""
    there = in_order(name for name, kind in entries.items() if kind is EntryKind.FOLDER)
    present = set(there)
    for name in block.versions:
        if name not in present:
            notes.found("E046", name, "the inventory lists this version, there is no such directory")
    for name in there:
        if name not in block.versions:
            notes.found("E046", name, "the inventory does not list this version")
    if block.versions and not there:
        notes.found("E008", "", "no version directory")
    if there and there != in_order(block.versions):
        judge_sequence(there, notes, "")


def judge_version_folder(folder: VersionFolder, content_name: str, notes: Notes) -> None:
    """Judge what lies directly in a version directory, but for the inventory."""
    for name, kind in folder.entries.items():
        path = f"{folder.name}/{name}"
        if kind is EntryKind.FOLDER:
            if name == INVENTORY or name in sidecars_in(folder.entries):
                notes.found("E015", path, "a folder where a file should be")
            elif name != content_name:
                notes.found("W002", path, "not the content directory")
        elif kind is not EntryKind.FILE:
            note_odd(path, notes, link=kind is EntryKind.LINK)
        elif name not in {INVENTORY, folder.sidecar}:
            notes.found("E015", path, "a file that does not belong here")


def judge_version_content(folder: VersionFolder, block: Block, check: ContentCheck) -> None:
    """Judge the content directory, and look for links in the folders that a validator ignores."""
    name, notes = block.content_name, check.notes
    if folder.entries.get(name) is EntryKind.FOLDER:
        check.judge_directory(f"{folder.name}/{name}")
    elif folder.name in check.versions_with_content:
        notes.found("E016", folder.name, f"there is no content directory {name!r:.80}")
    for other, kind in folder.entries.items():
        if kind is EntryKind.FOLDER and other != name:
            judge_links(check.root, f"{folder.name}/{other}", notes)
