"""How a site is put together: levels, covers, orders, texts."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.records.asset import Asset, AssetKind, Nature
from archive.records.derivative import Derivative, DerivedFile, MediaRole
from archive.records.publication import PublicSite
from archive.records.site import Site
from archive.records.text import Language, LocalText
from archive.records.tour import Tour
from pipeline.publish.compose import compose, in_order, titled
from pipeline.publish.material import SiteMaterial
from tests.pipeline.publish.publish_builders import RESTRICTED, panorama, photo, public_site


@pytest.fixture
def site() -> Site:
    return replace(public_site(), texts=())


def picture(asset: Asset) -> Derivative:
    files = (DerivedFile(MediaRole.PYRAMID, "pyramid.tif", "image/tiff", 1, "0" * 64, 10, 10),)
    return Derivative("k" * 64, "pyramid", "1", asset.ark, (), {}, files, {"pyramid": {"width": 10}})


def composed(site: Site, *assets: Asset, texts: dict[tuple[str, Language], str] | None = None) -> PublicSite:
    material = SiteMaterial(site, Tour(site.ark, ()), assets, texts or {})
    return compose(material, {asset.ark: (picture(asset),) for asset in assets}).site


def test_the_level_tells_the_evidence(tmp_path: Path, site: Site) -> None:
    shot = photo(tmp_path / "a.jpg", site, 1)
    gate, yard = panorama(tmp_path / "b.jpg", site, 2, None), panorama(tmp_path / "c.jpg", site, 3, None)
    scan = replace(shot, kind=AssetKind.POINT_CLOUD)
    assert composed(replace(site, facts=())).level == "listed"
    assert composed(site).level == "described"
    assert composed(site, shot).level == "photographed"
    assert composed(site, gate).level == "photographed"
    assert composed(site, gate, yard).level == "tour"
    assert composed(site, scan).level == "measured"
    assert composed(site, replace(shot, kind=AssetKind.DOCUMENT)).level == "described"
    assert composed(site, replace(shot, access=RESTRICTED)).level == "described"


def test_what_is_simulated_is_no_evidence_of_a_real_site(tmp_path: Path, site: Site) -> None:
    simulated = replace(photo(tmp_path / "a.jpg", site, 1), nature=Nature.SIMULATED)
    assert composed(site, simulated).level == "described"
    assert composed(replace(site, nature=Nature.SIMULATED), simulated).level == "photographed"


def test_the_cover_is_the_first_scene_or_the_first_picture(tmp_path: Path, site: Site) -> None:
    shot, gate = photo(tmp_path / "a.jpg", site, 1), panorama(tmp_path / "b.jpg", site, 2, None)
    assert composed(site).cover == ""
    assert composed(site, shot).cover == composed(site, shot).assets[0].id
    with_tour = composed(site, shot, gate)
    assert with_tour.tour is not None
    assert with_tour.cover == with_tour.tour.scenes[0].id


def test_assets_stand_by_kind_then_by_date(tmp_path: Path, site: Site) -> None:
    late = photo(tmp_path / "a.jpg", site, 1)
    early = photo(tmp_path / "b.jpg", site, 2, captured=replace(late.captured, value="1999"))  # type: ignore[type-var]
    never = photo(tmp_path / "c.jpg", site, 3, captured=None)
    gate = panorama(tmp_path / "d.jpg", site, 4, None)
    assert in_order((never, late, gate, early)) == [gate, early, late, never]
    titles = [asset.title.en for asset in composed(site, never, late, gate, early).assets]
    assert titles == ["Panorama 1 (2026-05-04)", "Photo 1 (1999)", "Photo 2 (2026-05-04)", "Photo 3"]


def test_numbers_have_no_gap_that_would_tell_of_what_is_not_shown(tmp_path: Path, site: Site) -> None:
    first, hidden, last = (photo(tmp_path / f"{number}.jpg", site, number) for number in (1, 2, 3))
    captured = {number: replace(first.captured, value=f"199{number}") for number in (1, 2, 3)}  # type: ignore[type-var]
    first, last = replace(first, captured=captured[1]), replace(last, captured=captured[3])
    for kept_back in (replace(hidden, access=RESTRICTED), replace(hidden, withdrawn="2026-01-01")):
        assets = (first, replace(kept_back, captured=captured[2]), last)
        assert [asset.title.en for asset in composed(site, *assets).assets] == ["Photo 1 (1991)", "Photo 2 (1993)"]
        assert [str(title.en)[:7] for _, title in titled(assets, site)] == ["Photo 1", "Photo 3", "Photo 2"]


def test_a_text_has_the_title_of_its_first_line(site: Site) -> None:
    texts = {("a", Language.VI): "# Tên\n", ("a", Language.EN): "Only words.\n\n# Later", ("b", Language.TH): "# หัว\n\nเนื้อ"}
    first, second = composed(replace(site, texts=("a", "b")), texts=texts).texts
    assert (first.title, first.body) == (LocalText(vi="Tên"), LocalText(en="Only words.\n\n# Later"))
    assert (second.title, second.body) == (LocalText(th="หัว"), LocalText(th="เนื้อ"))


def test_a_site_without_coordinates_has_none(site: Site) -> None:
    unknown = replace(site, coordinates=replace(site.coordinates, latitude=None))
    assert (composed(unknown).latitude, composed(unknown).longitude) == (None, None)
    assert composed(site).latitude == 16.123456


def test_deposits_resolve_but_are_never_shown(site: Site) -> None:
    material = SiteMaterial(site, Tour(site.ark, ()), (), {}, ("ark:99999/dtdeposit",))
    entries = {entry.ark: entry.resolution.value for entry in compose(material, {}).site.resolver}
    assert entries == {"ark:99999/dtdeposit": "not-public", site.ark: "public"}
