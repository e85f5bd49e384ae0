"""What a path is, and its judgement."""

from collections.abc import Callable
from pathlib import Path

from archive.errors import UsageError
from archive.ocfl.validate.declarations import OBJECT, ROOT, declarations_in, declared_spec, is_object
from archive.ocfl.validate.file_digests import FileReader
from archive.ocfl.validate.findings import Notes, Tally, Validation
from archive.ocfl.validate.folders import Entries, EntryKind, entries_of
from archive.ocfl.validate.object_rules import judge_object
from archive.ocfl.validate.version_names import version_number

_LOOKED_AT = 64
"""folders that are looked at to find out whether a folder without any declaration leads to objects"""


def validate_path(path: Path, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Validation:
    """Judge an OCFL object or storage root, version 1.0 or 1.1, by every rule of the specification.

    The path itself may be a link, whoever names it means what it points at; below it no link is followed and nothing is written.

    Args:
        path: folder of the object or root.
        progress: told (done, all) of the folders directly below a root.

    Raises:
        UsageError: there is nothing at the path, or no folder.
    """
    require_folder(path)
    folder = str(path)
    tally = Tally()
    notes = Notes(tally)
    try:
        entries = entries_of(folder)
    except OSError as error:
        notes.unread("", error)
        return tally.validation(folder, "folder")
    kind = _kind(folder, entries)
    if kind == "root":
        from archive.ocfl.validate.root_rules import judge_root  # an object is judged without loading the rules for roots

        judge_root(folder, entries, notes, progress)
    else:
        judge_object(folder, notes, FileReader())
    return tally.validation(folder, kind)


def require_folder(path: Path) -> None:
    """Refuse a path that cannot be validated.

    Raises:
        UsageError: there is nothing at the path, or no folder.
    """
    if not path.is_dir():
        advice = "Name the folder of an OCFL object or storage root."
        raise UsageError(f"There is no folder {path}.", advice=advice, code="validate-absent", values={"path": path})


def _kind(folder: str, entries: Entries) -> str:
    """What the folder is meant to be, "object" or "root": by declarations first, then by what else lies there."""
    declared = declared_spec(entries, OBJECT)
    if not declared and (declared_spec(entries, ROOT) or declarations_in(entries, ROOT)):
        return "root"
    if declared or is_object(entries) or any(version_number(name) for name in entries):
        return "object"
    return "root" if "ocfl_layout.json" in entries or _leads_to_object(folder, entries) else "object"


def _leads_to_object(folder: str, entries: Entries) -> bool:
    waiting = [name for name, kind in entries.items() if kind is EntryKind.FOLDER]
    for _ in range(_LOOKED_AT):
        if not waiting:
            return False
        here = waiting.pop()
        try:
            below = entries_of(f"{folder}/{here}")
        except OSError:
            continue  # found again, and said, when the folder is judged
        if is_object(below):
            return True
        waiting += [f"{here}/{name}" for name, kind in below.items() if kind is EntryKind.FOLDER]
    return False
