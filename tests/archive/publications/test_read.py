"""What the viewer is given: the current generation, listed names, nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import NotFoundError, RecordError
from archive.publications.read import Publications, current_generation, is_open
from archive.publications.write import withdraw, write_publication
from archive.records.derivative import DerivedFile, MediaRole
from archive.records.identifiers import identifier_of
from archive.records.publication import PublicSite, Resolution
from tests.archive.publications.builders import GONE, HIDDEN, PAPER, PHOTO, SITE, SLUG, YARD, small_publication, small_site


@pytest.fixture(scope="module")
def publications(tmp_path_factory: pytest.TempPathFactory) -> Publications:
    return small_publication(tmp_path_factory.mktemp("home") / "publications")


def root_of(publications: Publications) -> Path:
    return publications._root


def test_a_site_is_listed_and_read_by_its_slug(publications: Publications) -> None:
    (site,) = publications.sites()
    assert site == publications.site(SLUG)
    assert (site.generation, is_open(site)) == (1, True)


@pytest.mark.parametrize("slug", ["", "nowhere", "../dinh-nho", ".hidden", "a\\b"])
def test_no_other_name_opens_a_site(publications: Publications, slug: str) -> None:
    with pytest.raises(NotFoundError):
        publications.site(slug)


def test_the_stamp_is_another_with_every_generation(tmp_path: Path) -> None:
    publications = small_publication(tmp_path / "publications")
    before = publications.stamp(SLUG)
    assert publications.stamp(SLUG) == before
    withdraw(tmp_path / "publications", SLUG)
    assert publications.stamp(SLUG) != before
    for slug in ("nowhere", "..", ""):
        with pytest.raises(OSError, match=r"^"):
            publications.stamp(slug)


def test_an_empty_folder_and_none_at_all_publish_nothing(tmp_path: Path) -> None:
    assert Publications(tmp_path / "none").sites() == ()
    (tmp_path / "half").mkdir()
    assert Publications(tmp_path).sites() == ()


def test_an_asset_is_read_by_its_id(publications: Publications) -> None:
    assert publications.asset(SLUG, identifier_of(PHOTO)).ark == PHOTO
    with pytest.raises(NotFoundError):
        publications.asset(SLUG, identifier_of(HIDDEN))


@pytest.mark.parametrize(
    ("ark", "resolution"),
    [(PHOTO, Resolution.PUBLIC), (HIDDEN, Resolution.NOT_PUBLIC), (GONE, Resolution.WITHDRAWN), (SITE, Resolution.PUBLIC)],
)
def test_every_ark_once_given_resolves(publications: Publications, ark: str, resolution: Resolution) -> None:
    found = publications.resolve(ark)
    assert found is not None
    assert found[1].resolution is resolution


def test_an_unknown_ark_does_not_resolve(publications: Publications) -> None:
    assert publications.resolve("ark:99999/dtnone") is None


def test_media_are_opened_by_listed_names_only(publications: Publications) -> None:
    photo, paper = identifier_of(PHOTO), identifier_of(PAPER)
    assert publications.media(SLUG, 1, photo, "pyramid.tif").is_file()
    assert publications.media(SLUG, 1, paper, "original/Hồ sơ.pdf").read_bytes().startswith(b"%PDF")
    for name in ("original/other.pdf", "../../publication.json", "Hồ sơ.pdf", "derivative.json", ""):
        with pytest.raises(NotFoundError):
            publications.media(SLUG, 1, paper, name)
    with pytest.raises(NotFoundError, match="edition"):
        publications.media(SLUG, 2, photo, "pyramid.tif")


def test_exports_are_opened_by_name(publications: Publications) -> None:
    assert publications.exports(SLUG) == ("manifest.json",)
    assert b"Manifest" in publications.export(SLUG, "manifest.json").read_bytes()
    for name in ("none.json", "../publication.json", "..", ".hidden", "a\\b"):
        with pytest.raises(NotFoundError):
            publications.export(SLUG, name)


def with_tiles(folder: Path) -> tuple[PublicSite, dict[tuple[str, str], Path]]:
    """The small site whose photo carries a pack of two tiles."""
    site, media = small_site(folder)
    (folder / "tiles.pack").write_bytes(b"onetwo")
    (folder / "tiles.json").write_text('{"content/0/0/0/0.glb": [0, 3], "content/1/0/0/0.glb": [3, 3]}')
    files = tuple(
        DerivedFile(MediaRole.TILES, name, "application/octet-stream", (folder / name).stat().st_size, "0" * 64)
        for name in ("tiles.pack", "tiles.json")
    )
    first, *rest = site.assets
    media |= {(first.id, file.name): folder / file.name for file in files}
    return replace(site, assets=(replace(first, files=(*first.files, *files)), *rest)), media


def test_tiles_are_found_in_their_pack(tmp_path: Path) -> None:
    site, media = with_tiles(tmp_path / "made")
    write_publication(tmp_path / "publications", site, media, {})
    publications = Publications(tmp_path / "publications")
    photo = identifier_of(PHOTO)
    for _ in range(2):
        path, offset, length = publications.packed(SLUG, 1, photo, "content/1/0/0/0.glb")
        assert path.read_bytes()[offset : offset + length] == b"two"
    pack, index = publications.pack(SLUG, 1, photo, "tiles.pack")
    assert (pack.name, index["content/1/0/0/0.glb"]) == ("tiles.pack", (3, 3))
    with pytest.raises(NotFoundError):
        publications.pack(SLUG, 1, photo, "edges.pack")
    with pytest.raises(NotFoundError):
        publications.packed(SLUG, 1, photo, "content/9/0/0/0.glb")
    with pytest.raises(NotFoundError):
        publications.packed(SLUG, 1, identifier_of(YARD), "content/1/0/0/0.glb")


def test_a_new_generation_is_followed_without_a_restart(tmp_path: Path) -> None:
    publications = small_publication(tmp_path / "publications")
    assert publications.site(SLUG).generation == 1
    site, media = small_site(tmp_path / "again")
    write_publication(tmp_path / "publications", replace(site, level="measured"), media, {})
    assert (publications.site(SLUG).generation, publications.site(SLUG).level) == (2, "measured")
    with pytest.raises(NotFoundError, match="edition"):
        publications.media(SLUG, 1, identifier_of(PHOTO), "pyramid.tif")


def test_a_withdrawn_site_is_gone_but_its_arks_resolve(tmp_path: Path) -> None:
    publications = small_publication(tmp_path / "publications")
    withdraw(tmp_path / "publications", SLUG, since="2026-05-05")
    assert publications.sites() == ()
    with pytest.raises(NotFoundError):
        publications.site(SLUG)
    found = publications.resolve(PHOTO)
    assert found is not None
    site, entry = found
    assert (entry.resolution, entry.since, entry.path) == (Resolution.WITHDRAWN, "2026-05-05", "")
    assert (site.assets, site.tour, site.name.vi, site.latitude) == ((), None, None, None)


def test_a_damaged_pointer_is_said(tmp_path: Path) -> None:
    publications = small_publication(tmp_path / "publications")
    pointer = tmp_path / "publications" / SLUG / "current"
    pointer.write_text("9")
    with pytest.raises(RecordError, match="incomplete"):
        publications.sites()
    pointer.write_text("nine")
    with pytest.raises(RecordError, match="generation"):
        current_generation(tmp_path / "publications" / SLUG)
