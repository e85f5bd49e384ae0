"""Damaged and lying models and clouds through the real workers: derivatives or a sentence for each, and nothing dies or hangs."""

import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from archive.records.asset import Asset, AssetKind, FileRole
from pipeline.derive import DERIVERS
from pipeline.derive.key import key_of
from pipeline.derive.mesh_poster.drawing import MeshInStudio
from pipeline.derive.run import Derived, Wanted, make_missing
from pipeline.readers.meshes import open_asset
from pipeline.readers.traces import traces
from pipeline.workers import Limits, ParserWorkers
from tests.pipeline.derive.derive_builders import asset_of, original
from tests.pipeline.readers.mesh_builders import write_stl
from tests.pipeline.readers.point_builders import ball, tones, write_las

PATIENCE = Limits(seconds=60, memory_mib=2048)
IN_SPACE = ("light-mesh", "usdz", "point-tiles")
"""Posters read with the same readers; what those let through is drawn below, small."""
REFUSALS = ("cannot be read", "is damaged", "no points that have a place", "not a ")
MESHES = (".ply", ".obj", ".off", ".stl", ".glb", ".gltf")
CLOUDS = (".las", ".laz", ".e57", ".pcd", ".ply")


@pytest.fixture(scope="module")
def workers() -> Iterator[ParserWorkers]:
    with ParserWorkers(2) as slots:
        yield slots


def wanted(path: Path, kind: AssetKind) -> list[Wanted]:
    """The derivatives in space of a file and of what lies beside it, with less patience than in earnest."""
    asset: Asset = asset_of(path, kind, path.suffix[1:])
    beside = sorted(one for one in path.parent.iterdir() if one.is_file() and one.suffix in {".bin", ".png", ".mtl"})
    others = tuple(replace(original(one, one.suffix[1:]), role=FileRole.COMPANION) for one in beside)
    asset = replace(asset, originals=(*asset.originals, *others))
    sources = ((path.name, path), *((one.name, one) for one in beside))
    derivers = [replace(deriver, limits=PATIENCE) for deriver in DERIVERS if kind in deriver.kinds and deriver.name in IN_SPACE]
    return [Wanted(asset, deriver, key_of(deriver, asset), sources) for deriver in derivers]


def derived(tmp_path: Path, workers: ParserWorkers, wants: list[Wanted]) -> Derived:
    (tmp_path / "work").mkdir()
    (tmp_path / "store").mkdir()
    found = make_missing(wants, tmp_path / "store", tmp_path / "work", workers)
    assert found.made + len(found.findings) == len({want.key for want in wants})
    assert not [path for path in (tmp_path / "store").rglob("*") if path.name != "derivative.json" and path.is_file() and traces(path)]
    assert not list((tmp_path / "work").iterdir())
    return found


def test_the_hostile_models_and_clouds_of_the_corpus(corpus: Path, tmp_path: Path, workers: ParserWorkers) -> None:
    hostile = corpus / "hostile"
    meshes = [path for path in sorted((hostile / "meshes").rglob("*")) if path.suffix in MESHES]
    clouds = [path for name in ("e57", "las", "ply-pcd-obj") for path in sorted((hostile / name).iterdir()) if path.suffix in CLOUDS]
    wants = [want for path in meshes for want in wanted(path, AssetKind.MESH)]
    wants += [want for path in clouds for want in wanted(path, AssetKind.POINT_CLOUD)]
    assert len(wants) > 40
    found = derived(tmp_path, workers, wants)
    assert [finding for finding in found.findings if not any(words in finding.detail for words in REFUSALS)] == []
    refused = {finding.path for finding in found.findings}
    shown = [path for path in meshes if path.name not in refused]
    assert shown
    for path in shown:
        sources = ((path.name, path), *((one.name, one) for one in path.parent.iterdir() if one.suffix == ".bin"))
        assert all(side.shape == (50, 80, 3) for side in MeshInStudio(open_asset(sources, {path.name: path.suffix[1:]})).turn((80, 50)))


def test_truncated_empty_and_boastful_files(tmp_path: Path, workers: ParserWorkers) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    whole = write_stl(folder / "whole.stl").read_bytes()
    (folder / "half.stl").write_bytes(whole[: len(whole) // 2])
    (folder / "boast.stl").write_bytes(b"x" * 80 + struct.pack("<I", 0xFFFFFFFF) + whole[84:])
    (folder / "empty.stl").write_bytes(b"")
    (folder / "empty.glb").write_bytes(b"glTF")
    head = "ply\nformat binary_little_endian 1.0\nelement vertex 4000000000\nproperty float x\nproperty float y\nproperty float z\n"
    head += "element face 4000000000\nproperty list uchar int vertex_indices\nend_header\n"
    (folder / "boast.ply").write_bytes(head.encode() + bytes(64))
    far = write_stl(folder / "far.stl", np.array([[0, 0, 0], [3e38, 0, 0], [0, 3e38, 1.0]]), np.array([[0, 1, 2]]))
    cloud = write_las(folder / "whole.las", ball(2000), tones(2000)).read_bytes()
    (folder / "half.las").write_bytes(cloud[: len(cloud) // 2])
    (folder / "empty.e57").write_bytes(b"")
    (folder / "boast.pts").write_bytes(b"99999999999\n1 2 3 4 5 6 7\n")
    clouds = {".las", ".e57", ".pts"}
    kinds = [(path, AssetKind.POINT_CLOUD if path.suffix in clouds else AssetKind.MESH) for path in sorted(folder.iterdir())]
    wants = [want for path, kind in kinds for want in wanted(path, kind)]
    found = derived(tmp_path, workers, wants)
    failed = {finding.path for finding in found.findings}
    assert {"half.stl", "boast.stl", "empty.stl", "empty.glb", "boast.ply", "half.las", "empty.e57"} <= failed
    assert not failed & {"whole.stl", "whole.las"}
    assert all("finite" in finding.detail or "cannot be read" in finding.detail for finding in found.findings if finding.path == far.name)
