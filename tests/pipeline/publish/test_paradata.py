"""Paradata: what somebody stated, with the kind of its source, and nothing that tells a place or a file."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from archive.records.asset import Asset, AssetKind, Nature, SourcedValue
from archive.records.publication import PublicAsset, PublicFact
from archive.records.site import Site
from archive.records.text import Language, LocalText
from pipeline.publish.compose import compose
from pipeline.publish.material import read_material
from pipeline.publish.paradata import CERTAINTIES, NAMES, ORIGINS, SOURCES_NOT_GIVEN, everywhere, origin_of, paradata_of
from pipeline.publish.public_record import public_asset
from tests.pipeline.publish.publish_builders import REDUCED, RESTRICTED, archive_assets, archive_site, home_at, photo, public_site

SHEET = "sheet:Nhà riêng ông Ba/kê.xlsx!C4"
STATED = {
    "method@vi": SourcedValue("Quét laser", SHEET),
    "method@th": SourcedValue("สแกนเลเซอร์", SHEET),
    "accuracy": SourcedValue("± 3 mm", SHEET),
    "unit": SourcedValue("metre", "las-header:VLR", "declared"),
    "device": SourcedValue("Máy của ông Giữ Đền", "las-header:system identifier"),
    "camera": SourcedValue("Canon EOS R5", "exif:Model"),
    "stations": SourcedValue([{"translation": [548123.4, 1, 2]}, {"translation": [1, 2, 3]}], "e57-header:poses"),
    "software": SourcedValue("", "exif:Software"),
    "crs": SourcedValue("EPSG:9210", "las-header:VLR"),
}


@pytest.fixture
def site() -> Site:
    return public_site()


@pytest.fixture
def asset(tmp_path: Path, site: Site) -> Asset:
    return replace(photo(tmp_path / "a.jpg", site), facts=STATED)


def shown(asset: Asset, site: Site) -> PublicAsset:
    public = public_asset(asset, site, (), LocalText(vi="Ảnh"), "2026-11-22")
    assert public is not None
    return public


def test_what_was_stated_is_shown_in_order_with_the_kind_of_its_source(asset: Asset) -> None:
    assert paradata_of(asset, place_is_public=True) == (
        PublicFact("captured", everywhere("2026-05-04T10:00:00"), "exif", "stated"),
        PublicFact("operator", everywhere("Người chụp"), "record"),
        PublicFact("method", LocalText(vi="Quét laser", th="สแกนเลเซอร์"), "sheet", "stated"),
        PublicFact("camera", everywhere("Canon EOS R5"), "exif", "stated"),
        PublicFact("device", everywhere("Máy của ông Giữ Đền"), "file", "stated"),
        PublicFact("accuracy", everywhere("± 3 mm"), "sheet", "stated"),
        PublicFact("unit", everywhere("metre"), "file", "declared"),
        PublicFact("stations", everywhere("2"), "file", "stated"),
    )


def test_where_the_place_is_hidden_no_words_of_a_header_are_shown(asset: Asset, site: Site) -> None:
    public = shown(replace(asset, location_access=RESTRICTED), site)
    assert {fact.name for fact in public.paradata} == {"captured", "operator", "method", "camera", "accuracy", "stations"}
    assert "Giữ Đền" not in repr(public.paradata)
    assert "548123" not in repr(public.paradata)


def test_no_file_cell_or_position_is_named(asset: Asset, site: Site) -> None:
    said = repr(shown(asset, site).paradata)
    assert not [secret for secret in ("xlsx", "C4", "riêng", "548123", "9210") if secret in said]


def test_a_reconstruction_says_that_its_sources_are_not_given_until_they_are(asset: Asset) -> None:
    guess = replace(asset, nature=Nature.RECONSTRUCTION)
    assert paradata_of(guess, place_is_public=True)[-1] == PublicFact(SOURCES_NOT_GIVEN, LocalText())
    founded = replace(guess, facts={"sources@vi": SourcedValue("Bản vẽ 1930", SHEET)})
    names = [fact.name for fact in paradata_of(founded, place_is_public=True)]
    assert names[-1] == "sources"
    assert SOURCES_NOT_GIVEN not in names
    assert SOURCES_NOT_GIVEN not in {fact.name for fact in paradata_of(asset, place_is_public=True)}


def test_what_is_shown_in_part_has_none(asset: Asset, site: Site) -> None:
    public = shown(replace(asset, access=REDUCED), site)
    assert (public.paradata, public.archived) == ((), "")
    assert shown(asset, site).archived == "2026-11-22"


def test_nobody_said_anything(tmp_path: Path, site: Site) -> None:
    silent = replace(photo(tmp_path / "a.jpg", site), creator="", captured=None)
    assert paradata_of(silent, place_is_public=True) == ()


def test_an_unknown_certainty_or_source_is_not_passed_on() -> None:
    assert origin_of("pointcloud-e57:points read") == "file"
    assert {origin_of(f"{kind}:x") for kind in ORIGINS} == set(ORIGINS)
    assert everywhere("a\udcff").vi == "a?"


def test_every_name_and_code_has_its_words() -> None:
    """The pages' catalogue is the viewer's; what it must hold is decided here."""
    for language in Language:
        words = json.loads((Path("viewer/texts") / f"{language.value}.json").read_text(encoding="utf-8"))["paradata"]
        assert (set(words["name"]), set(words["origin"]), set(words["certainty"])) == (set(NAMES), set(ORIGINS), set(CERTAINTIES))


def test_the_date_of_accession_comes_from_the_archive(tmp_path: Path, site: Site) -> None:
    home = home_at(tmp_path)
    archive_site(home, site)
    path = tmp_path / "a.jpg"
    asset = photo(path, site)
    archive_assets(home, [(asset, path)])
    (public,) = compose(read_material(home, site.ark), {}).site.assets
    assert public.archived == "2026-11-22"
    assert public.kind is AssetKind.PHOTO
