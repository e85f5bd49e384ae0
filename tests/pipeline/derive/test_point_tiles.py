"""Point tiles against the specification and against the input: every point once, in its place, whatever the cloud looks like."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from archive.errors import UnreadableError
from pipeline.derive.cloud.shading import to_linear
from pipeline.derive.deriver import Made
from pipeline.derive.point_tiles import build, even, kernels, make, partition
from pipeline.publish.public_record import without_place
from tests.pipeline.derive.tile_clouds import all_points, assert_same_points, sorted_rows, terrain, tiled
from tests.pipeline.derive.tiles_reader import read_tiles, unpack, walk_subtrees
from tests.pipeline.readers.point_builders import ball, tones, write_e57, write_las, write_ply


def test_every_point_of_a_las_file_is_in_exactly_one_tile_and_bit_exact(tmp_path: Path) -> None:
    xyz = terrain(150_000)
    made = tiled(write_las(tmp_path / "a.las", xyz, tones(len(xyz))), tmp_path / "out")
    got = all_points(tmp_path / "out", made)
    # 40 m at 1 mm need 16 bits: no tile loses any.
    assert np.array_equal(sorted_rows(np.round(got, 3)), sorted_rows(xyz))
    assert made.facts["points"] == len(xyz)
    assert made.facts["dropped"] == 0


def test_files_are_only_the_three_promised_ones(tmp_path: Path) -> None:
    made = tiled(write_las(tmp_path / "a.las", ball(500), tones(500)), tmp_path / "out")
    assert (
        {path.name for path in (tmp_path / "out").iterdir()}
        == {"tileset.json", "tiles.json", "tiles.pack"}
        == {file.name for file in made.files}
    )


def test_subtrees_declare_exactly_the_tiles_of_the_pack(tmp_path: Path) -> None:
    tiled(write_las(tmp_path / "a.las", terrain(150_000)), tmp_path / "out")
    tiles, contents = walk_subtrees(tmp_path / "out")
    assert contents == set(read_tiles(tmp_path / "out"))
    assert contents <= tiles
    for level, x, y, z in tiles - {(0, 0, 0, 0)}:
        assert (level - 1, x >> 1, y >> 1, z >> 1) in tiles


def test_tiles_lie_within_their_implicit_bounding_box(tmp_path: Path) -> None:
    tiled(write_las(tmp_path / "a.las", terrain(60_000)), tmp_path / "out")
    box = json.loads((tmp_path / "out" / "tileset.json").read_text())["root"]["boundingVolume"]["box"]
    corner, edge = np.array(box[:3]) - box[3], 2 * box[3]
    for (level, *place), tile in read_tiles(tmp_path / "out").items():
        side = edge / 2**level
        low = corner + np.array(place) * side
        assert (tile.points >= low - 1e-9).all()
        assert (tile.points <= low + side + 1e-9).all()


def test_tile_documents_declare_what_they_use(tmp_path: Path) -> None:
    tiled(write_las(tmp_path / "a.las", ball(300), tones(300)), tmp_path / "out")
    for tile in read_tiles(tmp_path / "out").values():
        document = tile.document
        assert document["asset"]["version"] == "2.0"
        assert document["extensionsRequired"] == document["extensionsUsed"] == ["KHR_mesh_quantization", "EXT_meshopt_compression"]
        assert document["meshes"][0]["primitives"][0]["mode"] == 0
        assert document["buffers"][1]["extensions"]["EXT_meshopt_compression"]["fallback"]
        for view in document["bufferViews"]:
            packed = view["extensions"]["EXT_meshopt_compression"]
            assert packed["byteOffset"] % 4 == 0
            assert view["byteLength"] == packed["byteStride"] * packed["count"]
            assert view["byteStride"] % 4 == 0


def sampling_cells(points: NDArray[np.float64], made: Made, level: int) -> list[tuple[int, ...]]:
    """Cells (level's 2^7 an axis of each node) that local points lie in, of the cloud of ``terrain`` (65.536 m at a millimetre)."""
    steps = np.rint((points - np.array(made.facts["bounds"]["minimum"])) / 0.001).astype(int)
    return [tuple(row) for row in (steps // (512 >> level)).tolist()]


def test_levels_thin_out_evenly(tmp_path: Path) -> None:
    """Down to any level, every sampling cell that holds a point shows one; a tile below the root never shows two of one cell."""
    xyz = terrain(120_000)
    made = tiled(write_las(tmp_path / "a.las", xyz), tmp_path / "out")
    tiles = read_tiles(tmp_path / "out")
    box = json.loads((tmp_path / "out" / "tileset.json").read_text())["root"]["boundingVolume"]["box"]
    assert 2 * box[3] == pytest.approx(65.536)
    present = set(sampling_cells(xyz - made.facts["offset"], made, 1))
    down_to_one = [tile.points for node, tile in tiles.items() if node[0] <= 1]
    assert {cell for points in down_to_one for cell in sampling_cells(points, made, 1)} == present
    divided = {(1, x >> 1, y >> 1, z >> 1) for level, x, y, z in tiles if level == 2}
    assert divided
    for node in divided:
        cells = sampling_cells(tiles[node].points, made, 1)
        assert len(set(cells)) == len(cells)


def evenness(points: NDArray[np.float64]) -> float:
    """Spread of the distances to the nearest neighbour, as a share of their mean (coefficient of variation)."""
    nearest = cKDTree(points).query(points, k=2)[0][:, 1]
    return float(nearest.std() / nearest.mean())


def test_the_first_tile_is_spread_evenly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_las(tmp_path / "a.las", terrain(400_000))
    tiled(source, tmp_path / "even")
    monkeypatch.setattr(even, "HELD_POINTS", 0)
    tiled(source, tmp_path / "plain")
    chosen, plain = (read_tiles(tmp_path / name) for name in ("even", "plain"))
    first, before = chosen[even.ROOT].points, plain[even.ROOT].points
    assert evenness(first) <= 0.1
    assert evenness(before) >= 0.2
    assert len(before) * 0.8 <= len(first) <= len(before) * 1.05
    cell = 65.536 / 128
    assert cKDTree(first).query(first, k=2)[0][:, 1].min() >= even.GAP * cell - 1e-9
    # and no point that could have stood there was left out: every point of the plain choice has a chosen one near by
    assert cKDTree(first).query(before)[0].max() < even.GAP * cell
    both = (np.concatenate([tile.points for tile in tiles.values()]) for tiles in (chosen, plain))
    one, other = (sorted_rows(np.round(points, 4)) for points in both)
    assert np.array_equal(one, other)


def test_too_many_candidates_are_let_go_level_by_level(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one level below the root only, the choice is made among fewer, and no point is lost."""
    xyz = terrain(400_000)
    source = write_las(tmp_path / "a.las", xyz)
    monkeypatch.setattr(partition, "BUCKET_POINTS", 20_000)
    monkeypatch.setattr(even, "HELD_POINTS", 100_000)
    made = tiled(source, tmp_path / "out")
    tiles = read_tiles(tmp_path / "out")
    assert evenness(tiles[even.ROOT].points) <= 0.15
    assert np.array_equal(sorted_rows(np.round(all_points(tmp_path / "out", made), 3)), sorted_rows(xyz))


def test_colours_are_linear_light_within_a_step(tmp_path: Path) -> None:
    xyz, rgb = ball(4000), tones(4000)
    for wide in (True, False):
        output = tmp_path / f"out-{wide}"
        made = tiled(write_las(tmp_path / f"{wide}.las", xyz, rgb, wide=wide), output)
        tiles = read_tiles(output).values()
        places = np.round(np.concatenate([tile.points for tile in tiles]) + made.facts["offset"], 3)
        colours = np.concatenate([tile.colours for tile in tiles])
        expected = dict(zip(map(tuple, xyz.tolist()), to_linear(rgb / 255) * 255, strict=True))
        wanted = np.array([expected[tuple(place)] for place in places.tolist()])
        assert np.abs(colours - wanted).max() <= 1.01
        assert made.facts["colour"] == "colour"


@pytest.mark.parametrize("form", ["ascii", "binary_little_endian", "binary_big_endian"])
def test_float_coordinates_keep_a_tenth_of_a_millimetre(tmp_path: Path, form: str) -> None:
    xyz = ball(3000)
    made = tiled(write_ply(tmp_path / "a.ply", xyz, tones(3000), form), tmp_path / "out")
    assert made.facts["resolution"] <= 1e-4
    assert_same_points(all_points(tmp_path / "out", made), xyz, 1.01e-4)


def test_e57_scans_stand_in_their_common_frame(tmp_path: Path) -> None:
    half = np.sqrt(0.5)
    first, second = ball(1000, 1, (0, 0, 0)), ball(800, 2, (5, 0, 1))
    source = write_e57(tmp_path / "a.e57", [(first, (1, 0, 0, 0), (10, 20, 3)), (second, (half, 0, 0, half), (100, 0, 0))])
    made = tiled(source, tmp_path / "out")
    turned = second[:, [1, 0, 2]] * (-1, 1, 1)
    assert_same_points(
        all_points(tmp_path / "out", made),
        np.concatenate([first + np.array([10, 20, 3]), turned + np.array([100, 0, 0])]),
        made.facts["resolution"],
    )
    assert made.facts["resolution"] < 1.1e-3


def test_laz_gives_the_same_tiles_as_las(tmp_path: Path) -> None:
    xyz, rgb = terrain(20_000), tones(20_000)
    for name in ("a.las", "a.laz"):
        tiled(write_las(tmp_path / name, xyz, rgb), tmp_path / f"out-{name}")
    assert (tmp_path / "out-a.las" / "tiles.pack").read_bytes() == (tmp_path / "out-a.laz" / "tiles.pack").read_bytes()


def digest(folder: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(folder.iterdir()))).hexdigest()


def test_bytes_do_not_depend_on_the_number_of_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partition, "BUCKET_POINTS", 5000)
    source = write_las(tmp_path / "a.las", terrain(60_000), tones(60_000))
    digests = set()
    for threads in (1, 2, 5):
        monkeypatch.setattr(build, "thread_count", lambda threads=threads: threads)
        tiled(source, tmp_path / f"out{threads}")
        digests.add(digest(tmp_path / f"out{threads}"))
    assert len(digests) == 1


def test_buckets_and_crowded_cells_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dense spot, a sparse field and one stray point a thousand kilometres off: tables below tables."""
    monkeypatch.setattr(partition, "BUCKET_POINTS", 2000)
    monkeypatch.setattr(partition, "LEAF_POINTS", 500)
    spot = np.round(np.random.default_rng(5).normal(0, 0.05, (30_000, 3)), 3)
    xyz = np.concatenate([spot, terrain(5000) - (588_000, 1_776_000, 0), [[1_000_000.0, 0.0, 0.0]]])
    made = tiled(write_las(tmp_path / "a.las", xyz), tmp_path / "out")
    tiles = read_tiles(tmp_path / "out")
    assert sum(len(tile.points) for tile in tiles.values()) == len(xyz)
    assert max(node[0] for node in tiles) > 15
    _, contents = walk_subtrees(tmp_path / "out")
    assert contents == set(tiles)
    finest = {node: tile for node, tile in tiles.items() if node[0] >= 15}
    deep = np.concatenate([tile.points for tile in finest.values()]) + made.facts["offset"]
    known = {tuple(row) for row in np.round(xyz, 3).tolist()}
    assert all(tuple(row) in known for row in np.round(deep, 3).tolist())


def test_many_points_in_one_place_are_all_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partition, "BUCKET_POINTS", 100)
    monkeypatch.setattr(partition, "LEAF_POINTS", 50)
    monkeypatch.setattr(build, "PIECE_POINTS", 300)
    xyz = np.concatenate([np.zeros((1000, 3)), ball(500, centre=(0, 0, 0))])
    made = tiled(write_las(tmp_path / "a.las", xyz), tmp_path / "out")
    got = np.round(all_points(tmp_path / "out", made), 2)
    assert len(got) == 1500
    assert (np.abs(got) < 0.02).all(axis=1).sum() == 1000


@pytest.mark.parametrize(
    "xyz",
    [np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 2.0, 3.0]] * 5), np.array([[0.0, 0.0, 0.0], [1e6, 0.0, 0.0]])],
    ids=["one-point", "no-extent", "a-line"],
)
@pytest.mark.parametrize("suffix", ["las", "ply"])
def test_smallest_clouds(tmp_path: Path, xyz: NDArray[np.float64], suffix: str) -> None:
    rgb = tones(len(xyz))
    source = write_las(tmp_path / "a.las", xyz, rgb) if suffix == "las" else write_ply(tmp_path / "a.ply", xyz, rgb)
    made = tiled(source, tmp_path / "out")
    got = sorted_rows(all_points(tmp_path / "out", made))
    assert np.abs(got - sorted_rows(xyz)).max() <= made.facts["resolution"] + 1e-9


def test_points_without_a_place_are_dropped_and_counted(tmp_path: Path) -> None:
    xyz = ball(100)
    xyz[3, 1], xyz[7, 0], xyz[9, 2] = np.nan, np.inf, 3.4e38
    made = tiled(write_ply(tmp_path / "a.ply", xyz, tones(100)), tmp_path / "out")
    assert (made.facts["points"], made.facts["dropped"]) == (97, 3)
    assert sum(len(tile.points) for tile in read_tiles(tmp_path / "out").values()) == 97


def test_nothing_to_show_is_said(tmp_path: Path) -> None:
    source = write_ply(tmp_path / "a.ply", np.full((3, 3), np.nan), tones(3))
    with pytest.raises(UnreadableError, match="no points"):
        tiled(source, tmp_path / "out")
    assert not (tmp_path / "out" / "scratch").exists()


def test_colourless_clouds_are_shown_by_intensity_else_by_height(tmp_path: Path) -> None:
    black = np.zeros((4000, 3), np.uint8)
    assert tiled(write_las(tmp_path / "a.las", ball(4000), black), tmp_path / "a").facts["colour"] == "intensity"
    text = "".join(f"{x} {y} {z}\n" for x, y, z in ball(200, centre=(0, 0, 0)))
    (tmp_path / "b.xyz").write_text(text)
    assert tiled(tmp_path / "b.xyz", tmp_path / "b").facts["colour"] == "height"
    shown = [tile.colours for tile in read_tiles(tmp_path / "b").values()]
    assert np.ptp(np.concatenate(shown)) > 50


def test_no_file_holds_the_offset(tmp_path: Path) -> None:
    made = tiled(write_las(tmp_path / "a.las", ball(500, centre=(588_012.5, 1_776_345.25, 14.0))), tmp_path / "out")
    assert "offset" not in without_place(made.facts)
    assert made.facts["offset"][1] == pytest.approx(1_776_345.25, abs=0.1)
    files = [*unpack(tmp_path / "out").values(), (tmp_path / "out" / "tileset.json").read_bytes()]
    for content in files:
        for digits in (b"5880", b"588.", b"17763", b"1776."):
            assert digits not in content
    for tile in read_tiles(tmp_path / "out").values():
        assert np.abs(tile.points).max() < 100


def plain_levels(codes: list[tuple[int, int, int]], bits: int) -> list[int]:
    """The tournament by its definition: from the smallest cells up, the winner nearest to the centre goes on."""
    level = [0] * len(codes)
    entrants = list(range(len(codes)))
    for depth in range(bits, -1, -1):
        side = bits - depth
        cells: dict[tuple[int, ...], list[int]] = {}
        for point in entrants:
            cells.setdefault(tuple(value >> side for value in codes[point]), []).append(point)

        def off(point: int, side: int = side) -> float:
            return sum(((value & ((1 << side) - 1)) - ((1 << side) - 1) / 2) ** 2 for value in codes[point])

        entrants = []
        for points in cells.values():
            best = min(points, key=off)
            entrants.append(best)
            for loser in points:
                if loser != best:
                    level[loser] = max(0, depth + 1 - kernels.SAMPLE_LEVELS)
    return level


def test_levels_are_those_of_the_tournament_by_definition() -> None:
    rng = np.random.default_rng(11)
    bits = 12
    grid = rng.integers(0, 1 << bits, (3000, 3)).astype(np.uint32)
    grid[:1500] >>= 3
    records = np.concatenate([grid, np.zeros((3000, 1), np.uint32)], axis=1)
    keys = np.empty(3000, np.uint64)
    kernels.make_keys(records, bits, 0, bits, keys)
    keys.sort()
    ordered = np.empty_like(records)
    kernels.gather(records, keys, ordered)
    level = np.empty(3000, np.uint8)
    kernels.tournament(ordered, keys, bits, 0, bits, level)
    codes = [(row[0], row[1], row[2]) for row in ordered.tolist()]
    assert level.tolist() == plain_levels(codes, bits)


def test_formats_stated_by_the_record_are_believed(tmp_path: Path) -> None:
    (tmp_path / "points.dat").write_text("3\n1 2 3\n4 5 6\n7 8 9\n")
    output = tmp_path / "out"
    output.mkdir()
    facts: dict[str, Any] = {"formats": {"points.dat": "pts"}}
    assert make((("points.dat", tmp_path / "points.dat"),), output, facts).facts["points"] == 3
