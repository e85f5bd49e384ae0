"""Archival packages: what is asked of the archive, and what the archive acknowledges."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileToKeep:
    """One logical file of a new version.

    Exactly one of ``source`` (a file on the same file system as the archive, moved or copied in; digests from the single
    read of the card), ``content`` (small generated text such as record.json) and ``kept`` (True: unchanged from the head version,
    found by ``sha512``) says where its bytes are. ``move`` takes the source away once the version is durable.
    """

    logical_path: str
    sha512: str
    sha256: str
    size: int
    source: Path | None = None
    content: bytes | None = None
    kept: bool = False
    move: bool = False


@dataclass(frozen=True, slots=True)
class VersionDraft:
    """A version that somebody wants kept. ``base`` is the head it was made from ("v3"), or "" for a new object."""

    object_id: str
    base: str
    files: tuple[FileToKeep, ...]
    message: str


@dataclass(frozen=True, slots=True)
class ArchivalPackage:
    """A version that is kept: acknowledged, it survives a power cut."""

    object_id: str
    version: str
    inventory_sha512: str
    files: tuple[tuple[str, str], ...]
    """(logical path, sha512)"""
