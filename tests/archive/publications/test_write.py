"""Generations are whole, switched in one step, and the same for the same material."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import NotFoundError, RecordError
from archive.publications import write
from archive.publications.read import Publications
from archive.publications.write import is_written, withdraw, write_publication
from archive.records.identifiers import identifier_of
from archive.records.publication import PublicSite
from tests.archive.publications.builders import PAPER, PHOTO, SLUG, small_site

Painted = tuple[PublicSite, dict[tuple[str, str], Path]]


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> Painted:
    return small_site(tmp_path_factory.mktemp("painted") / "pictures")


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_the_same_site_is_the_same_bytes_wherever_it_is_written(tmp_path: Path, painted: Painted) -> None:
    site, media = painted[0], dict(painted[1])
    for name in ("first", "second, elsewhere"):
        write_publication(tmp_path / name, site, media, {"b.json": b"2", "a.json": b"1"})
    first = contents(tmp_path / "first")
    assert first == contents(tmp_path / "second, elsewhere")
    assert {f"{SLUG}/current", f"{SLUG}/1/publication.json", f"{SLUG}/1/search.sqlite", f"{SLUG}/1/exports/a.json"} <= first.keys()


def test_old_generations_are_removed_with_everything_unknown(tmp_path: Path, painted: Painted) -> None:
    site, media = painted[0], dict(painted[1])
    assert [write_publication(tmp_path / "out", site, media, {}) for _ in range(3)] == [1, 2, 3]
    (tmp_path / "out" / SLUG / ".7.part").mkdir()
    assert write_publication(tmp_path / "out", replace(site, generation=9), media, {}) == 9
    assert sorted(path.name for path in (tmp_path / "out" / SLUG).iterdir()) == ["9", "current"]


def test_derived_files_are_links_and_downloads_are_copies(tmp_path: Path, painted: Painted) -> None:
    site, media = painted[0], dict(painted[1])
    write_publication(tmp_path / "out", site, media, {})
    publications = Publications(tmp_path / "out")
    picture = publications.media(SLUG, 1, identifier_of(PHOTO), "pyramid.tif")
    paper = publications.media(SLUG, 1, identifier_of(PAPER), "original/Hồ sơ.pdf")
    assert picture.stat().st_ino == media[identifier_of(PHOTO), "pyramid.tif"].stat().st_ino
    assert paper.stat().st_nlink == 1


def test_without_links_files_are_copied(tmp_path: Path, painted: Painted, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    site, media = painted[0], dict(painted[1])
    monkeypatch.setattr(os, "link", refuse)
    write_publication(tmp_path / "out", site, media, {})
    picture = Publications(tmp_path / "out").media(SLUG, 1, identifier_of(PHOTO), "pyramid.tif")
    assert picture.read_bytes() == media[identifier_of(PHOTO), "pyramid.tif"].read_bytes()
    assert picture.stat().st_nlink == 1


def test_a_listed_file_without_a_source_is_refused(tmp_path: Path, painted: Painted) -> None:
    site, media = painted[0], dict(painted[1])
    del media[identifier_of(PHOTO), "pyramid.tif"]
    with pytest.raises(RecordError, match="listed without a file"):
        write_publication(tmp_path / "out", site, media, {})
    assert not (tmp_path / "out").exists()


def test_a_source_that_nothing_lists_is_refused(tmp_path: Path, painted: Painted) -> None:
    site, media = painted[0], dict(painted[1])
    media[identifier_of(PHOTO), "secret.tif"] = media[identifier_of(PHOTO), "pyramid.tif"]
    with pytest.raises(RecordError, match=r"secret\.tif"):
        write_publication(tmp_path / "out", site, media, {})


def test_a_source_of_another_size_is_refused(tmp_path: Path) -> None:
    site, media = small_site(tmp_path / "pictures")
    media[identifier_of(PHOTO), "pyramid.tif"].write_bytes(b"short")
    with pytest.raises(RecordError, match="as long as"):
        write_publication(tmp_path / "out", site, media, {})


def test_a_damaged_generation_is_made_good_under_its_number(tmp_path: Path, painted: Painted) -> None:
    site, media = painted[0], dict(painted[1])
    final = replace(site, generation=4)
    assert not is_written(tmp_path / "out", final)
    write_publication(tmp_path / "out", final, media, {})
    assert is_written(tmp_path / "out", final)
    before = contents(tmp_path / "out")
    damaged = Publications(tmp_path / "out").media(SLUG, 4, identifier_of(PAPER), "original/Hồ sơ.pdf")
    damaged.unlink()
    assert not is_written(tmp_path / "out", final)
    write_publication(tmp_path / "out", final, media, {})
    assert contents(tmp_path / "out") == before


def test_another_record_of_the_same_generation_is_not_written(tmp_path: Path, painted: Painted) -> None:
    site, media = painted[0], dict(painted[1])
    write_publication(tmp_path / "out", replace(site, generation=4), media, {})
    assert not is_written(tmp_path / "out", replace(site, generation=4, level="listed"))
    assert not is_written(tmp_path / "out", replace(site, generation=5))


@pytest.mark.parametrize("content", [None, b"", b"not a database" * 100])
def test_without_an_index_that_can_be_read_it_is_not_written(tmp_path: Path, painted: Painted, content: bytes | None) -> None:
    site, media = replace(painted[0], generation=4), dict(painted[1])
    write_publication(tmp_path / "out", site, media, {})
    assert is_written(tmp_path / "out", site)
    index = tmp_path / "out" / SLUG / "4" / "search.sqlite"
    whole = index.read_bytes()
    index.unlink()
    if content is not None:
        index.write_bytes(content)
    assert not is_written(tmp_path / "out", site)
    write_publication(tmp_path / "out", site, media, {})
    assert index.read_bytes() == whole


def test_a_crash_before_the_switch_serves_the_old_generation(tmp_path: Path, painted: Painted, monkeypatch: pytest.MonkeyPatch) -> None:
    site, media = painted[0], dict(painted[1])
    write_publication(tmp_path / "out", site, media, {})

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(write, "write_index", crash)
        with pytest.raises(KeyboardInterrupt):
            write_publication(tmp_path / "out", site, media, {})
    assert Publications(tmp_path / "out").site(SLUG).generation == 1
    assert write_publication(tmp_path / "out", site, media, {}) == 2


def test_what_was_never_published_cannot_be_withdrawn(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        withdraw(tmp_path, "nowhere")
