"""Posters show what was modelled, in its colours, filling the frame, and say what it is."""

import gzip
import io
import struct
from pathlib import Path
from typing import Any

import gsply
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from archive.errors import UnreadableError
from archive.records.derivative import MediaRole
from pipeline.derive import mesh_poster, splat_poster
from pipeline.derive.mesh_poster.drawing import MeshInStudio
from pipeline.derive.splat_poster import drawing as splat_drawing
from pipeline.derive.studio.camera import looking
from pipeline.derive.studio.picture import POSTER
from pipeline.readers.meshes import Material, Mesh, MeshPart, open_mesh
from pipeline.readers.splats import Splats, open_splats, sniff_format
from tests.pipeline.readers.mesh_builders import CUBE, TRIANGLES, Glb, picture, write_obj, write_ply

SIZE = (160, 100)
PAPER = np.array([240, 233, 222])


def shown(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where there is something else than paper and its shadow: shadows are as warm as the paper."""
    values = pixels.astype(float)
    warmth = values[..., 0] - values[..., 2]
    return np.asarray((np.abs(warmth - (PAPER[0] - PAPER[2])) > 14) | (values.mean(axis=2) < 110))


def test_files_of_a_poster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert POSTER == (1600, 1000)
    monkeypatch.setattr("pipeline.derive.studio.picture.POSTER", (480, 300))
    path = write_obj(tmp_path / "cube.obj", image="wall.png")
    others = tuple((one.name, one) for one in sorted(tmp_path.iterdir()) if one != path)
    pictures = {}
    for nature in ("survey", "simulated"):
        output = tmp_path / nature
        output.mkdir()
        made = mesh_poster.make(((path.name, path), *others), output, {"formats": {path.name: "obj"}, "nature": nature})
        turn = [f"turn-{degrees:03}.{suffix}" for degrees in range(0, 360, 45) for suffix in ("avif", "jpg")]
        assert [file.name for file in made.files] == ["poster.avif", "poster.jpg", "thumbnail.avif", "thumbnail.jpg", *turn]
        assert {(file.width, file.height) for file in made.files if file.role is MediaRole.TURNTABLE} == {(640, 400)}
        azimuth, elevation = made.facts["seen_from"]
        assert (0 <= azimuth < 360, elevation) == (True, 13.0)
        pictures[nature] = np.asarray(Image.open(output / "poster.jpg"))
        assert pictures[nature].shape == (300, 480, 3)
    assert not np.array_equal(pictures["survey"][-40:, :240], pictures["simulated"][-40:, :240])
    plain, stamped = (np.asarray(Image.open(tmp_path / nature / "turn-135.jpg"))[-60:, :320] for nature in ("survey", "simulated"))
    assert not np.array_equal(plain, stamped)


def test_the_eye_goes_clockwise_around_what_turns() -> None:
    """A cube with one red and one blue side: going clockwise seen from above, what stood on the left comes to the front."""
    side = CUBE * 2 - 1
    colours = np.full((8, 4), 255, np.uint8)
    colours[side[:, 0] < 0, :3], colours[side[:, 0] > 0, :3] = (200, 0, 0), (0, 0, 200)
    sides = list(
        MeshInStudio(Mesh((MeshPart(side, TRIANGLES.astype(np.uint32), colours=colours, material=Material()),), up="z")).turn(SIZE)
    )

    def redder_left(pixels: NDArray[np.uint8]) -> float:
        redness = np.where(shown(pixels), pixels[..., 0].astype(float) - pixels[..., 2], 0)
        return float(redness[:, :80].sum() - redness[:, 80:].sum())

    def redness(pixels: NDArray[np.uint8]) -> float:
        return float(np.where(shown(pixels), pixels[..., 0].astype(float) - pixels[..., 2], 0).sum())

    half = next(k for k in range(8) if abs(redder_left(sides[k])) == max(abs(redder_left(one)) for one in sides))
    quarter_on = sides[(half + 2) % 8]
    assert (redness(quarter_on) > 0) == (redder_left(sides[half]) > 0)


def render(mesh: Mesh, size: tuple[int, int]) -> NDArray[np.uint8]:
    return MeshInStudio(mesh).poster(size)


def cube(**more: Any) -> Mesh:
    return Mesh((MeshPart(CUBE * [2, 1, 1], TRIANGLES.astype(np.uint32), **more),), up="z")


def test_a_red_cube_is_red_and_fills_the_frame() -> None:
    pixels = render(cube(material=Material(colour=(0.6, 0.02, 0.02, 1))), SIZE)
    found = shown(pixels)
    rows, columns = np.flatnonzero(found.any(axis=1)), np.flatnonzero(found.any(axis=0))
    assert max(len(rows) / SIZE[1], len(columns) / SIZE[0]) > 0.7
    middle = pixels[40:60, 70:90].reshape(-1, 3).mean(axis=0)
    assert middle[0] > 2 * middle[2]


def test_vertex_colours_textures_and_holes() -> None:
    green = np.tile(np.array([[20, 200, 20, 255]], np.uint8), (8, 1))
    coloured = render(cube(colours=green, material=Material()), SIZE)[40:60, 70:90].reshape(-1, 3).mean(axis=0)
    assert coloured[1] > 1.5 * coloured[0]
    clear = Image.new("RGBA", (8, 8), (255, 255, 255, 0))
    out = io.BytesIO()
    clear.save(out, "PNG")
    uv = np.zeros((8, 2))
    hole = render(cube(uv=uv, material=Material(texture=out.getvalue(), alpha="mask")), SIZE)
    assert not shown(hole).any()
    blue = render(cube(uv=uv + np.array([0.9, 0.5]), material=Material(texture=picture())), SIZE)[40:60, 70:90].reshape(-1, 3).mean(axis=0)
    assert blue[2] > 2 * blue[0]
    lost = render(cube(uv=uv, material=Material(texture=b"no image", colour=(0.0, 0.3, 0.0, 1))), SIZE)
    assert lost[40:60, 70:90, 1].mean() > lost[40:60, 70:90, 0].mean()


def test_both_sides_are_lit_and_stated_normals_are_heard(tmp_path: Path) -> None:
    made = Glb()
    normals = CUBE - 0.5
    made.cube(attributes={"NORMAL": made.accessor((normals / np.linalg.norm(normals, axis=1, keepdims=True)).astype(np.float32))})
    path = made.write(tmp_path / "a.glb")
    mesh = open_mesh((("a.glb", path),), "glb")
    (part,) = mesh.parts
    assert part.normals is not None
    flipped = Mesh((MeshPart(part.positions, part.triangles[:, ::-1], normals=-part.normals),), "y")
    straight = Mesh((MeshPart(part.positions, part.triangles, normals=part.normals),), "y")
    assert np.abs(render(straight, SIZE).astype(int) - render(flipped, SIZE)).max() <= 2


def test_a_camera_frames_what_it_looks_at() -> None:
    places = np.random.default_rng(1).random((500, 3)) * [4, 1, 2] + 100
    seen = looking(places, 0.7, 0.3, SIZE).project(places)
    assert (seen[:, 2] > 0).all()
    low, high = seen[:, :2].min(axis=0), seen[:, :2].max(axis=0)
    assert (low > 0).all()
    assert (high < SIZE).all()
    assert ((high - low) / SIZE).max() > 0.75
    alone = looking(places[:1], 0.7, 0.3, SIZE).project(places[:1])
    assert np.allclose(alone[0, :2], np.array(SIZE) / 2)


def ball(count: int = 400) -> dict[str, NDArray[np.float32]]:
    rng = np.random.default_rng(3)
    places = rng.normal(size=(count, 3))
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    quats = np.tile([1.0, 0, 0, 0], (count, 1))
    half = (places[:, 1] > 0).astype(float)
    colours = np.stack([half, np.zeros(count), 1 - half], axis=1)
    return {
        "means": places.astype(np.float32),
        "scales": np.full((count, 3), np.log(0.08), np.float32),
        "quats": quats.astype(np.float32),
        "opacities": np.full(count, 4.0, np.float32),
        "sh0": ((colours - 0.5) / 0.28209479).astype(np.float32),
    }


def write_splat(path: Path) -> Path:
    made = ball()
    rows = np.zeros(400, np.dtype([("place", "<f4", 3), ("scale", "<f4", 3), ("colour", "u1", 4), ("turn", "u1", 4)]))
    rows["place"], rows["scale"] = made["means"], 0.08
    rows["colour"][:, :3] = np.clip((made["sh0"] * 0.28209479 + 0.5) * 255, 0, 255)
    rows["colour"][:, 3], rows["turn"] = 250, (255, 128, 128, 128)
    path.write_bytes(rows.tobytes())
    return path


def written(folder: Path) -> dict[str, Path]:
    """The ball in every container."""
    values: list[Any] = [*ball().values(), None]
    write: Any = gsply.plywrite
    write(str(folder / "a.ply"), *values)
    write(str(folder / "b.ply"), *values, compressed=True)
    data = gsply.plyread(str(folder / "a.ply"))
    gsply.write_spz(str(folder / "c.spz"), data)
    packed = next(path for path in folder.glob("b*") if b"packed_position" in path.read_bytes()[:2000])
    return {
        "ply-splat": folder / "a.ply",
        "ply-splat-compressed": packed,
        "spz": folder / "c.spz",
        "splat": write_splat(folder / "d.splat"),
    }


def test_splats_of_every_container(tmp_path: Path) -> None:
    for form, path in written(tmp_path).items():
        assert sniff_format(path.name, path.read_bytes()[:4096]) == form
        splats = open_splats(path, form)
        assert len(splats.places) == 400
        assert np.allclose(np.linalg.norm(splats.places, axis=1), 1, atol=0.03), form
        assert np.allclose(splats.scales, 0.08, rtol=0.1), form
        assert np.allclose(splats.turns @ splats.turns.transpose(0, 2, 1), np.eye(3), atol=1e-6)
        red = splats.colours[:, 0] > 0.5
        down = splats.places[red][:, 2].mean()
        assert down > 0.3 if form == "spz" else down < -0.3
    assert sniff_format("a.txt", b"hello") == ""


def test_a_poster_of_splats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.derive.studio.picture.POSTER", (480, 300))
    monkeypatch.setattr("pipeline.derive.studio.picture.TURN", (96, 60))
    path = write_splat(tmp_path / "ball.splat")
    (tmp_path / "out").mkdir()
    made = splat_poster.make(((path.name, path),), tmp_path / "out", {"formats": {path.name: "splat"}, "nature": "survey"})
    assert len(made.files) == 20
    pixels = np.asarray(Image.open(tmp_path / "out" / "poster.jpg")).astype(int)
    upper, lower = pixels[90:120, 210:270].reshape(-1, 3).mean(axis=0), pixels[186:216, 210:270].reshape(-1, 3).mean(axis=0)
    assert upper[2] > 1.5 * upper[0]
    assert lower[0] > 1.5 * lower[2]


def test_faint_or_huge_splats_are_drawn_when_there_are_no_others() -> None:
    ones = np.ones((5, 3))
    splats = Splats(
        np.arange(15.0).reshape(5, 3), 100 * ones, np.tile(np.eye(3), (5, 1, 1)), np.zeros((5, 3), np.float32), np.full(5, 0.1, np.float32)
    )
    chosen, places = splat_drawing.drawable(splats)
    assert len(chosen.places) == 5
    assert len(places)
    assert splat_drawing.SplatsInStudio(splats).poster(SIZE).shape == (100, 160, 3)


def test_splats_that_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(content: bytes, form: str) -> str:
        path = tmp_path / "a"
        path.write_bytes(content)
        with pytest.raises(UnreadableError) as caught:
            open_splats(path, form)
        return caught.value.message

    assert "no reader" in refused(b"", "ksplat")
    assert "32 bytes" in refused(b"123", "splat")
    assert "has a place" in refused(struct.pack("<8f", *[float("nan")] * 8), "splat")
    good = (written(tmp_path)["spz"]).read_bytes()
    inside = gzip.decompress(good) if good[:2] == b"\x1f\x8b" else good
    assert "ends before" in refused(gzip.compress(inside[:100]), "spz")
    assert "damaged" in refused(good[: len(good) // 2], "spz")
    assert "states" in refused(struct.pack("<4sIIBBBB", b"NGSP", 2, 0xFFFFFFFF, 0, 0, 0, 0), "spz")
    assert "damaged" in refused(b"NGSP", "spz")
    path = write_ply(tmp_path / "x.ply", ["element vertex 9", "property float x"], bytes(4))
    assert "more splats than" in refused(path.read_bytes(), "ply-splat")
    path = write_ply(tmp_path / "x.ply", ["element vertex 1", "property float x"], bytes(4), "ascii")
    assert "plain binary" in refused(path.read_bytes(), "ply-splat")
    path = write_ply(tmp_path / "x.ply", ["element vertex 1", "property float x"], bytes(4))
    assert "damaged" in refused(path.read_bytes(), "ply-splat")


def test_real_models_and_splats_have_posters(corpus: Path) -> None:
    for name in ("formats/Duck.glb", "laurana/laurana.ply"):
        path = corpus / "meshes" / name
        pixels = render(open_mesh(((path.name, path),), path.suffix[1:]), SIZE)
        assert (np.abs(pixels.astype(int) - PAPER).sum(axis=2) > 60).mean() > 0.1
    guitar = splat_drawing.SplatsInStudio(open_splats(corpus / "splats" / "guitar.compressed.ply", "ply-splat-compressed")).poster(SIZE)
    assert (np.abs(guitar.astype(int) - PAPER).sum(axis=2) > 60).mean() > 0.02
