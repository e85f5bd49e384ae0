"""Rules that logical and content paths share: no dot or empty elements, no slash at either end, unique, none inside another."""

from collections import Counter
from collections.abc import Callable, Collection
from itertools import pairwise
from typing import NamedTuple

from archive.ocfl.validate.findings import Notes

_ODD = ("//", "/./", "/../")
"""what is to be seen in paths that are joined by slashes, where one of them breaks a rule"""
_ROOM = 1 << 20
"""characters of folders that are gathered whatever the paths are"""
_DOTS = {".", "..", ""}


class PathCodes(NamedTuple):
    """Which codes the rules have for a kind of path."""

    parts: str
    elements: str
    slashes: str
    unique: str


LOGICAL = PathCodes(parts="E051", elements="E052", slashes="E053", unique="E095")
CONTENT = PathCodes(parts="E098", elements="E099", slashes="E100", unique="E101")


def judge_paths(paths: Collection[str], codes: PathCodes, notes: Notes, place: str) -> None:
    """Judge all paths of one block, repetitions included."""
    joined = "/".join(("", *paths, "")) if paths else ""
    if any(odd in joined for odd in _ODD):
        for path in paths:
            _judge_elements(path, codes, lambda code, detail: notes.found(code, place, detail))
    unique = set(paths)
    if len(unique) != len(paths):
        for path, times in Counter(paths).items():
            if times > 1:
                notes.found(codes.unique, place, f"{path!r} occurs {times} times")
    for path in sorted(_files_with_files_inside(unique)):
        notes.found(codes.unique, place, f"{path!r} is a file and a folder of other files")


def is_backslashed(path: str) -> bool:
    """Whether a content path is joined by backslashes: none of its parts is below a version's folder otherwise."""
    return "\\" in path and "/" not in path


def _judge_elements(path: str, codes: PathCodes, found: Callable[[str, str], None]) -> None:
    if not path:
        found(codes.parts, "'' has no element")
        found(codes.elements, "'' is an empty element")
        return
    if path[0] == "/" or path[-1] == "/":
        found(codes.slashes, f"{path!r} begins or ends with a slash")
    if not _DOTS.isdisjoint(path.strip("/").split("/")) or "//" in path:
        found(codes.elements, f"{path!r} has an element that is empty, one period or two")


def _files_with_files_inside(paths: set[str]) -> set[str]:
    """The paths that are a folder of another one. The folders of all paths are gathered, unless that takes too much memory."""
    left = _ROOM + 2 * sum(map(len, paths))
    folders: set[str] = set()
    rising = {path.rpartition("/")[0] for path in paths}
    while rising:
        left -= sum(map(len, rising))
        if left < 0:
            return _found_by_order(paths)
        folders |= rising
        rising = {folder.rpartition("/")[0] for folder in rising} - folders
    return paths & (folders - {""})


def _found_by_order(paths: set[str]) -> set[str]:
    """The same by sorting: with slashes before every other character, what lies inside a path follows it at once."""
    ordered = sorted(paths, key=lambda path: path.replace("\0", "\1").replace("/", "\0"))
    return {path for path, following in pairwise(ordered) if following.startswith(f"{path}/")}
