"""A point cloud as 3D Tiles 1.1: an additive implicit octree of meshopt-compressed glTF points, all tiles in one pack.

The tiles stand in a site-local frame; where that frame lies in the world is in the facts only ("offset", "frame"), never in a file.
"""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.records.derivative import MediaRole
from pipeline.derive.cloud import point_format
from pipeline.derive.deriver import Made, MadeFile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.derive.cloud.shading import Shading
    from pipeline.derive.cloud.spool import Measured
    from pipeline.derive.point_tiles.frame import Frame

STRAYS = 0.02
"""Share of the points of the coarsest tile that the focus leaves out at either end of an axis."""


def make(sources: tuple[tuple[str, Path], ...], output: Path, asset_facts: dict[str, Any], **_parameters: Any) -> Made:
    """Tile the first of ``sources`` into ``output``: tileset.json, tiles.json and tiles.pack.

    Raises:
        UnreadableError: the scan cannot be read, or has no point that has a place.
    """
    # The kernels and readers are loaded here, in the worker, and never by whoever only lists the derivers.
    from pipeline.derive.cloud.shading import shading_of
    from pipeline.derive.cloud.spool import spool
    from pipeline.derive.point_tiles.build import build_tiles
    from pipeline.derive.point_tiles.frame import frame_of
    from pipeline.derive.point_tiles.tileset import Pack, tileset_document, write_subtrees
    from pipeline.readers.points import open_points

    name, path = sources[0]
    scratch = output / "scratch"
    scratch.mkdir()
    pack = Pack(output / "tiles.pack")
    try:
        points = spool(open_points(path, point_format(name, path, asset_facts)), scratch)
        frame = frame_of(points)
        shading = shading_of(points.measured, int(frame.size[2] / frame.unit))
        built = build_tiles(points, frame, shading, pack, scratch)
        levels, height = write_subtrees(pack)
    finally:
        pack.close()
        shutil.rmtree(scratch)
    (output / "tiles.json").write_text(json.dumps(pack.index, separators=(",", ":"), sort_keys=True))
    (output / "tileset.json").write_text(json.dumps(tileset_document(frame, levels, height), separators=(",", ":")))
    files = (
        MadeFile(MediaRole.TILESET, "tileset.json", "application/json"),
        MadeFile(MediaRole.TILES, "tiles.json", "application/json"),
        MadeFile(MediaRole.TILES, "tiles.pack", "application/octet-stream"),
    )
    half, most = built.spacing
    facts = {
        **_facts(points.measured, frame, shading),
        "tiles": len(pack.nodes),
        "levels": pack.levels(frame),
        "spacing": {"median": half * frame.unit, "p90": most * frame.unit},
        "focus": focus_of(frame, built.coarsest),
    }
    return Made(files, facts)


def _facts(measured: "Measured", frame: "Frame", shading: "Shading") -> dict[str, Any]:
    """What pages and viewers need. ``offset`` and ``frame`` say where the cloud lies in the world: publishing drops them by their names."""
    low = [frame.corner[0], frame.corner[1], 0.0]
    return {
        "points": measured.kept,
        "dropped": measured.dropped,
        "invalid": measured.invalid,
        "bounds": {"minimum": low, "maximum": [low[k] + float(frame.size[k]) for k in range(3)]},
        "colour": shading.by,
        "resolution": frame.resolution,
        "offset": [float(value) for value in frame.offset],
        "frame": {"matrix": frame.matrix},
    }


def focus_of(frame: "Frame", coarsest: "NDArray[np.uint32]") -> dict[str, list[float]]:
    """Where the cloud mostly is, in the local frame: strays at either end of an axis do not count.

    Args:
        frame: the grid.
        coarsest: (n, 3) grid positions of the coarsest tile. They stand evenly, so that a share of them is a share of the surface;
            of all points most stand around the scanner.
    """
    import numpy as np

    low, high = np.quantile(coarsest, (STRAYS, 1 - STRAYS), axis=0) * frame.unit + np.array(frame.corner)
    return {"minimum": [float(value) for value in low], "maximum": [float(value) for value in high]}
