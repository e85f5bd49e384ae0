import math
import os
from pathlib import Path

import numpy as np
import pyproj
import pytest

from pipeline.rehearsal import kernels
from pipeline.rehearsal.bake import directions
from pipeline.rehearsal.camera import Camera, aim, pixel_places
from pipeline.rehearsal.house import ROOF
from pipeline.rehearsal.kernels import clouds2, fade, forget_stale_kernels, hash3, noise2
from pipeline.rehearsal.looks import joint
from pipeline.rehearsal.mesher import Material, Mesher
from pipeline.rehearsal.model import build_model
from pipeline.rehearsal.place import ALTITUDE, LATITUDE, LONGITUDE, to_wgs84
from pipeline.rehearsal.render import encode, find_edges, tone
from pipeline.rehearsal.roof import end_slope, long_slope
from pipeline.rehearsal.solids import ball, beam, block, quad, tube, turned


def test_noise_meets_its_lattice_and_stays_between_its_corners() -> None:
    assert noise2(3.0, -4.0, 5) == hash3(3, -4, 5)
    corners = [hash3(i, j, 5) for i in (3, 4) for j in (-4, -3)]
    assert min(corners) <= noise2(3.4, -3.3, 5) <= max(corners)
    values = [hash3(i, j, 1) for i in range(60) for j in range(60)]
    assert 0.45 < np.mean(values) < 0.55
    assert 0.27 < np.std(values) < 0.31
    assert 0 <= clouds2(0.3, 0.7, 1) <= 1


def test_fade_rises_and_falls() -> None:
    assert [fade(0.0, 1.0, x) for x in (-1.0, 0.5, 2.0)] == [0.0, 0.5, 1.0]
    assert fade(1.0, 0.0, 0.25) == 1 - fade(0.0, 1.0, 0.25)


def test_a_joint_is_dark_up_close_and_a_mean_from_afar() -> None:
    assert joint(0.6, 0.3, 0.02, 0.001) == pytest.approx(1.0, abs=0.01)
    assert joint(0.45, 0.3, 0.02, 0.001) == 0
    assert joint(0.45, 0.3, 0.02, 1.0) == pytest.approx(0.02 / 0.3)


def test_a_sphere_camera_looks_where_its_heading_says() -> None:
    camera = Camera((1.0, 2.0, 3.0), 90.0, 0.0, 400, 200, 360.0)
    rays = np.empty((3, 6), np.float32)
    aim(camera, np.array([[200, 100], [300, 100], [200, 0]], np.float32), rays)
    assert rays[:, :3] == pytest.approx(np.array([[1, 2, 3]] * 3))
    assert rays[:, 3:] == pytest.approx(np.array([[1, 0, 0], [0, -1, 0], [0, 0, 1]]), abs=1e-6)
    assert camera.spread == pytest.approx(2 * math.pi / 400)


def test_a_flat_camera_has_the_field_of_view_it_says() -> None:
    camera = Camera((0, 0, 0), 0, 0, 300, 200, 60).exact()
    rays = np.empty((2, 6), np.float32)
    aim(camera, np.array([[0, 100], [300, 100]], np.float32), rays)
    assert math.degrees(math.acos(float(rays[0, 3:] @ rays[1, 3:]))) == pytest.approx(60, abs=1e-3)
    assert camera.spread == pytest.approx(2 * math.tan(math.radians(30)) / 300)
    up = np.empty((1, 6), np.float32)
    aim(camera._replace(pitch=20.0), np.array([[150, 100]], np.float32), up)
    assert math.degrees(math.asin(up[0, 5])) == pytest.approx(20, abs=1e-3)


def test_pixel_places_are_pixel_middles() -> None:
    assert pixel_places(2, range(3, 5)).tolist() == [[0.5, 3.5], [1.5, 3.5], [0.5, 4.5], [1.5, 4.5]]


def test_bytes_are_srgb() -> None:
    out = np.empty((1, 3), np.uint8)
    encode(np.array([[0.0, 0.2159, 1.0]], np.float32), out)
    assert out.tolist() == [[0, 128, 255]]


def test_tone_rises_and_does_not_clip_early() -> None:
    ramp = np.repeat(np.linspace(0, 4, 50, dtype=np.float32)[:, None], 3, axis=1)
    out = np.empty_like(ramp)
    tone(ramp, (0.6, 0.6, 0.6, 1.0), out)
    assert (np.diff(out[:, 0]) > 0).all()
    assert out[0, 0] == 0
    assert out[-1, 0] < 1


def test_edges_are_marked_on_both_sides_and_not_across_rows() -> None:
    toned = np.zeros((12, 3), np.float32)
    toned[[3, 7, 11]] = 1.0
    rough = np.zeros(12, np.bool_)
    find_edges(toned, 4, rough)
    assert rough.reshape(3, 4).tolist() == [[False, False, True, True]] * 3


def test_directions_are_spread_like_the_cosine() -> None:
    rays = directions(4000)
    assert np.linalg.norm(rays, axis=1) == pytest.approx(np.ones(4000))
    assert rays[:, 2].mean() == pytest.approx(2 / 3, abs=0.002)
    assert np.abs(rays[:, :2].mean(axis=0)).max() < 0.002


def test_closed_bodies_have_their_outside_out() -> None:
    mesher = Mesher()
    ball(mesher, (1, 1, 1), (0.5, 0.4, 0.3), Material.GOLD)
    block(mesher, (5, 1, 1), (1, 1, 1), Material.GOLD)
    turned(mesher, (9, 1, 1), [(0.001, 0), (0.5, 0), (0.5, 1), (0.001, 1)], Material.GOLD)
    tube(mesher, np.array([[12.0, 1, 1], [12, 2, 1], [12, 3, 1.5]]), np.full(3, 0.2), Material.WOOD)
    beam(mesher, np.array([[15.0, 1, 1], [15, 3, 1]]), 0.2, 0.3, Material.WOOD)
    mesh = mesher.finish()
    middles = {0: (1, 1, 1), 1: (5, 1, 1.5), 2: (9, 1, 1.5), 3: (12, 2, 1.1), 4: (15, 2, 1.15)}
    near = np.array([np.argmin([abs(point[0] - middle[0]) for middle in middles.values()]) for point in mesh.points])
    for number, middle in middles.items():
        chosen = near == number
        away = mesh.points[chosen] - np.array(middle, np.float32)
        outward = np.einsum("ij,ij->i", away, mesh.normals[chosen])
        assert (outward > -1e-3).mean() > 0.93


def test_the_underside_of_a_body_on_the_ground_is_left_out() -> None:
    mesher = Mesher()
    block(mesher, (0, 0, 0), (1, 1, 1), Material.STONE)
    assert len(mesher.patches) == 5
    quad(mesher, [(0, 0, 0), (1, 0, 0), (1, 2, 0), (0, 2, 0)], Material.STONE)
    uvs = mesher.uvs[-1]
    assert uvs.max(axis=0) == pytest.approx([1, 2])


def test_roof_slopes_meet_along_the_hips_and_corners_sweep_up() -> None:
    front, side = long_slope(ROOF, -1), end_slope(ROOF, 1)
    corner = side[0, 0]
    assert np.abs(front[0] - corner).sum(axis=1).min() < 1e-9
    middle_of_eave = front[0, len(front[0]) // 2]
    assert corner[2] - middle_of_eave[2] == pytest.approx(ROOF.lift)
    assert front[-1, :, 2].max() == pytest.approx(ROOF.eave + ROOF.rise)
    assert ROOF.underside(0.0, 0.0) > ROOF.underside(0.0, 5.0) > ROOF.underside(0.0, 7.0)
    assert ROOF.underside(7.0, 0.0) < ROOF.underside(5.0, 0.0)


def test_the_model_differs_by_seed_only_in_its_plants() -> None:
    one, two = build_model(1), build_model(2)
    assert np.array_equal(build_model(1).points, one.points)
    assert one.points.shape == two.points.shape
    house = [patch for patch in one.patches if patch.group != "garden"]
    last = max(patch.first_vertex + patch.rows * patch.columns for patch in house)
    assert np.array_equal(one.points[:last], two.points[:last])
    assert not np.array_equal(one.points, two.points)
    assert np.isfinite(one.points).all()
    assert np.linalg.norm(one.normals[one.bake_at], axis=1).min() > 0.5


def test_local_points_are_where_a_geodesic_library_puts_them() -> None:
    geod = pyproj.Geod(ellps="WGS84")
    for point in ((20.0, 0.0, 0.0), (0.0, -30.0, 1.0), (-12.0, 17.0, 2.5)):
        place = to_wgs84(point)
        azimuth, _, distance = geod.inv(LONGITUDE, LATITUDE, place.longitude, place.latitude)
        assert distance == pytest.approx(math.hypot(point[0], point[1]), abs=0.002)
        assert azimuth % 360 == pytest.approx(math.degrees(math.atan2(point[0], point[1])) % 360, abs=0.01)
        assert place.altitude == ALTITUDE + point[2]


def test_kernels_older_than_a_source_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, cache = tmp_path / "kernels.py", tmp_path / "__pycache__"
    cache.mkdir()
    source.write_text("")
    old, new = cache / "a.nbi", cache / "b.nbc"
    old.write_text("")
    new.write_text("")
    stamp = source.stat().st_mtime
    os.utime(old, (stamp - 10, stamp - 10))
    os.utime(new, (stamp + 10, stamp + 10))
    monkeypatch.setattr(kernels, "__file__", str(source))
    forget_stale_kernels()
    assert not old.exists()
    assert new.exists()
