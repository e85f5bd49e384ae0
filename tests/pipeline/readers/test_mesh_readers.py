"""Every mesh format gives the same cube, with what else it can carry."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade

from pipeline.readers.meshes import open_mesh
from pipeline.readers.meshes.faces import fan
from pipeline.readers.meshes.sniff import sniff_format
from pipeline.readers.meshes.topology import is_closed
from tests.pipeline.readers.mesh_builders import (
    BOUND,
    CUBE,
    FACES,
    QUADS,
    TRIANGLES,
    assert_cube,
    collada,
    mesh_xml,
    opened,
    picture,
    write_3mf,
    write_cube_ply,
    write_obj,
    write_ply,
    write_stl,
)


def test_obj_with_its_image_and_a_blank_in_the_name(tmp_path: Path) -> None:
    mesh = opened(write_obj(tmp_path / "cube.obj", image="wall one.png", offset=4_431_000.5678))
    assert_cube(mesh)
    assert mesh.bounds()[0][0] == 4_431_000.5678
    (part,) = mesh.parts
    assert part.material.texture == picture()
    assert part.material.colour == (1.0, 1.0, 1.0, 1.0)
    assert part.uv is not None
    assert part.uv.min() == 0
    assert part.uv.max() == 1


def test_obj_materials_colours_relative_indices_and_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "a.obj"
    path.write_text(
        "mtllib b.mtl c.mtl\nmtllib gone.mtl\no a \\\n b\nv 0 0 0 255 0 0\nv 1 0 0 0 255 0\nv 0 1 0 0 0 255\nv 0 0 1 9 9 9\nvn 0 0 1\n"
        "usemtl red\nf -4//1 -3//1 -2//1\nusemtl odd\nf 1 2 4\nf 1 2\nusemtl none\nf 1 3 4\nf 1 2 9\nf 0 1 2\nf 1/x 2 3\nf 1 2 -9\n"
    )
    (tmp_path / "b.mtl").write_text("newmtl red\nKd 1 0 0\nmap_Kd lost.png\n")
    (tmp_path / "c.mtl").write_text("newmtl odd\nKd a b c\n")
    mesh = opened(path, "obj")
    assert [part.material.name for part in mesh.parts] == ["red", "odd", "none"]
    assert mesh.parts[0].material.missing == "lost.png"
    assert mesh.parts[0].material.colour == (1.0, 0.0, 0.0, 1.0)
    assert mesh.parts[0].normals is not None
    assert mesh.invalid == 3
    colours = mesh.parts[0].colours
    assert colours is not None
    assert colours[:3, :3].sum(axis=1).tolist() == [255, 255, 255]


@pytest.mark.parametrize("order", ["<", ">"])
def test_ply_of_quads_in_both_byte_orders(tmp_path: Path, order: str) -> None:
    mesh = opened(write_cube_ply(tmp_path / "cube.ply", order))
    assert_cube(mesh)
    colours = mesh.parts[0].colours
    assert colours is not None
    assert set(colours[:, 0].tolist()) == {128}
    assert is_closed(mesh)


def test_ply_as_text_with_coordinates_and_normals_of_vertices(tmp_path: Path) -> None:
    header = [
        "comment TextureFile wall.png",
        "element vertex 8",
        *(f"property float {name}" for name in ("x", "y", "z", "nx", "ny", "nz", "s", "t")),
    ]
    header += [f"property ushort {name}" for name in ("red", "green", "blue")]
    header += ["element face 12", "property uchar flags", "property list uchar int vertex_index"]
    rows = [f"{x} {y} {z} 0 0 1 {x} {y} 65535 0 0" for x, y, z in CUBE.tolist()] + [f"7 3 {a} {b} {c}" for a, b, c in TRIANGLES.tolist()]
    (tmp_path / "wall.png").write_bytes(picture())
    mesh = opened(write_ply(tmp_path / "cube.ply", header, "\n".join(rows).encode(), "ascii"), "ply-mesh")
    assert_cube(mesh)
    (part,) = mesh.parts
    assert part.material.texture == picture()
    assert part.normals is not None
    assert part.colours is not None
    assert part.colours[0].tolist() == [255, 0, 0, 255]


def test_ply_with_coordinates_of_corners_on_several_images(tmp_path: Path) -> None:
    kind = np.dtype([("n", "u1"), ("i", "<i4", 3), ("m", "u1"), ("uv", "<f4", 6), ("page", "<i4")])
    faces = np.zeros(12, kind)
    faces["n"], faces["m"], faces["i"], faces["uv"] = 3, 6, TRIANGLES, (0, 0, 1, 0, 1, 1)
    faces["page"][6:] = 1
    faces["page"][11] = 5
    faces["i"][0, 0] = 99
    vertices = np.concatenate([CUBE, np.full((8, 3), 0.5), np.ones((8, 3)) * (0, 0, 1)], axis=1).astype("<f4")
    names = ("x", "y", "z", "r", "g", "b", "nx", "ny", "nz")
    header = [
        "comment TextureFile wall.png",
        "comment TextureFile gone.png",
        "element vertex 8",
        *(f"property float {name}" for name in names),
    ]
    header += ["element face 12", "property list uchar int vertex_indices", "property list uchar float texcoord", "property int texnumber"]
    (tmp_path / "wall.png").write_bytes(picture())
    mesh = opened(write_ply(tmp_path / "cube.ply", header, vertices.tobytes() + faces.tobytes()))
    assert mesh.invalid == 1
    assert [len(part.triangles) for part in mesh.parts] == [5, 5, 1]
    assert [part.material.missing for part in mesh.parts] == ["", "gone.png", ""]
    assert mesh.parts[0].colours is None
    assert mesh.parts[1].colours is not None


def test_ply_with_bare_vertices_has_the_look_of_stone(tmp_path: Path) -> None:
    header = ["element vertex 3", *(f"property float {name}" for name in "xyz"), "element face 1", "property list uchar int vertex_indices"]
    mesh = opened(write_ply(tmp_path / "a.ply", header, b"0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n", "ascii"))
    assert mesh.triangles == 1
    assert mesh.vertices == 3
    assert not is_closed(mesh)


def test_stl_binary_and_text(tmp_path: Path) -> None:
    assert_cube(opened(write_stl(tmp_path / "cube.stl")))
    facets = "".join(
        "facet normal 0 0 0\nouter loop\n" + "".join(f"vertex {x} {y} {z}\n" for x, y, z in CUBE[triangle].tolist()) + "endloop\nendfacet\n"
        for triangle in TRIANGLES
    )
    (tmp_path / "text.stl").write_text(f"solid cube\n{facets}endsolid\n")
    assert_cube(opened(tmp_path / "text.stl", "stl"))


def test_off(tmp_path: Path) -> None:
    rows = [f"{x} {y} {z}" for x, y, z in CUBE.tolist()] + ["4 " + " ".join(map(str, quad)) + " 255 0 0" for quad in QUADS.tolist()]
    (tmp_path / "cube.off").write_text("OFF # a cube\n8 6 12\n" + "\n".join(rows))
    assert_cube(opened(tmp_path / "cube.off"))
    (tmp_path / "line.off").write_text("OFF 8 6 12\n" + "\n".join(rows))
    assert_cube(opened(tmp_path / "line.off"))


def test_3mf_places_components_and_colours_them(tmp_path: Path) -> None:
    materials = '<basematerials id="9"><base name="a" displaycolor="#FF0000FF"/><base name="b" displaycolor="x"/></basematerials>'
    objects = f'<object id="1" pid="9" pindex="0">{mesh_xml()}</object>'
    objects += '<object id="2"><components><component objectid="1" transform="2 0 0 0 2 0 0 0 2 5 0 0"/></components></object>'
    body = f'<resources>{materials}{objects}</resources><build><item objectid="2"/></build>'
    mesh = opened(write_3mf(tmp_path / "a.3mf", body))
    assert_cube(mesh, 2.0)
    assert mesh.bounds()[0].tolist() == [5, 0, 0]
    assert (mesh.unit, mesh.up) == ("millimetre", "z")
    assert mesh.parts[0].material.colour == (1.0, 0.0, 0.0, 1.0)
    alone = opened(write_3mf(tmp_path / "b.3mf", f'<resources><object id="1">{mesh_xml()}</object></resources>', "parsec"))
    assert_cube(alone)
    assert alone.unit == ""
    body = f'<resources>{materials}<object id="1" pid="9" pindex="1">{mesh_xml()}</object></resources>'
    dull = opened(write_3mf(tmp_path / "c.3mf", body))
    assert dull.parts[0].material.colour[0] == 0.6


@pytest.mark.parametrize("kind", FACES)
def test_collada_faces_of_every_kind(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "cube.dae"
    path.write_text(collada(faces=FACES[kind], node=BOUND))
    mesh = opened(path)
    assert_cube(mesh)
    assert (mesh.unit, mesh.up) == ("centimetre", "z")
    assert np.allclose(mesh.parts[0].material.colour[:2], (0.214, 0.0509), atol=1e-3)


def test_collada_follows_the_image_and_the_transforms(tmp_path: Path) -> None:
    turn = (
        "<translate>10 0 0</translate><rotate>0 0 1 90</rotate><scale>2 2 2</scale><node><matrix>1 0 0 0 0 1 0 0 0 0 1 3 0 0 0 1</matrix>"
    )
    path = tmp_path / "cube.dae"
    path.write_text(collada(faces=FACES["polylist"], image="wall.png", node=f"{turn}{BOUND}</node>", up="Y_UP"))
    lost = opened(path)
    assert lost.parts[0].material.missing == "wall.png"
    (tmp_path / "wall.png").write_bytes(picture())
    mesh = opened(path)
    assert_cube(mesh, 2.0)
    assert np.allclose(mesh.bounds()[0], (8, 0, 6))
    assert mesh.parts[0].material.texture == picture()


def test_collada_without_a_scene_or_material(tmp_path: Path) -> None:
    path = tmp_path / "cube.dae"
    text = collada(faces=FACES["triangles"]).replace('<instance_visual_scene url="#s"/>', "").replace("<unit meter", "<nothing meter")
    path.write_text(text)
    mesh = opened(path)
    assert_cube(mesh)
    assert mesh.unit == ""


def write_usd(folder: Path) -> None:
    """Three cubes and a hidden one; one with an image, one with a colour, one with nothing."""
    (folder / "wall.png").write_bytes(picture())
    tmp_path = folder
    stage = Usd.Stage.CreateNew(str(tmp_path / "cube.usdc"))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.z)
    UsdGeom.SetStageMetersPerUnit(stage, 0.001)
    for name, sided in (("/a", "leftHanded"), ("/b", "rightHanded"), ("/c", "rightHanded"), ("/hidden", "rightHanded")):
        mesh = UsdGeom.Mesh.Define(stage, name)
        mesh.CreatePointsAttr([Gf.Vec3f(*place) for place in CUBE.tolist()])
        mesh.CreateFaceVertexCountsAttr([4] * 6)
        mesh.CreateFaceVertexIndicesAttr(QUADS.ravel().tolist())
        mesh.CreateOrientationAttr(sided)
        coordinates = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("st", Sdf.ValueTypeNames.TexCoord2fArray, UsdGeom.Tokens.faceVarying)
        coordinates.Set([(0, 0), (1, 0), (1, 1), (0, 1)] * (6 if name != "/b" else 1))
    UsdGeom.Imageable(stage.GetPrimAtPath("/hidden")).MakeInvisible()
    for name, prim in (("/M", "/a"), ("/N", "/b")):
        material = UsdShade.Material.Define(stage, name)
        surface = UsdShade.Shader.Define(stage, f"{name}/s")
        surface.CreateIdAttr("UsdPreviewSurface")
        colour = surface.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f)
        if name == "/M":
            texture = UsdShade.Shader.Define(stage, f"{name}/t")
            texture.CreateInput("file", Sdf.ValueTypeNames.Asset).Set("wall.png")
            colour.ConnectToSource(texture.CreateOutput("rgb", Sdf.ValueTypeNames.Float3))
        else:
            colour.Set((0.5, 2.0, 0.0))
        material.CreateSurfaceOutput().ConnectToSource(surface.CreateOutput("surface", Sdf.ValueTypeNames.Token))
        UsdShade.MaterialBindingAPI.Apply(stage.GetPrimAtPath(prim)).Bind(material)
    stage.Save()


def test_usd_with_an_image_inside(tmp_path: Path) -> None:
    write_usd(tmp_path)
    loose = opened(tmp_path / "cube.usdc")
    assert loose.parts[0].material.missing
    with zipfile.ZipFile(tmp_path / "cube.usdz", "w") as archive:
        archive.write(tmp_path / "cube.usdc", "cube.usdc")
        archive.write(tmp_path / "wall.png", "wall.png")
    mesh = open_mesh((("cube.usdz", tmp_path / "cube.usdz"),), "usdz")
    assert [len(part.triangles) for part in mesh.parts] == [12, 12, 12]
    assert (mesh.unit, mesh.up) == ("millimetre", "z")
    assert mesh.parts[0].material.texture == picture()
    assert mesh.parts[1].material.colour == (0.5, 1.0, 0.0, 1.0)
    assert mesh.parts[0].uv is not None
    assert mesh.parts[1].uv is None


def test_fans() -> None:
    assert fan(np.array([3, 5, 2, 0])).tolist() == [[0, 1, 2], [3, 4, 5], [3, 5, 6], [3, 6, 7]]


def test_formats_by_their_bytes_and_endings() -> None:
    heads = {
        "a.glb": b"glTF",
        "a.ply": b"ply\n",
        "a.usdc": b"PXR-USDC",
        "a.usda": b"#usda",
        "a.drc": b"DRACO",
        "a.gltf": b" {",
        "a.dae": b"<?xml",
    }
    found = [sniff_format(name, head) for name, head in heads.items()]
    assert found == ["glb", "ply", "usd", "usd", "draco", "gltf", "dae"]
    assert sniff_format("a.usdz", b"PK") == "usdz"
    assert sniff_format("a.3mf", b"PK") == "3mf"
    assert sniff_format("a.stl", b"solid") == "stl"
    assert sniff_format("a.txt", b"hello") == ""


def test_what_stands_and_what_lies(tmp_path: Path) -> None:
    tall = CUBE * [1, 1, 5]
    assert opened(write_stl(tmp_path / "a.stl", tall[:, [0, 2, 1]])).up == "y"
    assert opened(write_stl(tmp_path / "b.stl", tall)).up == "z"
    open_below = TRIANGLES[~np.isin(np.arange(12), (2, 8))]
    upright = (CUBE * [1, 1, 1.3])[:, [0, 2, 1]]
    bottom = [k for k, triangle in enumerate(TRIANGLES) if (upright[triangle][:, 1] == 0).all()]
    without = np.delete(TRIANGLES, bottom, axis=0)[:, ::-1]
    found = {opened(write_stl(tmp_path / f"c{k}.stl", upright, faces)).up for k, faces in enumerate((without, without[:, ::-1]))}
    assert found == {"y", "z"}
    assert opened(write_stl(tmp_path / "d.stl", upright)).up == "z"
    assert len(open_below) == 10
