"""The inventory of an object: which bytes it has, and which names they had in every version (specification section 3.5).

Written canonically: the same content is the same bytes. Digests are lower-case hexadecimal.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.errors import DamageError
from archive.ocfl.digests import sha512_of

INVENTORY = "inventory.json"
SIDECAR = "inventory.json.sha512"
NAMASTE = "0=ocfl_object_1.1"
NAMASTE_CONTENT = b"ocfl_object_1.1\n"
INVENTORY_TYPE = "https://ocfl.io/1.1/spec/#inventory"
ALGORITHM = "sha512"
FIXITY = "sha256"

Places = dict[str, tuple[str, ...]]
_DIGEST = re.compile("[0-9a-f]{128}")


@dataclass(frozen=True, slots=True)
class Version:
    """One version: when and by whom it was made, and its logical state (sha512 → logical paths)."""

    created: str
    message: str
    user_name: str
    user_address: str
    state: Places = field(hash=False)


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything an object says about itself.

    Attributes:
        object_id: the ARK.
        head: the newest version ("v3").
        manifest: sha512 → content paths, relative to the object's folder.
        fixity: sha256 → content paths.
        versions: by name.
    """

    object_id: str
    head: str
    manifest: Places = field(hash=False)
    fixity: Places = field(hash=False)
    versions: dict[str, Version] = field(hash=False)

    def files(self, version: str = "") -> Iterator[tuple[str, str, str]]:
        """(logical path, sha512, content path) of a version, the head when none is named, sorted by logical path."""
        state = self.versions[version or self.head].state
        found = ((logical, digest, self.manifest[digest][0]) for digest, paths in state.items() for logical in paths)
        return iter(sorted(found))

    def sha256_by_content_path(self) -> dict[str, str]:
        """The second digest of every content path."""
        return {path: digest for digest, paths in self.fixity.items() for path in paths}

    def sha512_by_content_path(self) -> dict[str, str]:
        """The first digest of every content path."""
        return {path: digest for digest, paths in self.manifest.items() for path in paths}


def inventory_json(inventory: Inventory) -> bytes:
    """The inventory as it stands on disk."""
    values = {
        "id": inventory.object_id,
        "type": INVENTORY_TYPE,
        "digestAlgorithm": ALGORITHM,
        "head": inventory.head,
        "contentDirectory": "content",
        "manifest": _sorted_places(inventory.manifest),
        "fixity": {FIXITY: _sorted_places(inventory.fixity)},
        "versions": {name: _version_json(version) for name, version in inventory.versions.items()},
    }
    return (json.dumps(values, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()


def sidecar(inventory: bytes) -> bytes:
    """The digest file of an inventory."""
    return f"{sha512_of(inventory)} {INVENTORY}\n".encode()


def parse_sidecar(content: bytes) -> str:
    """The digest that a sidecar holds.

    Raises:
        DamageError: it is not ``DIGEST inventory.json``.
    """
    digest, _, name = content.decode("ascii", "replace").partition(" ")
    if not _DIGEST.fullmatch(digest) or name.strip() != INVENTORY:
        raise DamageError("A digest file of an inventory is not readable.", detail=repr(content[:200]))
    return digest


def parse_inventory(content: bytes) -> Inventory:
    """The inventory that these bytes hold. For objects that Ditich wrote; the full validator is stricter and wider.

    Raises:
        DamageError: not an inventory of this form.
    """
    try:
        inventory = _inventory(json.loads(content))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamageError("An inventory is not readable.", detail=f"{type(error).__name__}: {error}") from error
    _require_consistent(inventory)
    return inventory


def version_number(name: str) -> int:
    """3 of "v3"."""
    return int(name.removeprefix("v"))


def _sorted_places(places: Places) -> dict[str, list[str]]:
    return {digest: sorted(paths) for digest, paths in places.items()}


def _version_json(version: Version) -> dict[str, object]:
    return {
        "created": version.created,
        "message": version.message,
        "user": {"name": version.user_name, "address": version.user_address},
        "state": _sorted_places(version.state),
    }


def _inventory(values: dict[str, object]) -> Inventory:
    if values["type"] != INVENTORY_TYPE or values["digestAlgorithm"] != ALGORITHM:
        raise ValueError(f"type {values['type']}, algorithm {values['digestAlgorithm']}")
    fixity = values.get("fixity", {})
    versions = values["versions"]
    return Inventory(
        object_id=_text(values["id"]),
        head=_text(values["head"]),
        manifest=_places(values["manifest"]),
        fixity=_places(fixity.get(FIXITY, {})),  # type: ignore[attr-defined]  # anything else is an AttributeError, caught above
        versions={_text(name): _version(version) for name, version in versions.items()},  # type: ignore[attr-defined]  # the same
    )


def _version(values: dict[str, object]) -> Version:
    user = values["user"]
    return Version(
        created=_text(values["created"]),
        message=_text(values["message"]),
        user_name=_text(user["name"]),  # type: ignore[index]  # anything else is a TypeError, caught above
        user_address=_text(user["address"]),  # type: ignore[index]  # the same
        state=_places(values["state"]),
    )


def _places(values: object) -> Places:
    return {_text(digest): tuple(_text(path) for path in paths) for digest, paths in values.items()}  # type: ignore[attr-defined]  # as above


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, got {value!r}"[:200])
    return value


def _require_consistent(inventory: Inventory) -> None:
    names = [f"v{number}" for number in range(1, len(inventory.versions) + 1)]
    if set(inventory.versions) != set(names) or not names or inventory.head != names[-1]:
        raise DamageError("An inventory names its versions wrongly.", detail=f"head {inventory.head}, {sorted(inventory.versions)}")
    lost = {digest for version in inventory.versions.values() for digest in version.state} - inventory.manifest.keys()
    if lost or not all(inventory.manifest.values()):
        raise DamageError("An inventory names bytes that its manifest does not have.", detail=", ".join(sorted(lost)))
