"""Light baked onto the model's vertices: sky with what hides it (ambient occlusion), lamps, and bounces.

A picture then needs one ray for a pixel and no shadow rays.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pipeline.rehearsal.altar import LAMPS
from pipeline.rehearsal.kernels import Triple, cross, kernel, unit
from pipeline.rehearsal.mesher import Floats, Indices, Mesh
from pipeline.rehearsal.shading import empty_colours, mean_colours, row3, surface_glow
from pipeline.rehearsal.sky import sky
from pipeline.rehearsal.stage import Model, Stage, sun_map
from pipeline.rehearsal.tracer import Tracer

LAMP_COLOUR = np.array([0.42, 0.27, 0.14], np.float32)
BOUNCES = 3
CHUNK = 4096


def light_model(mesh: Mesh, *, rays: int, texel: float, progress: Callable[[float], None]) -> Model:
    """Lights a mesh.

    Args:
        mesh: the model.
        rays: directions looked into from each vertex.
        texel: of the sun's shadow map, metres.
        progress: told the share done, 0…1.
    """
    tracer = Tracer(mesh)
    sun = sun_map(tracer, texel)
    dark = empty_colours(len(mesh.points))
    stage = Stage(mesh.points, mesh.normals, mesh.uvs, mesh.triangles, mesh.materials, mesh.parts, dark, sun)
    unique, back = np.unique(mesh.bake_at.astype(np.int64), return_inverse=True)
    hemisphere = directions(rays)
    met = np.empty((len(unique), rays), np.int32)
    direct = empty_colours(len(unique))
    for start in range(0, len(unique), CHUNK):
        chosen = unique[start : start + CHUNK]
        around = np.empty((len(chosen) * rays, 6), np.float32)
        spread_rays(stage, chosen, hemisphere, around)
        met[start : start + CHUNK] = tracer.cast(around).triangle.reshape(len(chosen), rays)
        sky_light(around, met[start : start + CHUNK], direct[start : start + CHUNK])
        progress(start / len(unique))
    direct += _lamps(mesh, tracer, unique)
    albedo, glow = empty_colours(len(mesh.triangles)), empty_colours(len(mesh.triangles))
    mean_colours(stage, albedo)
    for _ in range(BOUNCES):
        surface_glow(stage, albedo, glow)
        light = direct.copy()
        gather(met, glow, light)
        stage = stage._replace(light=np.ascontiguousarray(light[back]))
    return Model(mesh, tracer, stage)


def directions(count: int) -> NDArray[np.float64]:
    """(count, 3): directions about +z, as dense as the cosine, spread evenly (a Fibonacci spiral)."""
    k = np.arange(count) + 0.5
    radius = np.sqrt(k / count)
    angle = k * np.pi * (3.0 - np.sqrt(5.0))
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), np.sqrt(1.0 - radius**2)], -1)


@kernel
def spread_rays(stage: Stage, chosen: NDArray[np.int64], hemisphere: NDArray[np.float64], rays: Floats) -> None:
    """Fills ``rays`` with ``hemisphere`` turned to the normal of each chosen vertex."""
    count = len(hemisphere)
    for i in range(len(chosen)):
        normal = unit(row3(stage.normals, chosen[i]))
        reference: Triple = (1.0, 0.0, 0.0) if abs(normal[2]) > 0.7 else (0.0, 0.0, 1.0)
        along = unit(cross(reference, normal))
        across = cross(normal, along)
        for j in range(count):
            a, b, c = hemisphere[j, 0], hemisphere[j, 1], hemisphere[j, 2]
            for k in range(3):
                rays[i * count + j, k] = stage.points[chosen[i], k] + 0.012 * normal[k]
                rays[i * count + j, 3 + k] = a * along[k] + b * across[k] + c * normal[k]


@kernel
def sky_light(rays: Floats, met: Indices, direct: Floats) -> None:
    """Adds the sky seen by rays that met nothing; ``direct`` (n, 3), ``met`` (n, count)."""
    count = met.shape[1]
    for i in range(len(met)):
        for j in range(count):
            if met[i, j] < 0:
                r = i * count + j
                colour = sky((float(rays[r, 3]), float(rays[r, 4]), float(rays[r, 5])))
                for k in range(3):
                    direct[i, k] += min(colour[k], 2.0) / count


@kernel
def gather(met: Indices, glow: Floats, light: Floats) -> None:
    """Adds to ``light`` (n, 3) the mean glow of the triangles met, (n, count)."""
    count = met.shape[1]
    for i in range(len(met)):
        for j in range(count):
            if met[i, j] >= 0:
                for k in range(3):
                    light[i, k] += glow[met[i, j], k] / count


def _lamps(mesh: Mesh, tracer: Tracer, unique: NDArray[np.int64]) -> Floats:
    light = empty_colours(len(unique))
    points, normals = mesh.points[unique], mesh.normals[unique]
    for lamp in LAMPS:
        away = np.array(lamp, np.float32) - points
        distance = np.linalg.norm(away, axis=1)
        near = np.flatnonzero(distance < 10.0)
        facing = np.einsum("ij,ij->i", away[near], normals[near]) / np.maximum(distance[near], 0.01)
        near, facing = near[facing > 0], facing[facing > 0]
        rays = np.empty((len(near), 6), np.float32)
        rays[:, :3] = points[near] + 0.012 * normals[near]
        rays[:, 3:] = away[near] * np.maximum(0.0, 1.0 - 0.36 / distance[near])[:, None]
        strength = facing / (0.25 + distance[near] ** 2) * ~tracer.blocked(rays)
        light[near] += strength[:, None].astype(np.float32) * LAMP_COLOUR
    return light
