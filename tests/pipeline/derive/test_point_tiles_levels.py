"""Levels of a tiled cloud: what each adds, what the first picture costs, and in which frame it stands."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.derive.point_tiles import even
from pipeline.publish.public_record import without_place
from tests.pipeline.derive.tile_clouds import all_points, assert_same_points, sorted_rows, terrain, tiled
from tests.pipeline.derive.tiles_reader import read_tiles
from tests.pipeline.readers.point_builders import write_las


@pytest.mark.parametrize("count", [500, 29_000, 150_000])
def test_the_first_picture_costs_at_most_120_kilobytes(tmp_path: Path, count: int) -> None:
    """Whatever the cloud: noise in a box is the worst that quantised positions and colours can weigh."""
    rng = np.random.default_rng(4)
    xyz = np.round(rng.random((count, 3)) * 500, 3)
    made = tiled(write_las(tmp_path / "a.las", xyz, rng.integers(0, 65535, (count, 3), np.uint16)), tmp_path / "out")
    names = json.loads((tmp_path / "out" / "tiles.json").read_text())
    weight = names["content/0/0/0/0.glb"][1] + names["subtrees/0/0/0/0.subtree"][1] + (tmp_path / "out" / "tileset.json").stat().st_size
    assert weight <= 120_000
    assert len(read_tiles(tmp_path / "out")[even.ROOT].points) >= min(count, 0.7 * even.MOST_ROOT_POINTS)
    assert_same_points(all_points(tmp_path / "out", made), xyz, made.facts["resolution"] + 1e-9)


def test_levels_say_what_each_adds(tmp_path: Path) -> None:
    """So that a viewer can keep a budget of points without loading one of them."""
    made = tiled(write_las(tmp_path / "a.las", terrain(150_000)), tmp_path / "out")
    tiles = read_tiles(tmp_path / "out")
    names = json.loads((tmp_path / "out" / "tiles.json").read_text())
    for level, said in enumerate(made.facts["levels"]):
        there = [tile for node, tile in tiles.items() if node[0] == level]
        weight = sum(length for name, (_, length) in names.items() if name.startswith(f"content/{level}/"))
        assert said == {
            "points": sum(len(tile.points) for tile in there),
            "tiles": len(there),
            "bytes": weight,
            "spacing": pytest.approx(65.536 / 128 / 2**level),
        }
    assert sum(level["points"] for level in made.facts["levels"]) == 150_000


def test_the_spacing_is_that_of_the_points(tmp_path: Path) -> None:
    xyz = np.stack(np.meshgrid(np.arange(200), np.arange(200), [0.0]), axis=-1).reshape(-1, 3) * 0.05
    spacing = tiled(write_las(tmp_path / "a.las", np.round(xyz, 3)), tmp_path / "out").facts["spacing"]
    assert spacing == {"median": pytest.approx(0.05), "p90": pytest.approx(0.05)}
    alone = tiled(write_las(tmp_path / "b.las", xyz[:1]), tmp_path / "alone").facts
    assert alone["spacing"] == {"median": 0, "p90": 0}


def test_the_matrix_of_the_frame_leads_to_what_is_shown_and_stays_inside(tmp_path: Path) -> None:
    xyz = terrain(2000)
    made = tiled(write_las(tmp_path / "a.las", xyz), tmp_path / "out")
    matrix = np.array(made.facts["frame"]["matrix"]).reshape(4, 4).T
    shown = (np.concatenate([xyz, np.ones((2000, 1))], axis=1) @ matrix.T)[:, :3]
    local = np.concatenate([tile.points for tile in read_tiles(tmp_path / "out").values()])
    upright = np.stack([local[:, 0], local[:, 2], -local[:, 1]], axis=1)
    assert np.allclose(sorted_rows(np.round(shown, 3)), sorted_rows(np.round(upright, 3)), atol=2e-3)
    assert without_place(made.facts).keys() & {"frame", "offset"} == set()


def test_the_focus_leaves_strays_out_and_holds_the_rest(tmp_path: Path) -> None:
    centre = np.array([588_020.0, 1_776_020.0, 3.0])
    xyz = np.concatenate([terrain(60_000), centre + np.array([[300.0, 0.0, 40.0], [0.0, -250.0, -20.0]])])
    made = tiled(write_las(tmp_path / "a.las", xyz), tmp_path / "out")
    low, high = (np.array(made.facts["focus"][edge]) + made.facts["offset"] for edge in ("minimum", "maximum"))
    middle = terrain(60_000)
    assert (np.abs(low - np.quantile(middle, 0.02, axis=0)) < 1.0).all()
    assert (np.abs(high - np.quantile(middle, 0.98, axis=0)) < 1.0).all()
    assert without_place(made.facts)["focus"] == made.facts["focus"]
