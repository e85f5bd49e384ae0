"""What lies in the officer's folder or ZIP before anything of it is read."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.findings import Finding
from pipeline.sip import LeftOut


class Entry(ABC):
    """One regular file that will be received.

    Attributes:
        name: the path below the deposit's root, exact bytes, ``/``-joined.
        size: bytes as declared by the file system or the ZIP directory.
        modified: RFC 3339; UTC with "Z", or without a zone where the source (ZIP) knows none.
        place: where the file itself lies, or None inside a ZIP.
    """

    def __init__(self, name: bytes, size: int, modified: str, place: Path | None) -> None:
        self.name = name
        self.size = size
        self.modified = modified
        self.place = place

    @property
    def path(self) -> str:
        """The path as text; bytes that are not UTF-8 stand as surrogate escapes."""
        return self.name.decode("utf-8", "surrogateescape")

    @abstractmethod
    def open(self) -> BinaryIO:
        """Open the bytes for reading.

        Raises:
            OSError: the device refuses.
            UnreadableError: the container refuses (encrypted, broken), or this is no longer the file that was listed.
        """

    @abstractmethod
    def unchanged(self, stream: BinaryIO, read: int) -> bool:
        """Whether the file is still the one that was listed after ``read`` bytes came out of ``stream``."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything that was found, sorted by exact name.

    Attributes:
        origin: the folder or ZIP as the officer named it.
        container_bytes: size of the ZIP itself, 0 for a folder.
    """

    origin: str
    entries: tuple[Entry, ...]
    left_out: tuple[LeftOut, ...] = ()
    findings: tuple[Finding, ...] = ()
    container_bytes: int = 0

    @property
    def total(self) -> int:
        """Bytes of all files that will be received."""
        return sum(entry.size for entry in self.entries)
