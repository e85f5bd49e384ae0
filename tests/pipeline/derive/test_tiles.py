"""Edge tiles and AVIF tiles: every tile of the grid is there once, in its size, with the pixels of its place."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pyvips
import tifffile
from numpy.typing import NDArray
from PIL import Image

from archive.errors import UnreadableError
from archive.records.derivative import MediaRole
from archive.records.tile_grid import GridTile, tile_grid
from pipeline.derive import avif_tiles, pyramid
from pipeline.readers.traces import traces
from tests.pipeline.derive.derive_builders import crop_of, save, sphere_pixels

FACTS: dict[str, Any] = {"kind": "photo", "nature": "survey", "formats": {"a": "jpeg"}}
Pixels = NDArray[np.uint8]


def soft(width: int, height: int) -> Pixels:
    """A picture in which every place has a colour of its own and neighbours are alike."""
    x, y = np.linspace(0, 255, width), np.linspace(0, 255, height)
    return np.stack([np.tile(x, (height, 1)), np.tile(y[:, None], (1, width)), np.full((height, width), 90.0)], axis=-1).astype(np.uint8)


def tiles_of(folder: Path, stem: str) -> dict[str, bytes]:
    pack, index = (folder / f"{stem}.pack").read_bytes(), json.loads((folder / f"{stem}.json").read_bytes())
    return {key: pack[offset : offset + length] for key, (offset, length) in index.items()}


def pixels(content: bytes) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def make(path: Path, output: Path, **facts: Any) -> tuple[list[GridTile], dict[str, bytes]]:
    """The pyramid of a file: its grid and its edge tiles."""
    output.mkdir(exist_ok=True)
    made = pyramid.make((("a", path),), output, FACTS | facts, tile=512, quality=82)
    assert [(file.role, file.name) for file in made.files[1:]] == [
        (MediaRole.EDGE_TILES, "edges.pack"),
        (MediaRole.EDGE_TILES, "edges.json"),
    ]
    said = made.facts["pyramid"]
    return list(tile_grid(said["width"], said["height"], said["tile"], len(said["levels"]))), tiles_of(output, "edges")


@pytest.mark.parametrize("size", [(1, 1), (513, 511), (512, 512), (1025, 1023), (1024, 512), (2049, 700)])
def test_edges_and_the_tiles_of_the_file_are_the_whole_grid(tmp_path: Path, size: tuple[int, int]) -> None:
    whole = soft(*size)
    grid, edges = make(save(whole, tmp_path / "a.png"), tmp_path / "out")
    with tifffile.TiffFile(tmp_path / "out" / "pyramid.tif") as tiff:
        held = [(page.tilewidth, (page.imagewidth, page.imagelength)) for page in tiff.pages if isinstance(page, tifffile.TiffPage)]
    for tile in grid:
        assert (tile.key in edges) != tile.is_full(*held[tile.scale.bit_length() - 1])
        if tile.key in edges:
            found = pixels(edges[tile.key]).astype(int)
            assert found.shape[:2] == tile.size[::-1]
            x, y, w, h = tile.region
            assert abs(found.mean(axis=(0, 1)) - whole[y : y + h, x : x + w].mean(axis=(0, 1))).max() < 5
            assert abs(found[-1, -1] - whole[y + h - 1, x + w - 1]).max() < 12, "nothing bleeds into the corner"


def test_a_large_panorama_has_only_its_last_level_cut(tmp_path: Path) -> None:
    """16384 × 8192: six levels, of which all but the last are whole tiles."""
    grey = pyvips.Image.black(16384, 8192, bands=3).copy(interpretation="srgb")
    (grey + 90).cast("uchar").jpegsave(str(tmp_path / "a.jpg"))
    grid, edges = make(tmp_path / "a.jpg", tmp_path / "out", kind="panorama")
    assert len(grid) == 32 * 16 + 16 * 8 + 8 * 4 + 4 * 2 + 2 + 1
    assert list(edges) == ["32/0/0"]
    assert pixels(edges["32/0/0"]).shape == (256, 512, 3)


def test_an_edge_is_as_good_as_any_other_tile(tmp_path: Path) -> None:
    """Signal to noise against the original pixels, of a picture with noise of its own."""
    rng = np.random.default_rng(3)
    noisy = np.clip(soft(1300, 900).astype(int) + rng.normal(0, 6, (900, 1300, 3)), 0, 255).astype(np.uint8)
    grid, edges = make(save(noisy, tmp_path / "a.png"), tmp_path / "out")
    stored = pyvips.Image.tiffload(str(tmp_path / "out" / "pyramid.tif")).numpy().astype(int)
    usual = quality_of(stored[:512, :512], noisy[:512, :512])
    for tile in (tile for tile in grid if tile.key in edges and tile.scale == 1):
        x, y, w, h = tile.region
        assert quality_of(pixels(edges[tile.key]).astype(int), noisy[y : y + h, x : x + w]) > usual - 0.3, tile.key


def quality_of(found: NDArray[np.int_], wanted: Pixels) -> float:
    return float(10 * np.log10(255**2 / ((found - wanted) ** 2).mean()))


def test_edges_hold_nothing_but_pixels(tmp_path: Path) -> None:
    _, edges = make(save(soft(700, 600), tmp_path / "a.png"), tmp_path / "out")
    for number, content in enumerate(edges.values()):
        (tmp_path / f"{number}.jpg").write_bytes(content)
        assert traces(tmp_path / f"{number}.jpg") == ()


@pytest.mark.parametrize("depth", ["grey", "16 bit", "alpha"])
def test_every_kind_of_picture_has_edges(tmp_path: Path, depth: str) -> None:
    plain = pyvips.Image.new_from_array(soft(600, 520)).copy(interpretation="srgb")
    made = {"grey": plain.colourspace("b-w"), "16 bit": plain.colourspace("rgb16"), "alpha": plain.addalpha()}[depth]
    made.pngsave(str(tmp_path / "a.png"))
    grid, edges = make(tmp_path / "a.png", tmp_path / "out")
    corner = next(tile for tile in grid if tile.key == "1/1/1")
    assert pixels(edges["1/1/1"]).shape == (*corner.size[::-1], 3) == (8, 88, 3)


def avif(path: Path, output: Path, **facts: Any) -> tuple[dict[str, bytes], list[int]]:
    output.mkdir(exist_ok=True)
    made = avif_tiles.make((("a", path),), output, FACTS | {"kind": "panorama"} | facts, tile=512, quality=52)
    assert [(file.role, file.name) for file in made.files] == [(MediaRole.AVIF_TILES, "avif.pack"), (MediaRole.AVIF_TILES, "avif.json")]
    assert sorted(file.name for file in output.iterdir()) == ["avif.json", "avif.pack"]
    return tiles_of(output, "avif"), made.facts["avif"]["quality"]


def test_avif_tiles_are_the_grid_of_the_pyramid(tmp_path: Path) -> None:
    path = save(sphere_pixels(2000), tmp_path / "a.jpg")
    grid, _ = make(path, tmp_path / "jpeg", kind="panorama")
    tiles, qualities = avif(path, tmp_path / "avif")
    assert list(tiles) == [tile.key for tile in grid]
    assert qualities == [52, 52, 52]
    whole = sphere_pixels(2048)
    for tile in grid:
        found = pixels(tiles[tile.key])
        assert found.shape[:2] == tile.size[::-1]
        x, y, w, h = tile.region
        assert abs(found.mean(axis=(0, 1)) - whole[y : y + h, x : x + w].mean(axis=(0, 1))).max() < 6, tile.key
    (tmp_path / "t.avif").write_bytes(tiles["4/0/0"])
    assert traces(tmp_path / "t.avif") == ()


def test_of_a_part_of_a_sphere_the_part_has_tiles(tmp_path: Path) -> None:
    """Sizes that halve to odd numbers: 700 × 301 of a sphere of 2048."""
    path = save(sphere_pixels(2048)[100:401, 300:1000], tmp_path / "a.jpg")
    crop = crop_of((2048, 1024), 300, 100, (700, 301))
    grid, _ = make(path, tmp_path / "jpeg", kind="panorama", crop=crop)
    tiles, _ = avif(path, tmp_path / "avif", crop=crop)
    assert [(tile.key, pixels(tiles[tile.key]).shape[1::-1]) for tile in grid] == [(tile.key, tile.size) for tile in grid]


def test_a_rich_panorama_keeps_the_budget_of_a_phone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    path = save(np.kron(rng.integers(0, 255, (128, 256, 3), np.uint8), np.ones((4, 4, 1), np.uint8)), tmp_path / "a.jpg")
    generous, qualities = avif(path, tmp_path / "generous")
    assert qualities == [52, 52]
    monkeypatch.setattr(avif_tiles, "_VIEW_BYTES", len(generous["1/0/0"]) * 0.7)
    tiles, qualities = avif(path, tmp_path / "avif")
    assert 28 <= qualities[0] < 52
    assert len(tiles["1/0/0"]) < len(generous["1/0/0"]) * 0.85
    monkeypatch.setattr(avif_tiles, "_VIEW_BYTES", 1)
    assert avif(path, tmp_path / "least")[1] == [28, 28]


def test_no_picture_no_tiles(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"nothing")
    (tmp_path / "out").mkdir()
    with pytest.raises(UnreadableError):
        avif_tiles.make((("a", tmp_path / "a.jpg"),), tmp_path / "out", FACTS | {"kind": "panorama"}, tile=512, quality=52)
    assert list((tmp_path / "out").iterdir()) == []
