"""The layer of a USDZ by usd-core: one mesh and one preview surface for each part, y up, nothing in words but our own names.

The library is C++: this runs in a worker only.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.readers.meshes import Material, MeshPart

CUTOFF = 0.5
"""Below this opacity a masked material has holes (glTF 2.0, 3.9.4)."""


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How a part is coloured: the name of its image in the package ("" for none), and where in it (n, 2), origin in the upper left.

    ``per_corner``: one place for each corner of a triangle, else one for each vertex.
    """

    image: str
    places: "NDArray[np.float64]"
    per_corner: bool


def layer_of(parts: "list[tuple[MeshPart, Look]]", metres: float) -> bytes:
    """The bytes of the layer, binary (usdc).

    Args:
        parts: with normals, y up.
        metres: that one unit of the parts stands for.
    """
    from pxr import Kind, Usd, UsdGeom

    stage = Usd.Stage.CreateInMemory("model.usdc")
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, metres)
    root = UsdGeom.Xform.Define(stage, "/Model")
    stage.SetDefaultPrim(root.GetPrim())
    Usd.ModelAPI(root.GetPrim()).SetKind(Kind.Tokens.component)
    for number, (part, look) in enumerate(parts):
        prim = _mesh(stage, f"/Model/part_{number}", part, look)
        _bind(stage, f"/Model/look_{number}", prim, (part.material, look))
    with tempfile.TemporaryDirectory() as folder:
        # The library chooses the binary form by the name of the file that it writes.
        path = Path(folder) / "model.usdc"
        stage.GetRootLayer().Export(str(path))
        return path.read_bytes()


def _mesh(stage: Any, path: str, part: "MeshPart", look: Look) -> Any:
    from pxr import Sdf, UsdGeom, Vt

    mesh = UsdGeom.Mesh.Define(stage, path)
    points = np.ascontiguousarray(part.positions, np.float32)
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(points))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(part.triangles), 3, np.int32)))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(np.ascontiguousarray(part.triangles.ravel(), np.int32)))
    mesh.CreateExtentAttr(Vt.Vec3fArray.FromNumpy(np.stack([points.min(axis=0), points.max(axis=0)])))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateDoubleSidedAttr(True)
    if part.normals is not None:
        mesh.CreateNormalsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(part.normals, np.float32)))
        mesh.SetNormalsInterpolation(UsdGeom.Tokens.vertex)
    if look.image:
        kind = UsdGeom.Tokens.faceVarying if look.per_corner else UsdGeom.Tokens.vertex
        variable = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("st", Sdf.ValueTypeNames.TexCoord2fArray, kind)
        upright = np.ascontiguousarray(look.places * [1, -1] + [0, 1], np.float32)
        variable.Set(Vt.Vec2fArray.FromNumpy(upright))
    return mesh.GetPrim()


def _bind(stage: Any, path: str, prim: Any, shown: "tuple[Material, Look]") -> None:
    from pxr import Sdf, UsdShade

    material, look = shown
    made = UsdShade.Material.Define(stage, path)
    surface = UsdShade.Shader.Define(stage, f"{path}/surface")
    surface.CreateIdAttr("UsdPreviewSurface")
    surface.CreateInput("roughness", Sdf.ValueTypeNames.Float).Set(1.0)
    surface.CreateInput("metallic", Sdf.ValueTypeNames.Float).Set(0.0)
    colour = surface.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f)
    if look.image:
        image = _image(stage, path, material, look.image)
        colour.ConnectToSource(image.ConnectableAPI(), "rgb")
        if material.alpha != "opaque":
            surface.CreateInput("opacity", Sdf.ValueTypeNames.Float).ConnectToSource(image.ConnectableAPI(), "a")
    else:
        colour.Set(tuple(material.colour[:3]))
        if material.alpha == "blend":
            surface.CreateInput("opacity", Sdf.ValueTypeNames.Float).Set(material.colour[3])
    if material.alpha == "mask":
        surface.CreateInput("opacityThreshold", Sdf.ValueTypeNames.Float).Set(CUTOFF)
    made.CreateSurfaceOutput().ConnectToSource(surface.ConnectableAPI(), "surface")
    UsdShade.MaterialBindingAPI.Apply(prim).Bind(made)


def _image(stage: Any, path: str, material: "Material", name: str) -> Any:
    from pxr import Sdf, UsdShade

    reader = UsdShade.Shader.Define(stage, f"{path}/place")
    reader.CreateIdAttr("UsdPrimvarReader_float2")
    reader.CreateInput("varname", Sdf.ValueTypeNames.String).Set("st")
    reader.CreateOutput("result", Sdf.ValueTypeNames.Float2)
    image = UsdShade.Shader.Define(stage, f"{path}/image")
    image.CreateIdAttr("UsdUVTexture")
    image.CreateInput("file", Sdf.ValueTypeNames.Asset).Set(Sdf.AssetPath(name))
    image.CreateInput("sourceColorSpace", Sdf.ValueTypeNames.Token).Set("sRGB")
    image.CreateInput("st", Sdf.ValueTypeNames.Float2).ConnectToSource(reader.ConnectableAPI(), "result")
    for axis in ("wrapS", "wrapT"):
        image.CreateInput(axis, Sdf.ValueTypeNames.Token).Set("repeat")
    if material.colour != (1.0, 1.0, 1.0, 1.0):
        image.CreateInput("scale", Sdf.ValueTypeNames.Float4).Set(tuple(material.colour))
    image.CreateOutput("rgb", Sdf.ValueTypeNames.Float3)
    image.CreateOutput("a", Sdf.ValueTypeNames.Float)
    return image
