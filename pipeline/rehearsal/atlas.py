"""A texture atlas: every grid of a group gets a rectangle of one square image, lit as it stands in the model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.rehearsal.kernels import kernel
from pipeline.rehearsal.mesher import Floats, Mesh, Patch
from pipeline.rehearsal.shading import colour_of, row3
from pipeline.rehearsal.stage import Stage

MARGIN = 2
STRIP = 0.03
"""Share of the image's height that stays free at the bottom, for the badge."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a patch lies in the atlas, pixels from the upper left corner."""

    patch: Patch
    left: int
    top: int
    width: int
    height: int


def pack(mesh: Mesh, patches: list[Patch], size: int) -> list[Slot]:
    """Lays the patches on shelves, as large as they all fit (the finest of the densities tried, pixels a metre)."""
    extents = [_extent(mesh, patch) for patch in patches]
    density = size * 2.0
    while True:
        slots = _shelves(patches, extents, density, size)
        if slots is not None:
            return slots
        density *= 0.94


def _extent(mesh: Mesh, patch: Patch) -> tuple[float, float]:
    points = mesh.points[patch.first_vertex : patch.first_vertex + patch.rows * patch.columns].reshape(patch.rows, patch.columns, 3)
    wide = np.linalg.norm(np.diff(points, axis=1), axis=2).sum(axis=1).max()
    high = np.linalg.norm(np.diff(points, axis=0), axis=2).sum(axis=0).max()
    return float(wide), float(high)


def _shelves(patches: list[Patch], extents: list[tuple[float, float]], density: float, size: int) -> list[Slot] | None:
    sizes = [(min(size, max(4, round(w * density)) + MARGIN), max(4, round(h * density)) + MARGIN) for w, h in extents]
    order = sorted(range(len(patches)), key=lambda k: (-sizes[k][1], -sizes[k][0], k))
    limit = size - round(size * STRIP)
    slots, left, top, shelf = [], 0, 0, 0
    for k in order:
        width, height = sizes[k]
        if left + width > size:
            left, top, shelf = 0, top + shelf, 0
        if top + height > limit:
            return None
        slots.append(Slot(patches[k], left, top, width, height))
        left, shelf = left + width, max(shelf, height)
    return slots


def texture_coordinates(slot: Slot, size: int) -> NDArray[np.float64]:
    """(rows × columns, 2): texture coordinates of a patch's vertices, origin at the image's lower left corner."""
    s = slot.left + 0.5 * MARGIN + np.linspace(0.0, 1.0, slot.patch.columns) * (slot.width - MARGIN)
    t = slot.top + 0.5 * MARGIN + np.linspace(0.0, 1.0, slot.patch.rows) * (slot.height - MARGIN)
    u, v = np.meshgrid(s / size, 1.0 - t / size)
    return np.stack([u.ravel(), v.ravel()], -1)


def paint(stage: Stage, slots: list[Slot], size: int) -> Floats:
    """(size, size, 3) float32: the radiance of every texel, seen from straight above it."""
    image = np.zeros((size, size, 3), np.float32)
    for slot in slots:
        patch = slot.patch
        place = (slot.left, slot.top, slot.width, slot.height)
        paint_slot(stage, place, (patch.first_triangle, patch.rows, patch.columns), image)
    return image


@kernel
def paint_slot(stage: Stage, slot: tuple[int, int, int, int], grid: tuple[int, int, int], image: Floats) -> None:
    """Fills one rectangle of the atlas: ``grid`` is (first triangle, rows, columns) of the patch."""
    left, top, width, height = slot
    first, rows, columns = grid
    half = (rows - 1) * (columns - 1)
    for y in range(height):
        t = min(0.9999, max(0.0, (y + 0.5 - 0.5 * MARGIN) / (height - MARGIN))) * (rows - 1)
        i = int(t)
        for x in range(width):
            s = min(0.9999, max(0.0, (x + 0.5 - 0.5 * MARGIN) / (width - MARGIN))) * (columns - 1)
            j = int(s)
            a, b = s - j, t - i
            if a >= b:
                triangle, place = first + i * (columns - 1) + j, (a - b, b)
            else:
                triangle, place = first + half + i * (columns - 1) + j, (a, b - a)
            n = row3(stage.normals, int(stage.triangles[triangle, 0]))
            colour = colour_of(stage, triangle, place, (-n[0], -n[1], -n[2]), 0.006)
            for k in range(3):
                image[top + y, left + x, k] = colour[k]
