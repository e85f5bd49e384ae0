"""Rules for the blocks that map digests to paths: the manifest, the states, the fixity blocks (sections 3.5.2 to 3.5.4)."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from archive.ocfl.algorithms import (
    ALGORITHMS,
    ENCODING_CODES,
    LENGTHS,
    SIZE,
    all_hexadecimal,
    is_hexadecimal,
    is_lower_case,
    meant_algorithm,
)
from archive.ocfl.validate.block import Block, Digests
from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.json_text import Repeated
from archive.ocfl.validate.path_rules import CONTENT, LOGICAL, is_backslashed, judge_paths

_OTHER_LENGTHS = frozenset(LENGTHS.values())


class _Codes(NamedTuple):
    """Which codes a block that maps digests to paths has: for its form, for what is no path, for a digest that occurs twice."""

    form: str
    path: str
    twice: str


_MANIFEST = _Codes(form="E092", path="E098", twice="E096")
_STATE = _Codes(form="E050", path="E051", twice="E050")
_FIXITY = _Codes(form="E057", path="E057", twice="E097")


def read_manifest(value: Any, algorithm: str, notes: Notes, place: str) -> Digests:
    """Judge the manifest; digests with their content paths, as far as they are of the right kind."""
    if not isinstance(value, dict):
        notes.found("E106", place, "manifest is not a JSON object")
        return {}
    manifest, all_paths = _read(value, _MANIFEST, notes, place)
    for digest in (digest for digest, paths in manifest.items() if not paths):
        notes.found("E092", place, f"{digest} has no content path")
    _judge_case(manifest, _MANIFEST.twice, notes, place)
    _judge_encoding(manifest, algorithm, notes, place)
    judge_paths(all_paths, CONTENT, notes, place)
    return manifest


def read_state(value: Any, block: Block, notes: Notes, version: str) -> Digests:
    """Judge the state of one version against the manifest of its inventory."""
    if not isinstance(value, dict):
        notes.found("E050", block.place, f"state of {version} is not a JSON object")
        return {}
    state, all_paths = _read(value, _STATE, notes, block.place)
    for digest in sorted(state.keys() - block.manifest.keys()):
        notes.found("E050", block.place, f"{digest} of {version} is not in the manifest")
    judge_paths(all_paths, LOGICAL, notes, block.place)
    return state


def read_fixity(value: Any, notes: Notes, place: str) -> dict[str, Digests]:
    """Judge the fixity block; algorithms that nobody knows are left out (E028)."""
    if not isinstance(value, dict):
        notes.found("E111", place, "fixity is not a JSON object")
        return {}
    return {name: _read_fixity_of(name, digests, notes, place) for name, digests in value.items()}


def judge_use(block: Block, notes: Notes) -> None:
    """Judge that every digest of the manifest stands in a state (E107)."""
    used: set[str] = set()
    for version in block.versions.values():
        used.update(version.state)
    left = block.manifest.keys() - used
    if left:
        folded = {digest.lower() for digest in used}
        for digest in sorted(left):
            if digest.lower() not in folded:
                notes.found("E107", block.place, f"{digest} is in no version's state")


def _read_fixity_of(name: str, value: Any, notes: Notes, place: str) -> Digests:
    meant = meant_algorithm(name)
    if meant is not None or not name:
        for code in ("E026", "E056"):
            notes.found(code, place, f"{name!r} is no digest algorithm{f', {meant} is' if meant else ''}")
    if not isinstance(value, dict):
        notes.found("E057", place, f"fixity of {name!r} is not a JSON object")
        return {}
    digests, all_paths = _read(value, _FIXITY, notes, place)
    judge_paths(all_paths, CONTENT, notes, place)
    for path in (path for path in all_paths if is_backslashed(path)):
        notes.found("E035", place, f"{path!r} has a backslash where a slash should be")
    if name in ALGORITHMS:
        _judge_case(digests, _FIXITY.twice, notes, place)
        _judge_encoding(digests, name, notes, place)
    return digests if name in ALGORITHMS or name == SIZE else {}


def _read(value: dict[str, Any], codes: _Codes, notes: Notes, place: str) -> tuple[Digests, list[str]]:
    """The entries that are arrays of strings, and all these strings; everything else is found out."""
    if isinstance(value, Repeated):
        for digest in value.twice:
            notes.found(codes.twice, place, f"{digest} occurs more than once")
    if all(type(paths) is list for paths in value.values()):
        all_paths = [path for paths in value.values() for path in paths]
        if set(map(type, all_paths)) <= {str}:
            return value, all_paths
    return _read_mixed(value, codes, notes, place)


def _read_mixed(value: dict[str, Any], codes: _Codes, notes: Notes, place: str) -> tuple[Digests, list[str]]:
    for digest, paths in value.items():
        if not isinstance(paths, list):
            notes.found(codes.form, place, f"{digest} has no array of paths")
        elif not all(isinstance(path, str) for path in paths):
            notes.found(codes.path, place, f"{digest} has a path that is not a string")
    arrays = {digest: paths if isinstance(paths, list) else [] for digest, paths in value.items()}
    digests = {digest: [path for path in paths if isinstance(path, str)] for digest, paths in arrays.items()}
    return digests, [path for paths in digests.values() for path in paths]


def _judge_case(digests: Digests, code: str, notes: Notes, place: str) -> None:
    """The same digest in two cases."""
    if is_lower_case(digests) or len({digest.lower() for digest in digests}) == len(digests):
        return
    seen: set[str] = set()
    for digest in digests:
        if digest.lower() in seen:
            notes.found(code, place, f"{digest} occurs in upper and lower case")
        seen.add(digest.lower())


def _judge_encoding(digests: Iterable[str], algorithm: str, notes: Notes, place: str) -> None:
    """Digests are hexadecimal and as long as those of their algorithm."""
    if algorithm not in LENGTHS or all_hexadecimal(list(digests), LENGTHS[algorithm]):
        return
    for digest in digests:
        if is_hexadecimal(digest) and len(digest) in _OTHER_LENGTHS - {LENGTHS[algorithm]}:
            notes.found("E039", place, f"{digest} is as long as a digest of another algorithm than {algorithm}")
        elif not is_hexadecimal(digest) or len(digest) != LENGTHS[algorithm]:
            notes.found(ENCODING_CODES.get(algorithm, "E057"), place, f"{digest!r} is no digest of {algorithm} in hexadecimal")
