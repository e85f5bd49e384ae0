"""Where an archive may be kept. A storage backend is a file here, a line in SCHEMES and a test class."""

from collections.abc import Callable
from pathlib import Path

from archive.storage.base import Storage
from archive.storage.local import LocalStorage
from archive.storage.memory import MemoryStorage

SCHEMES: dict[str, Callable[[str], Storage]] = {
    "file": lambda place: LocalStorage(Path(place)),
    "memory": lambda _place: MemoryStorage(),
}
