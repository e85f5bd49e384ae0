"""The digest file beside an inventory (section 3.6)."""

import re
from dataclasses import dataclass, field

from archive.ocfl.algorithms import ALGORITHMS
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


@dataclass(slots=True)
class InventoryText:
    """An inventory's bytes, with its digests, each computed once.

    Attributes:
        content: the bytes.
        algorithm: that the inventory names, "" when it names none that is known.
    """

    content: bytes
    algorithm: str = ""
    _digests: dict[str, str] = field(default_factory=dict)

    def digest(self, algorithm: str) -> str:
        """The digest, in lower-case hexadecimal."""
        if algorithm not in self._digests:
            self._digests[algorithm] = ALGORITHMS[algorithm](self.content).hexdigest()
        return self._digests[algorithm]


def judge_sidecar(folder: str, entries: Entries, text: InventoryText, notes: Notes) -> None:
    """Judge the digest file of an inventory.

    Args:
        folder: in which both lie.
        entries: of that folder.
        text: the inventory.
        notes: for paths relative to that folder.
    """
    name = sidecar_of(text.algorithm, entries)
    if entries.get(name) is EntryKind.FILE:
        line = read_noted(folder, name, Reading("E061", _MOST), notes)
        if line is not None:
            _judge_line(line, text, name, notes)
    elif entries.get(name) is not EntryKind.LINK:
        notes.found("E058", name or INVENTORY, "the digest file is not there")
        for other in sidecars_in(entries):
            if other != name:
                notes.found("E059", other, f"the inventory's algorithm is {text.algorithm or 'none that is known'}")


def _judge_line(line: bytes, text: InventoryText, name: str, notes: Notes) -> None:
    match = _LINE.fullmatch(line)
    if match is None:
        notes.found("E061", name, f"{line[:200]!r} is not a digest and {INVENTORY}")
        return
    digest = text.digest(name.removeprefix(f"{INVENTORY}."))
    if match[1].decode("ascii", "replace").lower() != digest:
        notes.found("E060", name, f"{match[1][:200]!r}, the inventory's digest is {digest}")
