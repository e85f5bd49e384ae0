"""What scan files say of themselves: headers, poses, coordinate systems, times, and what all their points show."""

import json
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import laspy
import numpy as np
import pyproj
import pytest

from archive.errors import UnreadableError
from archive.records.asset import SourcedValue
from pipeline.describe import crs, e57_header, las_header, pcd_header, ply_header, text_points_header
from pipeline.worker_process import WorkerInput, open_input
from tests.pipeline.readers.point_builders import ball, rows_of, tones, write_e57, write_las, write_pcd, write_ply, write_ptx

Read = Callable[[WorkerInput], tuple[dict[str, Any], dict[str, SourcedValue]]]


def described(read: Read, path: Path, scratch: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Raw values, checked to be JSON, and the normalised ones without their sources."""
    source = open_input(path, Path(tempfile.mkdtemp(dir=scratch)))
    with source.stream:
        raw, values = read(source)
    json.dumps(raw, allow_nan=False)
    assert all(value.source for value in values.values())
    return raw, {name: value.value for name, value in values.items()}


def surveyed(path: Path, *, wkt: int | None = None, geotiff: int | None = None, encoding_wkt: bool = False) -> Path:
    """A LAS 1.4 in the middle of Đà Nẵng's UTM zone with the CRS stated in either way."""
    header = laspy.LasHeader(point_format=6, version="1.4")
    header.scales, header.offsets = np.array([0.001] * 3), np.array([840_000.0, 1_770_000.0, 0.0])
    header.global_encoding.wkt = encoding_wkt
    header.global_encoding.gps_time_type = laspy.header.GpsTimeType.STANDARD
    if wkt:
        content = pyproj.CRS.from_epsg(wkt).to_wkt().encode() + b"\0"
        header.vlrs.append(laspy.VLR("LASF_Projection", 2112, "OGC WKT", content))
    if geotiff:
        keys = struct.pack("<12H", 1, 1, 0, 2, 1024, 0, 1, 1, 3072, 0, 1, geotiff)
        header.vlrs.append(laspy.VLR("LASF_Projection", 34735, "GeoTIFF", keys))
    las = laspy.LasData(header)
    las.x, las.y, las.z = (np.array([840_000.0, 841_000.0]), np.array([1_776_000.0, 1_777_000.0]), np.array([4.0, 9.0]))
    las.gps_time = np.array([4e8, 4e8])
    las.write(path)
    return path


def test_las_says_its_system_unit_place_and_time(tmp_path: Path) -> None:
    raw, values = described(las_header.read, surveyed(tmp_path / "a.las", wkt=32648, encoding_wkt=True), tmp_path)
    assert values["crs"] == "EPSG:32648 WGS 84 / UTM zone 48N"
    assert values["unit"] == "metre"
    assert values["points"] == 2
    assert values["bounds"] == {"minimum": [840_000.0, 1_776_000.0, 4.0], "maximum": [841_000.0, 1_777_000.0, 9.0]}
    assert (values["latitude"], values["longitude"]) == (pytest.approx(16.045, abs=0.01), pytest.approx(108.18, abs=0.01))
    assert values["captured"] == "2024-05-17T16:53:02Z"
    assert values["offset"] == [840_000.0, 1_770_000.0, 0.0]
    assert raw["header"]["version"] == "1.4"
    assert raw["records"][0]["payload"].startswith("PROJCRS")
    assert "crs_conflict" not in values


def test_geotiff_keys_say_the_same(tmp_path: Path) -> None:
    values = described(las_header.read, surveyed(tmp_path / "a.las", geotiff=32648), tmp_path)[1]
    assert values["crs"].startswith("EPSG:32648")
    both = described(las_header.read, surveyed(tmp_path / "b.las", geotiff=32648, wkt=32648), tmp_path)[1]
    assert "crs_conflict" not in both


def test_two_systems_that_disagree_are_a_conflict_without_a_place(tmp_path: Path) -> None:
    path = surveyed(tmp_path / "a.las", wkt=32648, geotiff=32649, encoding_wkt=True)
    values = described(las_header.read, path, tmp_path)[1]
    assert values["crs"].startswith("EPSG:32648")
    assert [words[:10] for words in values["crs_conflict"]] == ["EPSG:32648", "EPSG:32649"]
    assert "latitude" not in values


def test_unknown_systems_give_what_they_can() -> None:
    assert crs.from_wkt("", "s") is None
    assert crs.from_wkt("''", "s") is None
    named = crs.from_wkt('PROJCS["VN-2000 / TM-3 something",BROKEN', "s")
    assert named is not None
    assert named.words == "VN-2000 / TM-3 something"
    assert crs.to_wgs84(named, 1, 2) is None
    keys = struct.pack("<16H", 1, 1, 0, 3, 3072, 0, 1, 32767, 3073, 34737, 6, 0, 3076, 0, 1, 9002)
    own = crs.from_geotiff(keys, b"My TM|", "s")
    assert own is not None
    assert (own.words, own.unit) == ("My TM", "foot")
    assert own.agrees(crs.StatedCrs("t", "my tm"))
    wrong = crs.from_geotiff(struct.pack("<8H", 1, 1, 0, 1, 3072, 0, 1, 9), b"", "s")
    assert wrong is not None
    assert wrong.code == "EPSG:9"
    assert crs.from_geotiff(struct.pack("<4H", 1, 1, 0, 0), b"", "s") is None
    geocentric = crs.from_wkt(pyproj.CRS.from_epsg(4978).to_wkt(), "s")
    assert geocentric is not None
    assert crs.to_wgs84(geocentric, 1, 2) is None


def test_plain_las_without_anything_stated(tmp_path: Path) -> None:
    values = described(las_header.read, write_las(tmp_path / "a.las", ball(20), tones(20)), tmp_path)[1]
    assert "crs" not in values
    assert "captured" not in values
    assert values["colour"] is True


def test_laz_gps_time_is_read(tmp_path: Path) -> None:
    path = surveyed(tmp_path / "a.laz", wkt=32648)
    assert described(las_header.read, path, tmp_path)[1]["captured"] == "2024-05-17T16:53:02Z"


def test_e57_says_poses_instruments_and_points(tmp_path: Path) -> None:
    scans = [(ball(30, centre=(0, 0, 0)), (1, 0, 0, 0), (1, 2, 3)), (ball(20, centre=(0, 0, 0)), (1, 0, 0, 0), (4, 5, 6))]
    raw, values = described(e57_header.read, write_e57(tmp_path / "a.e57", scans), tmp_path)
    assert values["points"] == 50
    assert values["unit"] == "metre"
    assert [station["translation"] for station in values["stations"]] == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
    assert values["stations"][0]["posed"]
    assert raw["scans"][0]["fields"][0] == "cartesianX"
    assert raw["file"]["formatName"] == "ASTM E57 3D Imaging Data File"


def test_real_e57_files_are_described(corpus: Path, tmp_path: Path) -> None:
    folder = corpus / "pointclouds"
    found = {path.stem: described(e57_header.read, path, tmp_path) for path in sorted(folder.glob("*/*.e57"))}
    assert found["tiny_spherical"][1]["invalid_points"] == 180
    assert found["tiny_spherical"][1]["bounds"]["maximum"][0] == pytest.approx(1.0)
    assert found["pumpAVisualReferenceImage"][1]["images"] == 1
    assert found["tiny_pc_and_images"][0]["images"][1]["representation"] == "sphericalRepresentation"
    assert found["bunnyInt24"][1]["points"] == found["bunnyDouble"][1]["points"] == 30571
    assert found["A_B"][1]["colour"] is True


def test_real_las_files_are_described(corpus: Path, tmp_path: Path) -> None:
    found = {path.name: described(las_header.read, path, tmp_path)[1] for path in sorted((corpus / "pointclouds" / "las").iterdir())}
    assert found["file_with_both_wkt_and_geotiff_vlrs.las"]["crs_conflict"]
    assert found["no-points.las"]["points"] == 0
    assert "captured" not in found["gps-time-nan.las"]
    assert found["pdrf10-1.5.laz"]["points"] == 1024
    assert "latitude" not in found["lone-star.copc.laz"]
    assert found["fullwave.laz"]["latitude"] == pytest.approx(-15.818, abs=0.001)


def test_e57_dates_and_metadata(tmp_path: Path) -> None:
    import pye57
    from pye57 import libe57

    path = tmp_path / "a.e57"
    file = pye57.E57(str(path), mode="w")
    axes = {name: np.arange(3.0) for name in ("cartesianX", "cartesianY", "cartesianZ")}
    file.write_scan_raw(axes, name="one")
    node = file.data3d[0]
    moment = libe57.StructureNode(file.image_file)
    moment.set("dateTimeValue", libe57.FloatNode(file.image_file, 1.4e9))
    start = node["acquisitionStart"]["dateTimeValue"].value() if node.isDefined("acquisitionStart") else None
    for name, text in (("sensorVendor", "Leica"), ("sensorModel", "BLK360")):
        if not node.isDefined(name):
            node.set(name, libe57.StringNode(file.image_file, text))
    file.close()
    raw, values = described(e57_header.read, path, tmp_path)
    assert values["device"] == "Leica BLK360"
    assert start is None or raw["scans"][0]["acquisitionStart"] == ""


def test_e57_system_and_times_become_facts() -> None:
    raw = {
        "scans": [{"acquisitionStart": "2024-05-03T01:15:00Z"}, {"acquisitionStart": ""}],
        "images": [],
        "file": {"coordinateMetadata": pyproj.CRS.from_epsg(32648).to_wkt()},
    }
    values = e57_header._facts(raw)
    assert values["captured"].value == "2024-05-03T01:15:00Z"
    assert values["crs"].value.startswith("EPSG:32648")
    raw["file"] = {"coordinateMetadata": "local"}
    assert "crs" not in e57_header._facts(raw)


def test_ply_says_its_fields_and_comments(tmp_path: Path) -> None:
    xyz = ball(30)
    xyz[4, 0] = np.nan
    raw, values = described(ply_header.read, write_ply(tmp_path / "a.ply", xyz, tones(30)), tmp_path)
    assert raw["comments"] == ["made for a test"]
    assert raw["form"] == "binary_little_endian"
    assert raw["elements"][1]["properties"] == ["list u1 i4 vertex_indices"]
    assert values["points"] == 30
    assert values["nan_points"] == 1
    assert values["intensity"] is True


def test_a_ply_without_any_place_has_no_bounds(tmp_path: Path) -> None:
    values = described(ply_header.read, write_ply(tmp_path / "a.ply", np.full((3, 3), np.nan), tones(3)), tmp_path)[1]
    assert "bounds" not in values
    assert values["nan_points"] == 3


def test_pcd_says_its_fields_and_viewpoint(tmp_path: Path) -> None:
    raw, values = described(pcd_header.read, write_pcd(tmp_path / "a.pcd", ball(30), tones(30)), tmp_path)
    assert raw["fields"][0] == "x f8 × 1"
    assert raw["viewpoint"][:3] == [1.0, 2.0, 3.0]
    assert values["stations"][0]["translation"] == [1.0, 2.0, 3.0]


def test_texts_say_their_kind_and_first_lines(tmp_path: Path) -> None:
    (tmp_path / "a.pts").write_text("30\n" + rows_of(ball(30), tones(30)))
    (tmp_path / "a.xyz").write_text(rows_of(ball(30), tones(30)))
    write_ptx(tmp_path / "a.ptx", ball(30), tones(30), np.eye(4))
    for kind in ("pts", "ptx", "xyz"):
        raw, values = described(text_points_header.read, tmp_path / f"a.{kind}", tmp_path)
        assert raw["form"] == kind
        assert len(raw["first_lines"]) == 12
        assert values["points"] == 30
        assert ("stations" in values) == (kind == "ptx")


def test_damage_is_refused(tmp_path: Path) -> None:
    path = write_las(tmp_path / "a.las", ball(20), tones(20))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(UnreadableError, match="ends before"):
        described(las_header.read, path, tmp_path)
