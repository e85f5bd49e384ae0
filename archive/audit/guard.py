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
    child = os.fork()
    if not child:
        sys.exit(work())
    before = {number: signal.signal(number, _passing_on(child)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        _, status = os.waitpid(child, 0)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    code = os.waitstatus_to_exitcode(status)
    return (code, 0) if code >= 0 else (2, -code)


def _passing_on(child: int) -> Callable[[int, FrameType | None], None]:
    def pass_on(number: int, _frame: FrameType | None) -> None:
        # Ctrl-C on a terminal reaches both processes by itself.
        if number == signal.SIGTERM:
            os.kill(child, number)

    return pass_on
