"""The site-local frame of a light view: y up, standing on its origin, metres where the unit is known."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.readers.meshes import Mesh, MeshPart

METRES = {"metre": 1.0, "decimetre": 0.1, "centimetre": 0.01, "millimetre": 0.001, "micron": 1e-6, "inch": 0.0254, "foot": 0.3048}
Z_UP = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])
"""Turns z up into y up: (x, y, z) → (x, z, -y)."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Where the light view stands.

    Attributes:
        offset: (3,) what is taken from the file's coordinates, in the file's axes and unit. It never becomes public.
        scale: metres in the file's unit, 1 where that is not known.
        unit: "metre", or "" where the file's unit is not known.
        turn: (3, 3) from the file's axes to y up.
        low, high: (3,) bounds in the local frame.
    """

    offset: "NDArray[np.float64]"
    scale: float
    unit: str
    turn: "NDArray[np.float64]"
    low: "NDArray[np.float64]"
    high: "NDArray[np.float64]"

    @property
    def matrix(self) -> list[float]:
        """From the file's coordinates to those shown: 4 × 4, column-major."""
        linear = self.turn * self.scale
        whole = np.eye(4)
        whole[:3, :3], whole[:3, 3] = linear, -linear @ self.offset
        return [float(value) for value in whole.T.ravel()]


def frame_of(mesh: "Mesh", stated_unit: str = "") -> Frame:
    """The frame: the middle of the footprint is the origin, the lowest place is at 0.

    Args:
        mesh: as read.
        stated_unit: what the record says: somebody may know better than the file.
    """
    low, high = mesh.bounds()
    up = 1 if mesh.up == "y" else 2
    offset = (low + high) / 2
    offset[up] = low[up]
    turn = np.eye(3) if mesh.up == "y" else Z_UP
    known = stated_unit if stated_unit in METRES else mesh.unit
    scale = METRES.get(known, 1.0)
    ends = np.stack([(low - offset) @ turn.T, (high - offset) @ turn.T]) * scale
    return Frame(offset, scale, "metre" if known in METRES else "", turn, ends.min(axis=0), ends.max(axis=0))


def placed_parts(mesh: "Mesh", frame: Frame) -> "list[MeshPart]":
    """The mesh's parts in the frame; the large part of their coordinates is gone before anything is rounded."""
    return [
        replace(
            part,
            positions=((part.positions - frame.offset) @ frame.turn.T) * frame.scale,
            normals=None if part.normals is None else (part.normals @ frame.turn.T).astype(np.float32),
        )
        for part in mesh.parts
    ]
