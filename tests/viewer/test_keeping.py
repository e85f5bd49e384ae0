"""What a phone keeps of a tour: every address of the list answers, nothing heavy is on it, and its edition changes with what is public."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.publications.read import Publications
from archive.publications.write import withdraw, write_publication
from archive.records.identifiers import identifier_of
from archive.records.text import Language
from tests.archive.publications.builders import GATE, PAPER, PHOTO, SLUG, YARD
from tests.viewer.builders import Visitor, visiting
from tests.viewer.walk_site import GUIDE, walk_record, write_walk
from viewer.keeping import KeepList, Kept, edition_of, keep_list
from viewer.screen import STATIC


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_walk(tmp_path_factory.mktemp("walk"))


@pytest.fixture(scope="module")
def visitor(root: Path) -> Iterator[Visitor]:
    with visiting(root) as one:
        yield one


@pytest.fixture(scope="module")
def kept(root: Path) -> KeepList:
    publications = Publications(root)
    return keep_list(publications, publications.site(SLUG), Language.VI, STATIC)


def test_every_address_of_the_list_answers_and_is_no_redirect(visitor: Visitor, kept: KeepList) -> None:
    statuses = {one.address: visitor.get(f"/{one.address}").status_code for one in kept.files}
    assert {address: status for address, status in statuses.items() if status != 200} == {}


def test_the_walk_is_on_it_and_what_is_heavy_is_not(kept: KeepList) -> None:
    addresses = {one.address for one in kept.files}
    gate, yard, photo = (identifier_of(ark) for ark in (GATE, YARD, PHOTO))
    assert {
        f"vi/{SLUG}/",
        f"vi/{SLUG}/offline",
        f"vi/{SLUG}/scene/{gate}",
        f"vi/{SLUG}/scene/{yard}",
        f"vi/{SLUG}/guide/{GUIDE}/1",
    } <= addresses
    assert {f"vi/{SLUG}/scene/{gate}/north", f"vi/{SLUG}/{gate}", f"vi/{SLUG}/{photo}"} <= addresses
    assert f"vi/{SLUG}/{identifier_of(PAPER)}" not in addresses
    assert any(address.endswith("narration/vi/gate.wav") for address in addresses)
    assert not any("narration/en/" in address or address.startswith(("en/", "th/")) for address in addresses)
    assert not any("/original/" in address or address.startswith("export/") for address in addresses)
    assert len(addresses) == len(kept.files)


def test_pictures_count_once_though_they_have_two_forms() -> None:
    files = (Kept("a.avif", 3, "avif"), Kept("a.jpg", 5, "jpg"), Kept("b.jpg", 7, "jpg"), Kept("c", 1))
    assert KeepList("mau", Language.VI, "1", files).octets == 11


def test_the_page_names_the_size_and_the_list_says_the_same(visitor: Visitor, kept: KeepList) -> None:
    listed = visitor.get(f"/vi/{SLUG}/offline.json")
    assert listed.json()["octets"] == kept.octets
    assert listed.json()["edition"] == kept.edition == visitor.get(f"/offline/{SLUG}.json").json()["edition"]
    page = visitor.get(f"/vi/{SLUG}/offline")
    assert f'data-octets="{kept.octets}"' in page.text
    assert "no-cache" in listed.headers["cache-control"]
    small = visitor.get(f"/vi/{SLUG}/offline.json", headers={"accept-encoding": "gzip"})
    assert small.json() == listed.json()


def test_the_edition_changes_with_the_publication_and_with_the_viewer(root: Path, tmp_path: Path) -> None:
    site = Publications(root).site(SLUG)
    (tmp_path / "built").mkdir()
    assert edition_of(site, STATIC) != edition_of(replace(site, generation=2), STATIC)
    before = edition_of(site, tmp_path)
    (tmp_path / "built/panorama.js").write_text("1")
    assert edition_of(site, tmp_path) != before


def test_scripts_bring_what_they_import(root: Path, tmp_path: Path) -> None:
    (tmp_path / "built").mkdir()
    (tmp_path / "icon.svg").write_text("<svg/>")
    (tmp_path / "built/panorama.js").write_text('import{a}from"./shared-one.js";')
    (tmp_path / "built/page.js").write_text('import"./shared-one.js"')
    (tmp_path / "built/shared-one.js").write_text("export const a=1")
    publications = Publications(root)
    found = [one.address for one in keep_list(publications, publications.site(SLUG), Language.EN, tmp_path).files]
    assert found.count("static/built/shared-one.js") == 1
    assert any(address.startswith("static/built/panorama.js?v=") for address in found)


def test_what_is_withdrawn_is_on_no_list_and_has_no_edition(root: Path, tmp_path: Path) -> None:
    publications = tmp_path / "publications"
    shutil.copytree(root, publications)
    site, media = walk_record(tmp_path / "again")
    site = replace(site, assets=tuple(asset for asset in site.assets if asset.ark != PHOTO))
    media = {key: value for key, value in media.items() if key[0] != identifier_of(PHOTO)}
    with visiting(publications) as one:
        before = one.get(f"/offline/{SLUG}.json").json()["edition"]
        write_publication(publications, site, media, {})
        assert one.get(f"/offline/{SLUG}.json").json()["edition"] != before
        assert not any(identifier_of(PHOTO) in address for address, *_ in one.get(f"/vi/{SLUG}/offline.json").json()["files"])
        write_publication(publications, replace(site, tour=None), media, {})
        assert one.get(f"/vi/{SLUG}/offline").status_code == 404
        withdraw(publications, SLUG)
        assert one.get(f"/offline/{SLUG}.json").status_code == 404
        assert one.get(f"/vi/{SLUG}/offline.json").status_code == 404


def test_a_site_without_a_tour_leads_to_no_guided_walk(root: Path) -> None:
    publications = Publications(root)
    site = replace(publications.site(SLUG), tour=None)
    found = {one.address for one in keep_list(publications, site, Language.VI, STATIC).files}
    assert not any("/scene/" in address or "/guide/" in address for address in found)


def test_the_worker_may_not_be_there(root: Path, tmp_path: Path) -> None:
    from viewer.app import create_app

    with visiting(root) as one:
        if (STATIC / "built/service-worker.js").is_file():
            assert one.get("/service-worker.js").headers["cache-control"] == "no-cache"
        one.app = create_app(root, static=tmp_path)
        assert one.get("/service-worker.js").status_code == 404
