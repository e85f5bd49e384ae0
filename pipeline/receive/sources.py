"""From what the officer names (a folder, a ZIP, one file) to its listing."""

import zipfile
from pathlib import Path

from archive.errors import NotFoundError, UsageError
from pipeline.receive.folder import list_folder, list_single
from pipeline.receive.listing import Listing
from pipeline.receive.zip_tree import list_zip


def list_source(source: Path) -> Listing:
    """List a folder, a ZIP tree or a single file; only directories and the ZIP's own directory are read.

    Raises:
        NotFoundError: nothing is there.
        UsageError: it is neither a folder nor a regular file.
    """
    if source.is_dir():
        return list_folder(source)
    if not source.exists():
        raise NotFoundError(
            f"“{source}” is not there.",
            advice="Check that the card is in the reader, and the spelling.",
            code="no-folder",
            values={"folder": source},
        )
    if not source.is_file():
        raise UsageError(f"“{source}” is neither a folder nor a file.", advice="Name the folder of the card, or a ZIP.")
    if source.suffix.lower() == ".zip" or (zipfile.is_zipfile(source) and source.suffix == ""):
        return list_zip(source)
    return list_single(source)
