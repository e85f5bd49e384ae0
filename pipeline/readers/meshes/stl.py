"""STL, binary and ASCII: bare triangles; vertices that stand at the same place become one."""

import re
from typing import TYPE_CHECKING

import numpy as np

from pipeline.readers.meshes import MOST_TRIANGLES, Mesh, MeshPart, Sources, refusal
from pipeline.readers.meshes.faces import assemble

if TYPE_CHECKING:
    from numpy.typing import NDArray

_VERTEX = re.compile(rb"vertex\s+(\S+)\s+(\S+)\s+(\S+)")
_RECORD = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
HEADER = 84


def open_mesh(sources: Sources) -> Mesh:
    """Read the triangles.

    Raises:
        UnreadableError: the file is shorter than its count of triangles needs, or its text is none.
    """
    path = sources[0][1]
    size = path.stat().st_size
    with path.open("rb") as stream:
        head = stream.read(HEADER)
        stated = int.from_bytes(head[80:84], "little") if len(head) == HEADER else -1
        if head.lstrip()[:5].lower() == b"solid" and size != HEADER + stated * _RECORD.itemsize:
            corners = _text(head + stream.read())
        elif stated < 0 or HEADER + stated * _RECORD.itemsize > size:
            raise refusal(f"it states {max(stated, 0)} triangles and has bytes for {max(0, size - HEADER) // _RECORD.itemsize}")
        elif stated > MOST_TRIANGLES:
            raise refusal(f"it has {stated} triangles, more than can be opened at once")
        else:
            corners = np.frombuffer(stream.read(stated * _RECORD.itemsize), _RECORD)["corners"].reshape(-1, 3).astype(np.float64)
    positions, indices = np.unique(corners, axis=0, return_inverse=True)
    return assemble([MeshPart(positions, indices.reshape(-1, 3).astype(np.uint32))], up="z")


def _text(content: bytes) -> "NDArray[np.float64]":
    try:
        corners = np.array(_VERTEX.findall(content), np.float64).reshape(-1, 3)
    except ValueError as error:
        raise refusal("one of its vertices is not three numbers", str(error)) from error
    if len(corners) % 3:
        raise refusal("it ends within a triangle")
    return corners
