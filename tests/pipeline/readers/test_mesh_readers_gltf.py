"""glTF gives the same cube as every mesh format, in all the ways that it can pack one."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.derive.light_mesh.glb import _encoded, _encoded_indices
from pipeline.readers.meshes import open_mesh
from tests.pipeline.readers.mesh_builders import (
    CUBE,
    TRIANGLES,
    Glb,
    assert_cube,
    opened,
    picture,
)


def test_glb_places_nodes_and_mirrors_them(tmp_path: Path) -> None:
    made = Glb().cube(attributes={})
    made.document["nodes"] = [
        {"children": [1, 2], "translation": [10, 0, 0], "rotation": [0, 0, 0.7071067811865476, 0.7071067811865476], "scale": [2, 2, 2]},
        {"mesh": 0},
        {"mesh": 0, "matrix": [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]},
    ]
    mesh = opened(made.write(tmp_path / "a.glb"))
    low, high = mesh.bounds()
    assert np.allclose(low, (8, -2, 0))
    assert np.allclose(high, (10, 2, 2))
    for part in mesh.parts:
        a, b, c = (part.positions[part.triangles[:, k]] for k in range(3))
        volume = np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6
        assert np.isclose(abs(volume), 8)
    first, second = (
        np.einsum(
            "ij,ij->i", p.positions[p.triangles[:, 0]], np.cross(p.positions[p.triangles[:, 1]], p.positions[p.triangles[:, 2]])
        ).sum()
        for p in mesh.parts
    )
    assert np.sign(first) == np.sign(second)


def test_glb_attributes_quantised_normalised_sparse_and_strided(tmp_path: Path) -> None:
    made = Glb()
    uv = made.accessor(np.tile(np.array([[65535, 0]], np.uint16), (8, 1)), normalized=True)
    colours = made.accessor(np.full((8, 4), 255, np.uint8), normalized=True)
    normals = made.accessor(np.tile(np.array([[0, 0, 127]], np.int8), (8, 1)), normalized=True)
    material = made.image(picture())
    made.document["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"]["extensions"] = {
        "KHR_texture_transform": {"offset": [0.5, 0.25], "scale": [0.5, 1], "rotation": 0.0}
    }
    made.document["materials"][0]["alphaMode"] = "MASK"
    made.cube(attributes={"TEXCOORD_0": uv, "COLOR_0": colours, "NORMAL": normals, "_OWN": 0}, material=material)
    places = made.accessor(np.array([[7]], np.uint8))
    values = made.accessor(np.array([[1, 1, 3]], np.float32))
    made.document["accessors"][3]["sparse"] = {
        "count": 1,
        "indices": {"bufferView": made.document["accessors"][places]["bufferView"], "componentType": 5121},
        "values": {"bufferView": made.document["accessors"][values]["bufferView"]},
    }
    made.document["scenes"], made.document["scene"] = [{"nodes": [0]}], 0
    (part,) = opened(made.write(tmp_path / "a.glb")).parts
    assert part.positions[:, 2].max() == 3
    assert part.uv is not None
    assert part.uv[0].tolist() == [1.0, 0.25]
    assert part.colours is not None
    assert part.colours.min() == 255
    assert part.normals is not None
    assert part.normals[0].tolist() == [0, 0, 1]
    assert part.material.alpha == "mask"
    rows = np.zeros((8, 5), np.float32)
    rows[:, 1:4] = CUBE
    made = Glb().cube()
    made.document["accessors"][0] |= {"bufferView": made.view(rows.tobytes(), byteStride=20), "byteOffset": 4}
    assert_cube(opened(made.write(tmp_path / "b.glb")))


def test_gltf_strips_fans_lines_and_bare_vertices(tmp_path: Path) -> None:
    made = Glb()
    made.cube()
    strip = made.accessor(np.array([[0], [1], [2], [3]], np.uint8))
    made.document["meshes"] = [
        {"primitives": [{"attributes": {"POSITION": 0}, "indices": strip, "mode": mode} for mode in (5, 6, 1)]},
        {"primitives": [{"attributes": {"POSITION": 0}}]},
    ]
    made.document["nodes"] = []
    mesh = opened(made.write(tmp_path / "a.glb"))
    assert [part.triangles.tolist() for part in mesh.parts] == [[[0, 1, 2], [1, 3, 2]], [[1, 2, 0], [2, 3, 0]], [[0, 1, 2], [3, 4, 5]]]


def test_gltf_with_its_files_and_with_data_inside(tmp_path: Path) -> None:
    made = Glb().cube()
    made.document["materials"] = [
        {"occlusionTexture": {"index": 0}},
        {"extensions": {"KHR_materials_pbrSpecularGlossiness": {"diffuseFactor": [0, 1, 0, 1]}}},
    ]
    made.document["textures"] = [{"extensions": {"EXT_texture_webp": {"source": 0}}}]
    made.document["images"] = [{"uri": "w%20all.png"}]
    primitive = made.document["meshes"][0]["primitives"][0]
    made.document["meshes"][0]["primitives"] = [primitive | {"material": 0}, primitive | {"material": 1}]
    made.document["buffers"] = [{"uri": "sub/cube.bin", "byteLength": len(made.blob)}]
    (tmp_path / "cube.bin").write_bytes(made.blob)
    path = tmp_path / "cube.gltf"
    path.write_text(json.dumps(made.document))
    lost = opened(path)
    assert lost.parts[0].material.missing == "w all.png"
    (tmp_path / "w all.png").write_bytes(picture())
    mesh = opened(path)
    assert mesh.parts[0].material.texture == picture()
    assert mesh.parts[0].material.shade
    assert mesh.parts[1].material.colour == (0.0, 1.0, 0.0, 1.0)
    made.document["buffers"] = [
        {"uri": "data:application/octet-stream;base64," + base64.b64encode(made.blob).decode(), "byteLength": len(made.blob)}
    ]
    made.document["textures"] = [{}]
    path.write_text(json.dumps(made.document))
    inside = open_mesh((("cube.gltf", path),), "gltf")
    assert inside.triangles == 24
    assert inside.parts[0].material.missing == "an image in a format without a reader"


def test_glb_compressed_by_meshopt(tmp_path: Path) -> None:
    made = Glb().cube()
    places = CUBE.astype(np.float32)
    for accessor, content, shape, mode in (
        (0, _encoded(places), (8, 12), "ATTRIBUTES"),
        (1, _encoded_indices(TRIANGLES.astype(np.uint32).ravel(), 8), (36, 4), "TRIANGLES"),
    ):
        about = {"buffer": 0, "byteOffset": 0, "byteLength": len(content), "byteStride": shape[1], "count": shape[0], "mode": mode}
        view = made.view(content)
        about["byteOffset"] = made.document["bufferViews"][view]["byteOffset"]
        made.document["bufferViews"][view]["extensions"] = {"EXT_meshopt_compression": about}
        made.document["accessors"][accessor]["bufferView"] = view
    made.document["accessors"][1]["componentType"] = 5125
    assert_cube(opened(made.write(tmp_path / "meshopt.glb")))


def test_glb_with_filtered_normals(tmp_path: Path) -> None:
    made = Glb().cube()
    encoded = np.zeros((8, 4), np.int8)
    encoded[:, 2] = 127
    content = _encoded(encoded)
    place = made.view(content)
    offset = made.document["bufferViews"][place]["byteOffset"]
    about = {
        "buffer": 0,
        "byteOffset": offset,
        "byteLength": len(content),
        "byteStride": 4,
        "count": 8,
        "mode": "ATTRIBUTES",
        "filter": "OCTAHEDRAL",
    }
    made.document["bufferViews"][place] |= {"extensions": {"EXT_meshopt_compression": about}, "byteStride": 4}
    made.document["accessors"].append({"bufferView": place, "componentType": 5120, "count": 8, "type": "VEC3", "normalized": True})
    made.document["meshes"][0]["primitives"][0]["attributes"]["NORMAL"] = len(made.document["accessors"]) - 1
    found = opened(made.write(tmp_path / "filtered.glb")).parts[0].normals
    assert found is not None
    assert np.allclose(found[0], (0, 0, 1), atol=0.02)


def test_glb_and_drc_compressed_by_draco(tmp_path: Path) -> None:
    import DracoPy

    squeezed = DracoPy.encode(
        CUBE.astype(np.float32), TRIANGLES.astype(np.uint32), colors=np.full((8, 3), 255, np.uint8), quantization_bits=14
    )
    made = Glb().cube()
    primitive: dict[str, Any] = made.document["meshes"][0]["primitives"][0]
    primitive["attributes"]["COLOR_0"] = 0
    primitive["extensions"] = {
        "KHR_draco_mesh_compression": {"bufferView": made.view(squeezed), "attributes": {"POSITION": 1, "COLOR_0": 0}}
    }
    low, high = opened(made.write(tmp_path / "draco.glb")).bounds()
    assert np.allclose(high - low, 1, atol=1e-3)
    (tmp_path / "cube.drc").write_bytes(squeezed)
    assert opened(tmp_path / "cube.drc").triangles == 12
