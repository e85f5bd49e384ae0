"""Writes many tiles into one file, with an index beside it: thousands of small files would cost more places on disk than bytes."""

import json
from collections.abc import Iterable
from pathlib import Path

from archive.records.derivative import MediaRole
from archive.records.tile_grid import GridTile
from pipeline.derive.deriver import MadeFile


def write_pack(output: Path, stem: str, role: MediaRole, tiles: Iterable[tuple[GridTile, bytes]]) -> tuple[MadeFile, MadeFile]:
    """Write ``stem.pack``, the tiles one after the other, and ``stem.json``: "scale/column/row" → [offset, length] in bytes."""
    index: dict[str, tuple[int, int]] = {}
    with (output / f"{stem}.pack").open("wb") as pack:
        for tile, content in tiles:
            index[tile.key] = pack.tell(), len(content)
            pack.write(content)
    (output / f"{stem}.json").write_text(json.dumps(index, separators=(",", ":")), encoding="ascii")
    return MadeFile(role, f"{stem}.pack", "application/octet-stream"), MadeFile(role, f"{stem}.json", "application/json")
