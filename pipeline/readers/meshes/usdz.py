"""USD and USDZ through usd-core: the meshes of the default time, placed, with the base colour or image of their preview surface.

The library is C++ that reads outside bytes: this runs in a parser worker only.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.readers.meshes import MOST_TRIANGLES, PLAIN, Material, Mesh, MeshPart, Sources, refusal
from pipeline.readers.meshes.faces import assemble, fan

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNITS = {1.0: "metre", 0.1: "decimetre", 0.01: "centimetre", 0.001: "millimetre", 0.0254: "inch", 0.3048: "foot"}
MOST_IMAGE = 512 * 2**20


def open_mesh(sources: Sources) -> Mesh:
    """Read the stage.

    Raises:
        UnreadableError: damaged, or without meshes.
    """
    from pxr import Tf, Usd, UsdGeom

    try:
        stage = Usd.Stage.Open(str(_named(sources)))
    except Tf.ErrorException as error:
        raise refusal("its USD container is damaged", str(error)[:400]) from error
    parts: list[MeshPart] = []
    for prim in Usd.PrimRange(stage.GetPseudoRoot(), Usd.TraverseInstanceProxies()):
        if prim.IsA(UsdGeom.Mesh) and UsdGeom.Imageable(prim).ComputeVisibility() != UsdGeom.Tokens.invisible:
            parts.append(_part(prim))
            if sum(len(part.triangles) for part in parts) > MOST_TRIANGLES:
                raise refusal("it has more triangles than can be opened at once")
    up = "z" if UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.z else "y"
    return assemble(parts, up=up, unit=UNITS.get(round(UsdGeom.GetStageMetersPerUnit(stage), 6), ""), sure=True)


def _named(sources: Sources) -> Path:
    """USD chooses its reader by the ending of the name; a worker's file keeps it, one out of the archive may not."""
    return sources[0][1]


def _part(prim: Any) -> MeshPart:
    from pxr import Usd, UsdGeom

    mesh = UsdGeom.Mesh(prim)
    moment = Usd.TimeCode.EarliestTime()
    points = np.array(mesh.GetPointsAttr().Get(moment) or np.zeros((0, 3)), np.float64).reshape(-1, 3)
    counts = np.array(mesh.GetFaceVertexCountsAttr().Get(moment) or [], np.int64)
    named = np.array(mesh.GetFaceVertexIndicesAttr().Get(moment) or [], np.int64)
    if (counts < 0).any() or counts.sum() > len(named):
        raise refusal("one of its lists of faces ends too early")
    matrix = np.array(UsdGeom.Xformable(prim).ComputeLocalToWorldTransform(moment), np.float64)
    corners = fan(counts).ravel()
    if mesh.GetOrientationAttr().Get() == UsdGeom.Tokens.leftHanded:
        corners = corners.reshape(-1, 3)[:, ::-1].ravel()
    places = named[corners]
    exists = (places >= 0) & (places < len(points))
    placed = points @ matrix[:3, :3] + matrix[3, :3]
    positions = np.where(exists[:, None], placed[np.where(exists, places, 0)] if len(points) else np.nan, np.nan)
    triangles = np.arange(len(corners), dtype=np.uint32).reshape(-1, 3)
    return MeshPart(positions, triangles, _coordinates(prim, corners, places), material=_material(prim))


def _coordinates(prim: Any, corners: "NDArray[np.int64]", places: "NDArray[np.int64]") -> "NDArray[np.float64] | None":
    """Texture coordinates of the corners, origin in the upper left; stated for each corner or for each vertex."""
    from pxr import UsdGeom

    for name in ("st", "st0", "UVMap", "map1"):
        variable = UsdGeom.PrimvarsAPI(prim).GetPrimvar(name)
        values = variable.ComputeFlattened() if variable and variable.HasValue() else None
        if values is None:
            continue
        table = np.array(values, np.float64).reshape(-1, 2)
        at = corners if variable.GetInterpolation() == UsdGeom.Tokens.faceVarying else places
        if len(at) and len(table) > at.max():
            return table[np.maximum(at, 0)] * [1, -1] + [0, 1]
    return None


def _material(prim: Any) -> Material:
    from pxr import UsdShade

    bound, _ = UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()
    surface = bound.ComputeSurfaceSource()[0] if bound else None
    colour = surface.GetInput("diffuseColor") if surface else None
    if not colour:
        return PLAIN
    upstream = colour.GetConnectedSources()[0]
    if upstream:
        asset = UsdShade.Shader(upstream[0].source.GetPrim()).GetInput("file")
        content = _image(asset.Get().resolvedPath) if asset and asset.Get() else None
        return Material(texture=content) if content else Material(colour=PLAIN.colour, missing="an image inside it")
    value = colour.Get()
    r, g, b = (min(max(float(one), 0.0), 1.0) for one in value) if value is not None else PLAIN.colour[:3]
    return Material(colour=(r, g, b, 1.0))


def _image(resolved: str) -> bytes | None:
    """The bytes of an image inside the package; anything outside of it is not looked at."""
    from pxr import Ar

    if "[" not in resolved:
        return None
    opened = Ar.GetResolver().OpenAsset(Ar.ResolvedPath(resolved))
    if not opened or opened.GetSize() > MOST_IMAGE:
        return None
    return bytes(opened.GetBuffer())
