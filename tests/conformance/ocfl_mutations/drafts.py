"""Small OCFL objects made from nothing: a good draft, mutations of what it says, and the writing to a folder."""

import copy
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Inventory = dict[str, Any]
Change = Callable[[Inventory], object]
"""changes an inventory in place"""
Alter = Callable[[bytes], bytes]
AfterWriting = Callable[[Path], object]
"""changes the folder that was written"""

IDENTIFIER = "urn:example:object"
ALPHA, BETA, GAMMA = b"alpha\n", b"beta\n" * 20, b"gamma\n"
FIRST: Mapping[str, bytes] = {"a.txt": ALPHA, "d/b.txt": BETA}
SECOND: Mapping[str, bytes] = {"a.txt": GAMMA, "d/b.txt": BETA}
INVENTORY = "inventory.json"
NEW_HASH: dict[str, Callable[[bytes], Any]] = {
    "md5": lambda content: hashlib.md5(content, usedforsecurity=False),
    "sha1": lambda content: hashlib.sha1(content, usedforsecurity=False),
    "sha256": hashlib.sha256,
    "sha512": hashlib.sha512,
    "blake2b-512": hashlib.blake2b,
    "blake2b-160": lambda content: hashlib.blake2b(content, digest_size=20),
    "blake2b-256": lambda content: hashlib.blake2b(content, digest_size=32),
    "blake2b-384": lambda content: hashlib.blake2b(content, digest_size=48),
    "sha512/256": lambda content: hashlib.new("sha512_256", content),
}


def digest(content: bytes, algorithm: str = "sha512") -> str:
    """A digest as inventories write it; ``size`` is the length in decimal (extension 0009)."""
    return str(len(content)) if algorithm == "size" else str(NEW_HASH[algorithm](content).hexdigest())


def serialised(inventory: Inventory) -> bytes:
    """An inventory as bytes."""
    return json.dumps(inventory, indent=1, ensure_ascii=False).encode()


@dataclass(slots=True)
class Draft:
    """An object that is not written yet. Made by ``draft``; a mutation changes any part of it.

    Attributes:
        ocfl: version of the specification that it declares.
        algorithm: of the manifest and the sidecars.
        width: digits of version names with leading zeros, 0 without.
        directory: name of the content directories.
        says_directory: whether the inventories name it.
        files: path in the object's folder → bytes; content and declaration.
        folders: empty folders to make.
        inventories: name of the version folder ("v1") → what its inventory says; the last is the object's own, too.
        own: what the inventory in the object's folder says where it is not the same as the last one's.
        alterations: what is done to the bytes of inventories, by version folder ("" the object's folder) or for "all" of them.
        unlisted: version folders without an inventory.
        sidecars: bytes of a sidecar by its folder, in place of the right ones; None leaves it out.
        after: what is done to the folder after everything is written.
    """

    ocfl: str = "1.1"
    algorithm: str = "sha512"
    width: int = 0
    directory: str = "content"
    says_directory: bool = False
    identifier: str = IDENTIFIER
    files: dict[str, bytes] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    inventories: dict[str, Inventory] = field(default_factory=dict)
    own: Inventory | None = None
    alterations: dict[str, Alter] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)
    sidecars: dict[str, bytes | None] = field(default_factory=dict)
    after: list[AfterWriting] = field(default_factory=list)

    @property
    def head(self) -> str:
        """The folder of the newest version."""
        return list(self.inventories)[-1]

    def version_name(self, number: int) -> str:
        """The folder of a version."""
        return f"v{number:0{self.width}}"

    def add_version(self, files: Mapping[str, bytes]) -> None:
        """Put a version on top: new content into its folder, the whole history into its inventory."""
        number = len(self.inventories) + 1
        name = self.version_name(number)
        inventory = copy.deepcopy(self.inventories[self.head]) if self.inventories else self._first_inventory()
        inventory["head"] = name
        state: dict[str, list[str]] = {}
        for path, content in files.items():
            key = digest(content, self.algorithm)
            state.setdefault(key, []).append(path)
            if key not in inventory["manifest"]:
                stored = f"{name}/{self.directory}/{path}"
                inventory["manifest"][key] = [stored]
                self.files[stored] = content
        inventory["versions"][name] = {
            "created": f"2026-01-{number:02}T08:30:00Z",
            "message": f"version {number}",
            "user": {"name": "Mai", "address": "mailto:mai@example.org"},
            "state": state,
        }
        self.inventories[name] = inventory

    def _first_inventory(self) -> Inventory:
        said = {"contentDirectory": self.directory} if self.says_directory else {}
        return {
            "id": self.identifier,
            "type": f"https://ocfl.io/{self.ocfl}/spec/#inventory",
            "digestAlgorithm": self.algorithm,
            "head": "",
            **said,
            "manifest": {},
            "versions": {},
        }

    def write(self, folder: Path) -> None:
        """Write everything into a folder that is not there yet."""
        folder.mkdir(parents=True)
        for path, content in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        for name, inventory in self.inventories.items():
            if name not in self.unlisted:
                self._write_inventory(folder, name, inventory)
        if self.inventories:
            self._write_inventory(folder, "", self.own if self.own is not None else self.inventories[self.head])
        for path in self.folders:
            (folder / path).mkdir(parents=True)
        for step in self.after:
            step(folder)

    def _write_inventory(self, folder: Path, name: str, inventory: Inventory) -> None:
        place = folder / name
        place.mkdir(exist_ok=True)
        content = serialised(inventory)
        for where in ("all", name):
            content = self.alterations.get(where, bytes)(content)
        (place / INVENTORY).write_bytes(content)
        algorithm = inventory.get("digestAlgorithm")
        named = algorithm if isinstance(algorithm, str) and algorithm in NEW_HASH else "sha512"
        sidecar = self.sidecars.get(name, f"{digest(content, named)} {INVENTORY}\n".encode())
        if sidecar is not None:
            (place / f"{INVENTORY}.{named}").write_bytes(sidecar)


def draft(*versions: Mapping[str, bytes], **options: Any) -> Draft:
    """A good object with these versions (one if none is given); options are attributes of Draft."""
    made = Draft(**options)
    made.files[f"0=ocfl_object_{made.ocfl}"] = f"ocfl_object_{made.ocfl}\n".encode()
    for files in versions or (FIRST,):
        made.add_version(files)
    return made
