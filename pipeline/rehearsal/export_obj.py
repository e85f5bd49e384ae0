"""The photogrammetry model: the stele house as a textured OBJ with its MTL and JPEG, metres, y up as the format's readers expect."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from pipeline.rehearsal.atlas import Slot, pack, paint, texture_coordinates
from pipeline.rehearsal.lettering import badge_photo
from pipeline.rehearsal.mesher import Indices
from pipeline.rehearsal.place import BADGE
from pipeline.rehearsal.render import encode, tone
from pipeline.rehearsal.stage import Model
from pipeline.rehearsal.truth import MeshTruth

FOLDER = "model"
NAME = "nha-bia"
GROUP = "stele"
EXPOSURE = (1.35, 1.35, 1.4, 0.72)


def export_mesh(model: Model, root: Path, *, texture: int) -> MeshTruth:
    """Writes the mesh.

    Args:
        model: the lit model.
        root: the deposit.
        texture: side of the image, pixels.
    """
    mesh = model.mesh
    patches = [patch for patch in mesh.patches if patch.group == GROUP]
    slots = pack(mesh, patches, texture)
    folder = root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(_picture(model, slots, texture)).save(folder / f"{NAME}.jpg", "JPEG", quality=88)
    (folder / f"{NAME}.mtl").write_text(_material(), encoding="utf-8")
    points = np.concatenate([mesh.points[slot.patch.first_vertex :][: slot.patch.rows * slot.patch.columns] for slot in slots])
    coordinates = np.concatenate([texture_coordinates(slot, texture) for slot in slots])
    faces = _faces(model, slots)
    _write(folder / f"{NAME}.obj", points.astype(np.float64), coordinates, faces)
    low, high = points.min(axis=0), points.max(axis=0)
    return MeshTruth(f"{FOLDER}/{NAME}.obj", len(points), len(faces), _triple(low), _triple(high), texture)


def _triple(values: NDArray[np.float32]) -> tuple[float, float, float]:
    x, y, z = (round(float(value), 4) for value in values)
    return x, y, z


def _picture(model: Model, slots: list[Slot], texture: int) -> NDArray[np.uint8]:
    radiance = paint(model.stage, slots, texture).reshape(-1, 3)
    toned = np.empty_like(radiance)
    tone(radiance, EXPOSURE, toned)
    encoded = np.empty(radiance.shape, np.uint8)
    encode(toned, encoded)
    picture = encoded.reshape(texture, texture, 3)
    badge_photo(picture)
    return picture


def _faces(model: Model, slots: list[Slot]) -> Indices:
    faces, start = [], 0
    for slot in slots:
        patch = slot.patch
        count = 2 * (patch.rows - 1) * (patch.columns - 1)
        faces.append(model.mesh.triangles[patch.first_triangle : patch.first_triangle + count] - patch.first_vertex + start)
        start += patch.rows * patch.columns
    return np.concatenate(faces)


def _material() -> str:
    return f"# {BADGE}\nnewmtl nha-bia\nKa 0 0 0\nKd 1 1 1\nKs 0 0 0\nillum 1\nmap_Kd {NAME}.jpg\n"


def _write(path: Path, points: NDArray[np.float64], coordinates: NDArray[np.float64], faces: Indices) -> None:
    turned = np.stack([points[:, 0], points[:, 2], -points[:, 1]], -1)
    lines = [f"# {BADGE}", "# Ditich rehearsal; metres, y up", f"mtllib {NAME}.mtl", "o nha-bia"]
    lines += [f"v {x:.4f} {y:.4f} {z:.4f}" for x, y, z in turned.tolist()]
    lines += [f"vt {u:.6f} {v:.6f}" for u, v in coordinates.tolist()]
    lines += ["usemtl nha-bia"]
    lines += [f"f {a}/{a} {b}/{b} {c}/{c}" for a, b, c in (faces + 1).tolist()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
