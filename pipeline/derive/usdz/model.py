"""From a mesh to the bytes of its USDZ, within its size."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.derive.shapes.frame import frame_of, placed_parts
from pipeline.derive.shapes.shaping import finished, prepared, thinned
from pipeline.derive.shapes.textures import Pictures, smaller
from pipeline.derive.usdz.atlas import atlas_of
from pipeline.derive.usdz.layer import Look, layer_of
from pipeline.derive.usdz.package import package

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    from pipeline.readers.meshes import Mesh, MeshPart

QUALITY = 82
FINE_QUALITY = 92
ROUNDS = 6


@dataclass(slots=True)
class _Images:
    """The images of a package as they are collected: content → name."""

    names: dict[bytes, str]

    def add(self, image: "Image", *, fine: bool = False) -> str:
        """The name of an image in the package; JPEG, or PNG where it has holes (the formats that every viewer reads).

        ``fine``: neighbouring pixels have nothing to do with one another, so their colours may not run together.
        """
        out = io.BytesIO()
        if image.mode == "RGBA":
            image.save(out, "PNG", optimize=False)
        else:
            image.save(out, "JPEG", quality=FINE_QUALITY if fine else QUALITY, subsampling=0 if fine else 2)
        suffix = "png" if image.mode == "RGBA" else "jpg"
        return self.names.setdefault(out.getvalue(), f"{len(self.names)}.{suffix}")


def model_of(mesh: "Mesh", unit: str, size: dict[str, int]) -> tuple[bytes, dict[str, Any]]:
    """The USDZ, and what pages say of it: triangles, bytes, and whether it stands in its true size.

    Args:
        mesh: as read.
        unit: of its coordinates as the record says, or "".
        size: at most so many "triangles", pixels along a "texture", "bytes".
    """
    triangles, texture = size["triangles"], size["texture"]
    frame = frame_of(mesh, unit)
    parts = prepared(placed_parts(mesh, frame))
    pictures = Pictures([part.material for part in parts], texture)
    extent = float((frame.high - frame.low).max()) or 1.0
    metres = 1.0 if frame.unit else 1.0 / extent
    content = b""
    for _ in range(ROUNDS):
        parts = thinned(parts, triangles)
        shown = finished(parts)
        content = _packaged(shown, pictures, texture, metres)
        if len(content) <= size["bytes"]:
            break
        triangles, texture = sum(len(part.triangles) for part in parts) * 7 // 10, texture * 7 // 10
    count = sum(len(part.triangles) for part in parts)
    return content, {"triangles": count, "bytes": len(content), "true_scale": bool(frame.unit)}


def _packaged(parts: "list[MeshPart]", pictures: Pictures, texture: int, metres: float) -> bytes:
    images = _Images({})
    looks = [_look(part, pictures, texture, images) for part in parts]
    layer = layer_of(list(zip(parts, looks, strict=True)), metres)
    return package([("model.usdc", layer), *((name, content) for content, name in images.names.items())])


def _look(part: "MeshPart", pictures: Pictures, texture: int, images: _Images) -> Look:
    image = pictures.get(part.material.texture)
    if image is not None and part.uv is not None:
        return Look(images.add(smaller(image, texture)), part.uv, per_corner=False)
    if part.colours is not None:
        atlas, corners = atlas_of(part)
        return Look(images.add(atlas, fine=True), corners, per_corner=True)
    return Look("", _nowhere(), per_corner=False)


def _nowhere() -> "NDArray[np.float64]":
    import numpy as np

    return np.zeros((0, 2))
