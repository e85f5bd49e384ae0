"""Pictures of point clouds: the right size, the cloud in the middle, the same bytes each time, and something to see."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from archive.errors import UnreadableError
from pipeline.derive.point_poster import make
from pipeline.derive.point_poster import sample as sampling
from pipeline.derive.point_poster.camera import best_side, looking
from pipeline.derive.point_poster.picture import CloudInStudio, render
from pipeline.derive.point_poster.sample import Sample, sample_of
from pipeline.readers.points import open_points
from pipeline.readers.traces import traces
from tests.pipeline.readers.point_builders import ball, tones, write_e57, write_las, write_ply

SIZE = (320, 200)


def sampled(path: Path, point_format: str = "las") -> Sample:
    return sample_of(open_points(path, point_format))


def covered(pixels: NDArray[np.uint8], paper: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(pixels.astype(int) - paper.astype(int)).max(axis=2) > 40)


@pytest.fixture(scope="module")
def red_ball(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rgb = np.tile(np.array([[200, 30, 20]], np.uint8), (20_000, 1))
    rgb[::2] = (190, 25, 18)
    return write_las(tmp_path_factory.mktemp("ball") / "a.las", ball(20_000), rgb)


@pytest.fixture
def small_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight pictures that cost nothing, where a test looks at the poster."""
    monkeypatch.setattr("pipeline.derive.studio.picture.TURN", (96, 60))


@pytest.mark.usefixtures("small_turn")
def test_files_sizes_and_bytes(red_ball: Path, tmp_path: Path) -> None:
    contents = []
    for run in ("one", "two"):
        output = tmp_path / run
        output.mkdir()
        made = make((("a.las", red_ball),), output, {"nature": "survey"})
        azimuth, elevation = made.facts["seen_from"]
        assert (0 <= azimuth < 360, 0 < elevation < 90) == (True, True)
        assert {file.name for file in made.files} == {path.name for path in output.iterdir()}
        assert all(not traces(path) for path in output.iterdir())
        contents.append([path.read_bytes() for path in sorted(output.iterdir())])
    assert contents[0] == contents[1]
    with Image.open(tmp_path / "one" / "poster.jpg") as poster, Image.open(tmp_path / "one" / "thumbnail.jpg") as small:
        assert poster.size == (1600, 1000)
        assert small.size == (400, 250)


@pytest.mark.usefixtures("small_turn")
def test_simulated_clouds_carry_the_word(red_ball: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.derive.studio.picture.POSTER", (640, 400))
    output = tmp_path / "out"
    output.mkdir()
    make((("a.las", red_ball),), output, {"nature": "simulated"})
    plain = tmp_path / "plain"
    plain.mkdir()
    make((("a.las", red_ball),), plain, {"nature": "survey"})
    one, other = (np.asarray(Image.open(folder / "poster.jpg").convert("RGB")).astype(int) for folder in (output, plain))
    changed = np.abs(one - other).max(axis=2) > 60
    assert changed[320:, :320].any()
    assert not changed[:280].any()


def test_the_cloud_stands_in_the_middle_closed_and_in_its_colour(red_ball: Path) -> None:
    sample = sampled(red_ball)
    pixels = CloudInStudio(sample).poster(SIZE)
    assert pixels.shape == (200, 320, 3)
    red = (pixels[..., 0] > 2 * pixels[..., 1].astype(int)) & (pixels[..., 0] > 80)
    rows, columns = np.nonzero(red)
    assert abs(rows.mean() - 100) < 8
    assert abs(columns.mean() - 160) < 8
    assert 0.7 * 200 < rows.max() - rows.min() < 0.95 * 200
    height, width = rows.max() - rows.min(), columns.max() - columns.min()
    assert red.sum() > 0.93 * np.pi / 4 * height * width


def test_near_things_hide_far_things(tmp_path: Path) -> None:
    side = np.linspace(-1, 1, 150)
    y, z = (part.ravel() for part in np.meshgrid(side, side))
    near, far = np.stack([np.full_like(y, 0.5), y, z], axis=1), np.stack([np.full_like(y, -0.5), y, z], axis=1)
    rgb = np.concatenate([np.tile([[10, 200, 10]], (len(y), 1)), np.tile([[200, 10, 10]], (len(y), 1))]).astype(np.uint8)
    sample = sampled(write_las(tmp_path / "a.las", np.concatenate([near, far]), rgb))
    front, back = (render(sample, looking(sample, azimuth, 0.1, SIZE)) for azimuth in (0.0, np.pi))
    assert front[100, 160, 1] > 2 * int(front[100, 160, 0])
    assert back[100, 160, 0] > 2 * int(back[100, 160, 1])


def test_one_point_and_flat_clouds_have_a_picture(tmp_path: Path) -> None:
    for number, xyz in enumerate((np.array([[5.0, 5, 5]]), np.array([[5.0, 5, 5]] * 3), np.array([[0.0, 0, 0], [9, 0, 0]]))):
        sample = sampled(write_las(tmp_path / f"{number}.las", xyz, tones(len(xyz))))
        assert CloudInStudio(sample).poster(SIZE).shape == (200, 320, 3)


def test_strays_do_not_shrink_the_picture(tmp_path: Path, red_ball: Path) -> None:
    xyz = np.concatenate([ball(20_000), [[688_000.0, 1_776_345.0, 14.0]]])
    rgb = np.tile(np.array([[200, 30, 20]], np.uint8), (20_001, 1))
    rgb[0] = 0
    sample = sampled(write_las(tmp_path / "a.las", xyz, rgb))
    pixels = CloudInStudio(sample).poster(SIZE)
    assert ((pixels[..., 0] > 2 * pixels[..., 1].astype(int)) & (pixels[..., 0] > 80)).sum() > 12_000


def test_large_clouds_are_thinned_evenly(monkeypatch: pytest.MonkeyPatch, red_ball: Path) -> None:
    whole = sampled(red_ball).xyz
    monkeypatch.setattr(sampling, "MOST_POINTS", 3000)
    thinned = sampled(red_ball).xyz
    assert len(thinned) == 2500
    assert np.allclose(thinned.mean(axis=0), whole.mean(axis=0), atol=0.15)


@pytest.mark.parametrize("by", ["intensity", "height"])
def test_colourless_clouds_show_a_ramp(tmp_path: Path, by: str) -> None:
    if by == "intensity":
        sample = sampled(write_las(tmp_path / "a.las", ball(5000)))
    else:
        (tmp_path / "a.xyz").write_text("".join(f"{x} {y} {z}\n" for x, y, z in ball(5000)))
        sample = sampled(tmp_path / "a.xyz", "xyz")
    assert sample.shading.by == by
    assert np.ptp(sample.light[:, 0]) > 0.3


def test_scans_from_one_side_are_seen_from_there(tmp_path: Path) -> None:
    wall = np.stack(np.meshgrid([0.0], np.linspace(-2, 2, 80), np.linspace(0, 3, 80)), axis=-1).reshape(-1, 3)
    for x in (20.0, -20.0):
        source = write_e57(tmp_path / f"{x}.e57", [(wall - np.array([x, 0, 1]), (1, 0, 0, 0), (x, 0, 1))], rgb=False)
        sample = sampled(source, "e57")
        assert looking(sample, *best_side(sample), SIZE).place[0] * x > 0


def test_a_cloud_turns_in_its_place(red_ball: Path) -> None:
    """From eight sides it is as large and stands where it stood."""
    sides = list(CloudInStudio(sampled(red_ball)).turn(SIZE))
    assert len(sides) == 8
    for pixels in sides:
        red = (pixels[..., 0] > 2 * pixels[..., 1].astype(int)) & (pixels[..., 0] > 80)
        rows, columns = np.nonzero(red)
        assert abs(rows.mean() - 100) < 8
        assert abs(columns.mean() - 160) < 8
        assert 0.6 * 200 < np.ptp(rows) < 0.95 * 200


def test_nothing_to_show_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no points"):
        sampled(write_ply(tmp_path / "a.ply", np.full((3, 3), np.nan), tones(3)), "ply")
