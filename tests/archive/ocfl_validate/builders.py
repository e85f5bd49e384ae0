"""Small OCFL objects and storage roots, good until a test breaks them."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from archive.ocfl.validate import Validation, validate_path

Inventory = dict[str, Any]
Change = Callable[[Inventory], object]
FILES = {"a.txt": b"alpha\n", "d/b.bin": bytes(100)}


def digest(content: bytes, algorithm: str = "sha512") -> str:
    """In lower-case hexadecimal."""
    return hashlib.new(algorithm, content).hexdigest()


def codes(path: Path) -> set[str]:
    """The codes that a path raises."""
    return set(validate_path(path).codes)


def details(found: Validation, code: str) -> list[str]:
    """path: detail of every finding with a code."""
    return [f"{finding.path}: {finding.detail}" for finding in found.findings if finding.code == code]


def numbered(cases: Sequence[tuple[str, object]]) -> list[str]:
    """An id for every case: its codes and its number."""
    return [f"{expected}, {number}" for number, (expected, _change) in enumerate(cases)]


def inventory_of(number: int = 1, *, object_id: str = "urn:x:1", spec: str = "1.1", algorithm: str = "sha512") -> Inventory:
    """The inventory of version ``number`` of an object that got FILES in its first version and one more file in each other one."""
    manifest: dict[str, list[str]] = {digest(content, algorithm): [f"v1/content/{name}"] for name, content in FILES.items()}
    state: dict[str, list[str]] = {digest(content, algorithm): [name] for name, content in FILES.items()}
    versions = {"v1": version(state)}
    for later in range(2, number + 1):
        content = added(later)
        manifest[digest(content, algorithm)] = [f"v{later}/content/{later}.txt"]
        state = {**state, digest(content, algorithm): [f"{later}.txt"]}
        versions[f"v{later}"] = version(state)
    return {
        "id": object_id,
        "type": f"https://ocfl.io/{spec}/spec/#inventory",
        "digestAlgorithm": algorithm,
        "head": f"v{number}",
        "manifest": manifest,
        "versions": versions,
    }


def version(state: dict[str, list[str]]) -> Inventory:
    """A version block."""
    user = {"name": "a", "address": "mailto:a@b.c"}
    return {"created": "2026-01-01T00:00:00Z", "message": "m", "user": user, "state": state}


def added(number: int) -> bytes:
    """Content of the file that a later version adds."""
    return f"version {number}\n".encode()


def write_inventory(folder: Path, content: bytes, algorithm: str = "sha512") -> None:
    """An inventory and its digest file."""
    (folder / "inventory.json").write_bytes(content)
    (folder / f"inventory.json.{algorithm}").write_text(f"{digest(content, algorithm)} inventory.json\n")


def rewrite(folder: Path, change: Change, place: str = "", algorithm: str = "sha512") -> None:
    """Change an inventory and give it a digest file that fits."""
    path = folder / place / "inventory.json"
    inventory = json.loads(path.read_bytes())
    change(inventory)
    write_inventory(folder / place, json.dumps(inventory).encode(), algorithm)


def make_object(folder: Path, *, versions: int = 1, change: Change = bool, spec: str = "1.1", object_id: str = "urn:x:1") -> Path:
    """An object; ``change`` is made to the newest inventory, in the root and in its version directory."""
    folder.mkdir(parents=True)
    (folder / f"0=ocfl_object_{spec}").write_text(f"ocfl_object_{spec}\n")
    for number in range(1, versions + 1):
        files = FILES if number == 1 else {f"{number}.txt": added(number)}
        for name, content in files.items():
            path = folder / f"v{number}/content" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        inventory = inventory_of(number, object_id=object_id, spec=spec)
        if number == versions:
            change(inventory)
            write_inventory(folder, json.dumps(inventory).encode())
        write_inventory(folder / f"v{number}", json.dumps(inventory).encode())
    return folder


def make_root(folder: Path, *places: str, spec: str = "1.1") -> Path:
    """A storage root with an object in each of these folders, its id the folder's name."""
    folder.mkdir()
    (folder / f"0=ocfl_{spec}").write_text(f"ocfl_{spec}\n")
    for place in places:
        make_object(folder / place, object_id=f"urn:x:{place.rpartition('/')[2]}", spec=spec)
    return folder


def name_layout(root: Path, name: str, **parameters: object) -> None:
    """Give a root a layout."""
    (root / "ocfl_layout.json").write_text(json.dumps({"extension": name, "description": "of a test"}))
    folder = root / "extensions" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"extensionName": name, **parameters}))
