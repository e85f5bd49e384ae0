"""The USDZ of a mesh: its package byte by byte, its layer by the library's own validators and by our reader, and nothing in words."""

import io
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from archive.errors import UnreadableError
from archive.records.derivative import MediaRole
from pipeline.derive.deriver import Made
from pipeline.derive.usdz import make
from pipeline.derive.usdz.atlas import atlas_of
from pipeline.derive.usdz.package import package
from pipeline.readers.meshes import Mesh, MeshPart, open_mesh
from pipeline.readers.meshes.images import decoded
from pipeline.readers.traces import traces
from tests.pipeline.readers.mesh_builders import CUBE, TRIANGLES, Glb, write_obj, write_stl

SIZE = {"triangles": 100_000, "texture": 256, "bytes": 8_000_000}


def made_of(path: Path, output: Path, **changes: Any) -> tuple[Made, Mesh]:
    output.mkdir(exist_ok=True)
    others = sorted(one for one in path.parent.iterdir() if one != path and one.is_file())
    sources = ((path.name, path), *((one.name, one) for one in others))
    facts = {"formats": {path.name: path.suffix[1:]}} | changes.pop("facts", {})
    made = make(sources, output, facts, size=SIZE | changes)
    return made, open_mesh((("model.usdz", output / "model.usdz"),), "usdz")


def complaints(path: Path) -> list[str]:
    from pxr import Usd, UsdValidation

    stage = Usd.Stage.Open(str(path))
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    context = UsdValidation.ValidationContext(validators)
    assert len(validators) > 20
    return [error.GetMessage() for found in (stage, stage.GetRootLayer()) for error in context.Validate(found)]


def test_a_textured_model_is_whole_valid_and_holds_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "Nhà ông Ba"
    folder.mkdir()
    made, back = made_of(write_obj(folder / "cube.obj", image="wall.png", offset=4_431_000.0), tmp_path / "out")
    (file,) = made.files
    assert (file.role, file.name, file.media_type) == (MediaRole.USDZ, "model.usdz", "model/vnd.usdz+zip")
    assert complaints(tmp_path / "out" / "model.usdz") == []
    assert traces(tmp_path / "out" / "model.usdz") == ()
    assert back.up == "y"
    assert np.allclose(back.bounds(), [(-0.5, 0, -0.5), (0.5, 1, 0.5)], atol=1e-5)
    image = decoded(back.parts[0].material, 4096)
    assert image is not None
    pixels = np.asarray(image)
    assert pixels[4, 1, 0] > 150
    assert pixels[4, 6, 2] > 150
    content = (tmp_path / "out" / "model.usdz").read_bytes()
    assert not [word for word in (b"4431", b"wall", b"cube", b"stone", "ông".encode()) if word in content]


def test_the_package_is_stored_and_aligned(tmp_path: Path) -> None:
    content = package([("model.usdc", b"abc"), ("0.jpg", b"x" * 100), ("1.png", b"")])
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert opened.testzip() is None
        assert [opened.read(name) for name in opened.namelist()] == [b"abc", b"x" * 100, b""]
        for entry in opened.infolist():
            name, extra = struct.unpack_from("<2H", content, entry.header_offset + 26)
            assert (entry.header_offset + 30 + name + extra) % 64 == 0
            assert entry.compress_type == zipfile.ZIP_STORED


@pytest.mark.parametrize(("unit", "height", "true"), [("millimetre", 0.001, True), ("metre", 1.0, True), ("", 1.0, False)])
def test_the_size_is_true_where_the_unit_is_known(tmp_path: Path, unit: str, height: float, *, true: bool) -> None:
    from pxr import Usd, UsdGeom

    tall = CUBE * [0.5, 0.5, 1.0] * (1.0 if unit else 40.0)
    made, _ = made_of(write_stl(tmp_path / "cube.stl", tall, TRIANGLES), tmp_path / "out", facts={"unit": unit})
    stage = Usd.Stage.Open(str(tmp_path / "out" / "model.usdz"))
    box = UsdGeom.BBoxCache(Usd.TimeCode.Default(), ["default"]).ComputeWorldBound(stage.GetDefaultPrim()).ComputeAlignedRange()
    assert box.GetSize()[1] * UsdGeom.GetStageMetersPerUnit(stage) == pytest.approx(height, rel=1e-5)
    assert made.facts["usdz"]["true_scale"] is true


def test_colours_of_vertices_become_an_image(tmp_path: Path) -> None:
    made = Glb()
    light = np.array([[1.0, 0.0, 0.0]] * 4 + [[0.0, 0.0, 1.0]] * 4, np.float32)
    made.cube(attributes={"COLOR_0": made.accessor(light)})
    _, back = made_of(made.write(tmp_path / "a.glb"), tmp_path / "out")
    assert complaints(tmp_path / "out" / "model.usdz") == []
    assert traces(tmp_path / "out" / "model.usdz") == ()
    (part,) = back.parts
    image = decoded(part.material, 4096)
    assert image is not None
    assert part.uv is not None
    pixels = np.asarray(image).astype(int)
    height, width = pixels.shape[:2]
    across, down = np.clip((part.uv * (width, height)).astype(int), 0, (width - 1, height - 1)).T
    found = pixels[down, across]
    left = part.positions[:, 0] < part.positions[:, 0].mean()
    assert (found[left, 0] - found[left, 2] > 150).all()
    assert (found[~left, 2] - found[~left, 0] > 150).all()


@pytest.mark.parametrize("count", [1, 2, 3, 500])
def test_each_triangle_has_its_half_of_a_square(count: int) -> None:
    rng = np.random.default_rng(1)
    colours = np.full((3 * count, 4), 255, np.uint8)
    colours[:, :3] = rng.integers(0, 255, (3 * count, 3))
    part = MeshPart(rng.random((3 * count, 3)), np.arange(3 * count, dtype=np.uint32).reshape(-1, 3), colours=colours)
    image, corners = atlas_of(part)
    at = np.floor(corners * image.size).astype(int)
    assert np.abs(np.asarray(image)[at[:, 1], at[:, 0]].astype(int) - colours[:, :3]).max() == 0
    assert len({tuple(row) for row in at.tolist()}) == 3 * count


def test_a_part_without_colours_has_a_white_atlas() -> None:
    image, _ = atlas_of(MeshPart(CUBE, TRIANGLES.astype(np.uint32)))
    assert set(np.unique(np.asarray(image))) <= {0, 255}


@pytest.mark.parametrize("mode", ["BLEND", "MASK"])
def test_holes_stay_holes(tmp_path: Path, mode: str) -> None:
    from pxr import Usd, UsdShade

    made = Glb()
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 255, 255, 0)).save(out, "PNG")
    material = made.image(out.getvalue())
    made.document["materials"][0] |= {"alphaMode": mode, "pbrMetallicRoughness": made.document["materials"][0]["pbrMetallicRoughness"]}
    uv = made.accessor(np.full((8, 2), 0.5, np.float32))
    made.cube(attributes={"TEXCOORD_0": uv}, material=material)
    made_of(made.write(tmp_path / "a.glb"), tmp_path / "out")
    assert complaints(tmp_path / "out" / "model.usdz") == []
    assert traces(tmp_path / "out" / "model.usdz") == ()
    stage = Usd.Stage.Open(str(tmp_path / "out" / "model.usdz"))
    surface = UsdShade.Shader(stage.GetPrimAtPath("/Model/look_0/surface"))
    assert surface.GetInput("opacity").HasConnectedSource()
    assert bool(surface.GetInput("opacityThreshold")) == (mode == "MASK")
    with zipfile.ZipFile(tmp_path / "out" / "model.usdz") as opened:
        assert opened.namelist() == ["model.usdc", "0.png"]


def test_glass_without_an_image_is_seen_through(tmp_path: Path) -> None:
    from pxr import Usd, UsdShade

    made = Glb()
    made.document["materials"] = [{"alphaMode": "BLEND", "pbrMetallicRoughness": {"baseColorFactor": [0.1, 0.2, 0.3, 0.4]}}]
    made.cube(material=0)
    made_of(made.write(tmp_path / "a.glb"), tmp_path / "out")
    stage = Usd.Stage.Open(str(tmp_path / "out" / "model.usdz"))
    surface = UsdShade.Shader(stage.GetPrimAtPath("/Model/look_0/surface"))
    assert surface.GetInput("opacity").Get() == pytest.approx(0.4)
    assert tuple(surface.GetInput("diffuseColor").Get()) == pytest.approx((0.1, 0.2, 0.3))


def test_too_large_a_model_is_made_smaller_until_it_fits(tmp_path: Path) -> None:
    side = 120
    x, y = np.meshgrid(np.linspace(0, 1, side), np.linspace(0, 1, side))
    at = np.arange(side * side).reshape(side, side)
    a, b, c, d = at[:-1, :-1].ravel(), at[:-1, 1:].ravel(), at[1:, 1:].ravel(), at[1:, :-1].ravel()
    places = np.stack([x.ravel(), y.ravel(), 0.1 * np.sin(9 * x * y).ravel()], axis=1)
    triangles = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    made, back = made_of(write_stl(tmp_path / "a.stl", places, triangles), tmp_path / "out", bytes=300_000)
    assert (tmp_path / "out" / "model.usdz").stat().st_size <= 300_000
    assert back.triangles == made.facts["usdz"]["triangles"] < len(triangles)


def test_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    path = write_obj(tmp_path / "cube.obj", image="wall.png")
    made_of(path, tmp_path / "out")
    (tmp_path / "other").mkdir()
    program = (
        "import sys; from pathlib import Path; from pipeline.derive.usdz import make; folder = Path(sys.argv[1]);"
        "names = ['cube.obj', *sorted(one.name for one in folder.iterdir() if one.is_file() and one.name != 'cube.obj')];"
        f"make(tuple((name, folder / name) for name in names), folder / 'other', {{'formats': {{'cube.obj': 'obj'}}}}, size={SIZE})"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
    assert (tmp_path / "out" / "model.usdz").read_bytes() == (tmp_path / "other" / "model.usdz").read_bytes()


def test_nothing_to_show_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="without area"):
        made_of(write_stl(tmp_path / "a.stl", np.zeros((3, 3)), np.array([[0, 1, 2]])), tmp_path / "out")


def test_what_does_not_belong_in_a_package_is_a_trace(tmp_path: Path) -> None:
    from pxr import Sdf, Usd

    made_of(write_obj(tmp_path / "cube.obj", image="wall.png"), tmp_path / "out")
    with zipfile.ZipFile(tmp_path / "out" / "model.usdz") as opened:
        layer, image = (opened.read(name) for name in ("model.usdc", "0.jpg"))
    path = tmp_path / "a.usdz"

    def found(files: list[tuple[str, bytes]]) -> tuple[str, ...]:
        path.write_bytes(package(files))
        return traces(path)

    assert found([("model.usdc", layer), ("0.jpg", image)]) == ()
    assert found([("model.usdc", layer), ("0.jpg", image), ("notes.txt", b"here")]) == ("package file notes.txt",)
    assert found([("model.usdc", layer)]) == ("USD file 0.jpg",)
    assert "not understood" in found([("0.jpg", image), ("model.usdc", layer)])[0]
    assert "not understood" in found([("model.usdc", b"no layer"), ("0.jpg", image)])[0]
    with_exif = io.BytesIO()
    Image.open(io.BytesIO(image)).save(with_exif, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0")
    assert "JPEG segment E1" in found([("model.usdc", layer), ("0.jpg", with_exif.getvalue())])
    stage = Usd.Stage.CreateInMemory()
    prim = stage.DefinePrim("/Model", "Xform")
    prim.SetDocumentation("the house of somebody")
    prim.CreateAttribute("note", Sdf.ValueTypeNames.String).Set("somebody")
    stage.GetRootLayer().Export(str(tmp_path / "b.usdc"))
    said = found([("model.usdc", (tmp_path / "b.usdc").read_bytes())])
    assert set(said) == {"USD field documentation", "USD words at /Model.note"}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as other:
        other.writestr("model.usdc", layer)
        other.comment = b"somebody"
    said = traces(path)
    assert {"ZIP comment", "ZIP extra of model.usdc", "ZIP time of model.usdc"} <= set(said)
    path.write_bytes(b"no package")
    assert "not understood" in traces(path)[0]


def test_real_models(corpus: Path, tmp_path: Path) -> None:
    for name in ("statue-of-a-hunter/LOD_03.glb", "laurana/laurana.ply", "usdz/CesiumMan.usdz"):
        path = corpus / "meshes" / name
        output = tmp_path / path.stem
        output.mkdir()
        made = make(((path.name, path),), output, {"formats": {path.name: path.suffix[1:]}}, size=SIZE)
        assert complaints(output / "model.usdz") == []
        assert traces(output / "model.usdz") == ()
        assert made.facts["usdz"]["bytes"] <= 8_000_000
