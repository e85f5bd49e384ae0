"""A picture of Gaussian splats: poster (1600 × 1000) and thumbnail, drawn without a graphics card."""

from pathlib import Path
from typing import Any

from pipeline.derive.deriver import Made


def make(sources: tuple[tuple[str, Path], ...], output: Path, asset_facts: dict[str, Any]) -> Made:
    """Write poster.avif, poster.jpg, thumbnail.avif and thumbnail.jpg.

    Args:
        sources: the principal file first.
        output: empty folder.
        asset_facts: "formats" and "nature".

    Raises:
        UnreadableError: the splats cannot be read.
    """
    # The readers and Numba are loaded here, in the worker, and never by whoever only lists the derivers.
    from pipeline.derive.splat_poster.drawing import render
    from pipeline.derive.studio.picture import POSTER, poster_of
    from pipeline.readers.splats import open_splats

    name, path = sources[0]
    return poster_of(render(open_splats(path, asset_facts["formats"].get(name, "")), POSTER), output, asset_facts)
