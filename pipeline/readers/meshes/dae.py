"""Collada 1.4: triangles, polylists and polygons of the visual scene, placed, with diffuse colours and images. No skins, no splines."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.readers.meshes import MOST_TRIANGLES, PLAIN, Material, Mesh, MeshPart, Sources, refusal
from pipeline.readers.meshes.companions import companion_bytes
from pipeline.readers.meshes.faces import assemble, fan
from pipeline.readers.meshes.srgb import linear_of
from pipeline.readers.meshes.xml_text import MOST_BYTES, numbers, parsed

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNITS = {1.0: "metre", 0.1: "decimetre", 0.01: "centimetre", 0.001: "millimetre", 0.0254: "inch", 0.3048: "foot"}
DEEPEST = 128
MOST_PLACED = 50_000
DRAWN = ("triangles", "polylist", "polygons")


@dataclass(frozen=True, slots=True)
class _Library:
    """The document's elements by their id, and the files beside it."""

    root: Any
    by_id: dict[str, Any]
    sources: Sources

    def follow(self, reference: str | None) -> Any:
        """The element that ``#id`` means, or None."""
        return self.by_id.get((reference or "").lstrip("#"))


def open_mesh(sources: Sources) -> Mesh:
    """Read the scene.

    Raises:
        UnreadableError: damaged, looping, or without anything that can be drawn.
    """
    path = sources[0][1]
    if path.stat().st_size > MOST_BYTES:
        raise refusal("it is larger than 1 GiB")
    root = parsed(path.read_bytes())
    library = _Library(root, {one.get("id"): one for one in root.iter() if one.get("id")}, sources)
    try:
        parts = [part for found in _placed(library) for part in _instance(library, *found)]
        meter = float(root.find("asset/unit").get("meter", "1")) if root.find("asset/unit") is not None else 0.0
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise refusal("its parts are not what the Collada specification says", f"{type(error).__name__}: {error}") from error
    up = "z" if root.findtext("asset/up_axis", "Y_UP").strip() == "Z_UP" else "y"
    return assemble(parts, up=up, unit=UNITS.get(round(meter, 6), ""), sure=True)


def _placed(library: _Library) -> "list[tuple[Any, NDArray[np.float64]]]":
    """Every geometry instance of the scene with its matrix; without a scene every geometry as it stands."""
    scene = library.follow(next((one.get("url") for one in library.root.iter("instance_visual_scene")), None))
    found: list[tuple[Any, NDArray[np.float64]]] = []
    waiting = [(node, np.eye(4), 0) for node in scene.findall("node")] if scene is not None else []
    visited = 0
    while waiting:
        node, above, depth = waiting.pop()
        visited += 1
        if depth > DEEPEST or visited > MOST_PLACED:
            raise refusal("its nodes hold one another in a circle, or there are too many of them")
        matrix = above @ _matrix(node)
        found.extend((one, matrix) for one in node.findall("instance_geometry"))
        inner = [*node.findall("node"), *(library.follow(one.get("url")) for one in node.findall("instance_node"))]
        waiting.extend((one, matrix, depth + 1) for one in inner if one is not None)
    return found or [(one, np.eye(4)) for one in library.root.iter("geometry")]


def _matrix(node: Any) -> "NDArray[np.float64]":
    """The node's transforms in their order (Collada 1.4.1, 5: post-multiplied)."""
    matrix = np.eye(4)
    for one in node:
        step = np.eye(4)
        if one.tag == "matrix":
            step = numbers(one).reshape(4, 4)
        elif one.tag == "translate":
            step[:3, 3] = numbers(one)
        elif one.tag == "scale":
            step[:3, :3] = np.diag(numbers(one))
        elif one.tag == "rotate":
            step[:3, :3] = _turned(numbers(one))
        matrix = matrix @ step
    return matrix


def _turned(values: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Rotation about an axis by degrees (Rodrigues)."""
    x, y, z = values[:3] / (np.linalg.norm(values[:3]) or 1.0)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.radians(values[3])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def _instance(library: _Library, instance: Any, matrix: "NDArray[np.float64]") -> list[MeshPart]:
    geometry = instance if instance.tag == "geometry" else library.follow(instance.get("url"))
    mesh = geometry.find("mesh") if geometry is not None else None
    if mesh is None:
        return []
    bound = {one.get("symbol"): one.get("target") for one in instance.iter("instance_material")}
    parts = [_part(library, one, bound) for one in mesh if one.tag in DRAWN]
    if sum(len(part.triangles) for part in parts) > MOST_TRIANGLES:
        raise refusal("it has more triangles than can be opened at once")
    return [replace(part, positions=part.positions @ matrix[:3, :3].T + matrix[:3, 3], normals=None) for part in parts]


def _source(library: _Library, reference: str | None) -> "NDArray[np.float64]":
    """The table (n, stride) of a source; of <vertices> that of its POSITION."""
    element = library.follow(reference)
    if element.tag == "vertices":
        element = library.follow(next(one.get("source") for one in element.findall("input") if one.get("semantic") == "POSITION"))
    stride = int(element.find("technique_common/accessor").get("stride", "1"))
    values = numbers(element.find("float_array"))
    return np.asarray(values[: len(values) // stride * stride].reshape(-1, stride))


def _part(library: _Library, drawn: Any, bound: dict[str, str]) -> MeshPart:
    inputs = {one.get("semantic"): one for one in reversed(drawn.findall("input"))}
    width = max(int(one.get("offset", "0")) for one in inputs.values()) + 1
    lists = [numbers(one, np.int64) for one in drawn.findall("p")]
    corners = (
        np.concatenate([one[: len(one) // width * width] for one in lists]).reshape(-1, width) if lists else np.zeros((0, width), np.int64)
    )
    counts = {"triangles": np.full(len(corners) // 3, 3), "polygons": np.array([len(one) // width for one in lists])}.get(drawn.tag)
    counts = numbers(drawn.find("vcount"), np.int64) if counts is None else counts
    if (counts < 0).any() or counts.sum() > len(corners):
        raise refusal("one of its lists of faces ends too early")
    flat = corners[fan(counts.astype(np.int64))].reshape(-1, width)
    table = _source(library, inputs["VERTEX"].get("source"))[:, :3]
    places = flat[:, int(inputs["VERTEX"].get("offset", "0"))]
    exists = (places >= 0) & (places < len(table))
    positions = np.where(exists[:, None], table[np.where(exists, places, 0)] if len(table) else np.nan, np.nan)
    uv = None
    if "TEXCOORD" in inputs:
        coordinates = _source(library, inputs["TEXCOORD"].get("source"))[:, :2]
        uv = coordinates[np.clip(flat[:, int(inputs["TEXCOORD"].get("offset", "0"))], 0, len(coordinates) - 1)] * [1, -1] + [0, 1]
    triangles = np.arange(len(flat), dtype=np.uint32).reshape(-1, 3)
    return MeshPart(positions, triangles, uv, material=_material(library, bound.get(drawn.get("material", ""))))


def _material(library: _Library, reference: str | None) -> Material:
    material = library.follow(reference)
    effect = library.follow(material.find("instance_effect").get("url")) if material is not None else None
    diffuse = next(effect.iter("diffuse"), None) if effect is not None else None
    if diffuse is None:
        return PLAIN
    colour = numbers(diffuse.find("color"))
    if diffuse.find("texture") is None:
        r, g, b = (float(value) for value in linear_of(np.clip(colour[:3], 0, 1))) if len(colour) >= 3 else PLAIN.colour[:3]
        return Material(material.get("name", ""), (r, g, b, 1.0))
    name = _image_name(library, effect, diffuse.find("texture").get("texture"))
    content = companion_bytes(library.sources, name) if name else None
    return (
        Material(material.get("name", ""), texture=content) if content else Material(material.get("name", ""), PLAIN.colour, missing=name)
    )


def _image_name(library: _Library, effect: Any, sampler: str) -> str:
    """From the sampler's name over the surface to the image's file; exporters that skip the chain name the image itself."""
    parameters = {one.get("sid"): one for one in effect.iter("newparam")}
    step = parameters.get(sampler)
    surface = parameters.get(step.findtext("sampler2D/source", "")) if step is not None else None
    image = library.follow(surface.findtext("surface/init_from", "")) if surface is not None else library.follow(sampler)
    return image.findtext("init_from", "").strip().removeprefix("file://") if image is not None else ""
