"""An inventory that is being replaced is read again; one that stays wrong is damage."""

import pytest

from archive.errors import DamageError
from archive.ocfl.inventory import INVENTORY, SIDECAR, Inventory, Version, inventory_json, sidecar
from archive.ocfl.object import read_inventory
from archive.storage.memory import MemoryStorage


class Replacing(MemoryStorage):
    """A place in which a writer finishes replacing the digest file after it has been read once."""

    def __init__(self, finished: bytes) -> None:
        super().__init__()
        self.finished = finished

    def read(self, path: str) -> bytes:
        content = super().read(path)
        if path.endswith(SIDECAR) and content != self.finished:
            self.remove_file(path)
            self.write_new(path, self.finished)
        return content


def inventory() -> bytes:
    version = Version("2026-01-01T00:00:00Z", "m", "a", "urn:uuid:a", {})
    return inventory_json(Inventory("ark:99999/dtx", "v1", {}, {}, {"v1": version}))


def test_a_reader_between_two_renames_looks_again() -> None:
    content = inventory()
    storage = Replacing(sidecar(content))
    storage.make_folder("o")
    storage.write_new(f"o/{INVENTORY}", content)
    storage.write_new(f"o/{SIDECAR}", sidecar(b"the one before"))
    assert read_inventory(storage, "o").inventory.head == "v1"


def test_what_stays_wrong_is_damage() -> None:
    storage = MemoryStorage()
    storage.make_folder("o")
    storage.write_new(f"o/{INVENTORY}", inventory())
    storage.write_new(f"o/{SIDECAR}", sidecar(b"another"))
    with pytest.raises(DamageError, match="does not match its digest file"):
        read_inventory(storage, "o")
