"""The model house ten years before: bamboo scaffolding before the roof and on its ridge, dragons and moon not there yet.

Everything else is the house as it is: the same mesh with the ridge's group sunk into the ground and the scaffolding added, its light
baked for the new pieces alone.
"""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np

from pipeline.rehearsal.bake import directions, gather, sky_light, spread_rays
from pipeline.rehearsal.dragons import GROUP
from pipeline.rehearsal.house import ROOF
from pipeline.rehearsal.mesher import Floats, Material, Mesh, Mesher
from pipeline.rehearsal.shading import empty_colours, mean_colours, surface_glow
from pipeline.rehearsal.solids import Point, box, rod
from pipeline.rehearsal.stage import Model, Stage, sun_map
from pipeline.rehearsal.tracer import Tracer

POLES = tuple(float(x) for x in np.linspace(-7.6, 7.6, 9))
ROWS = (4.9, 6.1)
"""y of the two rows of poles before the south eave."""
LIFTS = (1.85, 3.55)
"""Heights of the planks."""
TOP = 5.2
_UNDERGROUND = (0.0, 14.0, -6.0)


def earlier_model(model: Model, *, rays: int, texel: float) -> Model:
    """The model while its roof was mended.

    Args:
        model: the house of today, lit.
        rays: directions looked into from each new vertex.
        texel: of the sun's shadow map, metres.
    """
    mesh, first = _changed(model.mesh)
    tracer = Tracer(mesh)
    light = np.concatenate([model.stage.light, empty_colours(len(mesh.points) - first)])
    stage = Stage(mesh.points, mesh.normals, mesh.uvs, mesh.triangles, mesh.materials, mesh.parts, light, sun_map(tracer, texel))
    light[first:] = _light_of_new(stage, tracer, first, rays)
    return Model(mesh, tracer, stage)


def _changed(mesh: Mesh) -> tuple[Mesh, int]:
    """The mesh without the ridge's group and with scaffolding, and the number of the first new vertex."""
    mesher = Mesher(group="scaffolding", part=int(mesh.parts.max()) + 1)
    _build_scaffolding(mesher)
    added = mesher.finish()
    first = len(mesh.points)
    points = mesh.points.copy()
    for patch in mesh.patches:
        if patch.group == GROUP:
            points[patch.first_vertex : patch.first_vertex + patch.rows * patch.columns] = _UNDERGROUND
    changed = replace(
        mesh,
        points=np.concatenate([points, added.points]),
        normals=np.concatenate([mesh.normals, added.normals]),
        uvs=np.concatenate([mesh.uvs, added.uvs]),
        triangles=np.concatenate([mesh.triangles, added.triangles + np.int32(first)]),
        materials=np.concatenate([mesh.materials, added.materials]),
        parts=np.concatenate([mesh.parts, added.parts]),
        bake_at=np.concatenate([mesh.bake_at, added.bake_at + np.int32(first)]),
    )
    return changed, first


def _light_of_new(stage: Stage, tracer: Tracer, first: int, rays: int) -> Floats:
    """Sky and one bounce at the vertices from ``first`` on."""
    chosen = np.arange(first, len(stage.points), dtype=np.int64)
    around = np.empty((len(chosen) * rays, 6), np.float32)
    spread_rays(stage, chosen, directions(rays), around)
    met = tracer.cast(around).triangle.reshape(len(chosen), rays)
    light, albedo, glow = empty_colours(len(chosen)), empty_colours(len(stage.triangles)), empty_colours(len(stage.triangles))
    sky_light(around, met, light)
    mean_colours(stage, albedo)
    surface_glow(stage, albedo, glow)
    gather(met, glow, light)
    return light


def _build_scaffolding(mesher: Mesher) -> None:
    """Two rows of bamboo poles with ledgers and planks before the eave, a ladder up the slope, a frame along the ridge."""
    _rows_of_poles(mesher)
    for x, height in product(POLES, LIFTS):
        _pole(mesher, (x, ROWS[0] - 0.4, height + 0.06), (x, ROWS[1] + 0.4, height + 0.06))
    for height in LIFTS:
        mesher.next_part()
        for k in range(3):
            y = ROWS[0] + 0.25 + 0.3 * k
            box(mesher, (POLES[0], y, height + 0.1), (POLES[-1], y + 0.24, height + 0.14), Material.WOOD, step=0.6)
    _ladder(mesher, 2.6)
    _ridge_frame(mesher)


def _rows_of_poles(mesher: Mesher) -> None:
    for y in ROWS:
        for x in POLES:
            _pole(mesher, (x, y, 0.0), (x + 0.05, y, TOP))
        for height in (*LIFTS, TOP - 0.25):
            _pole(mesher, (POLES[0] - 0.5, y, height), (POLES[-1] + 0.5, y, height + 0.04))
    for k in range(0, len(POLES) - 1, 2):
        _pole(mesher, (POLES[k], ROWS[0], 0.0), (POLES[k + 1], ROWS[0], LIFTS[1]))


def _pole(mesher: Mesher, foot: Point, top: Point) -> None:
    mesher.next_part()
    rod(mesher, foot, top, 0.05, Material.BARK)


def _on_roof(x: float, y: float, above: float) -> Point:
    """A point above the south slope, ``y`` metres south of the ridge."""
    height = float(ROOF.surface(np.array(x), np.array(-y), np.array(ROOF.half_y - y))[2])
    return (ROOF.centre[0] + x, ROOF.centre[1] - y, height + above)


def _ladder(mesher: Mesher, x: float) -> None:
    for side in (-0.25, 0.25):
        rail = [_on_roof(x + side, float(y), 0.12) for y in np.linspace(6.8, 0.4, 9)]
        for lower, upper in pairwise(rail):
            _pole(mesher, lower, upper)
    for y in np.linspace(6.5, 0.6, 16):
        _pole(mesher, _on_roof(x - 0.3, float(y), 0.17), _on_roof(x + 0.3, float(y), 0.17))


def _ridge_frame(mesher: Mesher) -> None:
    for x in (-4.2, -2.1, 0.0, 2.1, 4.2):
        foot = _on_roof(x, 1.2, -0.05)
        _pole(mesher, foot, (foot[0], foot[1], foot[2] + 2.0))
    middle = _on_roof(0.0, 1.2, -0.05)
    for above in (0.9, 1.8):
        _pole(mesher, (-4.8, middle[1], middle[2] + above), (4.8, middle[1], middle[2] + above))
