"""The declaration of an object or a root: one NAMASTE file that names the version of the specification (sections 3.2 and 4.2)."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from archive.ocfl.validate.block import INVENTORY
from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.folders import Entries, EntryKind
from archive.ocfl.validate.small_files import Reading, read_noted

SPECS = ("1.0", "1.1")
"""versions of the specification, older first"""
_MOST = 4096


class DeclarationCodes(NamedTuple):
    """How a declaration looks and which codes its rules have.

    Attributes:
        stem: what stands before the version ("ocfl_object_").
        looks_like: names that are meant as a declaration.
        namaste: the name is none of NAMASTE.
        one: there is not exactly one.
        pattern: the name is not as the specification wants it; ``tag`` before the =, ``value`` behind it.
        content: the file does not repeat its name.
        absent: there is none at all, where that has a code of its own.
    """

    stem: str
    looks_like: re.Pattern[str]
    namaste: str
    one: str
    pattern: str
    tag: str
    value: str
    content: str
    absent: str = ""


OBJECT = DeclarationCodes(
    stem="ocfl_object_",
    looks_like=re.compile(r"(?i)(.*=\W*ocfl.?object|\W*\d?\W*ocfl.?object.?\d).*"),
    namaste="E002",
    one="E003",
    pattern="E004",
    tag="E005",
    value="E006",
    content="E007",
)
ROOT = DeclarationCodes(
    stem="ocfl_",
    looks_like=re.compile(r"(?i)[^=]*=\W*ocfl(?!.?object).*|\d\W?ocfl.?\d+(\.\d+)*"),
    absent="E069",
    namaste="E075",
    one="E076",
    pattern="E077",
    tag="E078",
    value="E079",
    content="E080",
)
_NAMASTE = re.compile(r"\d=.+")


def declarations_in(entries: Entries, codes: DeclarationCodes) -> list[str]:
    """The names that are meant as declarations, well formed or not."""
    meant = (name for name in entries if codes.looks_like.fullmatch(name))
    return [name for name in meant if entries[name] is not EntryKind.FOLDER]


def is_object(entries: Entries) -> bool:
    """Whether a folder with these entries is an object's, well made or not."""
    return entries.get(INVENTORY) is EntryKind.FILE or bool(declarations_in(entries, OBJECT))


def declared_spec(names: Iterable[str], codes: DeclarationCodes) -> str:
    """The newest version that a well-formed declaration among the names declares, "" when there is none."""
    declared = {name.removeprefix(f"0={codes.stem}") for name in names if name.startswith(f"0={codes.stem}")}
    return max(declared.intersection(SPECS), default="")


def judge_declaration(folder: str, entries: Entries, codes: DeclarationCodes, notes: Notes) -> str:
    """Judge the declaration of a folder.

    Returns:
        The version of the specification that it declares, "" when none can be known.
    """
    names = declarations_in(entries, codes)
    good = [name for name in names if declared_spec([name], codes)]
    _judge_count([name for name in names if name.startswith(f"0={codes.stem}")], codes, notes)
    for name in good:
        if entries[name] is not EntryKind.LINK:
            _judge_content(folder, name, codes, notes)
    others = [name for name in entries if _NAMASTE.fullmatch(name)] if not good else []
    for name in dict.fromkeys((*names, *others)):
        if name not in good and entries[name] is not EntryKind.FOLDER:
            _judge_name(name, codes, notes)
    return declared_spec(good, codes)


def _judge_count(names: list[str], codes: DeclarationCodes, notes: Notes) -> None:
    if len(names) != 1:
        notes.found(codes.one, "", f"{len(names)} declarations{': ' if names else ''}{', '.join(names)}")
    if codes.absent and not names:
        notes.found(codes.absent, "", "no declaration")


def _judge_name(name: str, codes: DeclarationCodes, notes: Notes) -> None:
    if not _NAMASTE.fullmatch(name):
        notes.found(codes.namaste, name, "not a digit, = and a value")
    notes.found(codes.pattern, name, f"not 0={codes.stem} and a version of the specification")
    tag, equals, value = name.partition("=")
    if equals and tag != "0":
        notes.found(codes.tag, name, f"{tag!r} before the = is not 0")
    if value not in {f"{codes.stem}{spec}" for spec in SPECS}:
        notes.found(codes.value, name, f"{value!r} is not {codes.stem} and a version of the specification")


def _judge_content(folder: str, name: str, codes: DeclarationCodes, notes: Notes) -> None:
    content = read_noted(folder, name, Reading(codes.content, _MOST), notes)
    wanted = f"{name.removeprefix('0=')}\n".encode()
    if content is not None and content != wanted:
        notes.found(codes.content, name, f"{content[:80]!r}, expected {wanted!r}")
