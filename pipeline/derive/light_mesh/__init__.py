"""A light view of a mesh: one GLB of at most 100,000 triangles that a phone loads, in a site-local frame, y up, metres where known.

Nothing of the source's words goes into it: no names, extras, copyright or image metadata. Where its frame lies in the file's own
coordinates is in the facts only ("offset").
"""

from pathlib import Path
from typing import Any

from archive.records.derivative import MediaRole
from pipeline.derive.deriver import Made, MadeFile


def make(
    sources: tuple[tuple[str, Path], ...],
    output: Path,
    asset_facts: dict[str, Any],
    *,
    triangles: int,
    texture: int,
) -> Made:
    """Write model.glb.

    Args:
        sources: the principal file first, then what it names.
        output: empty folder.
        asset_facts: "formats".
        triangles: at most so many.
        texture: longest side of a texture, pixels.

    Raises:
        UnreadableError: the mesh cannot be read.
    """
    # The readers and Numba are loaded here, in the worker, and never by whoever only lists the derivers.
    from pipeline.derive.light_mesh.frame import frame_of, placed_parts
    from pipeline.derive.light_mesh.glb import glb_of
    from pipeline.derive.light_mesh.shaping import shaped
    from pipeline.derive.light_mesh.textures import web_textures
    from pipeline.readers.meshes import open_asset

    mesh = open_asset(sources, asset_facts["formats"])
    frame = frame_of(mesh)
    parts = shaped(placed_parts(mesh, frame), triangles)
    textures = web_textures([part.material for part in parts], texture)
    (output / "model.glb").write_bytes(glb_of(parts, textures, frame))
    facts = {
        "light_triangles": sum(len(part.triangles) for part in parts),
        "textures": len(set(textures.values())),
        "bounds": {"minimum": [float(value) for value in frame.low], "maximum": [float(value) for value in frame.high]},
        "private": ["offset"],
        "offset": [float(value) for value in frame.offset],
    }
    return Made((MadeFile(MediaRole.MODEL, "model.glb", "model/gltf-binary"),), facts)
