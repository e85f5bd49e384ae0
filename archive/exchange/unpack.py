"""Brings a zipped bag into a folder of its own, so that its files can be taken in like those of a bag in a folder."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.bagit.notes import Notes
from archive.bagit.source import BagFolder, BagSource
from archive.exchange.room import require_room
from archive.home import Home
from archive.storage.base import BLOCK
from archive.storage.refusals import Refusals
from archive.transaction import LOCKS

_LOCK = f"{LOCKS}/import"
_PLACE = "import"


@contextmanager
def place_to_unpack(home: Home) -> Iterator[Path]:
    """A folder in the archive's ``work/`` that is empty at first and gone at the end; one import at a time.

    Raises:
        ConflictError: another import is at work.
    """
    with home.tree.lock(_LOCK, seconds=0):
        place = home.work / _PLACE
        with Refusals(str(place)):
            if place.exists():  # left by an import that was killed
                shutil.rmtree(place)
            place.mkdir()
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


@contextmanager
def unpacked(source: BagSource, scratch: Path) -> Iterator[Path]:
    """The folder of a bag; a zipped one is unpacked into ``scratch``, which is empty and nobody else's.

    Only names that were judged safe when the bag was listed are written, as new files.

    Raises:
        UnreadableError: an entry is damaged, or unpacks to more than it declares.
        StorageError: the disk refused.
    """
    if isinstance(source, BagFolder):
        yield source.root
        return
    files = source.files(Notes())
    require_room(scratch, sum(files.values()))
    for path in files:
        _write(source, path, scratch / path)
    (scratch / "data").mkdir(exist_ok=True)
    yield scratch


def _write(source: BagSource, path: str, place: Path) -> None:
    with Refusals(str(place)):
        place.parent.mkdir(parents=True, exist_ok=True)
        with source.open(path) as stream, place.open("xb") as written:
            while block := stream.read(BLOCK):
                written.write(block)
