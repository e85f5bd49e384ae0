"""Files that are read whole (declarations, inventories, digest files, configurations), with what is wrong about the file itself."""

from typing import NamedTuple

from archive.ocfl.validate.findings import Notes
from archive.ocfl.validate.folders import NotRegularError, read_whole


class Reading(NamedTuple):
    """How a file is read.

    Attributes:
        code: of the rule that it breaks when something other than a file of this size stands there.
        most: bytes.
    """

    code: str
    most: int


def read_noted(folder: str, name: str, reading: Reading, notes: Notes) -> bytes | None:
    """The bytes of a file; None, with a note, when there are none to be had.

    Args:
        folder: that of the notes.
        name: of the file, below that folder.
        reading: how.
        notes: what is found goes there; a second name of the same file (E090) too.
    """
    try:
        content, links = read_whole(f"{folder}/{name}", reading.most)
    except NotRegularError as error:
        notes.found(reading.code, name, str(error))
    except (OSError, MemoryError) as error:
        notes.unread(name, error)
    else:
        if links > 1:
            notes.found("E090", name, f"the file has {links} names")
        return content
    return None
