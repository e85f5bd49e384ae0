"""A publication that is worth looking at: linked panoramas, a point cloud through the real tiler, and a mesh."""

import hashlib
import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from archive.publications.write import write_publication
from archive.records.asset import AssetKind, Nature
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.identifiers import ark_from_blade, identifier_of
from archive.records.publication import PublicAsset, Resolution, ResolverEntry
from archive.records.text import LocalText
from tests.archive.publications.builders import PAPER, SLUG, small_site

CLOUD = ark_from_blade("99999", "7" * 16)
MESH = ark_from_blade("99999", "8" * 16)


def write_tour(folder: Path) -> Path:
    """Write the small site with a cloud and a mesh below ``folder``/publications; returns the publications' root."""
    site, media = small_site(folder / "pictures")
    extra = (_cloud(folder, media), _mesh(folder, media))
    site = replace(
        site,
        assets=(*site.assets, *extra),
        resolver=(*site.resolver, *(ResolverEntry(asset.ark, Resolution.PUBLIC, f"{SLUG}/{asset.id}") for asset in extra)),
    )
    root = folder / "publications"
    root.mkdir()
    write_publication(root, site, media, {"manifest.json": b"{}"})
    return root


def _cloud(folder: Path, media: dict[tuple[str, str], Path]) -> PublicAsset:
    """A ball of 30,000 coloured points through the real tiler."""
    from pipeline.derive.point_tiles import make

    source, output = folder / "ball.ply", folder / "tiles"
    source.write_bytes(_ball())
    output.mkdir()
    made = make(
        (("ball.ply", source),), output, {"kind": "point-cloud", "nature": "survey", "formats": {"ball.ply": "ply"}, "unit": "metre"}
    )
    files = [_listed(file.role, file.media_type, output / file.name) for file in made.files]
    return _asset(CLOUD, AssetKind.POINT_CLOUD, files, media, output)


def _ball() -> bytes:
    count = 30_000
    rng = np.random.default_rng(7)
    places = rng.normal(size=(count, 3))
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    points = np.zeros(count, dtype=[("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("red", "u1"), ("green", "u1"), ("blue", "u1")])
    for axis, name in enumerate("xyz"):
        points[name] = places[:, axis] * 2
    points["red"], points["green"], points["blue"] = 220, (places[:, 2] > 0) * 160 + 40, 60
    header = f"ply\nformat binary_little_endian 1.0\nelement vertex {count}\n"
    header += "".join(f"property float {name}\n" for name in "xyz") + "".join(
        f"property uchar {name}\n" for name in ("red", "green", "blue")
    )
    return header.encode() + b"end_header\n" + points.tobytes()


def _mesh(folder: Path, media: dict[tuple[str, str], Path]) -> PublicAsset:
    output = folder / "mesh"
    output.mkdir()
    (output / "model.glb").write_bytes(_pyramid_glb())
    return _asset(MESH, AssetKind.MESH, [_listed(MediaRole.MODEL, "model/gltf-binary", output / "model.glb")], media, output)


def _pyramid_glb() -> bytes:
    """A four-sided roof as a GLB: four triangles, one flat red material (glTF 2.0, section 4.4)."""
    corners = np.array([[-1, 0, -1], [1, 0, -1], [1, 0, 1], [-1, 0, 1], [0, 1, 0]], dtype="<f4")
    faces = np.array([[0, 4, 1], [1, 4, 2], [2, 4, 3], [3, 4, 0]])
    places = bytes(corners[faces].reshape(-1, 3).tobytes())
    document: dict[str, Any] = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorFactor": [0.8, 0.1, 0.1, 1], "metallicFactor": 0}, "doubleSided": True}],
        "accessors": [{"bufferView": 0, "componentType": 5126, "count": 12, "type": "VEC3", "min": [-1, 0, -1], "max": [1, 1, 1]}],
        "bufferViews": [{"buffer": 0, "byteLength": len(places)}],
        "buffers": [{"byteLength": len(places)}],
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(places), 0x004E4942) + places
    return struct.pack("<III", 0x46546C67, 2, 12 + len(chunks)) + chunks


def _listed(role: MediaRole, media_type: str, path: Path) -> DerivedFile:
    content = path.read_bytes()
    return DerivedFile(role, path.name, media_type, len(content), hashlib.sha256(content).hexdigest())


def _asset(ark: str, kind: AssetKind, files: list[DerivedFile], media: dict[tuple[str, str], Path], folder: Path) -> PublicAsset:
    """The asset with a poster, which is the document's, and its files listed."""
    identity, paper = identifier_of(ark), identifier_of(PAPER)
    for name, media_type in (("poster.avif", "image/avif"), ("poster.jpg", "image/jpeg")):
        (folder / name).write_bytes(media[paper, name].read_bytes())
        files.append(replace(_listed(MediaRole.POSTER, media_type, folder / name), width=1024, height=768))
    media |= {(identity, file.name): folder / file.name for file in files}
    title = LocalText(vi=f"Vật thể {kind}", en=f"A {kind}")
    return PublicAsset(ark, identity, kind, Nature.SURVEY, title, LocalText(), "", "", "", "", (), tuple(files), {})
