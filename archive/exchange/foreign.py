"""A bag that Ditich did not make: its payload is ingested like any folder; what the bag says of itself stays with the deposit."""

import os
from pathlib import Path

from archive.bagit.paths import PAYLOAD
from archive.bagit.report import BagReport
from archive.errors import UnreadableError
from archive.ocfl.digests import Digester
from archive.ocfl.paths import logical_path
from archive.records.package import FileToKeep
from archive.storage.base import BLOCK

KEPT_AS = "bag/"
"""where the bag's own files stand in the deposit's object"""


def expected_digests(report: BagReport) -> dict[str, str]:
    """The sha512 of every payload file as it was read when the bag was judged, by the hexadecimal of its path's bytes.

    Args:
        report: made with ``Wishes.keep`` beginning with sha512.
    """
    return {os.fsencode(file.path.removeprefix(PAYLOAD)).hex(): file.digests[0] for file in report.payload}


def tag_files(report: BagReport, folder: Path) -> tuple[FileToKeep, ...]:
    """Declaration, manifests, ``bag-info.txt`` and whatever else stands beside the payload, as files to be copied.

    Raises:
        UnreadableError: one of them cannot be read any more.
    """
    return tuple(_kept(folder / path, path) for path in report.tag_files)


def _kept(place: Path, path: str) -> FileToKeep:
    digester = Digester()
    try:
        with place.open("rb", buffering=0) as stream:
            while block := stream.read(BLOCK):
                digester.update(block)
    except OSError as error:
        raise UnreadableError(f"{path} of the bag cannot be read.", detail=str(error)) from error
    found = digester.digests()
    return FileToKeep(KEPT_AS + logical_path(os.fsencode(path)), found.sha512, found.sha256, found.size, source=place)
