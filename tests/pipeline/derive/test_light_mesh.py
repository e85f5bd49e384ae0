"""The light GLB against the mesh that it was made from, read back by our own reader and byte for byte by the specification."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from archive.errors import UnreadableError
from pipeline.derive.deriver import Made
from pipeline.derive.light_mesh import make
from pipeline.derive.light_mesh.shaping import MOST_PARTS, shaped
from pipeline.derive.light_mesh.textures import web_textures
from pipeline.publish.public_record import without_place
from pipeline.readers.meshes import Material, Mesh, MeshPart, open_mesh
from pipeline.readers.meshes.images import decoded
from pipeline.readers.traces import traces
from tests.pipeline.derive.tiles_reader import read_glb
from tests.pipeline.readers.mesh_builders import CUBE, TRIANGLES, Glb, picture, write_obj, write_stl


def lightened(path: Path, output: Path, triangles: int = 100_000) -> tuple[Made, Mesh, dict[str, Any]]:
    output.mkdir()
    others = sorted(one for one in path.parent.iterdir() if one != path and one.is_file())
    sources = ((path.name, path), *((one.name, one) for one in others))
    made = make(sources, output, {"formats": {path.name: path.suffix[1:]}}, triangles=triangles, texture=64)
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


def test_normals_are_sharp_on_a_cube_and_smooth_on_hills(tmp_path: Path) -> None:
    _, cube, _ = lightened(write_stl(tmp_path / "cube.stl"), tmp_path / "a")
    normals = cube.parts[0].normals
    assert normals is not None
    assert np.allclose(np.abs(normals).max(axis=1), 1, atol=0.01)
    assert cube.vertices == 24
    _, field, _ = lightened(write_stl(tmp_path / "hills.stl", *hills(20)), tmp_path / "b")
    assert field.vertices == 400


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
    images = [decoded(Material(texture=content), 4096) for content in web_textures(looks, 2048).values()]
    assert {max(image.size) for image in images if image} == {512}
    assert web_textures([Material(texture=b"no image"), Material()], 64) == {}


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
        assert traces(tmp_path / path.stem / "model.glb") == ()
        assert np.allclose(back.bounds()[1], made.facts["bounds"]["maximum"], rtol=0.01)
