"""How a run behaves: its clock, who watches it, when it stops, how it gives way to others, how many read."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

CHUNK_SECONDS = 180.0


class Stopped(Exception):  # noqa: N818 - no error: somebody asked for it
    """The run was asked to stop while a file was being read."""


def _never() -> bool:
    return False


def _anything(_size: int) -> None:
    return


def _nobody() -> float:
    return 0.0


@dataclass(frozen=True, slots=True)
class Conduct:
    """How a run behaves.

    Attributes:
        clock: the time, with a zone.
        progress: told the bytes of every block read, by whichever thread reads.
        expect: told about how many bytes will be read at the next location.
        stop: asked at every block; True ends the run, which keeps what it has checked.
        give_way: called between two objects; waits as long as others need the machine, and says for how many seconds it did.
        workers: threads that read large files.
        chunk_seconds: after so long what was checked is put into the ledger, so that a killed run loses no more than that.
        monotonic: seconds, for speed and budget.
    """

    clock: Callable[[], datetime]
    progress: Callable[[int], None] | None = None
    expect: Callable[[int], None] = _anything
    stop: Callable[[], bool] = _never
    give_way: Callable[[], float] = _nobody
    workers: int = 2
    chunk_seconds: float = CHUNK_SECONDS
    monotonic: Callable[[], float] = time.monotonic


class Meter:
    """Counts what is read, from several threads, and is where a run that should stop learns of it."""

    def __init__(self, conduct: Conduct) -> None:
        self._conduct = conduct
        self._lock = threading.Lock()
        self._started = conduct.monotonic()
        self.read = 0
        self.paused = 0.0

    def block(self, size: int, count: "Count | None" = None) -> None:
        """So many bytes were read, of what is counted there too. Raises Stopped."""
        with self._lock:
            self.read += size
            if count is not None:
                count.read += size
            if self._conduct.progress is not None:
                self._conduct.progress(size)
        if self._conduct.stop():
            raise Stopped

    def give_way(self) -> None:
        """Wait for others, where somebody says so."""
        self.paused += self._conduct.give_way()

    @property
    def elapsed(self) -> float:
        """Seconds since the start, pauses included."""
        return self._conduct.monotonic() - self._started


@dataclass(slots=True)
class Count:
    """The bytes read of one object."""

    read: int = 0
