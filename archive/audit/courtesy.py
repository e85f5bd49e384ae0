"""Giving way: a check has time, people who work do not."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress

from archive.errors import ConflictError, DitichError
from archive.home import Home
from archive.transaction import LOCKS

STEP = 1.0
"""seconds between two looks at how busy the machine is"""
PATIENCE = 60.0
"""seconds that one object waits at most"""


class Courtesy:
    """Waits while somebody writes to the archive or the machine has more to do than it can.

    Args:
        home: the archive.
        workers: threads of the run itself, which do not count as work of others.
        load: how many processes want to run, None where the system does not tell.
        sleep, monotonic: seconds.
    """

    def __init__(
        self,
        home: Home,
        workers: int,
        *,
        load: Callable[[], float | None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._home = home
        self._most = (os.cpu_count() or 1) + workers
        self._load = load or _load
        self._sleep = sleep
        self._monotonic = monotonic
        self._next = self._monotonic()

    def __call__(self) -> float:
        """Wait as long as need be; seconds that it took."""
        waited = 0.0
        if self._monotonic() >= self._next:
            while waited < PATIENCE and self._is_busy():
                self._sleep(STEP)
                waited += STEP
            # Who has waited in vain works as long as he waited: a machine that is always busy has to be checked too.
            self._next = self._monotonic() + (waited if waited >= PATIENCE else STEP)
        return waited

    def _is_busy(self) -> bool:
        load = self._load()
        return (load is not None and load > self._most) or self._is_being_written()

    def _is_being_written(self) -> bool:
        try:
            names = [entry.name for entry in self._home.tree.entries(LOCKS) if entry.name.startswith("tx-")]
            for name in names:
                with self._home.tree.lock(f"{LOCKS}/{name}", seconds=0):
                    continue  # its writer is gone
        except ConflictError:
            return True
        except DitichError:
            return False
        return False


def step_back() -> None:
    """Take the last place of this computer for the processor and the disk, for this process and what it starts."""
    with suppress(AttributeError, OSError):
        os.nice(19)
    program = shutil.which("ionice")
    if program:
        subprocess.run([program, "-c", "3", "-p", str(os.getpid())], check=False, capture_output=True)


def _load() -> float | None:
    try:
        return os.getloadavg()[0]
    except (AttributeError, OSError):
        return None
