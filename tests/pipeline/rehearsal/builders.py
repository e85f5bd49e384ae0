from dataclasses import dataclass
from pathlib import Path

from pipeline.rehearsal.truth import Truth


@dataclass(frozen=True)
class Rehearsed:
    """A rehearsal on disk, the truth that was returned, and the progress that was told."""

    root: Path
    truth: Truth
    steps: list[tuple[float, float]]
