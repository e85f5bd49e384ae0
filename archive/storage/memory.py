"""The archive in memory: the same rules as on a disk, for tests and for trying a change out. Nothing survives the process."""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from archive.errors import ConflictError, NotFoundError
from archive.storage.base import BLOCK, LOCK_SECONDS, Entry, Kind, parent_of
from archive.storage.refusals import Refusals


class MemoryStorage:
    """A tree of files in a dict (see ``archive.storage.base.Storage`` for every method). Folders are None."""

    def __init__(self) -> None:
        self.nodes: dict[str, bytearray | None] = {"": None}
        self._held: set[str] = set()

    def path_of(self, path: str) -> Path:
        """Where an ordinary program would find the file: nowhere, but the name is right."""
        return Path("/memory") / path

    def kind(self, path: str) -> Kind | None:
        """What stands there, or None."""
        if path not in self.nodes:
            return None
        return Kind.FOLDER if self.nodes[path] is None else Kind.FILE

    def size(self, path: str) -> int:
        """Bytes of a file."""
        return len(self._file(path))

    def entries(self, path: str) -> tuple[Entry, ...]:
        """What the folder holds, sorted by name."""
        if self.kind(path) is not Kind.FOLDER:
            raise NotFoundError(f"{path} is not there.")
        names = [node for node in self.nodes if node and parent_of(node) == path]
        return tuple(sorted(Entry(node.rpartition("/")[2], Kind.FOLDER if self.nodes[node] is None else Kind.FILE) for node in names))

    def open(self, path: str, *, from_device: bool = False) -> BinaryIO:  # noqa: ARG002 - memory is the device
        """The file for reading."""
        return io.BytesIO(bytes(self._file(path)))

    def read(self, path: str) -> bytes:
        """All bytes of a small file."""
        return bytes(self._file(path))

    def make_folder(self, path: str) -> None:
        """Make one folder."""
        self._claim(path)
        self.nodes[path] = None

    def write_new(self, path: str, content: bytes) -> None:
        """Write a new file."""
        self._claim(path)
        self.nodes[path] = bytearray(content)

    def copy_in(self, source: Path, path: str, watch: Callable[[bytes], object]) -> None:
        """Copy a file from outside to a new file; ``watch`` is given every block."""
        self._claim(path)
        with Refusals(str(source)), source.open("rb") as stream:
            content = bytearray()
            while block := stream.read(BLOCK):
                watch(block)
                content += block
        self.nodes[path] = content

    def adopt(self, source: Path, path: str) -> int:
        """Take a file from outside away and keep it here; its size."""
        self.copy_in(source, path, len)
        source.unlink()
        return self.size(path)

    def release(self, path: str, target: Path) -> None:
        """Give a file back to where it came from."""
        target.write_bytes(self._file(path))
        del self.nodes[path]

    def rename(self, path: str, target: str) -> None:
        """Move a file or folder to a path that is free."""
        if path not in self.nodes:
            raise NotFoundError(f"{path} is not there.")
        self._claim(target)
        for node in [node for node in self.nodes if node == path or node.startswith(f"{path}/")]:
            self.nodes[target + node.removeprefix(path)] = self.nodes.pop(node)

    def replace(self, path: str, target: str) -> None:
        """Put a file in the place of another, in one step."""
        content = self._file(path)
        del self.nodes[path]
        self.nodes[target] = content

    def append(self, path: str, content: bytes) -> None:
        """Write at the end of a file, which is made when it is not there."""
        if path not in self.nodes:
            self.write_new(path, b"")
        self._file(path).extend(content)

    def truncate(self, path: str, size: int) -> None:
        """Cut a file to so many bytes."""
        del self._file(path)[size:]

    def remove_file(self, path: str) -> None:
        """Remove one file."""
        self._file(path)
        del self.nodes[path]

    def discard(self, source: Path) -> None:
        """Remove a file outside whose bytes are kept here now."""
        with Refusals(str(source)):
            source.unlink()

    def remove_folder(self, path: str) -> None:
        """Remove one empty folder."""
        if self.entries(path):
            raise ConflictError(f"{path} is not empty.")
        del self.nodes[path]

    def sync(self, paths: Iterable[str]) -> None:
        """Nothing lasts longer than the process."""

    def sync_file(self, path: str) -> None:
        """Nothing lasts longer than the process."""

    def sync_folder(self, path: str) -> None:
        """Nothing lasts longer than the process."""

    @contextmanager
    def lock(self, path: str, *, seconds: float = LOCK_SECONDS) -> Iterator[None]:  # noqa: ARG002 - nobody to wait for
        """Hold a lock by this name."""
        if path in self._held:
            raise ConflictError(f"Someone else is writing ({path}).")
        self._held.add(path)
        try:
            yield
        finally:
            self._held.discard(path)

    def _file(self, path: str) -> bytearray:
        content = self.nodes.get(path)
        if content is None:
            raise NotFoundError(f"{path} is not there.")
        return content

    def _claim(self, path: str) -> None:
        if path in self.nodes:
            raise ConflictError(f"{path} is there already.")
        if self.kind(parent_of(path)) is not Kind.FOLDER:
            raise NotFoundError(f"{parent_of(path)} is not there.")
