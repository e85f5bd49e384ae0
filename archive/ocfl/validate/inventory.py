"""Rules for one inventory by itself: its text, its keys, its blocks (section 3.5)."""

import re
from typing import Any

from archive.ocfl.algorithms import ALGORITHMS, CONTENT, is_lower_case
from archive.ocfl.validate.block import Block, Digests
from archive.ocfl.validate.content_paths import judge_content_paths
from archive.ocfl.validate.digest_blocks import judge_use, read_fixity, read_manifest
from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.json_text import JsonText, NotJsonError, parse_json, shown
from archive.ocfl.validate.uris import is_uri
from archive.ocfl.validate.version_blocks import read_versions
from archive.ocfl.validate.version_names import in_order

_KEYS = {"id", "type", "digestAlgorithm", "head", "contentDirectory", "manifest", "versions", "fixity"}
_TYPE = re.compile(r"https://ocfl\.io/(1\.[01])/spec/#inventory")
_MISNAMED = {"version": "E044", "versions": "E044", "fixities": "E055", "fixity": "E055"}
"""keys that stand for the versions or the fixity block under another name, in lower case"""


def read_inventory(content: bytes, notes: Notes, place: str) -> Block | None:
    """Judge an inventory's bytes.

    Returns:
        What it says; None when it is no JSON object.
    """
    try:
        text = parse_json(content)
    except NotJsonError as error:
        notes.found("E033", place, str(error))
        return None
    _judge_twice(text, notes, place)
    if not isinstance(text.value, dict):
        notes.found("E033", place, "not a JSON object")
        return None
    return _read(text.value, notes, place)


def _judge_twice(text: JsonText, notes: Notes, place: str) -> None:
    for name in text.twice:
        notes.found("E033", place, f"{name!r} occurs more than once in the same object")


def _read(value: dict[str, Any], notes: Notes, place: str) -> Block:
    _judge_keys(value, notes, place)
    block = Block(place)
    block.object_id = _read_id(value, notes, place)
    block.spec = _read_type(value, notes, place)
    block.algorithm = _read_algorithm(value, notes, place)
    block.content_directory = _read_content_directory(value, notes, place)
    if "manifest" in value:
        block.manifest = read_manifest(value["manifest"], block.algorithm, notes, place)
        block.paths = _digests_by_path(block.manifest)
    if "versions" in value:
        block.versions = read_versions(value["versions"], block, notes)
        if block.spec != "1.0":  # version 1.1 brought E107 as a new requirement
            judge_use(block, notes)
    if "fixity" in value:
        block.fixity = read_fixity(value["fixity"], notes, place)
    block.head = _read_head(value, block, notes)
    judge_content_paths(block, notes)
    return block


def _digests_by_path(manifest: Digests) -> dict[str, str]:
    if is_lower_case(manifest):
        return {path: digest for digest, paths in manifest.items() for path in paths}
    return {path: digest.lower() for digest, paths in manifest.items() for path in paths}


def _judge_keys(value: dict[str, Any], notes: Notes, place: str) -> None:
    for key in sorted(value.keys() - _KEYS):
        notes.found("E102", place, f"{key!r}")
        if (code := _MISNAMED.get(key.casefold())) is not None:
            notes.found(code, place, f"{key!r} is not the name of the block")
    for key in ("id", "type", "digestAlgorithm", "head"):
        if key not in value:
            notes.found("E036", place, f"no {key!r}")
    if "manifest" not in value:
        notes.found("E041", place, "no 'manifest'")
    if "versions" not in value:
        notes.found("E041", place, "no 'versions'")
        notes.found("E043", place, "no 'versions'")


def _read_id(value: dict[str, Any], notes: Notes, place: str) -> str:
    found = value.get("id", "")
    if "id" in value and (not isinstance(found, str) or not found):
        notes.found("E037", place, f"the id is {shown(found)}")
    elif found and not is_uri(found):
        notes.found("W005", place, f"{shown(found)} is not a URI")
    return found if isinstance(found, str) else ""


def _read_type(value: dict[str, Any], notes: Notes, place: str) -> str:
    found = value.get("type")
    match = _TYPE.fullmatch(found) if isinstance(found, str) else None
    if "type" in value and match is None:
        notes.found("E038", place, f"the type is {shown(found)}")
    return match[1] if match is not None else ""


def _read_algorithm(value: dict[str, Any], notes: Notes, place: str) -> str:
    found = value.get("digestAlgorithm", "")
    if "digestAlgorithm" in value and found not in CONTENT:
        notes.found("E025", place, f"the digest algorithm is {shown(found)}")
    if found == "sha256":
        notes.found("W004", place, "the digest algorithm is sha256")
    return found if isinstance(found, str) and found in ALGORITHMS else ""


def _read_head(value: dict[str, Any], block: Block, notes: Notes) -> str:
    found = value.get("head", "")
    newest = in_order(block.versions)[-1:]
    if "head" in value and found not in newest:
        notes.found("E040", block.place, f"the head is {shown(found)}, the newest version {''.join(newest) or 'none'}")
    return found if isinstance(found, str) else ""


def _read_content_directory(value: dict[str, Any], notes: Notes, place: str) -> str | None:
    if "contentDirectory" not in value:
        return None
    found = value["contentDirectory"]
    code = ""
    if not isinstance(found, str) or not found:
        code = "E108"
    elif "/" in found:
        code = "E017"
    elif found in {".", ".."}:
        code = "E018"
    if not code:
        return str(found)
    for one in sorted({code, "E108"}):
        notes.found(one, place, f"the content directory is {shown(found)}")
    return ""
