"""Pictures of a point cloud: poster (1600 × 1000), thumbnail and a turntable of eight, drawn by ourselves without a graphics card."""

from pathlib import Path
from typing import Any

from pipeline.derive.cloud import point_format
from pipeline.derive.deriver import Made


def make(sources: tuple[tuple[str, Path], ...], output: Path, asset_facts: dict[str, Any], **_parameters: Any) -> Made:
    """Write poster, thumbnail and turn-000 to turn-315, each as .avif and .jpg, from one read of the first of ``sources``.

    Raises:
        UnreadableError: the scan cannot be read, or has no point that has a place.
    """
    # The readers and Numba are loaded here, in the worker, and never by whoever only lists the derivers.
    from pipeline.derive.point_poster.picture import CloudInStudio
    from pipeline.derive.point_poster.sample import sample_of
    from pipeline.derive.studio.picture import pictures_of
    from pipeline.readers.points import open_points

    name, path = sources[0]
    sample = sample_of(open_points(path, point_format(name, path, asset_facts)))
    return pictures_of(CloudInStudio(sample), output, asset_facts)
