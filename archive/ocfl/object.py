"""One OCFL object, read."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from archive.errors import DamageError, NotFoundError
from archive.ocfl.digests import sha512_of
from archive.ocfl.inventory import INVENTORY, SIDECAR, Inventory, parse_inventory, parse_sidecar
from archive.storage.base import Storage


@dataclass(frozen=True, slots=True)
class StoredInventory:
    """An inventory as it lies in a folder, with the digest of its bytes; inventory and sidecar agreed when it was read."""

    inventory: Inventory
    sha512: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One logical file of a version and the path of its bytes in the storage."""

    logical_path: str
    sha512: str
    sha256: str
    path: str


LOOKS_AGAIN = 8
PAUSE = 0.005
"""seconds between two looks at an inventory that does not match its digest file"""


def read_inventory(storage: Storage, folder: str) -> StoredInventory:
    """The inventory in an object's folder, or in one of its version folders.

    Raises:
        NotFoundError: there is none.
        DamageError: inventory and sidecar do not agree, or are not readable.
    """
    content, expected = _inventory_and_digest(storage, folder)
    digest = sha512_of(content)
    for _ in range(LOOKS_AGAIN):
        if digest == expected:
            break
        # a writer replaces the two files one after the other: what is between them mends itself at once, damage does not
        time.sleep(PAUSE)
        content, expected = _inventory_and_digest(storage, folder)
        digest = sha512_of(content)
    if digest != expected:
        raise DamageError(
            f"The inventory in {folder} does not match its digest file.",
            advice="Run an audit.",
            detail=f"expected {expected}, got {digest}",
        )
    return StoredInventory(parse_inventory(content), digest)


def _inventory_and_digest(storage: Storage, folder: str) -> tuple[bytes, str]:
    content = storage.read(f"{folder}/{INVENTORY}")
    try:
        return content, parse_sidecar(storage.read(f"{folder}/{SIDECAR}"))
    except NotFoundError as error:
        raise DamageError(f"{folder} has an inventory without its digest file.") from error


def stored_files(inventory: Inventory, folder: str, version: str = "") -> Iterator[StoredFile]:
    """The files of a version, the head when none is named, sorted by logical path.

    Raises:
        NotFoundError: the object has no such version.
    """
    if version and version not in inventory.versions:
        raise NotFoundError(f"{inventory.object_id} has no version {version}; its newest is {inventory.head}.")
    second = inventory.sha256_by_content_path()
    for logical, sha512, content in inventory.files(version):
        yield StoredFile(logical, sha512, second.get(content, ""), f"{folder}/{content}")
