"""Rules for extension folders, and the names that are registered at https://ocfl.github.io/extensions/ (sections 3.9 and 4.4)."""

from typing import NamedTuple

from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.folders import EntryKind, entries_of
from archive.ocfl.validate.links import judge_links, note_odd

LAYOUT_EXTENSIONS = frozenset(
    {
        "0002-flat-direct-storage-layout",
        "0003-hash-and-id-n-tuple-storage-layout",
        "0004-hashed-n-tuple-storage-layout",
        "0006-flat-omit-prefix-storage-layout",
        "0007-n-tuple-omit-prefix-storage-layout",
        "0010-differential-n-tuple-omit-prefix-storage-layout",
        "0011-direct-clean-path-layout",
        "0012-hash-and-no-prefix-id-n-tuple-storage-layout",
    }
)
"""those that say where objects lie"""
REGISTERED = LAYOUT_EXTENSIONS | {
    "0000-example-extension",
    "0001-digest-algorithms",
    "0005-mutable-head",
    "0008-schema-registry",
    "0009-digest-algorithms",
    "initial",
}


class ExtensionCodes(NamedTuple):
    """Which codes the rules have in an object and in a root."""

    stray: str
    unregistered: str


OF_OBJECT = ExtensionCodes("E067", "W013")
OF_ROOT = ExtensionCodes("E112", "W016")


def judge_extensions(root: str, codes: ExtensionCodes, notes: Notes) -> None:
    """Judge the folder ``extensions`` of an object or a root: only folders, named after registered extensions."""
    try:
        entries = entries_of(f"{root}/extensions")
    except OSError as error:
        notes.unread("extensions", error)
        return
    for name, kind in entries.items():
        path = f"extensions/{name}"
        if kind is EntryKind.FOLDER:
            if name not in REGISTERED:
                notes.found(codes.unregistered, path, "not a registered extension")
            judge_links(root, path, notes)
        elif kind is EntryKind.FILE:
            notes.found(codes.stray, path, "a file")
        else:
            note_odd(path, notes, link=kind is EntryKind.LINK)
