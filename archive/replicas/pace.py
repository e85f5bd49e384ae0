"""How fast bytes may go: a replica is made beside other work."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

_LEAST = 0.05


@dataclass
class Pace:
    """Holds back whoever moves bytes so that no more than ``rate`` a second go by; 0 holds nobody back.

    Attributes:
        rate: bytes a second.
        watch: told the bytes of every block.
        clock, sleep: seconds.
    """

    rate: float = 0.0
    watch: Callable[[int], object] = lambda _count: None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    moved: int = 0
    _started: float = field(init=False)

    def __post_init__(self) -> None:
        self._started = self.clock()

    def __call__(self, count: int) -> None:
        """So many bytes went by."""
        self.moved += count
        self.watch(count)
        if self.rate:
            ahead = self.moved / self.rate - (self.clock() - self._started)
            if ahead > _LEAST:
                self.sleep(ahead)
