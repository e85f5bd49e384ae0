"""A picture of a mesh: poster (1600 × 1000) and thumbnail, textured and softly lit, drawn without a graphics card."""

from pathlib import Path
from typing import Any

from pipeline.derive.deriver import Made


def make(sources: tuple[tuple[str, Path], ...], output: Path, asset_facts: dict[str, Any]) -> Made:
    """Write poster.avif, poster.jpg, thumbnail.avif and thumbnail.jpg.

    Args:
        sources: the principal file first, then what it names.
        output: empty folder.
        asset_facts: "formats" and "nature".

    Raises:
        UnreadableError: the mesh cannot be read.
    """
    # The readers and Numba are loaded here, in the worker, and never by whoever only lists the derivers.
    from pipeline.derive.mesh_poster.drawing import render
    from pipeline.derive.studio.picture import POSTER, poster_of
    from pipeline.readers.meshes import open_asset

    return poster_of(render(open_asset(sources, asset_facts["formats"]), POSTER), output, asset_facts)
