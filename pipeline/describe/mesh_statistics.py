"""Meshes: what reading every vertex and triangle shows, and what the file says of its materials and images."""

from typing import TYPE_CHECKING, Any

from archive.records.asset import SourcedValue
from pipeline.describe.json_values import json_value
from pipeline.workers import WorkerInput

if TYPE_CHECKING:
    from pipeline.readers.meshes import Mesh

NAME = "mesh-statistics"
MOST_FOR_EDGES = 5_000_000
"""Above so many triangles it is not looked whether the surface is closed."""


def read(source: WorkerInput) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """Read the model alone, as it is described: its companions are not at hand.

    Raises:
        UnreadableError: damaged, or nothing in it can be drawn.
    """
    from pathlib import Path

    from pipeline.describe.gltf_statements import stated_only
    from pipeline.readers.meshes import open_mesh
    from pipeline.readers.meshes.sniff import sniff_format

    mesh_format = sniff_format(source.name, source.stream.read(64))
    source.stream.seek(0)
    stated = stated_only(source.stream.read()) if mesh_format == "gltf" else None
    if stated is not None:
        raw, facts = stated
        return json_value(raw), {name: SourcedValue(value, f"{NAME}:accessors", "declared") for name, value in facts.items()}
    raw, values = measured(open_mesh(((source.name, Path(source.path)),), mesh_format))
    if mesh_format == "obj":
        # Its images are named in a file of their own.
        del values["textures"]
    return raw, values


def measured(mesh: "Mesh") -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    """Raw counts of every part, and the facts of the record."""
    from pipeline.readers.meshes.topology import is_closed

    low, high = mesh.bounds()
    bounds = {"minimum": [float(value) for value in low], "maximum": [float(value) for value in high]}
    looks = [part.material for part in mesh.parts]
    images = {look.texture or look.missing for look in looks if look.texture or look.missing}
    raw = {
        "up": mesh.up,
        "bounds": bounds,
        "parts": [
            {
                "triangles": len(part.triangles),
                "vertices": len(part.positions),
                "coordinates": part.uv is not None,
                "colours": part.colours is not None,
                "normals": part.normals is not None,
                "material": part.material.name,
            }
            for part in mesh.parts
        ],
    }
    values: dict[str, Any] = {
        "triangles": mesh.triangles,
        "vertices": mesh.vertices,
        "bounds": bounds,
        "textures": len(images),
        "materials": len({look.name for look in looks}),
        "colour": any(part.colours is not None for part in mesh.parts),
    }
    if mesh.unit:
        values["unit"] = mesh.unit
    if mesh.triangles <= MOST_FOR_EDGES:
        values["watertight"] = is_closed(mesh)
    if mesh.invalid:
        values["invalid_indices"] = mesh.invalid
    return json_value(raw), {name: SourcedValue(value, f"{NAME}:{name}") for name, value in values.items()}
