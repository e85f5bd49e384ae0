"""The digest file beside an inventory (section 3.6)."""

import re

from archive.ocfl.validate.algorithms import ALGORITHMS
from archive.ocfl.validate.block import INVENTORY
from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.folders import Entries, EntryKind
from archive.ocfl.validate.small_files import Reading, read_noted

_LINE = re.compile(rb"(\S+)[ \t]+inventory\.json(?:\r?\n)?")
_MOST = 4096


def sidecar_of(algorithm: str, entries: Entries) -> str:
    """The name of the digest file: by the inventory's algorithm, or the one that is there when the inventory names none."""
    if algorithm:
        return f"{INVENTORY}.{algorithm}"
    return next((name for name in sidecars_in(entries) if name.removeprefix(f"{INVENTORY}.") in ALGORITHMS), "")


def sidecars_in(entries: Entries) -> list[str]:
    """The entries that look like digest files."""
    return [name for name in entries if name.startswith(f"{INVENTORY}.")]


def judge_sidecar(folder: str, entries: Entries, inventory: tuple[bytes, str], notes: Notes) -> None:
    """Judge the digest file of an inventory.

    Args:
        folder: in which both lie.
        entries: of that folder.
        inventory: its bytes and its algorithm ("" when it names none that is known).
        notes: of the object, and of the folder inside it by their own folder.
    """
    content, algorithm = inventory
    name = sidecar_of(algorithm, entries)
    if entries.get(name) is not EntryKind.FILE:
        if entries.get(name) is not EntryKind.LINK:
            notes.found("E058", name or INVENTORY, f"{name or 'the digest file'} is not there")
        for other in sidecars_in(entries):
            if other != name:
                notes.found("E059", other, f"the inventory's algorithm is {algorithm or 'none'}")
        return
    line = read_noted(folder, name, Reading("E061", _MOST), notes)
    if line is not None:
        _judge_line(line, content, name, notes)


def _judge_line(line: bytes, content: bytes, name: str, notes: Notes) -> None:
    match = _LINE.fullmatch(line)
    if match is None:
        notes.found("E061", name, f"{line[:200]!r} is not a digest and {INVENTORY}")
        return
    digest = ALGORITHMS[name.removeprefix(f"{INVENTORY}.")](content).hexdigest()
    if match[1].decode("ascii", "replace").lower() != digest:
        notes.found("E060", name, f"{match[1][:200]!r}, the inventory's digest is {digest}")
