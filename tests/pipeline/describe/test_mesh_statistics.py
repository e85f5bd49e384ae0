"""What the record says of meshes and splats: counts, box, unit, whether the surface is closed, faces that lead nowhere."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from archive.errors import UnreadableError
from archive.records.asset import SourcedValue
from pipeline.describe import mesh_statistics, splat_statistics
from pipeline.describe.mesh_statistics import read
from pipeline.worker_process import open_input
from tests.pipeline.derive.test_mesh_and_splat_posters import write_splat
from tests.pipeline.readers.mesh_builders import CUBE, TRIANGLES, Glb, mesh_xml, picture, write_3mf, write_cube_ply, write_obj, write_stl


def read_of(path: Path, folder: Path, task: Any = read) -> tuple[dict[str, Any], dict[str, SourcedValue]]:
    folder.mkdir(exist_ok=True)
    source = open_input(path, folder)
    with source.stream:
        found: tuple[dict[str, Any], dict[str, SourcedValue]] = task(source)
    return found


def described(path: Path, folder: Path) -> dict[str, Any]:
    raw, values = read_of(path, folder)
    json.dumps(raw)
    assert all(value.source.startswith("mesh-statistics:") for value in values.values())
    return {name: value.value for name, value in values.items()}


def test_a_closed_cube(tmp_path: Path) -> None:
    facts = described(write_cube_ply(tmp_path / "cube.ply"), tmp_path / "w")
    assert facts == {
        "triangles": 12,
        "vertices": 8,
        "bounds": {"minimum": [0.0, 0.0, 0.0], "maximum": [1.0, 1.0, 1.0]},
        "textures": 0,
        "materials": 1,
        "colour": True,
        "watertight": True,
    }
    path = write_3mf(tmp_path / "a.3mf", f'<resources><object id="1">{mesh_xml()}</object></resources>')
    assert described(path, tmp_path / "v")["unit"] == "millimetre"


def test_holes_and_faces_without_area(tmp_path: Path) -> None:
    assert described(write_stl(tmp_path / "a.stl", CUBE, TRIANGLES[1:]), tmp_path / "a")["watertight"] is False
    assert described(write_stl(tmp_path / "b.stl", CUBE * 0, TRIANGLES), tmp_path / "b")["watertight"] is False


def test_an_obj_says_nothing_of_images_that_it_does_not_name(tmp_path: Path) -> None:
    facts = described(write_obj(tmp_path / "cube.obj", image="wall.png"), tmp_path / "w")
    assert "textures" not in facts
    assert facts["triangles"] == 12


def test_faces_that_name_no_vertex(tmp_path: Path) -> None:
    wrong = TRIANGLES.copy()
    wrong[0, 0] = 200
    made = Glb().cube()
    made.document["accessors"][1]["bufferView"] = made.view(wrong.astype(np.uint16).tobytes())
    assert described(made.write(tmp_path / "a.glb"), tmp_path / "w")["invalid_indices"] == 1


def test_large_meshes_are_not_searched_for_holes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mesh_statistics, "MOST_FOR_EDGES", 3)
    assert "watertight" not in described(write_stl(tmp_path / "a.stl"), tmp_path / "w")


def test_gltf_without_its_buffer_speaks_by_its_accessors(tmp_path: Path) -> None:
    made = Glb().cube()
    made.image(picture())
    made.document["nodes"] = [{"mesh": 0, "translation": [5, 0, 0]}]
    made.document["meshes"][0]["primitives"] += [{"attributes": {"POSITION": 0}, "mode": mode} for mode in (5, 1)]
    made.document["buffers"] = [{"uri": "cube.bin", "byteLength": len(made.blob)}]
    path = tmp_path / "a.gltf"
    path.write_text(json.dumps(made.document))
    _, values = read_of(path, tmp_path / "w")
    assert values["triangles"] == SourcedValue(12 + 6, "mesh-statistics:accessors", "declared")
    assert values["bounds"].value == {"minimum": [5.0, 0.0, 0.0], "maximum": [6.0, 1.0, 1.0]}
    assert values["textures"].value == 1
    del made.document["accessors"][0]["min"]
    path.write_text(json.dumps(made.document))
    with pytest.raises(UnreadableError, match="glTF specification"):
        read_of(path, tmp_path / "w")
    path.write_text(json.dumps({"asset": {}, "buffers": [{"uri": "a.bin"}]}))
    _, nothing = read_of(path, tmp_path / "w")
    assert "bounds" not in nothing


def test_gltf_with_everything_inside_is_measured(tmp_path: Path) -> None:
    path = tmp_path / "a.gltf"
    path.write_text(json.dumps({"asset": {}}))
    with pytest.raises(UnreadableError, match="no triangles"):
        read_of(path, tmp_path / "w")


def test_splats_are_counted(tmp_path: Path) -> None:
    raw, values = read_of(write_splat(tmp_path / "ball.splat"), tmp_path / "w", splat_statistics.read)
    assert raw["splats"] == 400
    assert values["splats"].source == "splat-statistics:splats"
