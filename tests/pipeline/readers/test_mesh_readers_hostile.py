"""Models that lie, end early or loop are refused with a sentence; nothing crashes, hangs or allocates what a file only claims."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from archive.errors import UnreadableError
from pipeline.readers.meshes import companions as companions_module
from pipeline.readers.meshes import open_mesh
from pipeline.readers.meshes.gltf import read_document
from pipeline.readers.meshes.images import decoded
from pipeline.readers.meshes.xml_text import parsed
from tests.pipeline.readers.mesh_builders import (
    BOUND,
    CUBE,
    FACES,
    Glb,
    beside,
    collada,
    mesh_xml,
    picture,
    write_3mf,
    write_cube_ply,
    write_obj,
    write_ply,
    write_stl,
)

FORMATS = {".obj": "obj", ".glb": "glb", ".gltf": "gltf", ".ply": "ply-mesh", ".stl": "stl", ".dae": "dae", ".3mf": "3mf", ".off": "off"}


def refused(path: Path, form: str = "") -> str:
    with pytest.raises(UnreadableError) as caught:
        open_mesh(beside(path), form or FORMATS[path.suffix])
    assert caught.value.advice
    return caught.value.message


def broken(tmp_path: Path, change: Callable[[dict[str, Any]], object], **more: Any) -> str:
    """What is said of a GLB cube whose document was changed."""
    made = Glb().cube(**more)
    change(made.document)
    return refused(made.write(tmp_path / "a.glb"))


def packed(*, count: int, stride: int) -> dict[str, Any]:
    return {"buffer": 0, "byteOffset": 0, "byteLength": 96, "byteStride": stride, "count": count, "mode": "ATTRIBUTES"}


LIES: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda d: d["accessors"][0].update(count=1 << 30), "bytes for 8"),
    (lambda d: d["accessors"][0].update(count=-1), "a count should stand"),
    (lambda d: d["accessors"][0].update(bufferView=-1), "names a part by"),
    (lambda d: d["accessors"][0].update(count=1 << 30) or d["accessors"][0].pop("bufferView"), "no bytes for them"),
    (lambda d: d["accessors"][0].update(count=0), "names vertices that exist"),
    (lambda d: d["bufferViews"][0].update(byteLength=1 << 20), "ends"),
    (lambda d: d.update(buffers=[{"byteLength": 4, "uri": "gone.bin"}]), "gone.bin is not among the files"),
    (lambda d: d.update(buffers=[{"byteLength": 4, "uri": "data:;base64,!!!"}]), "in its own JSON"),
    (lambda d: d.update(buffers=[{"byteLength": 4, "uri": "data:text/plain,abc"}]), "ends"),
    (lambda d: d["bufferViews"][0].update(buffer=1) or d.update(buffers=[{}, {}]), "buffer 1 is not among"),
    (lambda d: d["nodes"].append({"children": [1]}) or d.update(scenes=[{"nodes": [1]}]), "circle"),
    (lambda d: d.update(nodes=[{"children": [1]}, {"children": [0]}]), "circle"),
    (lambda d: d["meshes"].append("no") or d.update(nodes=[{"mesh": 1}]), "glTF specification"),
    (lambda d: d.update(nodes=[{"mesh": 7}]), "glTF specification"),
    (lambda d: d["meshes"][0].update(primitives=[{"attributes": {"POSITION": 0}, "mode": 0}]), "no triangles"),
    (
        lambda d: (
            d["accessors"][0].update(
                sparse={"count": 1, "indices": {"bufferView": 1, "byteOffset": 2, "componentType": 5123}, "values": {"bufferView": 0}}
            )
            or d["accessors"][0].update(count=1)
        ),
        "do not exist",
    ),
    (lambda d: d["bufferViews"][0].update(extensions={"EXT_meshopt_compression": packed(count=8, stride=12)}), "is damaged"),
    (
        lambda d: d["bufferViews"][0].update(extensions={"EXT_meshopt_compression": packed(count=1 << 32, stride=12)}),
        "compressed part states",
    ),
    (lambda d: d["bufferViews"][0].update(extensions={"EXT_meshopt_compression": packed(count=8, stride=3)}), "compressed part states"),
    (
        lambda d: d["meshes"][0]["primitives"][0].update(
            extensions={"KHR_draco_mesh_compression": {"bufferView": 0, "attributes": {"POSITION": 0}}}
        ),
        "Draco part cannot be decoded",
    ),
]


@pytest.mark.parametrize("lie", range(len(LIES)))
def test_gltf_that_lies(tmp_path: Path, lie: int) -> None:
    change, words = LIES[lie]
    assert words in broken(tmp_path, change)


def test_draco_without_the_attribute_that_gltf_names(tmp_path: Path) -> None:
    import DracoPy

    made = Glb().cube()
    content = DracoPy.encode(CUBE.astype(np.float32), np.array([[0, 1, 2]], np.uint32))
    extension = {"bufferView": made.view(content), "attributes": {"POSITION": 77}}
    made.document["meshes"][0]["primitives"][0]["extensions"] = {"KHR_draco_mesh_compression": extension}
    assert "no POSITION" in refused(made.write(tmp_path / "a.glb"))
    (tmp_path / "points.drc").write_bytes(DracoPy.encode(CUBE.astype(np.float32)))
    assert "no triangles" in refused(tmp_path / "points.drc", "draco")


def test_one_part_placed_too_often(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Glb().cube()
    made.document["nodes"] = [{"mesh": 0}] * 1000
    path = made.write(tmp_path / "a.glb")
    monkeypatch.setattr("pipeline.readers.meshes.gltf.MOST_TRIANGLES", 11_000)
    assert "more triangles or parts than can be opened" in refused(path)
    monkeypatch.setattr("pipeline.readers.meshes.gltf.MOST_PLACED", 999)
    assert "too many of them" in refused(path)


CONTAINERS = [
    (b"glTF" + struct.pack("<II", 1, 20) + bytes(8), "version 1"),
    (b"glTF" + bytes(4), "version 0"),
    (b"glTF" + struct.pack("<IIII", 2, 20, 99, 0x4E4F534A), "ends within its JSON"),
    (b"glTF" + struct.pack("<IIII", 2, 32, 4, 0x4E4F534A) + b"{}  " + struct.pack("<II", 9, 0x004E4942), "ends within its buffer"),
    (b"[" * 100_000, "JSON is damaged"),
    (b"[]", "does not describe"),
]


@pytest.mark.parametrize("lie", range(len(CONTAINERS)))
def test_containers_that_lie(lie: int) -> None:
    content, words = CONTAINERS[lie]
    with pytest.raises(UnreadableError, match=words):
        read_document(content)


def test_json_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.readers.meshes.gltf.MOST_JSON", 4)
    with pytest.raises(UnreadableError, match="longer"):
        read_document(json.dumps({"asset": {}}).encode())


def test_places_that_are_none(tmp_path: Path) -> None:
    places = CUBE.astype(np.float32)
    places[0], places[1] = np.nan, np.inf
    made = Glb().cube(attributes={})
    made.document["accessors"][0]["bufferView"] = made.view(places.tobytes())
    mesh = open_mesh(beside(made.write(tmp_path / "a.glb")), "glb")
    assert mesh.invalid > 0
    assert mesh.triangles + mesh.invalid == 12
    assert np.isfinite(mesh.bounds()).all()


def test_normals_that_are_none_are_not_used(tmp_path: Path) -> None:
    made = Glb()
    made.cube(attributes={"NORMAL": made.accessor(np.zeros((8, 3), np.float32))})
    assert open_mesh(beside(made.write(tmp_path / "a.glb")), "glb").parts[0].normals is None


PLY_LIES = [
    (["element vertex 9", "property float x"], bytes(8), "binary_little_endian", "9 rows of “vertex”"),
    (["element vertex 999999999999", "property float x"], bytes(8), "binary_little_endian", "ends before the last"),
    (
        ["element face 2", "property list uint int vertex_indices"],
        b"\xff\xff\xff\x7f1234",
        "binary_little_endian",
        "ends before the last",
    ),
    (["element face 2", "property list uchar int vertex_indices"], b"\1", "binary_big_endian", "ends before the last"),
    (["element face 1", "property list uchar int vertex_indices"], b"-3 1 2", "ascii", "ends before the last"),
    (["element face 1", "property list uchar int vertex_indices"], b"3 1", "ascii", "ends before the last"),
    (["element vertex 1", "property float x"], b"one", "ascii", "not a row of numbers"),
    (["element vertex 1", "property float x"], b"1", "ascii", "no faces"),
    (["element vertex 1", "property float x", "element face 1", "property uchar a"], b"1 2", "ascii", "no x, y and z"),
]


@pytest.mark.parametrize("lie", range(len(PLY_LIES)))
def test_ply_that_lies(tmp_path: Path, lie: int) -> None:
    header, body, form, words = PLY_LIES[lie]
    assert words in refused(write_ply(tmp_path / "a.ply", header, body, form))


def test_stl_that_lies(tmp_path: Path) -> None:
    path = tmp_path / "a.stl"
    path.write_bytes(bytes(80) + struct.pack("<I", 4_000_000_000))
    assert "bytes for 0" in refused(path)
    path.write_bytes(b"abc")
    assert "states 0 triangles" in refused(path)
    path.write_text("solid a\nvertex 0 0 0\nvertex 1 1 1\n" + " " * 90)
    assert "within a triangle" in refused(path)
    path.write_text("solid a\nvertex 0 0 zero\n" + " " * 90)
    assert "not three numbers" in refused(path)


def test_stl_with_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_stl(tmp_path / "a.stl")
    monkeypatch.setattr("pipeline.readers.meshes.stl.MOST_TRIANGLES", 5)
    assert "12 triangles" in refused(path)
    monkeypatch.setattr("pipeline.readers.meshes.faces.MOST_TRIANGLES", 5)
    assert "12 triangles" in refused(write_cube_ply(tmp_path / "a.ply"))


def test_obj_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.obj"
    path.write_bytes(b"v 1 2 3\0")
    assert "no text" in refused(path)
    path.write_bytes(b"v a b c\nv 1 2 3\nv 1 1 1\nf 1 2 3")
    assert "names vertices that exist" in refused(path)
    monkeypatch.setattr("pipeline.readers.meshes.obj.MOST_BYTES", 4)
    assert "4 GiB" in refused(path)


def test_off_that_lies(tmp_path: Path) -> None:
    path = tmp_path / "a.off"
    for text, words in (
        ("", "does not begin"),
        ("OFF\n", "not a row"),
        ("OFF\n99 99 0\n1 2 3", "states 99"),
        ("OFF\n1 1 0\n0 0 0\nx", "not a row"),
        ("OFF\n1 1 0\n0 0 0\n3 0 0", "fewer corners"),
    ):
        path.write_text(text)
        assert words in refused(path)


def test_3mf_that_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.3mf"
    loop = '<object id="1"><components><component objectid="1"/></components></object>'
    assert "circle" in refused(write_3mf(path, f"<resources>{loop}</resources>"))
    assert "3MF specification" in refused(write_3mf(path, '<build><item objectid="5"/></build>'))
    path.write_bytes(b"PK no")
    assert "ZIP container" in refused(path)
    monkeypatch.setattr("pipeline.readers.meshes.threemf.MOST_BYTES", 4)
    assert "1 GiB" in refused(write_3mf(path, mesh_xml()))


COLLADA_LIES = [
    ("<COLLADA", "XML is damaged"),
    ("<COLLADA/>", "no triangles"),
    ('<!DOCTYPE a [<!ENTITY x "y">]><COLLADA/>', "entities"),
    (collada(faces=FACES["triangles"].replace("<p>0", "<p>zero")), "no number"),
    (collada(faces=FACES["triangles"].replace("<p>0", "<p>99")).replace(">0.0 ", ">NaN "), ""),
    (collada(faces=FACES["polylist"].replace("<vcount>4", "<vcount>400")), "ends too early"),
    (collada(faces=FACES["triangles"].replace("#v", "#x")), "Collada specification"),
    (collada(faces=FACES["triangles"], node='<instance_node url="#n"/>'), "circle"),
]


@pytest.mark.parametrize("lie", range(len(COLLADA_LIES)))
def test_collada_that_lies(tmp_path: Path, lie: int) -> None:
    text, words = COLLADA_LIES[lie]
    path = tmp_path / "a.dae"
    path.write_text(text)
    if words:
        assert words in refused(path)
    else:
        assert open_mesh(beside(path), "dae").invalid > 0


def test_collada_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.dae"
    path.write_text(collada(faces=FACES["triangles"], node=BOUND.replace("#g", "#gone") + BOUND))
    assert open_mesh(beside(path), "dae").triangles == 12
    monkeypatch.setattr("pipeline.readers.meshes.dae.MOST_TRIANGLES", 5)
    assert "more triangles" in refused(path)
    monkeypatch.setattr("pipeline.readers.meshes.dae.MOST_BYTES", 5)
    assert "1 GiB" in refused(path)
    assert parsed(b"<a/>").tag == "a"


def test_usd_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.usdc").write_bytes(b"PXR-USDC" + bytes(100))
    assert "USD container" in refused(tmp_path / "a.usdc", "usd")
    text = '#usda 1.0\ndef Mesh "m" {{\nint[] faceVertexCounts = [{counts}]\nint[] faceVertexIndices = [0, 1, 2]\n{points}\n}}\n'
    path = tmp_path / "b.usda"
    path.write_text(text.format(counts="5", points=""))
    assert "ends too early" in refused(path, "usd")
    path = tmp_path / "c.usda"
    path.write_text(text.format(counts="3", points=""))
    assert "names vertices that exist" in refused(path, "usd")


def test_formats_without_a_reader(tmp_path: Path) -> None:
    assert "no reader" in refused(write_obj(tmp_path / "a.obj"), "nxs")


def test_a_companion_that_is_too_large_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_obj(tmp_path / "cube.obj", image="wall.png")
    monkeypatch.setattr(companions_module, "MOST_BYTES", 4)
    assert open_mesh(beside(path), "obj").parts[0].material.texture is None


def test_images_that_are_none() -> None:
    from pipeline.readers.meshes import Material

    assert decoded(Material(), 64) is None
    assert decoded(Material(texture=b"no image"), 64) is None
    assert decoded(Material(texture=picture()[:60]), 64) is None
    whole = decoded(Material(texture=picture(size=64, mode="I;16")), 16)
    assert whole is not None
    assert whole.size == (16, 16)
    clear = decoded(Material(texture=picture(mode="RGBA"), alpha="blend"), 16)
    assert clear is not None
    assert clear.mode == "RGBA"
    grey = decoded(Material(texture=picture(), shade=True), 16)
    assert grey is not None
    red, green, blue = (band.tobytes() for band in grey.split())
    assert red == green == blue


def test_an_image_with_too_many_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.readers.meshes import Material

    monkeypatch.setattr("pipeline.readers.meshes.images.MOST_PIXELS", 10)
    assert decoded(Material(texture=picture()), 64) is None


def test_every_prefix_of_a_model_is_read_or_refused(tmp_path: Path) -> None:
    for whole, form in (
        (Glb().cube().content(), "glb"),
        (write_cube_ply(tmp_path / "c.ply").read_bytes(), "ply"),
        (write_stl(tmp_path / "c.stl").read_bytes(), "stl"),
        (write_obj(tmp_path / "c.obj").read_bytes(), "obj"),
        (write_3mf(tmp_path / "c.3mf", mesh_xml()).read_bytes(), "3mf"),
        (collada(faces=FACES["polylist"]).encode(), "dae"),
    ):
        for size in range(0, len(whole), max(1, len(whole) // 40)):
            path = tmp_path / "cut"
            path.write_bytes(whole[:size])
            try:
                assert open_mesh((("cut", path),), form).triangles
            except UnreadableError as error:
                assert error.message.endswith(".")  # noqa: PT017


def test_the_corpus_of_hostile_models(corpus: Path) -> None:
    seen = 0
    for path in sorted([*(corpus / "hostile" / "meshes").rglob("*"), *(corpus / "hostile" / "ply-pcd-obj").rglob("*")]):
        if path.suffix not in FORMATS:
            continue
        seen += 1
        try:
            mesh = open_mesh(tuple((name, one) for name, one in beside(path) if one.is_file()), FORMATS[path.suffix])
        except UnreadableError as error:
            assert error.message.startswith("This")  # noqa: PT017
        else:
            assert all(int(part.triangles.max()) < len(part.positions) for part in mesh.parts)
    assert seen > 10
