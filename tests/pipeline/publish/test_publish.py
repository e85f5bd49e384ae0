"""From archived versions to what is served, and again, and taken back."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.access import read_asset, withdrawn_on
from archive.errors import NotFoundError
from archive.home import Home
from archive.publications.read import Publications
from archive.records.access import AccessDecision, AccessLevel
from archive.records.asset import Asset, AssetKind
from archive.records.derivative import MediaRole
from archive.records.identifiers import identifier_of
from archive.records.publication import PublicSite, Resolution
from archive.records.site import Site
from archive.records.text import Language, LocalText
from archive.records.tour import Scene, Tour
from pipeline.derive.run import Derived, derive, stored, wanted_of
from pipeline.publish.public_record import Withheld
from pipeline.publish.publish import PublishReport, assets_to_derive, last_publication, plan, publish
from pipeline.workers import ParserWorkers
from tests.pipeline.publish.publish_builders import (
    NOW,
    PUBLIC,
    REDUCED,
    RESTRICTED,
    SECRETS,
    archive_assets,
    archive_site,
    home_at,
    panorama,
    photo,
    public_site,
)


@pytest.fixture(scope="module")
def workers() -> Iterator[ParserWorkers]:
    with ParserWorkers(2) as slots:
        yield slots


@dataclass(frozen=True)
class Archived:
    """An archive with one site: an open photo, a restricted one, a reduced one, a withdrawn one, one of hidden place, two panoramas."""

    home: Home
    site: Site
    assets: dict[str, Asset]


def archived_at(root: Path) -> Archived:
    home, site = home_at(root), public_site()
    sources = root / "card"
    assets = {
        "open": photo(sources / "open.jpg", site, 1, title=LocalText(vi="Mái đình Thạc Gián")),
        "restricted": photo(sources / "Nha rieng.jpg", site, 2, access=RESTRICTED, title=LocalText(vi="sắc phong")),
        "reduced": photo(sources / "people.jpg", site, 3, access=REDUCED, description=LocalText(vi="Ông Giữ Đền")),
        "withdrawn": photo(sources / "old.jpg", site, 4, withdrawn="2026-02-03"),
        "placeless": photo(sources / "Nha rieng 2.jpg", site, 5, location_access=RESTRICTED),
        "gate": panorama(sources / "gate.jpg", site, 6, (16.0, 108.0), 0.0),
        "yard": panorama(sources / "yard.jpg", site, 7, (16.0001, 108.0), 90.0),
    }
    archive_site(home, site, Tour(site.ark, (Scene("file:yard.jpg", "file:yard.jpg", LocalText(vi="Sân đình")),)))
    names = {key: next(sources.glob(asset.principal.path)) for key, asset in assets.items()}
    archive_assets(home, [(asset, names[key]) for key, asset in assets.items()])
    return Archived(home, site, assets)


def published(archived: Archived, workers: ParserWorkers, *, days: int = 0) -> tuple[Derived, PublishReport]:
    derived = derive(archived.home, assets_to_derive(archived.home, archived.site.ark), workers)
    return derived, publish(archived.home, archived.site.ark, derived.derivatives, NOW + timedelta(days=days))


def served(archived: Archived) -> PublicSite:
    return Publications(archived.home.publications).site(archived.site.slug)


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, workers: ParserWorkers) -> Archived:
    archived = archived_at(tmp_path_factory.mktemp("whole"))
    published(archived, workers)
    return archived


def copy_of(archived: Archived, root: Path) -> Archived:
    """The same archive somewhere else, so that a test may change it."""
    shutil.copytree(archived.home.root, root / "home")
    from archive.home import open_home

    return replace(archived, home=open_home(root / "home", archived.home.keys))


def edit(archived: Archived, key: str, **changes: object) -> None:
    asset = replace(archived.assets[key], **changes)  # type: ignore[arg-type]
    archive_assets(archived.home, [(asset, Path())], base="v1")


def test_what_is_shown(whole: Archived) -> None:
    site = served(whole)
    assert [asset.id for asset in site.assets] == [
        identifier_of(whole.assets[key].ark) for key in sorted(("gate", "yard"), key=lambda key: whole.assets[key].ark)
    ] + [asset.id for asset in site.assets[2:]]
    assert {asset.ark for asset in site.assets} == {whole.assets[key].ark for key in ("open", "reduced", "placeless", "gate", "yard")}
    assert (site.generation, site.level, site.published, site.latitude) == (1, "tour", "2026-11-22T12:00:00Z", 16.123456)
    assert [fact.value.vi for fact in site.facts] == ["thế kỷ 18", "năm 1802"]
    assert (site.texts[0].title, site.texts[0].body.en) == (LocalText(vi="Chuyện đình"), "Without a heading.")
    assert site.texts[1].body == LocalText()


def test_every_listed_file_is_there_and_downloads_are_the_originals(whole: Archived) -> None:
    publications = Publications(whole.home.publications)
    for asset in served(whole).assets:
        for file in asset.files:
            assert publications.media(whole.site.slug, 1, asset.id, file.name).stat().st_size == file.size
    shown = next(asset for asset in served(whole).assets if asset.ark == whole.assets["open"].ark)
    offered = publications.media(whole.site.slug, 1, shown.id, "original/open.jpg")
    assert (offered.stat().st_size, offered.stat().st_nlink) == (whole.assets["open"].principal.size, 1)
    hidden = next(asset for asset in served(whole).assets if asset.ark == whole.assets["placeless"].ark)
    assert hidden.downloads == ()
    (copy,) = [file for file in hidden.files if file.role is MediaRole.ACCESS_COPY]
    handed = publications.media(whole.site.slug, 1, hidden.id, f"{hidden.id}.jpg")
    assert (copy.name, copy.width, handed.stat().st_size) == (handed.name, 400, copy.size)
    assert not [file for file in shown.files if file.role is MediaRole.ACCESS_COPY]


def test_a_photo_with_a_position_has_an_access_copy_while_its_sites_place_is_hidden(
    whole: Archived, tmp_path: Path, workers: ParserWorkers
) -> None:
    archived = copy_of(whole, tmp_path)
    hidden = replace(archived.site.coordinates, access=AccessLevel.RESTRICTED)
    archive_site(archived.home, replace(archived.site, coordinates=hidden), base="v1")
    _, report = published(archived, workers, days=1)
    verdict = next(verdict for verdict in report.will_show if verdict.ark == archived.assets["open"].ark)
    assert (verdict.originals, verdict.access_copy, verdict.withheld) == (False, True, (Withheld.SITE_LOCATION,))
    asset = Publications(archived.home.publications).asset(archived.site.slug, identifier_of(verdict.ark))
    manifest = Publications(archived.home.publications).export(archived.site.slug, f"manifest-{asset.id}.json").read_text()
    assert asset.downloads == ()
    assert f"/{asset.id}/{asset.id}.jpg" in manifest


def test_the_tour_is_walkable(whole: Archived) -> None:
    tour = served(whole).tour
    assert tour is not None
    yard, gate = tour.scenes
    assert (yard.title.vi, yard.panorama, gate.panorama) == ("Sân đình", whole.assets["yard"].ark, whole.assets["gate"].ark)
    assert [(link.to, round(link.yaw)) for link in gate.links] == [(yard.id, 0)]
    assert [(link.to, round(link.yaw)) for link in yard.links] == [(gate.id, 90)]
    assert served(whole).cover == yard.id


def test_every_ark_resolves(whole: Archived) -> None:
    publications = Publications(whole.home.publications)
    expected = {"open": Resolution.PUBLIC, "restricted": Resolution.NOT_PUBLIC, "withdrawn": Resolution.WITHDRAWN}
    for key, resolution in expected.items():
        found = publications.resolve(whole.assets[key].ark)
        assert found is not None
        assert found[1].resolution is resolution


def test_planted_secrets_are_in_nothing_published(tmp_path: Path, workers: ParserWorkers) -> None:
    """Everything of the site but its words is hidden; the originals' names, places and persons may then stand nowhere."""
    home, site = home_at(tmp_path), public_site()
    site = replace(site, coordinates=replace(site.coordinates, access=AccessLevel.RESTRICTED))
    first = photo(tmp_path / "Nha rieng.jpg", site, 1, access=RESTRICTED, title=LocalText(vi="sắc phong"), creator="Ông Giữ Đền")
    second = photo(tmp_path / "Nha rieng 2.jpg", site, 2, access=REDUCED, description=LocalText(vi="Ông Giữ Đền"))
    third = photo(tmp_path / "Nha rieng 3.jpg", site, 3, location_access=RESTRICTED)
    archive_site(home, site)
    archive_assets(
        home, [(first, tmp_path / "Nha rieng.jpg"), (second, tmp_path / "Nha rieng 2.jpg"), (third, tmp_path / "Nha rieng 3.jpg")]
    )
    archived = Archived(home, site, {})
    published(archived, workers)
    everything = contents(home.publications)
    assert len(everything) > 10
    assert any(path.endswith(f"{identifier_of(third.ark)}.jpg") for path in everything), "its access copy is among what is searched"
    index = next(path for path in everything if path.endswith("search.sqlite"))
    with sqlite3.connect(home.publications / index) as search:
        words = "\n".join(str(row) for row in search.execute("SELECT * FROM entry"))
    for secret in SECRETS:
        assert [path for path, content in everything.items() if secret.encode() in content or secret in path] == [], secret
        assert secret not in words


def test_publishing_again_changes_nothing(whole: Archived, tmp_path: Path, workers: ParserWorkers) -> None:
    archived = copy_of(whole, tmp_path)
    before, entries = contents(archived.home.publications), archived.home.log.checkpoint().size
    derived, report = published(archived, workers, days=3)
    assert (derived.made, report.changed, report.generation) == (0, False, 1)
    assert contents(archived.home.publications) == before
    assert archived.home.log.checkpoint().size == entries


def test_everything_disposable_can_be_made_again_to_the_byte(whole: Archived, tmp_path: Path, workers: ParserWorkers) -> None:
    archived = copy_of(whole, tmp_path)
    before = contents(archived.home.publications), contents(archived.home.derivatives)
    for folder in (archived.home.publications, archived.home.derivatives):
        shutil.rmtree(folder)
        folder.mkdir()
    derived, report = published(archived, workers, days=400)
    assert derived.made > 0
    assert report.changed is False
    assert (contents(archived.home.publications), contents(archived.home.derivatives)) == before


def test_a_new_title_costs_the_publish_step_alone(whole: Archived, tmp_path: Path, workers: ParserWorkers) -> None:
    archived = copy_of(whole, tmp_path)
    edit(archived, "open", title=LocalText(vi="Tên mới"))
    derived, report = published(archived, workers, days=1)
    assert (derived.made, report.changed, report.generation) == (0, True, 2)
    assert Publications(archived.home.publications).search("ten moi", Language.VI)
    assert served(archived).published == "2026-11-23T12:00:00Z"


def test_withdrawing_takes_away_every_byte_and_leaves_a_tombstone(whole: Archived, tmp_path: Path, workers: ParserWorkers) -> None:
    archived = copy_of(whole, tmp_path)
    identity = identifier_of(archived.assets["open"].ark)
    edit(archived, "open", withdrawn="gia đình ông Giữ yêu cầu")
    published(archived, workers, days=1)
    assert read_asset(archived.home, archived.assets["open"].ark).withdrawn == "gia đình ông Giữ yêu cầu"
    assert not [path for path, content in contents(archived.home.publications).items() if identity in path]
    found = Publications(archived.home.publications).resolve(archived.assets["open"].ark)
    assert found is not None
    assert (found[1].resolution, found[1].since) == (Resolution.WITHDRAWN, NOW.date().isoformat()), "the date, and never the reason"
    born_so = Publications(archived.home.publications).resolve(archived.assets["withdrawn"].ark)
    assert born_so is not None
    assert born_so[1].since == NOW.date().isoformat()
    assert withdrawn_on(archived.home, archived.assets["gate"].ark) == ""
    assert not [
        path for path, content in contents(archived.home.publications).items() if "gia đình ông" in content.decode("utf-8", "replace")
    ]
    assert Publications(archived.home.publications).search("thac gian", Language.VI) == ()


def test_closing_the_site_hides_it_whole(whole: Archived, tmp_path: Path, workers: ParserWorkers) -> None:
    archived = copy_of(whole, tmp_path)
    archive_site(archived.home, replace(archived.site, access=AccessDecision()), base="v1")
    _, report = published(archived, workers, days=1)
    assert (report.will_show, len(report.will_not_show)) == ((), 7)
    assert Publications(archived.home.publications).sites() == ()
    everything = contents(archived.home.publications)
    assert not any("Đình Thử".encode() in content for content in everything.values())
    assert {path.split("/")[2] for path in everything if path.count("/") > 1} == {"publication.json", "search.sqlite"}


def test_a_reduced_site_shows_its_name_and_summary(whole: Archived, tmp_path: Path, workers: ParserWorkers) -> None:
    archived = copy_of(whole, tmp_path)
    archive_site(archived.home, replace(archived.site, access=REDUCED), base="v1")
    published(archived, workers, days=1)
    site = served(archived)
    assert (site.name.vi, site.facts, site.assets, site.latitude, site.level) == ("Đình Thử", (), (), None, "listed")


def test_it_says_first_what_it_will_show_and_why_not(whole: Archived, tmp_path: Path) -> None:
    told: list[PublishReport] = []

    def refuse(report: PublishReport) -> None:
        told.append(report)
        raise KeyboardInterrupt

    archived = copy_of(whole, tmp_path)
    edit(archived, "gate", access=replace(PUBLIC, review=NOW.date()))
    before = contents(archived.home.publications)
    with pytest.raises(KeyboardInterrupt):
        publish(archived.home, archived.site.ark, {}, NOW, refuse)
    assert contents(archived.home.publications) == before
    (report,) = told
    assert report == plan(archived.home, archived.site.ark, {}, NOW)
    assert report.review == (archived.assets["gate"].ark,)
    by_ark = {verdict.ark: verdict for verdict in (*report.will_show, *report.will_not_show)}
    expected = {
        "open": (True, True, True, False, ()),
        "restricted": (False, False, False, False, (Withheld.RESTRICTED,)),
        "reduced": (True, False, False, False, (Withheld.REDUCED,)),
        "withdrawn": (False, False, False, False, (Withheld.WITHDRAWN,)),
        "placeless": (True, False, False, True, (Withheld.LOCATION,)),
    }
    for key, allowed in expected.items():
        verdict = by_ark[archived.assets[key].ark]
        assert (verdict.shown, verdict.location, verdict.originals, verdict.access_copy, verdict.withheld) == allowed
        assert len(verdict.why) == len(verdict.withheld) + verdict.access_copy
        assert all(all((words.vi, words.en, words.th)) for words in verdict.why)


def test_what_is_stored_is_enough_to_say_what_would_change(whole: Archived) -> None:
    assets = assets_to_derive(whole.home, whole.site.ark)
    there = stored(whole.home, [*assets, whole.assets["restricted"]])
    assert {ark for ark, derivatives in there.items() if not derivatives} == {whole.assets["restricted"].ark}
    report = plan(whole.home, whole.site.ark, there, NOW + timedelta(days=9))
    assert (report.changed, report.generation, report.level) == (False, 1, "tour")


def test_a_kind_without_derivers_has_nothing_to_derive(whole: Archived) -> None:
    recording = replace(whole.assets["open"], kind=AssetKind.RECORDING)
    assert list(wanted_of(whole.home, recording)) == []


def test_without_derivatives_an_asset_is_shown_with_what_it_has(whole: Archived, tmp_path: Path) -> None:
    archived = copy_of(whole, tmp_path)
    report = publish(archived.home, archived.site.ark, {}, NOW)
    assert (report.changed, report.level) == (True, "photographed")
    assert served(archived).tour is None
    assert all(asset.files == () for asset in served(archived).assets)


def test_a_damaged_publication_is_mended_by_publishing(whole: Archived, tmp_path: Path, workers: ParserWorkers) -> None:
    archived = copy_of(whole, tmp_path)
    before = contents(archived.home.publications)
    next(archived.home.publications.rglob("thumbnail.jpg")).unlink()
    _, report = published(archived, workers, days=1)
    assert report.changed is False
    assert contents(archived.home.publications) == before


def test_the_ledger_knows_what_was_published(whole: Archived) -> None:
    last = last_publication(whole.home, whole.site.ark)
    assert last is not None
    assert (last.generation, last.when, len(last.content)) == (1, "2026-11-22T12:00:00Z", 64)
    assert last_publication(whole.home, "ark:99999/dtother") is None


def test_an_unknown_site_cannot_be_published(whole: Archived) -> None:
    with pytest.raises(NotFoundError):
        plan(whole.home, "ark:99999/dt00000000000000000", {}, NOW)
