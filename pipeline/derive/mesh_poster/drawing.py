"""A mesh drawn from the side that shows most of it, and from all round."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.derive.mesh_poster import kernels
from pipeline.derive.studio.camera import Camera, around, looking
from pipeline.derive.studio.kernels import ambient
from pipeline.derive.studio.paper import exposure, on_paper, paper
from pipeline.readers.meshes.images import decoded
from pipeline.readers.meshes.srgb import linear_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.readers.meshes import Mesh, MeshPart

FINE = 2
"""The picture is drawn at so many times its size and averaged down."""
TEXTURE = 3072
PROBE = (240, 150)
PLACES = 60_000
"""So many places frame the picture and cast its shadow."""
LAMP = (-0.55, -0.75, -0.62)
"""Towards the lamp: left, above, in front (camera axes right, down, forward)."""
FRONT = -math.pi / 2
"""Azimuth from which models that are y up show their front (glTF 2.0, 3.4: +Z is forward)."""
NO_TEXTURE = np.zeros((0, 0, 4), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Drawable:
    """A part, ready to be drawn: positions z up, relative to the middle; ``texture`` (h, w, 4) or empty."""

    positions: "NDArray[np.float64]"
    triangles: "NDArray[np.uint32]"
    normals: "NDArray[np.float32]"
    uv: "NDArray[np.float64]"
    colours: "NDArray[np.float32]"
    texture: "NDArray[np.uint8]"
    base: "NDArray[np.float64]"
    masked: bool


def drawables(mesh: "Mesh") -> list[Drawable]:
    """The mesh's parts in a z-up frame around the middle of its bounds."""
    low, high = mesh.bounds()
    turn = np.eye(3) if mesh.up == "z" else np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    pictures: dict[bytes, NDArray[np.uint8]] = {}
    return [_drawable(part, (low + high) / 2, turn, pictures) for part in mesh.parts]


def _drawable(
    part: "MeshPart", middle: "NDArray[np.float64]", turn: "NDArray[np.float64]", pictures: "dict[bytes, NDArray[np.uint8]]"
) -> Drawable:
    positions = (part.positions - middle) @ turn.T
    normals = _smooth(positions, part.triangles) if part.normals is None else (part.normals @ turn.T).astype(np.float32)
    source = part.material.texture
    if source is not None and part.uv is not None and source not in pictures:
        image = decoded(part.material, TEXTURE)
        pictures[source] = NO_TEXTURE if image is None else np.ascontiguousarray(image.convert("RGBA"))
    texture = pictures.get(source, NO_TEXTURE) if source is not None else NO_TEXTURE
    colours = np.zeros((0, 3)) if part.colours is None else linear_of(part.colours[:, :3] / 255)
    return Drawable(
        positions,
        part.triangles,
        normals,
        part.uv if part.uv is not None and texture.size else np.zeros((0, 2)),
        colours.astype(np.float32),
        texture,
        np.array(part.material.colour[:3]),
        part.material.alpha != "opaque",
    )


def _smooth(positions: "NDArray[np.float64]", triangles: "NDArray[np.uint32]") -> "NDArray[np.float32]":
    """Normals of vertices, those at the same place sharing one: the sum of the faces' normals by area."""
    _, places = np.unique(positions, axis=0, return_inverse=True)
    corners = places.ravel()[triangles]
    a, b, c = (positions[triangles[:, k]] for k in range(3))
    faces = np.cross(b - a, c - a)
    sums = np.stack([np.bincount(corners.ravel(), np.repeat(faces[:, k], 3), places.max() + 1) for k in range(3)], axis=1)
    unit = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-300)
    return np.asarray(unit[places.ravel()].astype(np.float32))


def surface_places(parts: list[Drawable]) -> "NDArray[np.float64]":
    """Places (n, 3) spread over the surface, the more the larger it is, and the corners of its extremes: always the same ones."""
    centres, areas, corners = [], [], []
    for part in parts:
        a, b, c = (part.positions[part.triangles[:, k]] for k in range(3))
        centres.append((a + b + c) / 3)
        areas.append(np.linalg.norm(np.cross(b - a, c - a), axis=1))
        used = part.positions[np.unique(part.triangles)]
        corners.append(used[:: max(1, len(used) // PLACES)])
        corners.append(used[np.concatenate([used.argmin(axis=0), used.argmax(axis=0)])])
    total = np.cumsum(np.concatenate(areas))
    steps = (np.arange(PLACES) + 0.5) / PLACES * total[-1]
    chosen = np.minimum(np.searchsorted(total, steps), len(total) - 1)
    return np.concatenate([np.concatenate(centres)[chosen], *corners])


def _drawn(parts: list[Drawable], camera: Camera) -> "tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]":
    """Depth, colour and normals of what a camera sees."""
    shape = (camera.height, camera.width)
    depth = np.full(shape, np.inf, np.float32)
    light, facing = np.zeros((*shape, 3), np.float32), np.zeros((*shape, 3), np.float32)
    table = linear_of(np.arange(256) / 255).astype(np.float32)
    for part in parts:
        normals = (part.normals @ camera.turn.T).astype(np.float32)
        seen = camera.project(part.positions)
        look = (part.uv, part.colours, part.texture, table, part.base, part.masked)
        kernels.draw(part.triangles, seen, normals, *look, depth, light, facing)
    kernels.turn_to_viewer(depth, facing, camera.focal)
    return depth, light, facing


def _lit(parts: list[Drawable], camera: Camera, radius: float) -> "tuple[NDArray[np.float32], NDArray[np.float32]]":
    """Light (height, width, 3) and depth of the parts."""
    depth, light, facing = _drawn(parts, camera)
    shade = np.ones(depth.shape, np.float32)
    ambient(depth, facing, camera.focal, radius, shade)
    lamp = np.array(LAMP) / np.linalg.norm(LAMP)
    kernels.illuminate(depth, facing, shade, lamp, np.ascontiguousarray(camera.turn[:, 2]), light)
    return light, depth


def _detail(parts: list[Drawable], camera: Camera) -> float:
    """How much there is to see: covered pixels, more where neighbours differ in colour or direction."""
    depth, light, facing = _drawn(parts, camera)
    cover = np.isfinite(depth)
    grey = np.sqrt(np.clip(light, 0, 1)).mean(axis=2)
    change = np.abs(np.diff(grey, axis=1))[1:] + np.abs(np.diff(grey, axis=0))[:, 1:]
    change += 0.25 * (np.abs(np.diff(facing, axis=1)).sum(axis=2)[1:] + np.abs(np.diff(facing, axis=0)).sum(axis=2)[:, 1:])
    inside = cover[1:, 1:] & cover[:-1, 1:] & cover[1:, :-1]
    return float(cover.mean() + 2.0 * (change * inside).mean())


def best_side(parts: list[Drawable], places: "NDArray[np.float64]", *, fronted: bool) -> tuple[float, float]:
    """Azimuth and elevation, radians, of the three-quarter view, of eight around the model, that shows the most.

    Args:
        parts: what is drawn.
        places: what has to be in the picture.
        fronted: whether the format says where the front is: it is then seen if it can be.
    """
    extent = places.max(axis=0) - places.min(axis=0)
    flatness = float(extent[2]) / max(float(extent[:2].max()), 1e-9)
    elevation = math.radians(40 if flatness < 0.12 else 26 if flatness < 0.6 else 13)
    scores = {}
    for step in range(8):
        azimuth = FRONT + math.radians(28 + 45 * step)
        front = 1 + (0.35 * math.cos(azimuth - FRONT) if fronted else 0)
        scores[azimuth] = _detail(parts, looking(places, azimuth, elevation, PROBE)) * front
    return max(scores, key=lambda azimuth: scores[azimuth]), elevation


class MeshInStudio:
    """A mesh ready to be drawn from any side; all its pictures are exposed like its poster."""

    def __init__(self, mesh: "Mesh") -> None:
        self._parts = drawables(mesh)
        self._places = surface_places(self._parts)
        self._side = best_side(self._parts, self._places, fronted=mesh.up == "y")
        self._radius = 0.07 * float(np.linalg.norm(self._places.max(axis=0) - self._places.min(axis=0)))
        self._exposure: float | None = None

    @property
    def side(self) -> tuple[float, float]:
        """Azimuth and elevation of the poster."""
        return self._side

    def poster(self, size: tuple[int, int]) -> "NDArray[np.uint8]":
        """The side that shows most of it."""
        return self._drawn(looking(self._places, *self._side, size))

    def turn(self, size: tuple[int, int]) -> "Iterator[NDArray[np.uint8]]":
        """Pictures from all round."""
        return map(self._drawn, around(self._places, *self._side, size))

    def _drawn(self, camera: Camera) -> "NDArray[np.uint8]":
        light, depth = _lit(self._parts, camera.times(FINE), self._radius)
        cover = np.isfinite(depth)
        self._exposure = exposure(light[cover]) if self._exposure is None else self._exposure
        light *= self._exposure
        return on_paper(light, cover.astype(np.float32), paper(self._places, camera), FINE)
