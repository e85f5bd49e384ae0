"""Rules for what an inventory says of its versions (section 3.5.3)."""

from typing import Any

from archive.ocfl.validate.block import NOTHING, Block, VersionBlock
from archive.ocfl.validate.digest_blocks import read_state
from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.json_text import shown
from archive.ocfl.validate.moments import is_moment
from archive.ocfl.validate.uris import is_uri
from archive.ocfl.validate.version_names import judge_version_names

_VERSION_KEYS = {"created", "state", "message", "user"}
_USER_KEYS = {"name", "address"}


def read_versions(value: Any, block: Block, notes: Notes) -> dict[str, VersionBlock]:
    """Judge the versions block, with the manifest that the block has already."""
    if not isinstance(value, dict):
        notes.found("E044", block.place, "versions is not a JSON object")
        notes.found("E045", block.place, "versions is not a JSON object")
        return {}
    judge_version_names(value, notes, block.place)
    return {name: _read_version(name, version, block, notes) for name, version in value.items()}


def _read_version(name: str, value: Any, block: Block, notes: Notes) -> VersionBlock:
    if not isinstance(value, dict):
        notes.found("E047", block.place, f"{name} is not a JSON object")
        return NOTHING
    for key in sorted(value.keys() - _VERSION_KEYS):
        notes.found("E102", block.place, f"{key!r} in {name}")
    for key in ("created", "state"):
        if key not in value:
            notes.found("E048", block.place, f"{name} has no {key!r}")
    if "created" in value:
        _judge_created(name, value["created"], block, notes)
    _judge_message(name, value, block, notes)
    _judge_user(name, value, block, notes)
    if value.keys().isdisjoint(_VERSION_KEYS):
        return NOTHING
    state = read_state(value["state"], block, notes, name) if "state" in value else {}
    return VersionBlock(state, _metadata(value))


def _metadata(value: dict[str, Any]) -> tuple[str, ...]:
    """What W011 compares: texts only, whatever else stands there was found out already."""
    user = value.get("user")
    texts = (value.get("created"), value.get("message"), *((user.get("name"), user.get("address")) if isinstance(user, dict) else ()))
    return tuple(text if isinstance(text, str) else "" for text in texts)


def _judge_created(name: str, created: Any, block: Block, notes: Notes) -> None:
    if not isinstance(created, str) or not is_moment(created):
        notes.found("E049", block.place, f"created of {name} is {shown(created)}, not a date and time with seconds and a zone")


def _judge_message(name: str, value: dict[str, Any], block: Block, notes: Notes) -> None:
    if "message" not in value:
        notes.found("W007", block.place, f"{name} has no message")
    elif not isinstance(value["message"], str):
        notes.found("E094", block.place, f"the message of {name} is not a string")


def _judge_user(name: str, value: dict[str, Any], block: Block, notes: Notes) -> None:
    if "user" not in value:
        notes.found("W007", block.place, f"{name} has no user")
        return
    user = value["user"]
    if not isinstance(user, dict):
        notes.found("E054", block.place, f"the user of {name} is not a JSON object")
        return
    for key in sorted(user.keys() - _USER_KEYS):
        notes.found("E102", block.place, f"{key!r} in the user of {name}")
    if not isinstance(user.get("name"), str) or not user["name"]:
        notes.found("E054", block.place, f"the user of {name} has no name")
    if "address" not in user:
        notes.found("W008", block.place, f"the user of {name} has no address")
    elif not isinstance(user["address"], str) or not is_uri(user["address"]):
        notes.found("W009", block.place, f"the address {shown(user['address'])} of {name} is not a URI")
