"""Search in public fields: Vietnamese without marks, Thai inside unspaced text, no operator of the index reachable."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import RecordError
from archive.publications import read
from archive.publications.read import Publications, SearchHit
from archive.publications.write import write_publication
from archive.records.identifiers import identifier_of
from archive.records.publication import Resolution
from archive.records.text import Language, LocalText
from tests.archive.publications.builders import PHOTO, SLUG, YARD, small_publication, small_site


@pytest.fixture(scope="module")
def publications(tmp_path_factory: pytest.TempPathFactory) -> Publications:
    return small_publication(tmp_path_factory.mktemp("search") / "publications")


def found(publications: Publications, words: str, language: Language = Language.VI) -> set[str]:
    return {hit.title.vi or "" for hit in publications.search(words, language)}


@pytest.mark.parametrize("words", ["dinh thac gian", "Đình Thạc Gián", "ĐÌNH THẠC GIÁN", "thac gia", "Mái  đình"])
def test_marks_case_and_unfinished_words_do_not_matter(publications: Publications, words: str) -> None:
    first = publications.search(words, Language.VI)[0]
    assert (first.slug, first.asset_id, first.kind) == (SLUG, identifier_of(PHOTO), "photo")


@pytest.mark.parametrize("words", ["ลานหน้า", "ประชาคม ลาน", "ลา"])
def test_thai_is_found_inside_unspaced_text(publications: Publications, words: str) -> None:
    assert {identifier_of(YARD)} <= {hit.asset_id or hit.scene_id for hit in publications.search(words, Language.TH)}


def test_all_words_must_be_found(publications: Publications) -> None:
    assert found(publications, "mai dinh") == {"Mái đình Thạc Gián", "Cổng đình"}
    assert found(publications, "mai courtyard giếng") == set()


def test_inside_words_only_when_no_word_begins_so(publications: Publications) -> None:
    assert found(publications, "hạc") == {"Mái đình Thạc Gián"}
    assert found(publications, "urtyar") >= {"Sân đình"}


@pytest.mark.parametrize(
    "words", ["", "   ", "—", '"', "a OR b NOT", "title:mái", "NEAR(", "*", "%", "_", "') --", "\x00", "\udc80", "x " * 900]
)
def test_what_looks_like_an_operator_is_only_letters(publications: Publications, words: str) -> None:
    assert isinstance(publications.search(words, Language.EN), tuple)


def test_kinds_of_hits_and_their_snippets(publications: Publications) -> None:
    (text,) = [hit for hit in publications.search("thanh hoang", Language.EN) if hit.kind == "text"]
    assert (text.snippet_language, "Thành hoàng" in text.snippet) == (Language.VI, True)
    (scene,) = [hit for hit in publications.search("brick", Language.EN) if hit.kind == "scene"]
    assert (scene.snippet_language, scene.snippet.startswith("A brick gate")) == (Language.EN, True)


def test_a_limit_and_a_single_site(publications: Publications) -> None:
    assert len(publications.search("dinh", Language.VI, limit=2)) == 2
    assert publications.search("dinh", Language.VI, site="elsewhere") == ()
    assert publications.search("dinh", Language.VI, site=SLUG)


def test_a_long_text_is_cut_around_what_was_found(tmp_path: Path) -> None:
    site, media = small_site(tmp_path / "pictures")
    first, *rest = site.assets
    long = replace(first, description=LocalText(vi="trước " * 80 + "giếng cổ " + "sau " * 80))
    write_publication(tmp_path / "out", replace(site, assets=(long, *rest)), media, {})
    (hit,) = Publications(tmp_path / "out").search("gieng", Language.EN)
    assert isinstance(hit, SearchHit)
    assert "giếng cổ" in hit.snippet
    assert hit.snippet.startswith("… ")
    assert hit.snippet.endswith(" …")
    (by_title,) = [hit for hit in Publications(tmp_path / "out").search("thac", Language.EN) if hit.kind == "photo"]
    assert by_title.snippet.startswith("trước")


def test_restricted_words_are_nowhere(publications: Publications) -> None:
    assert found(publications, "secret") == set()


def test_of_very_many_matches_those_in_titles_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "_MOST_RANKED", 3)
    site, media = small_site(tmp_path / "pictures")
    first = site.assets[0]
    crowd = [replace(first, ark=f"{PHOTO}{index}", id=f"dt{index}", files=(), title=LocalText(vi=f"Ảnh {index}")) for index in range(20)]
    crowd = [replace(asset, description=LocalText(vi="giếng làng")) for asset in crowd]
    crowd[17] = replace(crowd[17], title=LocalText(vi="Giếng"))
    media = {key: path for key, path in media.items() if key[0] != first.id}
    write_publication(tmp_path / "out", replace(site, assets=(*crowd, *site.assets[1:])), media, {})
    publications = Publications(tmp_path / "out")
    assert [hit.asset_id for hit in publications.search("gieng", Language.VI, limit=4)] == ["dt17", "dt0", "dt1", "dt2"]
    assert [hit.asset_id for hit in publications.search("ieng", Language.VI, limit=2)] == ["dt0", "dt1"]


def test_one_or_two_characters_are_found_wherever_they_stand(publications: Publications) -> None:
    """Every short piece of every indexed text finds exactly the entries that hold it."""
    with closing(sqlite3.connect(next(publications_folder(publications).glob(f"{SLUG}/*/search.sqlite")))) as index:
        texts = dict(index.execute("SELECT id, folded FROM plain").fetchall())
    thai = {text[at : at + length] for text in texts.values() for at in range(len(text)) for length in (1, 2) if text[at] >= "\u0e00"}
    pieces = {piece for piece in thai if not any(map(str.isspace, piece))}
    assert len(pieces) > 20
    for piece in sorted(pieces):
        expected = sum(piece in text for text in texts.values())
        assert len(publications.search(piece, Language.TH)) == expected, piece
    assert publications.search("ฮฮ", Language.TH) == ()


def publications_folder(publications: Publications) -> Path:
    return publications._root


def test_latin_words_and_pieces_of_thai_narrow_each_other(publications: Publications) -> None:
    def places(words: str) -> set[tuple[str, str]]:
        return {(hit.kind, hit.asset_id or hit.scene_id) for hit in publications.search(words, Language.TH)}

    for piece in ("ลา", "ลานหน้า"):
        assert ("scene", identifier_of(YARD)) in places(f"san {piece}")
        assert places(f"san {piece}") == places("san") & places(piece)
    assert publications.search("san ฮฮ", Language.TH) == ()


def test_a_short_piece_inside_latin_words_is_found_where_no_word_begins_so(publications: Publications) -> None:
    assert "Sân đình" in found(publications, "rtya ty")


def test_search_reads_the_index_alone(publications: Publications, tmp_path: Path) -> None:
    root = tmp_path / "publications"
    shutil.copytree(publications_folder(publications), root)
    for record in root.glob("*/*/publication.json"):
        record.unlink()
    assert Publications(root).search("thac gian", Language.VI) == publications.search("thac gian", Language.VI)


def test_a_closed_site_is_not_found_even_by_its_name(tmp_path: Path) -> None:
    site, _ = small_site(tmp_path / "pictures")
    site = replace(site, name=LocalText(vi="Đình Kín"), assets=(), tour=None, cover="")
    write_publication(tmp_path / "out", site, {}, {})
    assert Publications(tmp_path / "out").search("kin", Language.VI)
    closed = tuple(replace(entry, resolution=Resolution.NOT_PUBLIC) for entry in site.resolver)
    write_publication(tmp_path / "out", replace(site, resolver=closed, generation=0), {}, {})
    assert Publications(tmp_path / "out").search("kin", Language.VI) == ()
    assert Publications(tmp_path / "out").search(site.ark, Language.VI) == ()


def test_what_is_not_published_is_not_searched_and_a_damaged_index_is_said(publications: Publications, tmp_path: Path) -> None:
    root = tmp_path / "publications"
    shutil.copytree(publications_folder(publications), root)
    (root / "nothing-yet").mkdir()
    assert Publications(root).search("thac gian", Language.VI)
    next(root.glob("*/*/search.sqlite")).write_bytes(b"not a database" * 100)
    with pytest.raises(RecordError, match="incomplete"):
        Publications(root).search("thac gian", Language.VI)
