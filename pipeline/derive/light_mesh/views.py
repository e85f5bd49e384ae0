"""Chooses what each device gets: as much of a mesh as its bytes allow, from the largest view to the first."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.records.derivative import MediaRole
from pipeline.derive.deriver import Made, MadeFile
from pipeline.derive.light_mesh.baked import baked
from pipeline.derive.light_mesh.deviation import deviation, samples_of
from pipeline.derive.light_mesh.glb import glb_of, grid_step
from pipeline.derive.shapes.frame import Frame, frame_of, placed_parts
from pipeline.derive.shapes.shaping import finished, prepared, thinned
from pipeline.derive.shapes.textures import QUALITY, Pictures

if TYPE_CHECKING:
    from pipeline.readers.meshes import Mesh, MeshPart

MORE = 1.25
"""A larger view is made where it has so many times the triangles, or the pixels along an image, of a phone's."""
MOST_IMAGES_FIRST = 3
MOST_PARTS_FIRST = 8
"""With more parts than this their description alone would take a good share of the first shape's bytes."""
COARSE_QUALITY = 62
IMAGE_SHARE = 0.45
"""Images may take so much of the bytes before they are made smaller rather than the form."""
ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Size:
    """How large a view may be: triangles, pixels along an image, bytes of the file."""

    triangles: int
    texture: int
    bytes: int
    quality: int = QUALITY


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A finished view. ``parts`` are those it was finished from: a smaller view is thinned from them."""

    content: bytes
    parts: "list[MeshPart]"
    size: Size
    images: int
    image_bytes: int

    @property
    def triangles(self) -> int:
        """How many it has."""
        return sum(len(part.triangles) for part in self.parts)


def fitted(parts: "list[MeshPart]", pictures: Pictures, frame: Frame, size: Size) -> View:
    """The view of prepared parts within its size: images shrink while they take more than their share, then the form does."""
    view = _written(parts, pictures, frame, size)
    for _ in range(ROUNDS):
        if len(view.content) <= size.bytes:
            break
        view = _written(view.parts, pictures, frame, _tighter(view))
    return view


def _written(parts: "list[MeshPart]", pictures: Pictures, frame: Frame, size: Size) -> View:
    parts = thinned(parts, size.triangles)
    shown = finished(parts)
    used = {part.material.texture for part in shown}
    images = {source: content for source, content in pictures.webp(size.texture, size.quality).items() if source in used}
    return View(glb_of(shown, images, frame), parts, size, len(set(images.values())), sum(map(len, images.values())))


def _tighter(view: View) -> Size:
    """A size whose view should fit, judged by what the last one weighed."""
    size, room, image_bytes = view.size, view.size.bytes, view.image_bytes
    if image_bytes > IMAGE_SHARE * room and size.texture > 64:
        share = max(0.25, min(0.85, (IMAGE_SHARE * room / image_bytes) ** 0.5))
        return replace(size, texture=max(64, int(size.texture * share)))
    form = len(view.content) - image_bytes
    share = max(0.1, min(0.95, 0.97 * (room - image_bytes) / form))
    return replace(size, triangles=max(12, int(view.triangles * share)))


def first_view(phone: View, pictures: Pictures, frame: Frame, size: Size) -> View:
    """The first shape: from what a phone shows; many materials become colours of vertices."""
    size = replace(size, quality=COARSE_QUALITY)
    if phone.images > MOST_IMAGES_FIRST or len(phone.parts) > MOST_PARTS_FIRST:
        poured = prepared(baked(phone.parts, pictures))
        return fitted(poured, Pictures((), 0), frame, size)
    return fitted(phone.parts, pictures, frame, size)


def _views(parts: "list[MeshPart]", pictures: Pictures, frame: Frame, sizes: dict[str, Size]) -> dict[str, View]:
    """File name → view, from the first to the largest."""
    whole = sum(len(part.triangles) for part in parts)
    desk, phone_size = sizes["desk"], sizes["phone"]
    views = {}
    if whole > MORE * phone_size.triangles or pictures.longest > MORE * phone_size.texture:
        views["model-large.glb"] = fitted(parts, pictures, frame, desk)
        parts = views["model-large.glb"].parts
    views["model.glb"] = fitted(parts, pictures, frame, phone_size)
    if "model-large.glb" not in views and views["model.glb"].triangles * MORE < whole:
        # The phone's bytes did not hold what the phone's triangles would have.
        views["model-large.glb"] = fitted(parts, pictures, frame, desk)
    views["model-first.glb"] = first_view(views["model.glb"], pictures, frame, sizes["first"])
    return dict(sorted(views.items(), key=lambda named: named[1].size.bytes))


_ROLES = {"model-first.glb": MediaRole.MODEL_FIRST, "model.glb": MediaRole.MODEL, "model-large.glb": MediaRole.MODEL_LARGE}


def write_views(mesh: "Mesh", output: Path, unit: str, sizes: dict[str, dict[str, int]]) -> Made:
    """Write the views of a mesh and say what they are.

    Args:
        mesh: as read.
        output: folder to write to.
        unit: of the mesh's coordinates as the record says; "" where only the file speaks.
        sizes: "first", "phone" and "desk" → Size.
    """
    frame = frame_of(mesh, unit)
    parts = prepared(placed_parts(mesh, frame))
    places = samples_of(parts)
    pictures = Pictures([part.material for part in parts], sizes["desk"]["texture"])
    views = _views(parts, pictures, frame, {name: Size(**size) for name, size in sizes.items()})
    for name, view in views.items():
        (output / name).write_bytes(view.content)
    facts = {
        "light_triangles": views["model.glb"].triangles,
        "textures": views["model.glb"].images,
        "views": {name: _facts(view, deviation(places, view.parts)) for name, view in views.items()},
        "grid_step": grid_step(frame),
        "shown_unit": frame.unit,
        "bounds": {"minimum": [float(value) for value in frame.low], "maximum": [float(value) for value in frame.high]},
        "offset": [float(value) for value in frame.offset],
        "frame": {"matrix": frame.matrix},
    }
    return Made(tuple(MadeFile(_ROLES[name], name, "model/gltf-binary") for name in views), facts)


def _facts(view: View, error: dict[str, float]) -> dict[str, Any]:
    return {"triangles": view.triangles, "bytes": len(view.content), "images": view.images, "error": error}
