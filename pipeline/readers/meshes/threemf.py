"""3MF: meshes, components and build items of the core specification 1.3; base materials give colours."""

import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.readers.meshes import MOST_TRIANGLES, PLAIN, Material, Mesh, MeshPart, Sources, refusal
from pipeline.readers.meshes.faces import assemble
from pipeline.readers.meshes.srgb import linear_of
from pipeline.readers.meshes.xml_text import MOST_BYTES, parsed

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNITS = {"micron": "micron", "millimeter": "millimetre", "centimeter": "centimetre", "inch": "inch", "foot": "foot", "meter": "metre"}
DEEPEST = 32
MOST_PLACED = 20_000


def open_mesh(sources: Sources) -> Mesh:
    """Read what the file says is to be built.

    Raises:
        UnreadableError: no 3MF, damaged, looping, or nothing to build.
    """
    root = parsed(_model(sources[0][1]))
    resources = {one.get("id"): one for one in root.iterfind("resources/object")}
    colours = {one.get("id"): [_colour(base.get("displaycolor", "")) for base in one] for one in root.iterfind("resources/basematerials")}
    parts: list[MeshPart] = []
    try:
        waiting = [(one.get("objectid"), _matrix(one.get("transform")), 0) for one in root.iterfind("build/item")]
        waiting = waiting or [(name, np.eye(4), 0) for name in resources]
        for visited, (name, matrix, depth) in enumerate(_grown(waiting, resources)):
            if depth > DEEPEST or visited > MOST_PLACED or sum(len(part.triangles) for part in parts) > MOST_TRIANGLES:
                raise refusal("its parts hold one another in a circle, or there are too many of them")
            if (part := _part(resources[name], colours)) is not None:
                parts.append(replace(part, positions=part.positions @ matrix[:3, :3] + matrix[3, :3]))
    except (KeyError, ValueError, TypeError, OverflowError, IndexError) as error:
        raise refusal("its parts are not what the 3MF specification says", f"{type(error).__name__}: {error}") from error
    return assemble(parts, up="z", unit=UNITS.get(root.get("unit", "millimeter"), ""), sure=True)


def _grown(waiting: "list[tuple[str, NDArray[np.float64], int]]", resources: dict[str, Any]) -> Any:
    """Every part to be placed, with the parts inside it behind it; the matrix of a part (4, 4) is multiplied from the right."""
    for name, matrix, depth in waiting:
        yield name, matrix, depth
        for inner in resources[name].iterfind("components/component"):
            # The list grows while it is walked; whoever walks it counts.
            waiting.append((inner.get("objectid"), _matrix(inner.get("transform")) @ matrix, depth + 1))


def _model(path: Path) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            name = next(one for one in archive.namelist() if one.lower().endswith(".model"))
            if archive.getinfo(name).file_size > MOST_BYTES:
                raise refusal("its model is larger than 1 GiB")
            with archive.open(name) as stream:
                return stream.read(MOST_BYTES)
    except (zipfile.BadZipFile, zlib.error, StopIteration, EOFError, NotImplementedError, RuntimeError) as error:
        raise refusal("its ZIP container is damaged or holds no model", str(error)) from error


def _matrix(text: str | None) -> "NDArray[np.float64]":
    matrix = np.eye(4)
    if text:
        matrix[:, :3] = np.array(text.split(), np.float64).reshape(4, 3)
    return matrix


def _colour(text: str) -> tuple[float, float, float, float]:
    digits = text.lstrip("#")
    if len(digits) < 6:
        return PLAIN.colour
    r, g, b = (float(value) for value in linear_of(np.array([int(digits[k : k + 2], 16) for k in (0, 2, 4)]) / 255))
    return r, g, b, 1.0


def _part(stated: Any, colours: dict[str, list[tuple[float, float, float, float]]]) -> MeshPart | None:
    mesh = stated.find("mesh")
    if mesh is None:
        return None
    positions = np.array([(v.get("x"), v.get("y"), v.get("z")) for v in mesh.iterfind("vertices/vertex")], np.float64).reshape(-1, 3)
    triangles = np.array([(t.get("v1"), t.get("v2"), t.get("v3")) for t in mesh.iterfind("triangles/triangle")], np.int64).reshape(-1, 3)
    palette, place = colours.get(stated.get("pid", "")), int(stated.get("pindex") or 0)
    return MeshPart(positions, triangles, material=Material(colour=palette[place]) if palette else PLAIN)  # type: ignore[arg-type]
