"""Whether a disk has room for a package, asked before the first byte is written."""

import shutil
from pathlib import Path

from archive.errors import StorageError
from archive.storage.refusals import Refusals

RESERVE = 64 * 2**20
"""left free for the system, the ledger and folders"""


def require_room(place: Path, wanted: int) -> None:
    """Refuse where ``wanted`` bytes do not fit.

    Args:
        place: a folder, there or not; the nearest one above that is there tells the disk.
        wanted: bytes.

    Raises:
        StorageError: they do not fit.
    """
    there = next(folder for folder in (place, *place.absolute().parents) if folder.is_dir())
    with Refusals(str(there)):
        free = shutil.disk_usage(there).free
    if free < wanted + RESERVE:
        raise StorageError(
            f"There is not enough room at {there}: {wanted + RESERVE} bytes are needed, {free} are free. Nothing was written.",
            advice="Make room, or name a place on a larger disk.",
            code="no-room",
            values={"place": there, "needed": wanted + RESERVE, "free": free},
        )
