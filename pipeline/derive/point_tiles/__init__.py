"""A point cloud as 3D Tiles 1.1: an additive implicit octree of meshopt-compressed glTF points, all tiles in one pack.

The tiles stand in a site-local frame; where that frame lies in the world is in the facts only ("offset"), never in a file.
"""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.records.derivative import MediaRole
from pipeline.derive.cloud import point_format
from pipeline.derive.deriver import Made, MadeFile

if TYPE_CHECKING:
    from pipeline.derive.cloud.shading import Shading
    from pipeline.derive.cloud.spool import Measured
    from pipeline.derive.point_tiles.frame import Frame


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
        build_tiles(points, frame, shading, pack, scratch)
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
    return Made(files, _facts(points.measured, frame, shading, len(pack.nodes)))


def _facts(measured: "Measured", frame: "Frame", shading: "Shading", tiles: int) -> dict[str, Any]:
    """What pages and viewers need. ``offset`` says where the cloud lies in the world: publishing drops it by its name."""
    low = [frame.corner[0], frame.corner[1], 0.0]
    return {
        "points": measured.kept,
        "dropped": measured.dropped,
        "invalid": measured.invalid,
        "bounds": {"minimum": low, "maximum": [low[k] + float(frame.size[k]) for k in range(3)]},
        "tiles": tiles,
        "colour": shading.by,
        "resolution": frame.resolution,
        "offset": [float(value) for value in frame.offset],
    }
