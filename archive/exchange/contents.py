"""What a package of Ditich says about itself: the records and tables beside the objects."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from archive.exchange.tree import ObjectTree
from archive.records.access import AccessLevel
from archive.records.identifiers import identifier_of

PACKAGE_VERSION = 1
FOLDER = "ditich"
OBJECTS = f"{FOLDER}/objects.json"
FILES = f"{FOLDER}/files.csv"
EVENTS = f"{FOLDER}/events.jsonl"
README = f"{FOLDER}/README.txt"
LABEL = "Ditich-Package"
TAG_MANIFEST = "tagmanifest-sha512.txt"


class ObjectKind(StrEnum):
    """What an object is."""

    ASSET = "asset"
    SITE = "site"
    DEPOSIT = "deposit"


@dataclass(frozen=True, slots=True)
class PackedObject:
    """One object of a package.

    Attributes:
        folder: below the payload.
        versions: (version, sha512 of its inventory), oldest first.
        title: for people; may be empty.
    """

    ark: str
    kind: ObjectKind
    folder: str
    versions: tuple[tuple[str, str], ...]
    site: str
    title: str
    access: AccessLevel


@dataclass(frozen=True, slots=True)
class Contents:
    """``ditich/objects.json``: which objects a package holds, and from which archive."""

    archive: str
    archive_name: str
    objects: tuple[PackedObject, ...]
    schema: int = PACKAGE_VERSION


def folder_of(ark: str) -> str:
    """Where an object stands below the payload: ``99999/dt…`` of ``ark:99999/dt…``. Raises RecordError."""
    return f"{ark.removeprefix('ark:').partition('/')[0]}/{identifier_of(ark)}"


class FileTable:
    """``ditich/files.csv``: every file of every version under the name that people know it by, and where its bytes lie in the package."""

    def __init__(self) -> None:
        self._text = io.StringIO()
        self._rows = csv.writer(self._text, lineterminator="\n")
        self._rows.writerow(("object", "version", "file", "bytes", "sha512", "path in this package"))

    def add(self, tree: ObjectTree, folder: str) -> None:
        """The rows of one object."""
        sizes = {file.path: file.size for file in tree.content}
        for version, _inventory in tree.versions:
            for logical, sha512, path in tree.inventory.files(version):
                self._rows.writerow((tree.object_id, version, logical, sizes[path], sha512, f"{folder}/{path}"))

    def content(self) -> bytes:
        """The file."""
        return self._text.getvalue().encode()


def most_closed(levels: Iterable[AccessLevel]) -> AccessLevel:
    """The level that the whole has to be treated as."""
    order = list(AccessLevel)
    return max(levels, key=order.index, default=AccessLevel.PUBLIC)
