"""The light GLB against the mesh that it was made from, read back by our own reader and byte for byte by the specification."""

import hashlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from archive.errors import UnreadableError
from archive.records.derivative import MediaRole
from pipeline.derive.deriver import Made
from pipeline.derive.light_mesh import make
from pipeline.derive.light_mesh.views import write_views
from pipeline.derive.shapes.shaping import MOST_PARTS, finished, prepared, thinned
from pipeline.derive.shapes.textures import Pictures
from pipeline.publish.public_record import without_place
from pipeline.readers.meshes import Material, Mesh, MeshPart, open_mesh
from pipeline.readers.meshes.images import decoded
from pipeline.readers.traces import traces
from tests.pipeline.derive.tiles_reader import read_glb
from tests.pipeline.readers.mesh_builders import CUBE, TRIANGLES, Glb, picture, write_obj, write_stl


def sizes(**changes: dict[str, int]) -> dict[str, dict[str, int]]:
    """Sizes of views: as Ditich has them but for small images, and what a test changes."""
    usual = {
        "first": {"triangles": 6000, "texture": 64, "bytes": 60_000},
        "phone": {"triangles": 100_000, "texture": 64, "bytes": 2_000_000},
        "desk": {"triangles": 600_000, "texture": 64, "bytes": 8_000_000},
    }
    return {name: size | changes.get(name, {}) for name, size in usual.items()}


def shaped(parts: list[MeshPart], most: int) -> list[MeshPart]:
    return finished(thinned(prepared(parts), most))


def lightened(path: Path, output: Path, triangles: int = 100_000, **facts: str) -> tuple[Made, Mesh, dict[str, Any]]:
    output.mkdir()
    others = sorted(one for one in path.parent.iterdir() if one != path and one.is_file())
    sources = ((path.name, path), *((one.name, one) for one in others))
    made = make(sources, output, {"formats": {path.name: path.suffix[1:]}, **facts}, sizes=sizes(phone={"triangles": triangles}))
    content = (output / "model.glb").read_bytes()
    return made, open_mesh((("model.glb", output / "model.glb"),), "glb"), read_glb(content)[0]


def hills(side: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A wavy field of (side - 1)² × 2 triangles, a tenth as high as wide."""
    x, y = np.meshgrid(np.linspace(0, 1, side), np.linspace(0, 1, side))
    z = 0.1 * np.sin(5 * x) * np.cos(4 * y)
    at = np.arange(side * side).reshape(side, side)
    a, b, c, d = at[:-1, :-1].ravel(), at[:-1, 1:].ravel(), at[1:, 1:].ravel(), at[1:, :-1].ravel()
    return np.stack([x.ravel(), y.ravel(), z.ravel()], axis=1), np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])


def test_a_cube_far_from_the_origin_keeps_its_form_and_loses_its_place(tmp_path: Path) -> None:
    made, back, document = lightened(write_obj(tmp_path / "cube.obj", image="wall.png", offset=4_431_000.5678), tmp_path / "out")
    low, high = back.bounds()
    assert np.allclose(low, (-0.5, 0, -0.5), atol=1e-4)
    assert np.allclose(high, (0.5, 1, 0.5), atol=1e-4)
    assert made.facts["offset"] == pytest.approx([4_431_001.0678, 0, 0.5])
    assert "offset" not in without_place(made.facts)
    assert made.facts["light_triangles"] == 12
    assert made.facts["textures"] == 1
    assert b"4431" not in (tmp_path / "out" / "model.glb").read_bytes()
    assert traces(tmp_path / "out" / "model.glb") == ()
    assert document["extensionsRequired"] == ["KHR_mesh_quantization", "EXT_meshopt_compression", "EXT_texture_webp"]
    (material,) = document["materials"]
    assert material["doubleSided"] is True
    assert material["pbrMetallicRoughness"]["roughnessFactor"] == 1


def test_the_matrix_of_the_frame_leads_from_the_files_places_to_those_shown_and_stays_inside(tmp_path: Path) -> None:
    """Annotations are stated in the file's coordinates; the large offset of a georeferenced model never becomes public."""
    corner = np.array([4_431_000.5, 0.0, 0.0])
    places = CUBE * [2000.0, 1000.0, 3000.0] + corner
    made, back, _ = lightened(write_stl(tmp_path / "cube.stl", places, TRIANGLES), tmp_path / "out", unit="millimetre")
    matrix = np.array(made.facts["frame"]["matrix"]).reshape(4, 4).T
    shown = np.concatenate([places, np.ones((8, 1))], axis=1) @ matrix.T
    assert np.allclose(
        sorted(shown[:, :3].tolist()), sorted({tuple(place) for place in np.round(back.parts[0].positions, 4).tolist()}), atol=1e-4
    )
    assert made.facts["shown_unit"] == "metre"
    assert back.bounds()[1][1] == pytest.approx(3.0, abs=1e-4)
    assert without_place(made.facts).keys() & {"frame", "offset"} == set()
    (tmp_path / "b").mkdir()
    assert lightened(write_stl(tmp_path / "b" / "cube.stl"), tmp_path / "other")[0].facts["shown_unit"] == ""


def test_normals_are_sharp_on_a_cube_and_smooth_on_hills(tmp_path: Path) -> None:
    _, cube, _ = lightened(write_stl(tmp_path / "cube.stl"), tmp_path / "a")
    normals = cube.parts[0].normals
    assert normals is not None
    assert np.allclose(np.abs(normals).max(axis=1), 1, atol=0.01)
    assert cube.vertices == 24
    _, field, _ = lightened(write_stl(tmp_path / "hills.stl", *hills(20)), tmp_path / "b")
    assert field.vertices == 400


def test_each_device_gets_what_its_bytes_allow_and_what_it_lost_is_measured(tmp_path: Path) -> None:
    positions, triangles = hills(150)
    path = write_stl(tmp_path / "hills.stl", positions, triangles)
    (tmp_path / "out").mkdir()
    small = sizes(first={"bytes": 9000}, phone={"bytes": 60_000}, desk={"bytes": 200_000})
    made = make(((path.name, path),), tmp_path / "out", {"formats": {path.name: "stl"}}, sizes=small)
    assert [file.role for file in made.files] == [MediaRole.MODEL_FIRST, MediaRole.MODEL, MediaRole.MODEL_LARGE]
    views = made.facts["views"]
    assert [views[file.name]["bytes"] for file in made.files] == [(tmp_path / "out" / file.name).stat().st_size for file in made.files]
    for name, most in (("model-first.glb", 9000), ("model.glb", 60_000), ("model-large.glb", 200_000)):
        assert 0.6 * most < views[name]["bytes"] <= most
        back = open_mesh(((name, tmp_path / "out" / name),), "glb")
        assert back.triangles == views[name]["triangles"]
        error, strays = views[name]["error"], off_the_hills(back, positions)
        assert error["mean"] <= error["p95"] <= error["max"]
        assert strays <= 2 * error["max"] + 2 * made.facts["grid_step"]
    assert views["model-first.glb"]["error"]["mean"] > 3 * views["model-large.glb"]["error"]["mean"]


def off_the_hills(mesh: Mesh, positions: NDArray[np.float64]) -> float:
    """How far the corners of a shown field are from the formula of ``hills``."""
    places = mesh.parts[0].positions * [1, 1, -1]
    height = 0.1 * np.sin(5 * (places[:, 0] + 0.5)) * np.cos(4 * (places[:, 2] + 0.5)) - positions[:, 2].min()
    return float(np.abs(places[:, 1] - height).max())


def test_a_mesh_that_a_phone_shows_whole_has_no_larger_view(tmp_path: Path) -> None:
    made, _, _ = lightened(write_stl(tmp_path / "hills.stl", *hills(20)), tmp_path / "out")
    assert [file.name for file in made.files] == ["model-first.glb", "model.glb"]
    assert made.facts["views"]["model.glb"]["error"]["max"] < 1e-6


def test_an_image_larger_than_a_phone_shows_makes_a_larger_view(tmp_path: Path) -> None:
    path = write_obj(tmp_path / "cube.obj", image="wall.png")
    (tmp_path / "wall.png").write_bytes(picture("PNG", 300))
    (tmp_path / "out").mkdir()
    sources = tuple((one.name, one) for one in (path, tmp_path / "cube one.mtl", tmp_path / "wall.png"))
    made = make(sources, tmp_path / "out", {"formats": {path.name: "obj"}}, sizes=sizes(desk={"texture": 256}))
    assert "model-large.glb" in made.facts["views"]


def test_images_that_weigh_too_much_shrink_before_the_form_does(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (512, 512, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, "PNG")
    made = Glb()
    made.cube(
        attributes={"TEXCOORD_0": made.accessor(np.random.default_rng(2).random((8, 2)).astype(np.float32))},
        material=made.image(out.getvalue()),
    )
    path = made.write(tmp_path / "a.glb")
    (tmp_path / "out").mkdir()
    small = sizes(first={"texture": 512, "bytes": 30_000}, phone={"texture": 512}, desk={"texture": 512})
    made_views = make(((path.name, path),), tmp_path / "out", {"formats": {path.name: "glb"}}, sizes=small).facts["views"]
    assert made_views["model-first.glb"]["bytes"] <= 30_000 < made_views["model.glb"]["bytes"]
    assert made_views["model-first.glb"]["triangles"] == 12
    assert made_views["model-first.glb"]["images"] == 1


def test_many_materials_become_colours_in_the_first_shape(tmp_path: Path) -> None:
    blue = picture("PNG", 32)
    looks = [Material(texture=blue, name=str(k), colour=(1, 1, 1, 1 - k / 100)) for k in range(10)]
    uv = np.full((8, 2), 0.4)
    parts = [MeshPart(CUBE + np.array([2.0 * k, 0, 0]), TRIANGLES.astype(np.uint32), uv=uv, material=look) for k, look in enumerate(looks)]
    made = write_views(Mesh(tuple(parts)), tmp_path, "", sizes())
    assert made.facts["views"]["model.glb"]["images"] == 1
    assert made.facts["views"]["model-first.glb"]["images"] == 0
    (part,) = open_mesh((("a.glb", tmp_path / "model-first.glb"),), "glb").parts
    assert part.colours is not None
    pixel = np.asarray(Image.open(io.BytesIO(blue)).convert("RGB"))[12, 12]
    assert np.abs(part.colours[:, :3].astype(int) - pixel).max() <= 3


def test_a_large_mesh_is_simplified_and_stays_where_it_was(tmp_path: Path) -> None:
    positions, triangles = hills(120)
    made, back, _ = lightened(write_stl(tmp_path / "hills.stl", positions, triangles), tmp_path / "out", triangles=3000)
    assert 2000 < made.facts["light_triangles"] <= 3000
    places = back.parts[0].positions * [1, 1, -1]
    x, y = places[:, 0] + 0.5, places[:, 2] + 0.5
    height = 0.1 * np.sin(5 * x) * np.cos(4 * y) - positions[:, 2].min()
    assert np.abs(places[:, 1] - height).max() < 2e-4


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    path = write_stl(tmp_path / "hills.stl", *hills(60))
    digests = set()
    for name in ("a", "b"):
        lightened(path, tmp_path / name, triangles=2000)
        digests.add(hashlib.sha256((tmp_path / name / "model.glb").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_colours_transparency_repeating_images_and_nothing_of_the_source_in_words(tmp_path: Path) -> None:
    made = Glb()
    colours = made.accessor(np.tile(np.array([[0.0, 0.5, 1.0]], np.float32), (8, 1)))
    uv = made.accessor(np.tile(np.array([[3.0, -1.0]], np.float32), (8, 1)))
    material = made.image(picture("PNG", 512, "RGBA"))
    made.document["materials"][0]["alphaMode"] = "BLEND"
    made.cube(attributes={"COLOR_0": colours, "TEXCOORD_0": uv}, material=material)
    made.document["asset"] |= {"copyright": "someone", "extras": {"place": "here"}}
    _, back, document = lightened(made.write(tmp_path / "a.glb"), tmp_path / "out")
    (part,) = back.parts
    assert part.colours is not None
    assert part.colours[0, :3].tolist() == [0, 188, 255]
    assert part.uv is not None
    assert part.uv[0].tolist() == [3, -1]
    assert document["materials"][0]["alphaMode"] == "BLEND"
    assert set(document["asset"]) == {"version", "generator"}
    picture_back = decoded(part.material, 4096)
    assert picture_back is not None
    assert picture_back.size == (64, 64)


def many(count: int, **more: Any) -> list[MeshPart]:
    looks = [Material(colour=(k / 1000, 0, 0, 1)) for k in range(count)]
    return [MeshPart(CUBE + k, TRIANGLES.astype(np.uint32), material=look, **more) for k, look in enumerate(looks)]


def test_parts_with_one_look_become_one() -> None:
    alike = [replace(part, material=Material()) for part in many(5)]
    assert [len(part.triangles) for part in shaped(alike, 1000)] == [60]
    assert len(shaped(many(5), 1000)) == 5
    assert len(shaped(many(MOST_PARTS + 1), 100_000)) == 1


def test_islands_that_cannot_be_collapsed_are_thinned_out_in_the_end() -> None:
    rng = np.random.default_rng(5)
    places = rng.random((3000, 1, 3)) * 10 + rng.random((3000, 3, 3))
    part = MeshPart(
        places.reshape(-1, 3), np.arange(9000, dtype=np.uint32).reshape(-1, 3), uv=rng.random((9000, 2)), material=Material(texture=b"x")
    )
    (light,) = shaped([part], 300)
    assert 0 < len(light.triangles) <= 330


def test_colours_and_stated_normals_survive_simplification() -> None:
    positions, triangles = hills(60)
    colours = np.full((3600, 4), 255, np.uint8)
    colours[positions[:, 0] > 0.5, 0] = 0
    normals = np.tile(np.array([[0, 0, 1]], np.float32), (3600, 1))
    part = MeshPart(positions, triangles.astype(np.uint32), colours=colours, normals=normals, material=Material())
    (light,) = shaped([part], 500)
    assert len(light.triangles) <= 550
    assert light.colours is not None
    assert light.normals is not None
    assert set(light.colours[:, 0].tolist()) == {0, 255}
    assert (light.colours[light.positions[:, 0] > 0.5, 0] == 0).all()


def test_triangles_without_area_are_no_model() -> None:
    flat = MeshPart(np.zeros((3, 3)), np.array([[0, 1, 2]], np.uint32))
    with pytest.raises(UnreadableError, match="without area"):
        shaped([flat], 10)


def test_a_sliver_has_a_normal_too() -> None:
    sliver = MeshPart(np.array([[0, 0, 0], [1.0, 0, 0], [2, 0, 0]]), np.array([[0, 1, 2]], np.uint32))
    (light,) = shaped([sliver], 10)
    assert light.normals is not None
    assert light.normals[0].tolist() == [0, 1, 0]


def test_many_images_are_each_smaller() -> None:
    looks = [Material(texture=picture("PNG", 600 + k)) for k in range(13)]
    pictures = Pictures(looks, 2048)
    images = [decoded(Material(texture=content), 4096) for content in pictures.webp(1024).values()]
    assert pictures.longest == 512
    assert {max(image.size) for image in images if image} == {256}
    assert Pictures([Material(texture=b"no image"), Material()], 64).webp(64) == {}


def test_a_texture_with_words_or_of_another_kind_is_a_trace(tmp_path: Path) -> None:
    from PIL import Image

    image = Image.new("RGB", (8, 8))
    image.save(tmp_path / "a.webp", "WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0")
    for content, trace in (((tmp_path / "a.webp").read_bytes(), "WebP chunk EXIF"), (picture(), "glTF image that is no WebP")):
        made = Glb()
        made.cube(material=made.image(content))
        assert trace in traces(made.write(tmp_path / "a.glb"))
    assert "glTF name" in traces(tmp_path / "a.glb")


def test_real_models(corpus: Path, tmp_path: Path) -> None:
    """Textured, quantised, with vertex colours, and above the limit: each comes back whole and light."""
    for name in ("statue-of-a-hunter/LOD_03.glb", "laurana/laurana.ply", "obj-textured/fuze.obj", "venus-gltf/venus.gltf"):
        path = corpus / "meshes" / name
        made, back, _ = lightened(path, tmp_path / path.stem)
        assert back.triangles == made.facts["light_triangles"] <= 101_000
        assert (tmp_path / path.stem / "model-first.glb").stat().st_size <= 60_000
        for file in made.files:
            assert traces(tmp_path / path.stem / file.name) == ()
        assert np.allclose(back.bounds()[1], made.facts["bounds"]["maximum"], rtol=0.01)
