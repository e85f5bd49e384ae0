"""Looking at a disk without following a link and without writing: entries of folders, bytes of regular files."""

import os
import stat
from enum import IntEnum
from functools import reduce
from operator import or_

_WANTED_FLAGS = ("O_RDONLY", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
READING = reduce(or_, (getattr(os, flag, 0) for flag in _WANTED_FLAGS))
"""those that this system has"""
Entries = dict[str, "EntryKind"]


class EntryKind(IntEnum):
    """What an entry of a folder is."""

    FILE = 1
    FOLDER = 2
    LINK = 3
    OTHER = 4


class NotRegularError(OSError):
    """A pipe, socket or device stands where a file should be, or the file is larger than anything of its kind."""


def entries_of(folder: str) -> Entries:
    """The entries of a folder by name, sorted.

    Raises:
        OSError: it cannot be read.
    """
    with os.scandir(folder) as found:
        return dict(sorted((entry.name, _kind(entry)) for entry in found))


def open_regular(path: str) -> int:
    """A descriptor of a file, never of what a link points at; a pipe does not block."""
    return os.open(path, READING)


def read_whole(path: str, most: int) -> tuple[bytes, int]:
    """The bytes of a regular file, and how many names it has.

    Raises:
        NotRegularError: it is none, or longer than ``most`` bytes.
        OSError: it cannot be read.
    """
    descriptor = open_regular(path)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > most:
            raise NotRegularError(f"not a regular file of at most {most} bytes")
        return _all_of(descriptor, status.st_size), status.st_nlink
    finally:
        os.close(descriptor)


def _all_of(descriptor: int, size: int) -> bytes:
    content = os.read(descriptor, size + 1)
    if len(content) == size:
        return content
    blocks = [content]
    while block := os.read(descriptor, size + 1):
        blocks.append(block)
    return b"".join(blocks)


def _kind(entry: os.DirEntry[str]) -> EntryKind:
    if entry.is_symlink():
        return EntryKind.LINK
    if entry.is_dir(follow_symlinks=False):
        return EntryKind.FOLDER
    return EntryKind.FILE if entry.is_file(follow_symlinks=False) else EntryKind.OTHER
