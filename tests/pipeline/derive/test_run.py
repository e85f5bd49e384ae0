"""What is missing is made, once; what fails costs only itself."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from archive.findings import Severity
from archive.records.asset import Asset, AssetKind, Nature
from archive.records.text import LocalText
from pipeline.derive import DERIVERS
from pipeline.derive.deriver import Deriver, always
from pipeline.derive.key import key_of
from pipeline.derive.run import CODE, Derived, Wanted, make_missing
from pipeline.derive.store import RECORD, find, folder_of
from pipeline.workers import Limits, ParserWorkers
from tests.pipeline.derive.derive_builders import asset_of, save, sphere_pixels

KINDS = frozenset(AssetKind)
TASKS = "tests.pipeline.derive.tasks"


@pytest.fixture(scope="module")
def workers() -> Iterator[ParserWorkers]:
    with ParserWorkers(2) as slots:
        yield slots


@pytest.fixture
def store(tmp_path: Path) -> Path:
    for name in ("derivatives", "work"):
        (tmp_path / name).mkdir()
    return tmp_path / "derivatives"


def deriver(task: str, **parameters: str) -> Deriver:
    return Deriver(task, "1", KINDS, f"{TASKS}:{task}", Limits(seconds=30), parameters)


def wanted(asset: Asset, path: Path, *derivers: Deriver) -> list[Wanted]:
    return [Wanted(asset, each, key_of(each, asset), ((asset.principal.path, path),)) for each in derivers]


def photo(tmp_path: Path, name: str = "Ảnh 1.jpg", **exif: str) -> tuple[Asset, Path]:
    tags = Image.Exif()
    tags[0x010E] = exif.get("description", "a secret place")
    path = tmp_path / name
    Image.fromarray(sphere_pixels(256)).save(path, exif=tags)
    return asset_of(path, AssetKind.PHOTO), path


def make(store: Path, workers: ParserWorkers, wants: list[Wanted], progress: list[tuple[int, int]] | None = None) -> Derived:
    told = (lambda done, missing: progress.append((done, missing))) if progress is not None else None
    return make_missing(wants, store, store.parent / "work", workers, told)


def test_made_once_and_found_again(tmp_path: Path, store: Path, workers: ParserWorkers) -> None:
    asset, path = photo(tmp_path)
    progress: list[tuple[int, int]] = []
    first = make(store, workers, wanted(asset, path, deriver("count", text="x")), progress)
    again = make(store, workers, wanted(asset, path, deriver("count", text="x")), progress)
    assert (first.made, first.kept, again.made, again.kept, progress) == (1, 0, 0, 1, [(1, 1)])
    assert again.derivatives == first.derivatives
    (derivative,) = first.derivatives[asset.ark]
    assert (derivative.asset, derivative.facts, derivative.sources) == (asset.ark, {"text": "x"}, (asset.principal.sha512,))
    assert (folder_of(store, derivative.key) / "count.txt").read_text().startswith("x photo ['Ảnh 1.jpg']")
    assert list((store.parent / "work").iterdir()) == []


def test_a_title_or_a_licence_derives_nothing_anew(tmp_path: Path, store: Path, workers: ParserWorkers) -> None:
    asset, path = photo(tmp_path)
    make(store, workers, wanted(asset, path, deriver("count", text="x")))
    renamed = replace(asset, title=LocalText(vi="Tên mới"), creator="ai đó")
    assert make(store, workers, wanted(renamed, path, deriver("count", text="x"))).made == 0
    assert make(store, workers, wanted(replace(asset, kind=AssetKind.PANORAMA), path, deriver("count", text="x"))).made == 1


def test_two_assets_share_what_comes_from_the_same_bytes(tmp_path: Path, store: Path, workers: ParserWorkers) -> None:
    asset, path = photo(tmp_path)
    twin = replace(asset, ark=f"{asset.ark}x", ordinal=1)
    derived = make(store, workers, [*wanted(asset, path, deriver("count", text="x")), *wanted(twin, path, deriver("count", text="x"))])
    assert derived.made == 1
    assert [derived.derivatives[each.ark][0].asset for each in (asset, twin)] == [asset.ark, twin.ark]


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("crash", "exit code 3"),
        ("leaks", "more than pixels"),
        ("hides", "hidden.txt"),
        ("answers_wrongly", "something else"),
        ("none", "none"),
    ],
)
def test_a_failure_costs_itself_alone(tmp_path: Path, store: Path, workers: ParserWorkers, task: str, words: str) -> None:
    asset, path = photo(tmp_path)
    derived = make(store, workers, wanted(asset, path, deriver(task), deriver("count", text="x")))
    (finding,) = derived.findings
    assert (finding.code, finding.severity, finding.path) == (CODE, Severity.WARN, "Ảnh 1.jpg")
    assert words in finding.detail
    assert set(finding.sentence) == {"vi", "en", "th"}
    assert [derivative.deriver for derivative in derived.derivatives[asset.ark]] == ["count"]
    assert (derived.made, derived.kept) == (1, 0)


def test_an_unreadable_picture_is_a_finding(tmp_path: Path, store: Path, workers: ParserWorkers) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    asset = asset_of(tmp_path / "broken.jpg", AssetKind.PHOTO)
    pyramid = next(each for each in DERIVERS if each.name == "pyramid")
    derived = make(store, workers, wanted(asset, tmp_path / "broken.jpg", pyramid))
    assert "cannot be read as a picture" in derived.findings[0].detail
    assert derived.derivatives == {asset.ark: ()}


def test_the_real_derivers_make_clean_files(tmp_path: Path, store: Path, workers: ParserWorkers) -> None:
    path = save(sphere_pixels(2048), tmp_path / "a.jpg")
    with Image.open(path) as picture:
        tags = picture.getexif()
        tags[0x010E] = "a secret place"
        picture.save(path, exif=tags, xmp=b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>secret</x:xmpmeta>", comment=b"secret")
    asset = asset_of(path, AssetKind.PANORAMA, nature=Nature.SIMULATED)
    images = [each for each in DERIVERS if each.name in {"pyramid", "first-view", "avif-tiles"} and each.wants(asset)]
    derived = make(store, workers, wanted(asset, path, *images))
    assert derived.findings == ()
    assert sum(len(derivative.files) for derivative in derived.derivatives[asset.ark]) == 17
    assert all(b"secret" not in file.read_bytes() for file in store.rglob("*") if file.is_file())


def test_a_damaged_derivative_is_made_again(tmp_path: Path, store: Path, workers: ParserWorkers) -> None:
    asset, path = photo(tmp_path)
    wants = wanted(asset, path, deriver("count", text="x"))
    make(store, workers, wants)
    folder = folder_of(store, wants[0].key)
    for damage in ((folder / "count.txt").unlink, lambda: (folder / RECORD).write_text("{"), lambda: (folder / "count.txt").write_text("")):
        damage()
        assert find(store, wants[0].key, asset.ark) is None
        assert make(store, workers, wants).made == 1
    assert find(store, wants[0].key, asset.ark) is not None


def test_the_same_bytes_come_from_another_folder(tmp_path: Path, workers: ParserWorkers) -> None:
    pixels = np.asarray(sphere_pixels(1400))
    found = []
    for name in ("one", "a much longer folder name"):
        (tmp_path / name / "derivatives").mkdir(parents=True)
        (tmp_path / name / "work").mkdir()
        path = save(pixels, tmp_path / name / "a.png")
        asset = asset_of(path, AssetKind.PANORAMA, "png")
        images = [each for each in DERIVERS if each.name in {"pyramid", "first-view"}]
        make(tmp_path / name / "derivatives", workers, wanted(asset, path, *images))
        root = tmp_path / name / "derivatives"
        found.append({file.relative_to(root): file.read_bytes() for file in root.rglob("*") if file.is_file()})
    assert found[0] == found[1]


def test_a_deriver_wants_every_asset_unless_it_says_so(tmp_path: Path) -> None:
    assert always(photo(tmp_path)[0])
    names = [each.name for each in DERIVERS]
    assert len(names) == len(set(names))
