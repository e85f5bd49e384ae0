"""A mesh as USDZ, for the AR view of iPhones: the form that phones show, y up, in its true size where the unit is known.

Nothing of the source's words goes into it. Where nobody states the unit, its longest side is made a metre and the facts say so.
"""

from pathlib import Path
from typing import Any

from archive.records.derivative import MediaRole
from pipeline.derive.deriver import Made, MadeFile


def make(sources: tuple[tuple[str, Path], ...], output: Path, asset_facts: dict[str, Any], *, size: dict[str, int]) -> Made:
    """Write model.usdz.

    Args:
        sources: the principal file first, then what it names.
        output: empty folder.
        asset_facts: "formats", and "unit" where somebody states it.
        size: at most so many "triangles", pixels along a "texture" and "bytes".

    Raises:
        UnreadableError: the mesh cannot be read, or none of its triangles has an area.
    """
    # The readers, Numba and usd-core are loaded here, in the worker, and never by whoever only lists the derivers.
    from pipeline.derive.usdz.model import model_of
    from pipeline.readers.meshes import open_asset

    mesh = open_asset(sources, asset_facts["formats"])
    content, facts = model_of(mesh, asset_facts.get("unit", ""), size)
    (output / "model.usdz").write_bytes(content)
    return Made((MadeFile(MediaRole.USDZ, "model.usdz", "model/vnd.usdz+zip"),), {"usdz": facts})
