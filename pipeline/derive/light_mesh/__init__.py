"""Light views of a mesh, one GLB for each kind of device, in a site-local frame, y up, metres where the unit is known.

``model-first.glb`` is the first shape that anybody sees, ``model.glb`` what a phone shows, ``model-large.glb`` what a desktop shows
where the original holds more than a phone's. Nothing of the source's words goes into them: no names, extras, copyright or image
metadata. Where their frame lies in the file's own coordinates is in the facts only ("offset", "frame"), which never become public.
"""

from pathlib import Path
from typing import Any

from pipeline.derive.deriver import Made


def make(sources: tuple[tuple[str, Path], ...], output: Path, asset_facts: dict[str, Any], *, sizes: dict[str, dict[str, int]]) -> Made:
    """Write model-first.glb, model.glb and, where there is more to show, model-large.glb.

    Args:
        sources: the principal file first, then what it names.
        output: empty folder.
        asset_facts: "formats", and "unit" where somebody states it.
        sizes: "first", "phone" and "desk" → at most so many "triangles", pixels along a "texture" and "bytes".

    Raises:
        UnreadableError: the mesh cannot be read, or none of its triangles has an area.
    """
    # The readers and Numba are loaded here, in the worker, and never by whoever only lists the derivers.
    from pipeline.derive.light_mesh.views import write_views
    from pipeline.readers.meshes import open_asset

    return write_views(open_asset(sources, asset_facts["formats"]), output, asset_facts.get("unit", ""), sizes)
