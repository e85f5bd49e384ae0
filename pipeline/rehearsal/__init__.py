"""A simulated survey of a model communal house: the demo, the officer's training exercise, the ground truth for tests.

All of it is simulated and says so, in words and in pixels. Importing this package is cheap; the work imports what it needs.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.rehearsal.truth import Truth


def rehearse(folder: Path, *, seed: int = 2026, small: bool = False, progress: Callable[[float, float], None] | None = None) -> "Truth":
    """Writes a simulated deposit into ``folder`` and the truth about it beside it; see :func:`pipeline.rehearsal.deposit.rehearse`."""
    from pipeline.rehearsal.deposit import rehearse as work

    return work(folder, seed=seed, small=small, progress=progress)
