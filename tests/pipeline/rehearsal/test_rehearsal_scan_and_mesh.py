from typing import Any

import numpy as np
import pye57
import pypdfium2
import pytest
import trimesh
from openpyxl import load_workbook
from PIL import Image

from pipeline.rehearsal.documents import HEADINGS, PDF, SHEET, without_clock
from pipeline.rehearsal.laser import NOISE
from pipeline.rehearsal.place import OFFSET
from pipeline.rehearsal.scale import SMALL
from tests.pipeline.rehearsal.builders import Rehearsed

pytestmark = pytest.mark.timeout(400)  # the first test pays for the rehearsal, and once for compiling the kernels


@pytest.fixture(scope="module")
def clouds(rehearsed: Rehearsed) -> list[dict[str, Any]]:
    """Every scan with its pose applied."""
    file = pye57.E57(str(rehearsed.root / rehearsed.truth.scan))
    read = [file.read_scan(k, intensity=True, colors=True, transform=True, ignore_missing_fields=True) for k in range(file.scan_count)]
    file.close()
    return read


def _local(cloud: dict[str, Any]) -> Any:
    return np.stack([cloud[f"cartesian{axis}"] - offset for axis, offset in zip("XYZ", OFFSET, strict=True)], -1)


def test_the_scan_has_the_stations_of_the_truth(rehearsed: Rehearsed) -> None:
    stations = rehearsed.truth.stations
    file = pye57.E57(str(rehearsed.root / rehearsed.truth.scan))
    assert file.scan_count == len(stations) >= 4
    assert sum(station.points for station in stations) >= SMALL.points
    for number, station in enumerate(stations):
        header = file.get_header(number)
        assert header.point_count == station.points
        assert np.allclose(header.translation, station.translation)
        assert np.allclose(header.rotation, station.rotation)
        assert np.allclose(np.subtract(station.translation, OFFSET), station.position)
        assert header["guid"].value() == station.guid
    file.close()


def test_posed_points_lie_on_the_floor_within_the_noise(rehearsed: Rehearsed, clouds: list[dict[str, Any]]) -> None:
    station, local = rehearsed.truth.stations[1], _local(clouds[1])
    away = np.abs(local - station.position)
    floor = local[(away[:, 0] < 1.1) & (local[:, 1] > 9.1) & (local[:, 1] < 10.9) & (np.abs(local[:, 2] - 0.75) < 0.015)]
    assert len(floor) > 500
    assert abs(np.median(floor[:, 2]) - 0.75) < 0.0005
    steepness = (station.position[2] - 0.75) / np.linalg.norm(floor - station.position, axis=1)
    assert np.std((floor[:, 2] - 0.75) / steepness) == pytest.approx(NOISE, rel=0.12)


def test_all_stations_see_the_same_house_through_their_poses(clouds: list[dict[str, Any]]) -> None:
    for cloud in clouds:
        local = _local(cloud)
        ridge = (np.abs(local[:, 0]) < 5.5) & (np.abs(local[:, 1] - 14.0) < 6.0) & (local[:, 2] > 3.4)
        assert local[ridge, 2].max() < 9.8
        assert cloud["intensity"].min() >= 0
        assert cloud["intensity"].max() <= 1
        assert 40 < cloud["colorRed"].mean() < 220


def test_the_mesh_is_whole_textured_and_where_the_truth_says(rehearsed: Rehearsed) -> None:
    truth = rehearsed.truth.mesh
    mesh: Any = trimesh.load(rehearsed.root / truth.path, process=False, force="mesh")
    assert len(mesh.faces) == truth.triangles
    low, high = mesh.bounds
    assert low == pytest.approx([truth.low[0], truth.low[2], -truth.high[1]], abs=1e-3)
    assert high == pytest.approx([truth.high[0], truth.high[2], -truth.low[1]], abs=1e-3)
    assert mesh.visual.material.image.size == (truth.texture, truth.texture) == (SMALL.texture, SMALL.texture)
    assert mesh.visual.uv.min() >= 0
    assert mesh.visual.uv.max() <= 1


def test_the_texture_is_red_on_the_roof_and_grey_on_the_stone(rehearsed: Rehearsed) -> None:
    truth = rehearsed.truth.mesh
    mesh: Any = trimesh.load(rehearsed.root / truth.path, process=False, force="mesh")
    with Image.open((rehearsed.root / truth.path).with_suffix(".jpg")) as image:
        pixels = np.asarray(image, np.float64)
    middles = mesh.triangles_center
    uv = mesh.visual.uv[mesh.faces].mean(axis=1)
    colour = pixels[((1 - uv[:, 1]) * truth.texture).astype(int), (uv[:, 0] * truth.texture).astype(int)]
    up = mesh.face_normals[:, 1] > 0.6
    roof = colour[(middles[:, 1] > 3.3) & up].mean(axis=0)
    base = colour[(np.abs(middles[:, 1] - 0.4) < 0.01) & up].mean(axis=0)
    assert roof[0] > 1.35 * roof[2]
    assert base[0] < 1.3 * base[2]


def test_the_plan_opens_and_names_itself(rehearsed: Rehearsed) -> None:
    document = pypdfium2.PdfDocument(rehearsed.root / PDF)
    assert len(document) == 2
    facts = document.get_metadata_dict()
    assert "mô phỏng" in facts["Title"]
    assert "SIMULATED" in facts["Subject"]
    picture = np.asarray(document[0].render(scale=1).to_pil().convert("L"), np.float64)
    assert 0.01 < (picture < 128).mean() < 0.2
    document.close()


def test_the_sheet_describes_files_that_are_there(rehearsed: Rehearsed) -> None:
    rows = list(load_workbook(rehearsed.root / SHEET).worksheets[0].iter_rows(values_only=True))
    assert rows[0] == HEADINGS
    paths = {file.path for file in rehearsed.truth.files}
    for row in rows[1:]:
        cells = dict(zip(HEADINGS, row, strict=True))
        assert cells["file"] in paths
        assert cells["access"] == "public"
        assert cells["nature"] == "simulated"
        assert all(cells[f"title@{language}"] for language in ("vi", "en", "th"))
    assert len(rows) - 1 >= len(paths) - 6


def test_a_workbook_without_its_clock_is_the_same_twice(rehearsed: Rehearsed) -> None:
    content = (rehearsed.root / SHEET).read_bytes()
    assert without_clock(content) == content
