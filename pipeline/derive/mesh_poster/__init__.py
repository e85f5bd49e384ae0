"""Pictures of a mesh: poster (1600 × 1000), thumbnail and a turntable of eight, textured and softly lit, without a graphics card."""

from pathlib import Path
from typing import Any

from pipeline.derive.deriver import Made


def make(sources: tuple[tuple[str, Path], ...], output: Path, asset_facts: dict[str, Any]) -> Made:
    """Write poster, thumbnail and turn-000 to turn-315, each as .avif and .jpg, from one read of the mesh.

    Args:
        sources: the principal file first, then what it names.
        output: empty folder.
        asset_facts: "formats" and "nature".

    Raises:
        UnreadableError: the mesh cannot be read.
    """
    # The readers and Numba are loaded here, in the worker, and never by whoever only lists the derivers.
    from pipeline.derive.mesh_poster.drawing import MeshInStudio
    from pipeline.derive.studio.picture import pictures_of
    from pipeline.readers.meshes import open_asset

    return pictures_of(MeshInStudio(open_asset(sources, asset_facts["formats"])), output, asset_facts)
