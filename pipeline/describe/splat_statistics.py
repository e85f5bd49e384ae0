"""Gaussian splats: how many there are and the box that holds them."""

from pathlib import Path
from typing import Any

from archive.records.asset import SourcedValue
from pipeline.workers import WorkerInput

NAME = "splat-statistics"


def read(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """Read all splats.

    Raises:
        UnreadableError: damaged, or none with a place.
    """
    from pipeline.readers.splats import open_splats, sniff_format

    splats = open_splats(Path(source.path), sniff_format(source.name, source.stream.read(4096)))
    low, high = splats.places.min(axis=0), splats.places.max(axis=0)
    bounds = {"minimum": [float(value) for value in low], "maximum": [float(value) for value in high]}
    values = {"splats": len(splats.places), "bounds_upright": bounds}
    return dict(values), {name: SourcedValue(value, f"{NAME}:{name}") for name, value in values.items()}
