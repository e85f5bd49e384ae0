"""The layout that a storage root says it has: ``ocfl_layout.json`` and the configuration of the extension (section 4.1)."""

import json
import os.path
from typing import Any, NamedTuple

from archive.ocfl.layouts import LAYOUTS
from archive.ocfl.layouts.parameters import Folder
from archive.ocfl.validate.extensions import LAYOUT_EXTENSIONS
from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.folders import Entries, EntryKind
from archive.ocfl.validate.json_text import NotJsonError, parse_json, shown
from archive.ocfl.validate.small_files import Reading, read_noted

LAYOUT_FILE = "ocfl_layout.json"
_MOST = 1 << 20


class Layout(NamedTuple):
    """A layout that is known here, with its parameters.

    Attributes:
        name: of the extension.
        folder: from an id to the object's folder.
    """

    name: str
    folder: Folder


def read_layout(root: str, entries: Entries, notes: Notes) -> Layout | None:
    """Judge the layout of a root.

    Returns:
        The layout; None when the root names none, or one that cannot be followed here.
    """
    if entries.get(LAYOUT_FILE) is not EntryKind.FILE:
        return None
    content = read_noted(root, LAYOUT_FILE, Reading("E070", _MOST), notes)
    value = _json_object(content, "E070", LAYOUT_FILE, notes) if content is not None else None
    if value is None:
        return None
    for key in ("extension", "description"):
        if key not in value:
            notes.found("E070", LAYOUT_FILE, f"no {key!r}")
    if not isinstance(value.get("description", ""), str):
        notes.found("E070", LAYOUT_FILE, f"the description is {shown(value['description'])}")
    name = value.get("extension")
    if "extension" in value and (not isinstance(name, str) or name not in LAYOUT_EXTENSIONS):
        notes.found("E071", LAYOUT_FILE, f"{shown(name)} is not the registered name of a layout")
    return _configured(root, name, notes) if isinstance(name, str) and name in LAYOUTS else None


def _configured(root: str, name: str, notes: Notes) -> Layout | None:
    path = f"extensions/{name}/config.json"
    config = _read_config(root, path, notes)
    if config is None:
        return None
    try:
        if config.get("extensionName", name) != name:
            notes.found("E083", path, f"extensionName is {shown(config['extensionName'])}")
        return Layout(name, LAYOUTS[name](config))
    except ValueError as error:
        notes.found("E083", path, str(error))
        return None


def _read_config(root: str, path: str, notes: Notes) -> dict[str, Any] | None:
    """The parameters; empty when the root sets none."""
    if not os.path.lexists(f"{root}/{path}"):
        return {}
    content = read_noted(root, path, Reading("E083", _MOST), notes)
    return _json_object(content, "E083", path, notes) if content is not None else None


def _json_object(content: bytes, code: str, path: str, notes: Notes) -> dict[str, Any] | None:
    try:
        parse_json(content)
        value = json.loads(content)
    except (NotJsonError, ValueError) as error:
        notes.found(code, path, str(error)[:200])
        return None
    if isinstance(value, dict):
        return value
    notes.found(code, path, "not a JSON object")
    return None
