"""The one function: what may be seen, and that nothing else can be."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from archive.records.access import AccessLevel, Rights
from archive.records.asset import Asset, AssetKind, FileRole
from archive.records.derivative import Derivative, DerivedFile, MediaRole
from archive.records.publication import PublicAsset
from archive.records.site import Coordinates, Site
from archive.records.text import LocalText
from pipeline.publish.public_record import Withheld, downloads_of, judge, public_asset, without_place
from tests.pipeline.derive.derive_builders import original
from tests.pipeline.publish.publish_builders import OPEN, REDUCED, RESTRICTED, photo, public_site

FALLBACK = LocalText(vi="Ảnh 1")


def derivative(*names: str, **facts: object) -> Derivative:
    roles = {"thumbnail.jpg": MediaRole.THUMBNAIL, "pyramid.tif": MediaRole.PYRAMID, "access-copy.jpg": MediaRole.ACCESS_COPY}
    files = tuple(DerivedFile(roles[name], name, "image/jpeg", 1, "0" * 64) for name in names)
    return Derivative("k", "d", "1", "a", (), {}, files, facts)


@pytest.fixture
def site() -> Site:
    return public_site()


@pytest.fixture
def asset(tmp_path: Path, site: Site) -> Asset:
    return photo(tmp_path / "Nha rieng Ong Ba.jpg", site)


def seen(asset: Asset, site: Site) -> PublicAsset:
    derived = (derivative("pyramid.tif", crs="EPSG:9210", points=5), derivative("access-copy.jpg"), derivative("thumbnail.jpg"))
    public = public_asset(asset, site, derived, FALLBACK)
    assert public is not None
    return public


def test_a_public_asset_is_shown_with_place_and_original(asset: Asset, site: Site) -> None:
    public = seen(asset, site)
    assert (public.latitude, public.longitude) == (16.123456, 108.654321)
    assert [download.name for download in public.downloads] == ["Nha rieng Ong Ba.jpg"]
    assert public.facts == {"width": 400, "height": 200, "points": 5}
    assert (public.title, public.creator, public.captured, public.credit) == (
        FALLBACK,
        "Người chụp",
        "2026-05-04T10:00:00",
        "© Phòng Văn hóa",
    )


def test_a_title_of_its_own_wins(asset: Asset, site: Site) -> None:
    title = LocalText(th="ชื่อ")
    assert seen(replace(asset, title=title), site).title == title


@pytest.mark.parametrize("level", list(AccessLevel))
def test_nothing_of_a_closed_site_is_shown(asset: Asset, site: Site, level: AccessLevel) -> None:
    closed = replace(site, access=replace(site.access, level=level))
    assert (public_asset(asset, closed, (), FALLBACK) is None) == (level is not AccessLevel.PUBLIC)


def test_what_is_restricted_or_withdrawn_is_not_shown(asset: Asset, site: Site) -> None:
    assert public_asset(replace(asset, access=RESTRICTED), site, (), FALLBACK) is None
    assert public_asset(replace(asset, withdrawn="2026-01-01"), site, (), FALLBACK) is None
    assert judge(replace(asset, access=RESTRICTED), site).withheld == (Withheld.RESTRICTED,)
    assert judge(replace(asset, withdrawn="2026-01-01"), site).withheld == (Withheld.WITHDRAWN,)


def test_what_is_reduced_has_a_title_and_a_thumbnail(asset: Asset, site: Site) -> None:
    described = replace(asset, access=REDUCED, description=LocalText(vi="nhà của"), subject=("x",))
    public = seen(described, site)
    assert [file.name for file in public.files] == ["thumbnail.jpg"]
    empty = (public.description, public.creator, public.captured, public.subject, public.facts, public.downloads, public.latitude)
    assert empty == (LocalText(), "", "", (), {}, (), None)
    assert public.rights == OPEN.statement


def test_without_a_public_place_there_is_neither_place_nor_original(asset: Asset, site: Site) -> None:
    hidden = seen(replace(asset, location_access=RESTRICTED), site)
    assert (hidden.latitude, hidden.longitude, hidden.downloads) == (None, None, ())
    hidden_site = replace(site, coordinates=Coordinates(latitude=16.0, longitude=108.0))
    assert (seen(asset, hidden_site).latitude, seen(asset, hidden_site).downloads) == (None, ())
    assert judge(asset, hidden_site).withheld == (Withheld.SITE_LOCATION,)


def copies(public: PublicAsset) -> list[str]:
    return [file.name for file in public.files if file.role is MediaRole.ACCESS_COPY]


def test_where_only_the_place_is_hidden_an_access_copy_is_offered_under_the_assets_id(asset: Asset, site: Site) -> None:
    hidden, hidden_site = replace(asset, location_access=RESTRICTED), replace(site, coordinates=Coordinates())
    for public in (seen(hidden, site), seen(asset, hidden_site)):
        assert copies(public) == [f"{public.id}.jpg"]
        assert public.downloads == ()
    assert copies(seen(asset, site)) == []
    assert copies(seen(replace(hidden, rights=Rights()), site)) == []
    assert copies(seen(replace(hidden, access=REDUCED), site)) == []


def test_a_document_without_a_place_does_not_wait_for_the_sites(asset: Asset, site: Site) -> None:
    hidden_site = replace(site, coordinates=Coordinates())
    assert seen(replace(asset, position=None), hidden_site).downloads
    assert not seen(replace(asset, position=None, kind=AssetKind.POINT_CLOUD), hidden_site).downloads


@pytest.mark.parametrize("statement", ["", "https://rightsstatements.org/vocab/InC/1.0/", "all rights reserved"])
def test_an_original_needs_a_licence_that_lets_others_copy_it(asset: Asset, site: Site, statement: str) -> None:
    public = seen(replace(asset, rights=Rights(statement)), site)
    assert (public.downloads, public.latitude) == ((), 16.123456)


def test_coordinates_are_whole_where_the_site_does_not_round(asset: Asset, site: Site) -> None:
    assert seen(asset, site).latitude == 16.123456


def test_where_the_site_rounds_no_file_is_offered_that_holds_what_was_rounded_off(asset: Asset, site: Site) -> None:
    rounding = replace(site, coordinates=replace(site.coordinates, public_decimals=2))
    public = seen(asset, rounding)
    assert (public.latitude, public.longitude, public.downloads) == (16.12, 108.65, ())
    assert copies(public) == [f"{public.id}.jpg"]
    assert judge(asset, rounding).withheld == (Withheld.ROUNDED,)
    assert seen(replace(asset, position=None), rounding).downloads
    assert not seen(replace(asset, position=None, kind=AssetKind.MESH), rounding).downloads


def test_downloads_have_plain_and_different_names(asset: Asset, tmp_path: Path) -> None:
    files = []
    for index, path in enumerate(("a/x.jpg", "b/x.jpg", "c\\.hidden", "caf\udce9.jpg")):
        (tmp_path / str(index)).write_bytes(bytes([index]))
        files.append(replace(original(tmp_path / str(index), "jpeg", FileRole.COMPANION), path=path))
    names = [download.name for download, _ in downloads_of(replace(asset, originals=tuple(files)))]
    assert names == ["x.jpg", "2-x.jpg", "hidden", "caf�.jpg"]


def test_facts_about_place_are_left_out_at_any_depth() -> None:
    assert without_place({"a": {"crs": 1, "b": 2}, "origin": [1, 2, 3]}) == {"a": {"b": 2}}


def test_bytes_that_were_no_text_do_not_reach_the_public(asset: Asset, site: Site) -> None:
    odd = replace(asset, creator="caf\udce9", title=LocalText(vi="\ud800"), subject=("x\udcff",))
    public = seen(odd, site)
    assert (public.creator, public.title, public.subject) == ("caf?", LocalText(vi="?"), ("x?",))


def test_the_public_type_has_no_place_for_what_is_not_public() -> None:
    names = {field.name for field in fields(PublicAsset)}
    assert not names & {"originals", "position", "location_access", "access", "deposit", "survey", "site", "withdrawn"}
