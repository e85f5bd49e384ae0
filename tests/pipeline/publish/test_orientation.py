"""A cloud in a known system of lengths says that its axes lead east and north, and nothing of where that is."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.records.asset import AssetKind, SourcedValue
from archive.records.text import LocalText
from pipeline.publish.public_record import public_asset
from tests.pipeline.publish.publish_builders import photo, public_site


@pytest.mark.parametrize(
    ("kind", "facts", "oriented"),
    [
        (AssetKind.POINT_CLOUD, {"crs": "EPSG:9210", "unit": "metre"}, True),
        (AssetKind.POINT_CLOUD, {"crs": "EPSG:4326", "unit": "degree"}, None),
        (AssetKind.POINT_CLOUD, {"unit": "metre"}, None),
        (AssetKind.MESH, {"crs": "EPSG:9210", "unit": "metre"}, None),
    ],
)
def test_only_a_cloud_whose_axes_are_known_is_oriented(tmp_path: Path, kind: AssetKind, facts: dict[str, str], oriented: object) -> None:
    site = public_site()
    asset = photo(tmp_path / "a.jpg", site)
    stated = {name: SourcedValue(value, "las-header") for name, value in facts.items()}
    public = public_asset(replace(asset, kind=kind, facts=stated), site, (), LocalText(vi="Quét"))
    assert public is not None
    assert public.facts.get("oriented") is oriented
    assert "crs" not in public.facts
