"""One file compared with its digest, read from the device: small ones at once, large ones by threads that are handed the open file."""

import hashlib
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, BinaryIO

from archive.errors import DitichError, NotFoundError
from archive.ocfl.digests import Digester
from archive.storage.base import BLOCK, Storage

SMALL = 64 * 1024
"""bytes up to which a file is not worth a thread"""
_LARGE = 1024 * 1024
"""bytes that a thread reads at a time: it meets the others only once for so many"""


class Condition(StrEnum):
    """What is wrong with a file. UNREADABLE was not checked: nothing is known of it. DAMAGED is said of the ledger, not of files."""

    DAMAGED = "damaged"
    CHANGED = "changed"
    MISSING = "missing"
    MOVED = "moved"
    EXTRA = "extra"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One file of an object that is not as it should be.

    Attributes:
        path: relative to the object's folder.
        what: is wrong.
        detail: in words.
        expected: the digest that it should have; "" where none is known.
        digests: those that it has, as far as it was read.
    """

    path: str
    what: Condition
    detail: str = ""
    expected: str = ""
    digests: tuple[str, ...] = ()


class Readers:
    """Who reads: this thread, and for large files those of an executor, a few files at a time so that memory and open files stay few."""

    def __init__(self, executor: Executor | None = None, workers: int = 0) -> None:
        self._executor = executor
        self._most = 2 * workers
        self._running: deque[Future[FileProblem | None]] = deque()
        self._buffer = bytearray(SMALL)

    def compare(
        self, storage: Storage, names: tuple[str, str], digest: str, reading: "Reading"
    ) -> FileProblem | Future[FileProblem | None] | None:
        """The problem of one file, or the promise of it; ``names`` are its path in the storage and its path in the object."""
        try:
            stream = storage.open(names[0], from_device=True)
        except (DitichError, OSError) as error:
            return _not_read(names[1], error, digest)
        begun = _Begun(stream, names[1], digest, hashlib.new(reading.algorithm), reading)
        try:
            begun.first(memoryview(self._buffer))
        except (DitichError, OSError) as error:
            stream.close()
            return _not_read(names[1], error, digest)
        except BaseException:
            stream.close()
            raise
        if begun.ended or self._executor is None:
            return begun.finish()
        while len(self._running) >= self._most:
            self._running.popleft().exception()  # waits; whoever asked for the file is told
        promise = self._executor.submit(begun.finish)
        self._running.append(promise)
        return promise


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: with which digest, who is told of the bytes, and by whom."""

    algorithm: str
    progress: Callable[[int], None] | None = None
    readers: Readers = field(default_factory=Readers)

    def by(self, algorithm: str) -> "Reading":
        """The same with another digest."""
        return self if algorithm == self.algorithm else replace(self, algorithm=algorithm)


@dataclass(slots=True)
class _Begun:
    """A file that is open and partly read."""

    stream: BinaryIO
    path: str
    expected: str
    digest: Any
    reading: Reading
    ended: bool = False

    def first(self, view: memoryview) -> None:
        """Read the first block, or all of a small file. Less than was asked for is not yet the end."""
        filled = 0
        while filled < len(view):
            count: int = self.stream.readinto(view[filled:])  # type: ignore[attr-defined]  # every binary stream has it; BinaryIO does not say so
            if not count:
                self.ended = True
                break
            filled += count
        self._take(view[:filled])

    def finish(self) -> FileProblem | None:
        """Read the rest and compare."""
        try:
            with self.stream:
                if not self.ended:
                    self._rest()
        except (DitichError, OSError) as error:
            return _not_read(self.path, error, self.expected)
        got = self.digest.hexdigest()
        if got == self.expected:
            return None
        return FileProblem(self.path, Condition.CHANGED, f"{self.reading.algorithm} {got}, expected {self.expected}", self.expected, (got,))

    def _rest(self) -> None:
        view = memoryview(bytearray(_LARGE))
        while count := self.stream.readinto(view):  # type: ignore[attr-defined]  # as above
            self._take(view[:count])

    def _take(self, block: memoryview) -> None:
        self.digest.update(block)
        if self.reading.progress is not None:
            self.reading.progress(len(block))


def compare(storage: Storage, names: tuple[str, str], digest: str, reading: Reading) -> FileProblem | None:
    """The problem of one file, read by this thread; None where it has that digest."""
    found = Readers().compare(storage, names, digest, reading)
    return found.result() if isinstance(found, Future) else found


def read_all(storage: Storage, names: tuple[str, str], reading: Reading) -> bytes | FileProblem:
    """The bytes of a small file, from the device, or why not."""
    try:
        with storage.open(names[0], from_device=True) as stream:
            content = stream.read()
    except (DitichError, OSError) as error:
        return _not_read(names[1], error, "")
    if reading.progress is not None:
        reading.progress(len(content))
    return content


def digests_at(storage: Storage, path: str, reading: Reading) -> tuple[str, ...]:
    """Both digests of a file that lies where none should; nothing where it cannot be read."""
    digester = Digester()
    try:
        with storage.open(path, from_device=True) as stream:
            while block := stream.read(BLOCK):
                digester.update(block)
                if reading.progress is not None:
                    reading.progress(len(block))
    except (DitichError, OSError):
        return ()
    found = digester.digests()
    return (found.sha512, found.sha256)


def _not_read(path: str, error: Exception, expected: str) -> FileProblem:
    if isinstance(error, NotFoundError):
        return FileProblem(path, Condition.MISSING, expected=expected)
    return FileProblem(path, Condition.UNREADABLE, str(error), expected)
