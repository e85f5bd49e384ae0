"""The site's own files: listed, checked, served under the site's id, and gone with it."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import NotFoundError, RecordError
from archive.publications.read import Publications
from archive.publications.search_index import entries_of
from archive.publications.write import MediaSources, is_written, withdraw, write_publication
from archive.records.identifiers import identifier_of
from archive.records.publication import PublicSite
from archive.records.serialise import from_json, to_json
from archive.records.text import Language
from archive.records.tour import Tour
from tests.archive.publications.builders import GATE, PHOTO, SLUG, YARD
from tests.archive.publications.walked_site import OWN_FILES, walked_site

Walked = tuple[PublicSite, MediaSources]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    return walked_site(tmp_path_factory.mktemp("walked") / "pictures")


@pytest.fixture(scope="module")
def publications(tmp_path_factory: pytest.TempPathFactory, walked: Walked) -> Publications:
    root = tmp_path_factory.mktemp("publications")
    write_publication(root, *walked, {})
    return Publications(root)


def test_files_of_the_site_are_opened_under_its_own_id(publications: Publications, walked: Walked) -> None:
    for name, (_, _, content) in OWN_FILES.items():
        assert publications.media(SLUG, 1, walked[0].id, name).read_bytes() == content


@pytest.mark.parametrize(
    "name", ["", "plan.png", "../plan.svg", "narration/vi/../vi/cong.wav", "narration/vi", "original/plan.svg", "/plan.svg"]
)
def test_nothing_else_is(publications: Publications, walked: Walked, name: str) -> None:
    with pytest.raises(NotFoundError):
        publications.media(SLUG, 1, walked[0].id, name)


def test_another_generation_has_them_no_more(publications: Publications, walked: Walked) -> None:
    with pytest.raises(NotFoundError):
        publications.media(SLUG, 2, walked[0].id, "plan.svg")


def test_bytes_of_another_length_than_listed_are_refused(tmp_path: Path, walked: Walked) -> None:
    site, media = walked
    with pytest.raises(RecordError, match="not as long"):
        write_publication(tmp_path, site, {**media, (site.id, "plan.svg"): b"<svg/>"}, {})
    with pytest.raises(RecordError, match="listed without a file"):
        write_publication(tmp_path, site, {key: value for key, value in media.items() if key[1] != "plan.svg"}, {})


def test_a_missing_file_of_the_site_is_written_again(tmp_path: Path, walked: Walked) -> None:
    site = replace(walked[0], generation=1)
    write_publication(tmp_path, site, walked[1], {})
    assert is_written(tmp_path, site)
    Publications(tmp_path).media(SLUG, 1, site.id, "plan.svg").unlink()
    assert not is_written(tmp_path, site)


def test_they_go_with_the_site(tmp_path: Path, walked: Walked) -> None:
    write_publication(tmp_path, *walked, {})
    withdraw(tmp_path, SLUG)
    assert [path.name for path in tmp_path.rglob("*") if path.suffix in {".svg", ".wav", ".vtt"}] == []
    (record,) = tmp_path.rglob("publication.json")
    assert "plan.svg" not in record.read_text("utf-8")


def test_the_record_comes_back_as_it_was(walked: Walked) -> None:
    assert from_json(PublicSite, to_json(walked[0])) == walked[0]


def test_the_stops_are_the_scenes_of_today(walked: Walked) -> None:
    tour = walked[0].tour
    assert tour is not None
    assert [scene.id for scene in tour.stops] == [identifier_of(YARD)]
    assert [scene.id for scene in replace(tour, epochs=()).stops] == [identifier_of(GATE), identifier_of(YARD)]
    assert Tour("", ()).stops == ()


@pytest.mark.parametrize(
    ("words", "kind", "part", "leads_to"),
    [
        ("loi di cu tu", "guide", "loi-di", ("", "")),
        ("hai chang", "guide", "loi-di", ("", "")),
        ("gach vo", "step", "loi-di/1", ("", "")),
        ("diem mai", "step", "loi-di/2", ("", "")),
        ("cuon to vo", "annotation", "vom", ("", identifier_of(GATE))),
        ("mui hai", "annotation", "ngoi", (identifier_of(PHOTO), "")),
    ],
)
def test_what_is_told_on_a_walk_is_found(publications: Publications, words: str, kind: str, part: str, leads_to: tuple[str, str]) -> None:
    (hit,) = publications.search(words, Language.VI)
    assert (hit.kind, hit.part, (hit.asset_id, hit.scene_id)) == (kind, part, leads_to)


def test_an_index_from_before_is_read_and_written_anew(tmp_path: Path, walked: Walked) -> None:
    import sqlite3
    from contextlib import closing

    site = replace(walked[0], generation=1)
    write_publication(tmp_path, site, walked[1], {})
    path = next(tmp_path.rglob("search.sqlite"))
    with closing(sqlite3.connect(path)) as index:
        index.executescript("ALTER TABLE entry DROP COLUMN part; PRAGMA user_version = 2;")
    (hit,) = Publications(tmp_path).search("gach vo", Language.VI)
    assert (hit.kind, hit.part) == ("step", "")
    assert not is_written(tmp_path, site)


def test_a_site_without_a_tour_has_itself_and_its_assets_to_find(walked: Walked) -> None:
    kinds = [entry.kind for entry in entries_of(replace(walked[0], tour=None))]
    assert set(kinds) == {"site", "text", "photo", "panorama", "document"}
