"""Objects of known size through the real derivers: a block to measure, a wall of points with a hole, a photo, notes on all three."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from archive.publications.write import write_publication
from archive.records.annotation import Annotation, AnnotationTarget, SelectorKind
from archive.records.asset import AssetKind, Nature
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.identifiers import ark_from_blade, identifier_of
from archive.records.publication import PublicAsset, PublicFact, PublicFile, Resolution, ResolverEntry
from archive.records.text import LocalText
from archive.records.tour import Epoch, EpochSeries
from tests.archive.publications.builders import LICENCE, PAPER, PHOTO, SLUG, small_site
from tests.pipeline.readers.mesh_builders import write_stl

BLOCK = ark_from_blade("99999", "8" * 16)
"""4 m wide, 2 m high, 2 m deep, around the origin of its footprint; surveyed to 5 mm."""
WALL = ark_from_blade("99999", "7" * 16)
"""Points 2 cm apart on an upright wall 4 m × 2 m, with a hole of 1 m × 1 m in the middle; nobody says how exact they are."""
NAMELESS = ark_from_blade("99999", "9" * 16)
"""The block again, without a unit."""
SOUND = ark_from_blade("99999", "b" * 16)
TURNED = ((230, 60, 50), (60, 180, 60), (50, 90, 230), (230, 220, 60), (200, 60, 220), (60, 210, 220), (240, 150, 40), (120, 120, 120))
SIZES = {
    "first": {"triangles": 2000, "texture": 64, "bytes": 60_000},
    "phone": {"triangles": 8_000, "texture": 64, "bytes": 2_000_000},
    "desk": {"triangles": 100_000, "texture": 64, "bytes": 8_000_000},
}
Media = dict[tuple[str, str], Path]


def write_objects(folder: Path) -> Path:
    """Write the site below ``folder``/publications; returns that root."""
    site, media = small_site(folder / "pictures")
    tour = site.tour
    assert tour is not None
    extra = object_assets(folder, media)
    site = replace(
        site,
        assets=(*site.assets, *extra),
        tour=replace(tour, annotations=notes(), epochs=(EpochSeries("roof", LocalText(en="The roof"), _dates()),)),
        resolver=(*site.resolver, *(ResolverEntry(asset.ark, Resolution.PUBLIC, f"{SLUG}/{asset.id}") for asset in extra)),
    )
    root = folder / "publications"
    root.mkdir()
    write_publication(root, site, media, {})
    return root


def object_assets(folder: Path, media: Media) -> tuple[PublicAsset, ...]:
    """The block, the block without a unit, the wall and the sound; their files join ``media``."""
    accuracy = PublicFact("accuracy", LocalText(vi="5 mm", en="5 mm"), "sheet", "stated")
    return (
        replace(_block(folder / "block", media, BLOCK, "metre"), paradata=(accuracy,)),
        _block(folder / "nameless", media, NAMELESS, ""),
        _wall(folder / "wall", media),
        _sound(folder / "sound", media),
    )


def notes() -> tuple[Annotation, ...]:
    front, back, top, part = (
        (BLOCK, SelectorKind.POINT, (1.0, 1.5, 1.0)),
        (BLOCK, SelectorKind.POINT, (0.0, 1.0, -1.0)),
        (WALL, SelectorKind.POINT, (1.5, 0.0, 1.5)),
        (PHOTO, SelectorKind.REGION, (0.5, 0.25, 0.25, 0.25)),
    )
    words = (("corner", "The corner"), ("behind", "The back"), ("joint", "A joint"), ("tile", "A tile"))
    return tuple(
        Annotation(name, LocalText(en=label), LocalText(en=f"Words about it: {label}."), (AnnotationTarget(*target),), sources=("seen",))
        for (name, label), target in zip(words, (front, back, top, part), strict=True)
    )


def _dates() -> tuple[Epoch, ...]:
    return Epoch("1990", PHOTO), Epoch("2026", PAPER)


def block(cells: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """A closed box 4 × 2 × 2 (x, z up, y: STL is z up), each side a grid of cells."""
    at = np.linspace(0, 1, cells + 1)
    a, b = (side.ravel() for side in np.meshgrid(at, at))
    nought, one = np.zeros_like(a), np.ones_like(a)
    sides = [(a, b, nought), (a, b, one), (a, nought, b), (a, one, b), (nought, a, b), (one, a, b)]
    places = np.concatenate([np.stack(side, 1) for side in sides]) * [4.0, 2.0, 2.0] - [2.0, 1.0, 0.0]
    first = np.arange((cells + 1) ** 2).reshape(cells + 1, cells + 1)
    corners = first[:-1, :-1].ravel(), first[:-1, 1:].ravel(), first[1:, 1:].ravel(), first[1:, :-1].ravel()
    grid = np.concatenate([np.stack(corners[:3], 1), np.stack((corners[0], *corners[2:]), 1)])
    return places, np.concatenate([grid + number * first.size for number in range(len(sides))])


def _block(folder: Path, media: Media, ark: str, unit: str) -> PublicAsset:
    from pipeline.derive.light_mesh import make

    output = folder / "out"
    output.mkdir(parents=True)
    source = write_stl(folder / "block.stl", *block(40))
    made = make(((source.name, source),), output, {"formats": {source.name: "stl"}, "unit": unit}, sizes=SIZES)
    files = [_listed(file.role, file.media_type, output / file.name) for file in made.files]
    for number, colour in enumerate(TURNED):
        path = output / f"turn-{number * 45:03}.jpg"
        Image.new("RGB", (320, 240), colour).save(path)
        files.append(_listed(MediaRole.TURNTABLE, "image/jpeg", path))
    usdz = output / "model.usdz"
    usdz.write_bytes(b"PK not opened here")
    files.append(_listed(MediaRole.USDZ, "model/vnd.usdz+zip", usdz))
    return _asset(ark, AssetKind.MESH, (files, made.facts), media, output)


def _wall(folder: Path, media: Media) -> PublicAsset:
    from pipeline.derive.point_tiles import make

    output = folder / "out"
    output.mkdir(parents=True)
    source = folder / "wall.ply"
    source.write_bytes(_wall_ply())
    made = make(((source.name, source),), output, {"kind": "point-cloud", "nature": "survey", "formats": {source.name: "ply"}})
    files = [_listed(file.role, file.media_type, output / file.name) for file in made.files]
    return _asset(WALL, AssetKind.POINT_CLOUD, (files, {**made.facts, "unit": "metre", "oriented": True}), media, output)


def _wall_ply() -> bytes:
    x, z = (side.ravel() for side in np.meshgrid(np.arange(-2, 2.001, 0.02), np.arange(0, 2.001, 0.02)))
    is_wall = (abs(x) > 0.5) | (abs(z - 1) > 0.5)
    x, z = x[is_wall], z[is_wall]
    points = np.zeros(len(x), dtype=[("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("red", "u1"), ("green", "u1"), ("blue", "u1")])
    points["x"], points["z"] = x, z
    points["red"], points["green"], points["blue"] = 220, (x > 0) * 160 + 40, 60
    header = f"ply\nformat binary_little_endian 1.0\nelement vertex {len(x)}\n"
    header += "".join(f"property float {name}\n" for name in "xyz")
    header += "".join(f"property uchar {name}\n" for name in ("red", "green", "blue"))
    return header.encode() + b"end_header\n" + points.tobytes()


def _sound(folder: Path, media: Media) -> PublicAsset:
    folder.mkdir(parents=True)
    asset = _asset(SOUND, AssetKind.RECORDING, ([], {}), media, folder)
    downloads = []
    for name, kind, content in (
        ("hat.mp3", "audio/mpeg", b"ID3" + b"0" * 400),
        ("hat.en.vtt", "text/vtt", b"WEBVTT\n\n00:00.000 --> 00:02.000\nSinging.\n"),
    ):
        (folder / name).write_bytes(content)
        media[asset.id, f"original/{name}"] = folder / name
        downloads.append(PublicFile(name, kind, kind, len(content), hashlib.sha512(content).hexdigest()))
    return replace(asset, downloads=tuple(downloads))


def _listed(role: MediaRole, media_type: str, path: Path) -> DerivedFile:
    content = path.read_bytes()
    return DerivedFile(role, path.name, media_type, len(content), hashlib.sha256(content).hexdigest())


def _asset(ark: str, kind: AssetKind, made: tuple[list[DerivedFile], dict[str, Any]], media: Media, folder: Path) -> PublicAsset:
    files, facts = made
    identity, paper = identifier_of(ark), identifier_of(PAPER)
    for name, media_type in (("poster.avif", "image/avif"), ("poster.jpg", "image/jpeg")):
        (folder / name).write_bytes(media[paper, name].read_bytes())
        files.append(replace(_listed(MediaRole.POSTER, media_type, folder / name), width=1024, height=768))
    media |= {(identity, file.name): folder / file.name for file in files}
    shown = {name: value for name, value in facts.items() if name not in {"offset", "frame"}}
    title = LocalText(vi=f"Vật thể {kind}", en=f"A {kind}")
    return PublicAsset(
        ark, identity, kind, Nature.SURVEY, title, LocalText(), "Trần Văn A", "2026-03-14", LICENCE, "", (), tuple(files), shown
    )
