"""Which objects a scheduled run looks at, in which order, and where it stops."""

import random
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from archive.audit.standings import DAY, Standing
from archive.settings import Cadence

AHEAD_DAYS = 14
"""Objects are taken so many days before they fall due: that long may a machine be off without anything being late."""
TAIL = 0.1
"""Share of a run that chance decides, so that nobody can know which objects will not be looked at."""
_GIGA = 1e9


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may take; None for as much as it needs. Minutes are those of the clock, pauses included."""

    minutes: float | None = None
    gigabytes: float | None = None

    def share(self, parts: int) -> "Budget":
        """An equal part of it."""
        return Budget(
            None if self.minutes is None else self.minutes / parts,
            None if self.gigabytes is None else self.gigabytes / parts,
        )

    def less(self, seconds: float, read: int) -> "Budget":
        """What is left of it."""
        return Budget(
            None if self.minutes is None else max(0.0, self.minutes - seconds / 60),
            None if self.gigabytes is None else max(0.0, self.gigabytes - read / _GIGA),
        )

    def most(self, size: int) -> int:
        """How many of so many bytes it allows."""
        return size if self.gigabytes is None else min(size, round(self.gigabytes * _GIGA))

    def allows(self, seconds: float, read: int, following: int, share: float = 1.0) -> bool:
        """Whether an object of so many bytes may still begin. The first one always may, else one that is too big would never be read."""
        if self.minutes is not None and seconds >= self.minutes * 60 * share:
            return False
        return self.gigabytes is None or not read or read + following <= self.gigabytes * _GIGA * share


@dataclass(frozen=True, slots=True)
class Task:
    """One object to look at: with which digest, about how many bytes, when it falls due, and whether chance chose it."""

    object_id: str
    algorithm: str
    bytes: int
    due: float = 0.0
    by_chance: bool = False


def due_tasks(standings: Iterable[Standing], cadence: Cadence, now: float) -> list[Task]:
    """What falls due within AHEAD_DAYS, oldest first; sha512 where a full audit is due, else sha256.

    Args:
        standings: of one location.
        cadence: how often.
        now: POSIX seconds.
    """
    moment = now + AHEAD_DAYS * DAY
    tasks = [_task(standing, cadence, moment) for standing in standings if standing.due(cadence) <= moment]
    return sorted(tasks, key=lambda task: (task.due, task.object_id))


def chance_tasks(standings: Iterable[Standing], cadence: Cadence, taken: Collection[str], seed: str) -> Iterator[Task]:
    """All others in an order that the seed decides."""
    others = sorted((standing for standing in standings if standing.object_id not in taken), key=lambda standing: standing.object_id)
    random.Random(seed).shuffle(others)  # noqa: S311 - drawn from a secret seed that is told afterwards, so that anyone can draw again
    for standing in others:
        yield Task(standing.object_id, "sha256", standing.bytes, standing.due(cadence), by_chance=True)


def _task(standing: Standing, cadence: Cadence, moment: float) -> Task:
    algorithm = "sha512" if standing.full_is_due(cadence, moment) else "sha256"
    return Task(standing.object_id, algorithm, standing.bytes, standing.due(cadence))
