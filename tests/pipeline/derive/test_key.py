"""The key changes with everything that decides the bytes, and with nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.records.access import AccessDecision, AccessLevel, Rights
from archive.records.asset import Asset, AssetKind, FileRole, GeoPosition, Nature, SourcedValue
from archive.records.text import LocalText
from pipeline.derive.deriver import Deriver
from pipeline.derive.key import facts_for, key_of, sources_of
from pipeline.workers import Limits
from tests.pipeline.derive.derive_builders import asset_of, original

DERIVER = Deriver(
    "trial", "1", frozenset({AssetKind.PHOTO}), "a:b", Limits(), parameters={"side": 5}, uses=("crop",), badge=True, redactable=True
)


@pytest.fixture
def asset(tmp_path: Path) -> Asset:
    (tmp_path / "a.jpg").write_bytes(b"picture")
    return asset_of(tmp_path / "a.jpg", AssetKind.PHOTO, crop={"left": 1})


def test_words_rights_and_places_are_not_in_it(asset: Asset) -> None:
    changed = replace(
        asset,
        title=LocalText(vi="Khác"),
        description=LocalText(en="Other"),
        creator="Somebody",
        rights=Rights("https://creativecommons.org/publicdomain/zero/1.0/", "x", "y"),
        access=AccessDecision(AccessLevel.PUBLIC),
        position=GeoPosition(16.0, 108.0),
        subject=("a",),
        facts=asset.facts | {"width": SourcedValue(5, "other")},
        deposit="ark:x",
    )
    assert key_of(DERIVER, changed) == key_of(DERIVER, asset)
    assert "title" not in facts_for(DERIVER, changed)
    assert len(key_of(DERIVER, asset)) == 64


def test_everything_that_decides_the_bytes_is_in_it(asset: Asset, tmp_path: Path) -> None:
    (tmp_path / "b.jpg").write_bytes(b"another picture")
    keys = [
        key_of(DERIVER, asset),
        key_of(replace(DERIVER, version="2"), asset),
        key_of(replace(DERIVER, name="other"), asset),
        key_of(replace(DERIVER, parameters={"side": 6}), asset),
        key_of(DERIVER, replace(asset, facts={"crop": SourcedValue({"left": 2}, "test")})),
        key_of(DERIVER, replace(asset, nature=Nature.SIMULATED)),
        key_of(DERIVER, replace(asset, kind=AssetKind.PANORAMA)),
        key_of(DERIVER, replace(asset, location_access=AccessDecision(AccessLevel.PUBLIC))),
        key_of(DERIVER, replace(asset, originals=(original(tmp_path / "b.jpg", "jpeg"),))),
        key_of(DERIVER, replace(asset, originals=(*asset.originals, original(tmp_path / "b.jpg", "jpeg", FileRole.COMPANION)))),
    ]
    assert len(set(keys)) == len(keys)


def test_what_the_deriver_does_not_look_at_is_not_in_it(asset: Asset) -> None:
    plain = replace(DERIVER, badge=False, redactable=False, uses=())
    changed = replace(asset, nature=Nature.SIMULATED, location_access=AccessDecision(AccessLevel.PUBLIC), facts={})
    assert key_of(plain, changed) == key_of(plain, asset)


def test_the_name_of_a_single_source_does_not_matter(asset: Asset, tmp_path: Path) -> None:
    (tmp_path / "other name.jpg").write_bytes(b"picture")
    assert key_of(DERIVER, replace(asset, originals=(original(tmp_path / "other name.jpg", "jpeg"),))) == key_of(DERIVER, asset)


def test_sidecars_are_no_sources_and_the_principal_comes_first(asset: Asset, tmp_path: Path) -> None:
    for name in ("0.png", "a.xmp"):
        (tmp_path / name).write_bytes(name.encode())
    companion = original(tmp_path / "0.png", "png", FileRole.COMPANION)
    sidecar = original(tmp_path / "a.xmp", "xmp", FileRole.SIDECAR)
    asset = replace(asset, originals=(sidecar, companion, *asset.originals))
    assert [file.path for file in sources_of(asset)] == ["a.jpg", "0.png"]
