"""Every point format gives back what was put in: places, colours, poses, counts."""

from pathlib import Path

import laspy
import numpy as np
import pytest
from numpy.typing import NDArray

from archive.errors import UnreadableError
from pipeline.readers.points import PointSource, open_points, sniff_format
from pipeline.readers.points.ptx import quaternion_of
from pipeline.readers.points.scaling import intensity_from, intensity_of
from pipeline.readers.points.text_rows import read_rows
from tests.pipeline.readers.point_builders import ball, rows_of, tones, write_e57, write_las, write_pcd, write_ply, write_ptx

COUNT = 700


def opened(path: Path) -> PointSource:
    return open_points(path, sniff_format(path))


def places(source: PointSource) -> NDArray[np.float64]:
    parts = [chunk.xyz for chunk in source.chunks()]
    xyz = np.concatenate(parts).astype(np.float64)
    if source.header.scale is not None and source.header.offset is not None:
        xyz = xyz * source.header.scale + source.header.offset
    return np.asarray(xyz)


def colours(source: PointSource) -> NDArray[np.uint8]:
    return np.concatenate([chunk.rgb for chunk in source.chunks() if chunk.rgb is not None]).astype(np.uint8)


def strengths(source: PointSource) -> NDArray[np.uint16]:
    return np.concatenate([chunk.intensity for chunk in source.chunks() if chunk.intensity is not None])


@pytest.mark.parametrize("suffix", ["las", "laz"])
def test_las_and_laz(tmp_path: Path, suffix: str) -> None:
    xyz, rgb = ball(COUNT), tones(COUNT)
    source = opened(write_las(tmp_path / f"a.{suffix}", xyz, rgb, wide=False))
    assert np.allclose(places(source), xyz, atol=1e-9)
    assert np.array_equal(colours(source), rgb)
    assert np.array_equal(strengths(source), np.arange(COUNT))
    assert source.header.points == COUNT


@pytest.mark.parametrize(("version", "point_format"), [*(("1.2", kind) for kind in range(4)), *(("1.4", kind) for kind in (6, 7, 8))])
def test_every_las_point_format(tmp_path: Path, version: str, point_format: int) -> None:
    header = laspy.LasHeader(point_format=point_format, version=version)
    header.scales = np.array([0.01, 0.01, 0.01])
    las = laspy.LasData(header)
    las.x, las.y, las.z = np.arange(9.0).reshape(3, 3)
    if "red" in las.point_format.dimension_names:
        las.green = np.array([1, 2, 3])
    las.write(tmp_path / "a.las")
    source = opened(tmp_path / "a.las")
    assert np.allclose(places(source), np.arange(9.0).reshape(3, 3).T)
    if source.header.colour:
        assert colours(source)[:, 1].tolist() == [1, 2, 3]


@pytest.mark.parametrize("form", ["ascii", "binary_little_endian", "binary_big_endian"])
def test_ply(tmp_path: Path, form: str) -> None:
    xyz, rgb = ball(COUNT), tones(COUNT)
    source = opened(write_ply(tmp_path / "a.ply", xyz, rgb, form))
    assert np.array_equal(places(source), xyz)
    assert np.array_equal(colours(source), rgb)
    assert np.array_equal(strengths(source), np.arange(COUNT))


def test_ply_passes_over_elements_before_its_vertices(tmp_path: Path) -> None:
    head = "ply\nformat {} 1.0\nelement camera 1\nproperty double f\nelement strip 2\nproperty list uchar int v\nproperty uchar k\n"
    head += "element vertex 2\nproperty float x\nproperty float y\nproperty float z\nend_header\n"
    rows = np.array([[1, 2, 3], [4, 5, 6]], "<f4")
    strips = b"\x02" + np.array([7, 8], "<i4").tobytes() + b"\x01" + b"\x00" + b"\x01"
    binary = head.format("binary_little_endian").encode() + np.array([9.5], "<f8").tobytes() + strips + rows.tobytes()
    (tmp_path / "a.ply").write_bytes(binary)
    (tmp_path / "b.ply").write_text(head.format("ascii") + "9.5\n2 7 8 1\n0 1\n1 2 3\n4 5 6\n")
    for name in ("a.ply", "b.ply"):
        assert np.array_equal(places(opened(tmp_path / name)), rows)


def test_ply_with_float_and_wide_colours(tmp_path: Path) -> None:
    head = "ply\nformat ascii 1.0\nelement vertex 2\n" + "".join(f"property double {axis}\n" for axis in "xyz")
    for kind, row in (("float", "0 0.5 1"), ("ushort", "0 32768 65535")):
        properties = "".join(f"property {kind} {name}\n" for name in ("red", "green", "blue"))
        (tmp_path / "a.ply").write_text(f"{head}{properties}end_header\n1 2 3 {row}\n4 5 6 {row}\n")
        assert colours(opened(tmp_path / "a.ply"))[0].tolist() == [0, 128, 255]


@pytest.mark.parametrize("form", ["ascii", "binary", "binary_compressed"])
def test_pcd(tmp_path: Path, form: str) -> None:
    xyz, rgb = ball(COUNT), tones(COUNT)
    xyz[:50] = xyz[0]
    source = opened(write_pcd(tmp_path / "a.pcd", xyz, rgb, form))
    assert np.array_equal(places(source), xyz)
    assert np.array_equal(colours(source), rgb)
    assert np.array_equal(strengths(source), np.arange(COUNT))
    assert source.header.stations[0].translation == (1.0, 2.0, 3.0)


def test_pcd_colours_packed_in_a_float(tmp_path: Path) -> None:
    packed = np.array([0x0A141E], np.uint32).view(np.float32)[0]
    head = "# .PCD v0.7\nVERSION 0.7\nFIELDS x y z rgb\nSIZE 4 4 4 4\nTYPE F F F F\nWIDTH 1\nHEIGHT 1\nPOINTS 1\nDATA "
    (tmp_path / "a.pcd").write_bytes((head + "binary\n").encode() + np.array([1, 2, 3, packed], "<f4").tobytes())
    assert colours(opened(tmp_path / "a.pcd")).tolist() == [[10, 20, 30]]


def test_pts_with_several_blocks(tmp_path: Path) -> None:
    xyz, rgb = ball(COUNT), tones(COUNT)
    (tmp_path / "a.pts").write_text(f"400\n{rows_of(xyz[:400], rgb[:400])}300\n{rows_of(xyz[400:], rgb[400:])}")
    source = opened(tmp_path / "a.pts")
    assert np.array_equal(places(source), xyz)
    assert np.array_equal(colours(source), rgb)


def test_ptx_applies_the_matrix_and_leaves_out_shots_without_return(tmp_path: Path) -> None:
    xyz, rgb = ball(COUNT, centre=(0, 0, 0)), tones(COUNT)
    xyz[5] = 0
    matrix = np.array([[0.0, 1, 0, 0], [-1, 0, 0, 0], [0, 0, 1, 0], [100, 200, 300, 1]])
    source = opened(write_ptx(tmp_path / "a.ptx", xyz, rgb, matrix))
    kept = np.delete(xyz, 5, axis=0)
    assert np.allclose(places(source), np.stack([100 - kept[:, 1], 200 + kept[:, 0], 300 + kept[:, 2]], axis=1))
    assert sum(chunk.invalid for chunk in source.chunks()) == 1
    station = source.header.stations[0]
    assert station.translation == (100.0, 200.0, 300.0)
    assert np.allclose(station.rotation, (np.sqrt(0.5), 0, 0, np.sqrt(0.5)))


def test_quaternions_of_all_turns() -> None:
    from pipeline.readers.points.e57 import rotation_matrix

    rng = np.random.default_rng(4)
    turns = [*rng.normal(size=(50, 4)), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1), (1, 0, 0, 0)]
    for raw in turns:
        unit = np.array(raw) / np.linalg.norm(raw)
        w, x, y, z = (float(value) for value in unit)
        matrix = rotation_matrix((w, x, y, z))
        assert np.allclose(rotation_matrix(quaternion_of(matrix)), matrix, atol=1e-9)
    assert quaternion_of(np.eye(3) * 2) == (1.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("text", "colour", "intensity"),
    [
        ("1 2 3\n4 5 6\n", False, False),
        ("1,2,3\n4,5,6\n", False, False),
        ("1;2;3;0.5\n4;5;6;0.25\n", False, True),
        ("1\t2\t3\t10\t20\t30\n4 5 6 40 50 60\n", True, False),
        ("1 2 3 0.5 10 20 30\n4 5 6 0.5 40 50 60\n", True, True),
        ("1 2 3 10 20 30 77\n4 5 6 40 50 60 88.5\n", True, True),
        ("1 2 3 0.1 0.2 0.97\n4 5 6 0 0 1\n", False, False),
        ("# made by hand\nX Y Z R G B\n1 2 3 10 20 30\n4 5 6 40 50 60\n", True, False),
        ("//X Y Z Intensity\n1 2 3 10\n4 5 6 20\n\n", False, True),
        ("1 2 3\n4 5 6", False, False),
        ("1.0e0 +2 .3e1\r\n4 5. 600E-2\r\n", False, False),
    ],
)
def test_xyz_columns(tmp_path: Path, text: str, colour: bool, intensity: bool) -> None:  # noqa: FBT001
    (tmp_path / "a.xyz").write_text(text)
    source = opened(tmp_path / "a.xyz")
    assert (source.header.colour, source.header.intensity) == (colour, intensity)
    assert np.allclose(places(source), [[1, 2, 3], [4, 5, 6]])
    if colour:
        assert colours(source).tolist() == [[10, 20, 30], [40, 50, 60]]


def test_numbers_are_read_as_python_reads_them(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    words = [f"{value:.{digits}f}" for value in rng.uniform(-1e7, 1e7, 300) for digits in (0, 3, 6)]
    words += [f"{value:.6e}" for value in rng.lognormal(0, 20, 297)] + ["nan", "-inf", "INF"]
    with (tmp_path / "n").open("wb") as stream:
        stream.write("\n".join(" ".join(words[at : at + 3]) for at in range(0, len(words), 3)).encode())
    with (tmp_path / "n").open("rb") as stream:
        got = np.concatenate([block.values for block in read_rows(stream, 3, 50)]).ravel()
    expected = np.array([float(word) for word in words])
    assert np.allclose(got, expected, rtol=1e-15, atol=0, equal_nan=True)
    assert np.array_equal(got[:900], expected[:900])


def test_rows_across_block_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.readers.points import text_rows

    monkeypatch.setattr(text_rows, "BLOCK_BYTES", 37)
    lines = [f"{at} {at * 2} {at * 3}" for at in range(500)]
    (tmp_path / "n").write_text("\n".join(lines))
    with (tmp_path / "n").open("rb") as stream:
        blocks = list(read_rows(stream, 3))
    assert np.array_equal(np.concatenate([block.values for block in blocks])[:, 0], np.arange(500))


def test_e57_poses_colours_and_intensity(tmp_path: Path) -> None:
    half = float(np.sqrt(0.5))
    xyz = ball(COUNT, centre=(0, 0, 0))
    source = opened(write_e57(tmp_path / "a.e57", [(xyz, (half, 0, 0, half), (588_000, 5, 6)), (xyz[:10], (1, 0, 0, 0), (0, 0, 0))]))
    got = places(source)
    assert np.allclose(got[:COUNT], np.stack([588_000 - xyz[:, 1], 5 + xyz[:, 0], 6 + xyz[:, 2]], axis=1), atol=1e-9)
    assert np.array_equal(colours(source)[:COUNT], tones(COUNT))
    assert strengths(source)[0] == 0
    assert strengths(source)[COUNT - 1] == 65535
    assert [station.name for station in source.header.stations] == ["station 0", "station 1"]
    assert [chunk.station for chunk in source.chunks()] == [0, 1]


def test_intensities_of_every_habit() -> None:
    assert intensity_of(0, 1).apply(np.array([0.0, 0.5, 1.0])).tolist() == [0, 32768, 65535]
    assert intensity_of(0, 255).apply(np.array([255.0])).tolist() == [65535]
    assert intensity_of(0, 40_000).apply(np.array([40_000.0])).tolist() == [40_000]
    assert intensity_of(0, 1e6).apply(np.array([1e6])).tolist() == [65535]
    assert intensity_of(-2048, 2047).apply(np.array([-2048.0, 2047.0])).tolist() == [0, 65535]
    assert intensity_of(np.nan, 1).apply(np.array([7.0, np.nan, np.inf])).tolist() == [7, 0, 65535]
    assert intensity_from(np.array([np.nan])).apply(np.array([5.0])).tolist() == [5]


def test_a_format_without_reader_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no reader"):
        open_points(tmp_path / "a", "fls")
