"""OFF (Geomview): counts, vertices, polygons, as text; colours behind the polygons are not read."""

import numpy as np

from pipeline.readers.meshes import Mesh, MeshPart, Sources, refusal
from pipeline.readers.meshes import ply_kernels as kernels
from pipeline.readers.meshes.faces import assemble, fan

MOST_TEXT = 1 << 30


def open_mesh(sources: Sources) -> Mesh:
    """Read the polygons.

    Raises:
        UnreadableError: not OFF, or shorter than its counts need.
    """
    with sources[0][1].open("rb") as stream:
        text = stream.read(MOST_TEXT)
    lines = [line.partition(b"#")[0].split() for line in text.splitlines()]
    rows = [row for row in lines if row]
    if not rows or rows[0][0] != b"OFF":
        raise refusal("it does not begin with “OFF”")
    rows = [rows[0][1:], *rows[1:]] if len(rows[0]) > 1 else rows[1:]
    try:
        vertices, faces = (int(word) for word in rows[0][:2])
        if not 0 <= vertices + faces <= len(rows) - 1 or min(vertices, faces) < 0:
            raise refusal(f"it states {vertices} vertices and {faces} faces and has {len(rows) - 1} rows")
        positions = np.array([row[:3] for row in rows[1 : 1 + vertices]], np.float64).reshape(-1, 3)
        numbers = np.array([word for row in rows[1 + vertices : 1 + vertices + faces] for word in row[: int(row[0]) + 1]], np.float64)
    except (ValueError, IndexError, OverflowError) as error:
        raise refusal("one of its rows is not a row of numbers", str(error)) from error
    starts, counts = np.empty((faces, 1), np.int64), np.empty((faces, 1), np.int64)
    if kernels.walk_text(numbers, 0, np.ones(1, np.int64), starts, counts) < 0:
        raise refusal("one of its faces has fewer corners than it states")
    indices = np.empty(int(counts.sum()), np.float64)
    kernels.gather_text(numbers, starts[:, 0].copy(), counts[:, 0].copy(), indices)
    triangles = indices[fan(counts[:, 0])].astype(np.int64)
    return assemble([MeshPart(positions, triangles)], up="z")  # type: ignore[arg-type]
