"""Names of versions: v1, v2, v3 … or all zero-padded to the same length (specification section 3.3)."""

import re
from collections.abc import Collection, Iterable
from itertools import pairwise

from archive.ocfl.validate.findings import Notes

_LONGEST = 1000
"""characters of a version name; nobody makes that many versions, and longer numbers cost time to read"""
_NAME = re.compile(r"v([0-9]*[1-9][0-9]*)", re.ASCII)


def version_number(name: str) -> int:
    """The number of a version name, 0 when it is none."""
    match = _NAME.fullmatch(name)
    return int(match[1]) if match is not None and len(name) <= _LONGEST else 0


def in_order(names: Iterable[str]) -> list[str]:
    """The version names among these, by number."""
    return sorted(filter(version_number, names), key=lambda name: (version_number(name), name))


def judge_version_names(names: Collection[str], notes: Notes, place: str) -> None:
    """Judge the names of the versions that an inventory lists."""
    for name in names:
        if not version_number(name):
            code = "E105" if name.startswith("v") else "E104"
            notes.found(code, place, f"{name!r} is not v and a positive number")
    versions = in_order(names)
    if not versions:
        notes.found("E008", place, "no version")
        return
    judge_sequence(versions, notes, place)
    if versions[0].startswith("v0"):
        notes.found("W001", place, f"{versions[0]} is zero-padded")


def judge_sequence(versions: list[str], notes: Notes, place: str) -> None:
    """Judge that versions, sorted, count from 1 without a gap and are written alike."""
    numbers = [version_number(name) for name in versions]
    if numbers[0] != 1:
        notes.found("E009", place, f"the first version is {versions[0]}")
    for before, after in pairwise(numbers):
        if after - before > 1:
            notes.found("E010", place, f"nothing between version {before} and version {after}")
    for name in versions[1:]:
        _judge_style(versions[0], name, notes, place)


def _judge_style(first: str, name: str, notes: Notes, place: str) -> None:
    padded = first.startswith("v0")
    if padded == name.startswith("v0") and (not padded or len(first) == len(name)):
        return
    if padded and not name.startswith("v0"):
        notes.found("E011", place, f"{name} has no zero after its v, unlike {first}")
    if not padded or len(first) != len(name):
        notes.found("E012", place, f"{name} is not written like {first}")
    notes.found("E013", place, f"{name} does not follow the convention that {first} established")
