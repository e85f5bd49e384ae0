"""PLY meshes: faces of any size, colours, normals, texture coordinates of vertices or of corners, images named in comments."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from pipeline.readers.meshes import PLAIN, Material, Mesh, MeshPart, Sources, refusal
from pipeline.readers.meshes import ply_kernels as kernels
from pipeline.readers.meshes.companions import companion_bytes
from pipeline.readers.meshes.faces import assemble, fan
from pipeline.readers.meshes.srgb import bytes_of
from pipeline.readers.points.ply import Element, PlyHeader, read_header

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_TEXT = 1 << 30
UV_NAMES = (("s", "t"), ("u", "v"), ("texture_u", "texture_v"))
COLOUR_NAMES = (("red", "green", "blue"), ("diffuse_red", "diffuse_green", "diffuse_blue"), ("r", "g", "b"))


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The rows of one element: where each property's values stand (``starts``, ``counts``: (rows, p)) in ``content``."""

    element: Element
    content: "NDArray[Any]"
    order: str
    starts: "NDArray[np.int64]"
    counts: "NDArray[np.int64]"

    def _place(self, name: str) -> int | None:
        return next((k for k, prop in enumerate(self.element.properties) if prop.name == name), None)

    def lists(self, *names: str) -> "tuple[NDArray[Any], NDArray[np.int64]] | None":
        """All items of the first of these properties, one after another, and how many each row has; None without the property."""
        place = next((k for name in names if (k := self._place(name)) is not None), None)
        if place is None:
            return None
        starts, counts = np.ascontiguousarray(self.starts[:, place]), np.ascontiguousarray(self.counts[:, place])
        total = int(counts.sum())
        if not self.order:
            numbers = np.empty(total, np.float64)
            kernels.gather_text(self.content, starts, counts, numbers)
            return numbers, counts
        kind = np.dtype(self.order + self.element.properties[place].kind)
        out = np.empty(total * kind.itemsize, np.uint8)
        kernels.gather_binary(self.content, starts, counts, kind.itemsize, out)
        return out.view(kind), counts

    def columns(self, *names: str) -> "NDArray[Any] | None":
        """Scalar properties side by side (rows, k); None when one is missing."""
        found = [self.lists(name) for name in names]
        if not all(found):
            return None
        return np.stack([one[0] for one in found if one is not None], axis=1)

    def kind(self, name: str) -> str:
        """The NumPy type of a property that exists."""
        return next(prop.kind for prop in self.element.properties if prop.name == name)


def open_mesh(sources: Sources) -> Mesh:
    """Read vertices and faces.

    Raises:
        UnreadableError: no PLY, fewer bytes than its header needs, or no faces.
    """
    with sources[0][1].open("rb") as stream:
        header = read_header(stream)
        tables = _tables(stream, header)
    vertices, faces = tables.get("vertex"), tables.get("face")
    if vertices is None or faces is None or not len(faces.starts):
        raise refusal("it has no faces: it is a cloud of points")
    return assemble(_parts(vertices, faces, _images(header, sources)), up="z")


def _tables(stream: BinaryIO, header: PlyHeader) -> dict[str, Table]:
    """Vertices and faces, after a walk over what stands before them."""
    stream.seek(header.start)
    content: NDArray[Any]
    if header.order:
        content, at = np.frombuffer(stream.read(), np.uint8), 0
    else:
        content, at = _numbers(stream.read(MOST_TEXT)), 0
    tables: dict[str, Table] = {}
    for element in header.elements:
        if element.count > len(content):
            raise refusal(f"it declares {element.count} rows of “{element.name}” and ends before the last of them")
        lengths, sizes = _widths(element, header.order)
        starts = np.empty((element.count, len(sizes)), np.int64)
        counts = np.empty_like(starts)
        if header.order:
            at = kernels.walk_binary(content, at, lengths, sizes, header.order == ">", starts, counts)
        else:
            at = kernels.walk_text(content, at, lengths, starts, counts)
        if at < 0:
            raise refusal(f"it declares {element.count} rows of “{element.name}” and ends before the last of them")
        tables[element.name] = Table(element, content, header.order, starts, counts)
        if {"vertex", "face"} <= tables.keys():
            break
    return tables


def _numbers(text: bytes) -> "NDArray[np.float64]":
    try:
        return np.array(text.split(), np.float64)
    except ValueError as error:
        raise refusal("one of its rows is not a row of numbers", str(error)) from error


def _widths(element: Element, order: str) -> "tuple[NDArray[np.int64], NDArray[np.int64]]":
    lengths = [np.dtype(prop.length_kind).itemsize if prop.length_kind else 0 for prop in element.properties]
    sizes = [np.dtype(prop.kind).itemsize if order else 1 for prop in element.properties]
    return np.array(lengths, np.int64), np.array(sizes, np.int64)


def _images(header: PlyHeader, sources: Sources) -> list[Material]:
    names = [comment.split(None, 1)[1].strip() for comment in header.comments if comment.lower().startswith("texturefile ")]
    found = []
    for name in names:
        content = companion_bytes(sources, name)
        found.append(Material(name, texture=content) if content else Material(name, PLAIN.colour, missing=name))
    return found


def _parts(vertices: Table, faces: Table, images: list[Material]) -> list[MeshPart]:
    positions = vertices.columns("x", "y", "z")
    corners = faces.lists("vertex_indices", "vertex_index")
    if positions is None or corners is None:
        raise refusal("its vertices have no x, y and z, or its faces no vertex_indices")
    indices, counts = corners
    triangles = fan(counts)
    owner = np.repeat(np.arange(len(counts)), np.maximum(counts - 2, 0))
    part = _vertex_part(vertices, positions.astype(np.float64))
    named = indices[triangles].astype(np.int64)
    coordinates = faces.lists("texcoord", "texture_coordinates")
    if coordinates is None or not (coordinates[1] == 2 * counts).all():
        return [MeshPart(part.positions, named, part.uv, part.colours, part.normals, _first(images, part))]  # type: ignore[arg-type]
    return _cornered(part, (triangles, named, coordinates[0].reshape(-1, 2).astype(np.float64)), _pages(faces, owner), images)


def _first(images: list[Material], part: MeshPart) -> Material:
    if images and part.uv is not None:
        return images[0]
    return Material(colour=(1.0, 1.0, 1.0, 1.0)) if part.colours is not None else PLAIN


def _pages(faces: Table, owner: "NDArray[np.int64]") -> "NDArray[np.int64]":
    """Which image each triangle uses."""
    numbers = faces.lists("texnumber")
    return np.zeros(len(owner), np.int64) if numbers is None else numbers[0].astype(np.int64)[owner]


def _cornered(
    part: MeshPart,
    faces: "tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]",
    pages: "NDArray[np.int64]",
    images: list[Material],
) -> list[MeshPart]:
    """A part for each image, every corner with a vertex of its own, since coordinates belong to corners."""
    triangles, named, coordinates = faces
    valid = ((named >= 0) & (named < len(part.positions))).all(axis=1)
    found = [MeshPart(part.positions, named[~valid])] if not valid.all() else []  # type: ignore[arg-type]
    for page in np.unique(pages[valid]).tolist():
        mine = valid & (pages == page)
        flat = named[mine].ravel()
        uv = coordinates[triangles[mine].ravel()] * [1, -1] + [0, 1]
        material = images[page] if 0 <= page < len(images) else Material(colour=PLAIN.colour if part.colours is None else (1, 1, 1, 1))
        # Vertex colours of a textured scan are its colours before it was textured: the image counts.
        colours = None if part.colours is None or material.texture else part.colours[flat]
        normals = None if part.normals is None else part.normals[flat]
        if colours is not None:
            material = Material(material.name, missing=material.missing)
        corners = np.arange(len(flat), dtype=np.uint32).reshape(-1, 3)
        found.append(MeshPart(part.positions[flat], corners, uv, colours, normals, material))
    return found


def _vertex_part(vertices: Table, positions: "NDArray[np.float64]") -> MeshPart:
    uv = next((found for names in UV_NAMES if (found := vertices.columns(*names)) is not None), None)
    normals = vertices.columns("nx", "ny", "nz")
    return MeshPart(
        positions,
        np.zeros((0, 3), np.uint32),
        None if uv is None else uv.astype(np.float64) * [1, -1] + [0, 1],
        _colours(vertices),
        None if normals is None else normals.astype(np.float32),
    )


def _colours(vertices: Table) -> "NDArray[np.uint8] | None":
    for names in COLOUR_NAMES:
        found = vertices.columns(*names)
        if found is not None:
            scale = {"u1": 255.0, "u2": 65535.0}.get(vertices.kind(names[0]), 1.0)
            if scale == 1.0 and found.size and np.nan_to_num(found).max() > 1:
                scale = 255.0
            return bytes_of(found, scale=scale)
    return None
