"""A process of its own for the checker, so that even its sudden death is seen and called what it is: not checked."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType


def guarded(work: Callable[[], int]) -> tuple[int, int]:
    """Do the work in a process of its own and wait for it.

    The other process leaves by ``SystemExit``, so that everything that should happen at the end of a process happens there too. Signals
    that ask to stop are passed on to it. Where the system cannot do that, the work is done here.

    Returns:
        What the work returned, and the signal that ended it early: 0 for none.
    """
    if not hasattr(os, "fork") or threading.active_count() > 1:
        return work(), 0
    sys.stdout.flush()
    sys.stderr.flush()
    waiting = _Waiting()
    status = 0
    before = {number: signal.signal(number, waiting.take) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        child = os.fork()
        if child:
            waiting.pass_on(child)
            _, status = os.waitpid(child, 0)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if not child:
        sys.exit(work())
    code = os.waitstatus_to_exitcode(status)
    return (code, 0) if code >= 0 else (2, -code)


class _Waiting:
    """The process that waits for the other one, and what it is told meanwhile."""

    def __init__(self) -> None:
        self._child = 0
        self._early = False

    def take(self, number: int, _frame: FrameType | None) -> None:
        """A signal came. Ctrl-C on a terminal reaches both processes by itself."""
        if number != signal.SIGTERM:
            return
        if self._child:
            os.kill(self._child, number)
        else:
            self._early = True

    def pass_on(self, child: int) -> None:
        """From now on signals go to that process, one that came before it was there too."""
        self._child = child
        if self._early:
            os.kill(child, signal.SIGTERM)
