"""Keeps the files of tiles open and reads slices of them, without waiting for a disk on the server's own thread."""

import os
from collections import OrderedDict
from pathlib import Path

from anyio import to_thread

from viewer.media import read_slice

_AT_ONCE = getattr(os, "RWF_NOWAIT", 0)
"""Linux answers with what is in memory, or not at all; elsewhere every read may wait, so a thread does it."""


class OpenFiles:
    """Descriptors by path, the least used closed first. For one event loop; nothing here is shared between threads."""

    def __init__(self, most: int = 128) -> None:
        self._most = most
        self._open: OrderedDict[Path, int] = OrderedDict()

    async def read(self, path: Path, offset: int, length: int) -> bytes:
        """A slice of a file: at once where the system has it in memory, else by a thread.

        Raises:
            OSError: the file is gone.
        """
        found = self._at_once(path, offset, length)
        return await to_thread.run_sync(read_slice, path, offset, length) if found is None else found

    def forget(self, folder: Path) -> None:
        """Close the files of a folder: what was withdrawn must not stay on disk because a descriptor holds it."""
        for path in [path for path in self._open if path.parent == folder]:
            os.close(self._open.pop(path))

    def _at_once(self, path: Path, offset: int, length: int) -> bytes | None:
        if not _AT_ONCE:
            return None
        found = bytearray(length)
        try:
            count = os.preadv(self._descriptor(path), [found], offset, _AT_ONCE)
        except BlockingIOError:
            return None
        except OSError:
            return None  # a file system that cannot tell: the thread finds out what is wrong, if anything is
        return bytes(found) if count == length else None

    def _descriptor(self, path: Path) -> int:
        known = self._open.get(path)
        if known is not None:
            self._open.move_to_end(path)
            return known
        if len(self._open) >= self._most:
            os.close(self._open.popitem(last=False)[1])
        descriptor = self._open[path] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        return descriptor
