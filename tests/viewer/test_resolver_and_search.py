"""Permanent addresses lead somewhere for ever; search finds what is public, with or without diacritics and inside Thai words."""

import re
from html import unescape

import pytest

from archive.records.identifiers import identifier_of
from tests.archive.publications.builders import GONE, HIDDEN, PHOTO, SITE, SLUG, YARD
from tests.viewer.builders import BARE, BARE_SLUG, EVIL, Visitor

THAI = {"accept-language": "th"}


def test_an_ark_leads_to_its_page_in_the_wished_language(visitor: Visitor) -> None:
    assert visitor.get(f"/{PHOTO}", headers=THAI).headers["location"] == f"/th/{SLUG}/{identifier_of(PHOTO)}#hello"
    assert visitor.get(f"/{SITE}").headers["location"] == f"/vi/{SLUG}/#hello"
    assert visitor.get(f"/{BARE}").headers["location"] == f"/vi/{BARE_SLUG}/#hello"
    assert visitor.get(f"/{PHOTO}").status_code == 303


def test_an_ark_of_something_not_public_says_so(visitor: Visitor) -> None:
    answer = visitor.get(f"/{HIDDEN}", headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert "not public" in answer.text
    assert HIDDEN in answer.text


def test_an_ark_of_something_withdrawn_shows_its_tombstone(visitor: Visitor) -> None:
    answer = visitor.get(f"/{GONE}", headers={"accept-language": "en"})
    assert answer.status_code == 410
    assert "has been withdrawn" in answer.text
    assert "2 January 2026" in answer.text
    assert f'href="/en/{SLUG}/"' in answer.text


@pytest.mark.parametrize("path", ["/ark:99999/dt0", "/ark:", "/ark:99999/../../etc", "/ark:12345/x"])
def test_an_ark_nobody_knows(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize(
    ("words", "language", "found"),
    [
        ("thac gian", "vi", "Mái đình Thạc Gián"),
        ("mai dinh thac gian", "en", "Roof of the communal house"),
        ("ประชาคม", "th", "ลานหน้าศาลาประชาคม"),
        ("หมู่บ้าน", "th", "Nhà Xa"),
        ("courtyard", "en", "The courtyard"),
    ],
)
def test_search_finds(visitor: Visitor, words: str, language: str, found: str) -> None:
    text = visitor.get(f"/{language}/search?q={words}").text
    assert found in text
    assert f'value="{words}"' in text


def test_search_shows_no_marks_of_markdown(visitor: Visitor) -> None:
    text = unescape(visitor.get("/vi/search?q=Một đoạn").text)
    assert "Chuyện Một đoạn." in " ".join(text.split())
    assert "# Chuyện" not in text


def test_search_without_a_find_and_without_words(visitor: Visitor) -> None:
    assert "“zzzz”" in visitor.get("/en/search?q=zzzz").text
    assert "Type with or without diacritics" in visitor.get("/en/search").text


@pytest.mark.parametrize("words", ['"', "* OR", "%00", "a" * 5000, "%FF%FE", EVIL, "NEAR(", "'; DROP TABLE entry"])
def test_search_survives_odd_words(visitor: Visitor, words: str) -> None:
    answer = visitor.get(f"/en/search?q={words}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_an_excerpt_in_another_language_says_in_which(visitor: Visitor) -> None:
    text = unescape(visitor.get("/en/search?q=Một đoạn").text)
    assert '<span lang="vi">' in text
    assert "in Vietnamese</small>" in text
    assert "bằng tiếng Việt</small>" not in unescape(visitor.get("/vi/search?q=Một đoạn").text)


def test_a_place_stands_before_the_record_of_its_panorama(visitor: Visitor) -> None:
    found = re.findall(r'<h2><a href="([^"]+)">', visitor.get("/en/search?q=courtyard").text)
    assert found.index(f"/en/{SLUG}/scene/{identifier_of(YARD)}") < found.index(f"/en/{SLUG}/{identifier_of(YARD)}")
