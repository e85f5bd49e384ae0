"""Triangle meshes of any format as one type; one format per module.

Rules that every reader here keeps: a count that the file declares is checked against its size before anything is allocated for it;
positions stay float64; triangles that name vertices which do not exist, or stand nowhere, are left out and counted; what cannot be
trusted raises UnreadableError with a sentence. Images are passed on encoded, as they stand: who draws them decodes them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from archive.errors import UnreadableError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Sources: TypeAlias = tuple[tuple[str, Path], ...]
"""(name as delivered, file): the principal first, then its companions."""

READERS: dict[str, str] = {
    "obj": "pipeline.readers.meshes.obj",
    "glb": "pipeline.readers.meshes.gltf",
    "gltf": "pipeline.readers.meshes.gltf",
    "ply": "pipeline.readers.meshes.ply",
    "ply-mesh": "pipeline.readers.meshes.ply",
    "ply-points": "pipeline.readers.meshes.ply",
    "stl": "pipeline.readers.meshes.stl",
    "dae": "pipeline.readers.meshes.dae",
    "3mf": "pipeline.readers.meshes.threemf",
    "off": "pipeline.readers.meshes.off",
    "draco": "pipeline.readers.meshes.draco",
    "usd": "pipeline.readers.meshes.usdz",
    "usdz": "pipeline.readers.meshes.usdz",
}
"""Format name to the module whose ``open_mesh(sources)`` reads it. PLY of any kind may hold faces."""
MOST_TRIANGLES = 40_000_000
"""More than this, as stated or by placing one part many times, is not opened: a light view of it needs another way."""
ADVICE = "Export the model again as GLB or OBJ and deliver the new files."


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """How a surface looks.

    Attributes:
        name: as the file names it, for the record only; nothing public carries it.
        colour: RGBA of the surface in linear light, 0–1; the texture is multiplied by it.
        texture: an encoded image (JPEG, PNG …), or None.
        missing: name of the image that the file asks for and that is not there, or "".
        alpha: "opaque", "mask" or "blend".
        shade: whether the texture is no colour but ambient occlusion, in its red channel (glTF 2.0, 3.9.3): still what shows a form best.
    """

    name: str = ""
    colour: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    texture: bytes | None = None
    missing: str = ""
    alpha: str = "opaque"
    shade: bool = False


PLAIN = Material(colour=(0.6, 0.57, 0.53, 1.0))
"""Where the file says nothing: pale stone."""


@dataclass(frozen=True, slots=True, eq=False)
class MeshPart:
    """Triangles that share a material.

    Attributes:
        positions: (n, 3) float64, in the file's unit and axes.
        triangles: (m, 3) uint32 into ``positions``; every index is valid and every position that one names is finite.
        uv: (n, 2) float64, origin in the upper left corner of the image, or None.
        colours: (n, 4) uint8 sRGB and alpha, or None.
        normals: (n, 3) float32 of unit length, or None where the file has none.
        material: how it looks.
    """

    positions: "NDArray[np.float64]"
    triangles: "NDArray[np.uint32]"
    uv: "NDArray[np.float64] | None" = None
    colours: "NDArray[np.uint8] | None" = None
    normals: "NDArray[np.float32] | None" = None
    material: Material = PLAIN


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """A whole model.

    Attributes:
        up: "y" or "z": which axis points up, as the file says or as its format is used.
        unit: "metre", "millimetre" …, or "" where the file does not say.
        invalid: triangles left out because they name vertices that do not exist, or places that are no numbers.
    """

    parts: tuple[MeshPart, ...]
    up: str = "y"
    unit: str = ""
    invalid: int = 0

    @property
    def triangles(self) -> int:
        """Number of triangles."""
        return sum(len(part.triangles) for part in self.parts)

    @property
    def vertices(self) -> int:
        """Number of vertices as stored: a place with two texture coordinates counts twice."""
        return sum(len(part.positions) for part in self.parts)

    def bounds(self) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
        """Lowest and highest corner (3,) of what the triangles use."""
        import numpy as np

        low = [part.positions[part.triangles.ravel()].min(axis=0) for part in self.parts]
        high = [part.positions[part.triangles.ravel()].max(axis=0) for part in self.parts]
        return np.min(low, axis=0), np.max(high, axis=0)


def refusal(what: str, detail: str = "") -> UnreadableError:
    """The error of every reader here: ``what`` completes "This model cannot be read: …"."""
    return UnreadableError(f"This model cannot be read: {what}.", advice=ADVICE, detail=detail)


def open_asset(sources: Sources, formats: dict[str, str]) -> Mesh:
    """Read an asset's model; ``formats`` names the format of each source as identified.

    Raises:
        UnreadableError: as ``open_mesh``.
    """
    from pipeline.readers.meshes.sniff import format_of

    return open_mesh(sources, format_of(*sources[0], formats))


def open_mesh(sources: Sources, mesh_format: str) -> Mesh:
    """Read a model of a known format (a key of READERS).

    Raises:
        UnreadableError: the format has no reader, the file is not what it claims to be, or nothing in it can be drawn.
    """
    module = READERS.get(mesh_format)
    if module is None:
        raise refusal(f"there is no reader for the format “{mesh_format}”")
    opener: Callable[[Sources], Mesh] = import_module(module).open_mesh
    return opener(sources)
