"""What a sign's short address answers: the page in the visitor's language, a story, help; never nothing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archive.publications.write import withdraw, write_publication
from archive.records.identifiers import identifier_of
from archive.records.label import LabelPlace, code_for
from archive.records.publication import PublicLabel
from archive.records.text import LocalText
from tests.archive.publications.builders import GATE, SITE, SLUG, small_site
from tests.viewer.builders import Visitor, visiting

OPEN, SCENE, RETIRED, HIDDEN, NEVER = (code_for("archive", SITE, LabelPlace.SITE, number) for number in range(5))
STORY = LocalText(vi="Nhà bia đã dời <về> đình.", en="The stele house <moved>.")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signs")
    site, media = small_site(folder / "pictures")
    labels = (
        PublicLabel(OPEN, f"{SLUG}/", LocalText(), "2026-01-01"),
        PublicLabel(SCENE, f"{SLUG}/scene/{identifier_of(GATE)}", LocalText(vi="Cổng"), "2026-01-01"),
        PublicLabel(RETIRED, "", LocalText(vi="Nhà bia"), "2026-01-01", "2026-02-02", STORY),
        PublicLabel(HIDDEN, "", LocalText(), "2026-01-01"),
    )
    (folder / "publications").mkdir()
    write_publication(folder / "publications", replace(site, labels=labels), media, {})
    return folder / "publications"


@pytest.fixture(scope="module")
def visitor(root: Path) -> Iterator[Visitor]:
    with visiting(root) as one:
        yield one


@pytest.mark.parametrize(("asked", "language"), [("", "vi"), ("en-GB,en;q=0.9", "en"), ("fr,th;q=0.3", "th"), ("fr", "vi")])
@pytest.mark.parametrize(("code", "path"), [(OPEN, f"{SLUG}/"), (SCENE.upper(), f"{SLUG}/scene/{identifier_of(GATE)}")])
def test_a_sign_leads_to_its_page_in_the_visitors_language(visitor: Visitor, asked: str, language: str, code: str, path: str) -> None:
    answer = visitor.get(f"/q/{code}", headers={"accept-language": asked})
    assert (answer.status_code, answer.headers["location"]) == (302, f"/{language}/{path}#hello")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["vary"] == "Accept-Language"
    assert visitor.get(answer.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "dời &lt;về&gt; đình"), ("en", "house &lt;moved&gt;"), ("th", "dời &lt;về&gt; đình")]
)
def test_a_retired_sign_tells_its_story(visitor: Visitor, language: str, words: str) -> None:
    answer = visitor.get(f"/q/{RETIRED}", headers={"accept-language": language})
    assert answer.status_code == 410
    assert words in answer.text
    assert "Nhà bia" in answer.text
    assert f'href="/{language}/{SLUG}/"' in answer.text
    assert "no-store" in answer.headers["cache-control"]


def test_a_sign_of_what_is_not_public_says_that_it_is_genuine(visitor: Visitor) -> None:
    answer = visitor.get(f"/q/{HIDDEN}", headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert "The sign is genuine" in answer.text


NOT_GIVEN = [(NEVER, "No sign has this code"), ("a" * 7, "mistyped"), ("x" * 60, "mistyped"), ("<b>", "mistyped")]


@pytest.mark.parametrize(("code", "words"), NOT_GIVEN)
def test_a_code_that_was_never_given_is_helped_on(visitor: Visitor, code: str, words: str) -> None:
    answer = visitor.get(f"/q/{code}", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert words in answer.text
    assert "<b>" not in answer.text
    assert code[:21] not in answer.text or len(code) < 21


def test_a_withdrawn_site_keeps_its_signs_and_shows_nothing_of_itself(tmp_path: Path) -> None:
    site, media = small_site(tmp_path / "pictures")
    (tmp_path / "publications").mkdir()
    labels = (PublicLabel(OPEN, f"{SLUG}/", LocalText(vi="Tên kín")), PublicLabel(RETIRED, "", LocalText(vi="Nhà bia"), "", "2026", STORY))
    write_publication(tmp_path / "publications", replace(site, labels=labels), media, {})
    withdraw(tmp_path / "publications", SLUG)
    with visiting(tmp_path / "publications") as one:
        closed, retired = (one.get(f"/q/{code}", headers={"accept-language": "en"}) for code in (OPEN, RETIRED))
    assert (closed.status_code, retired.status_code) == (403, 410)
    assert "Tên kín" not in closed.text
    assert "house &lt;moved&gt;" in retired.text
    assert SLUG not in closed.text + retired.text


def test_the_tour_book_prints_the_short_address_where_a_sign_hangs(visitor: Visitor) -> None:
    text = visitor.get(f"/en/{SLUG}/book").text
    assert f"/<wbr>q/<wbr>{SCENE}</a>" in text
    assert f"/<wbr>q/<wbr>{OPEN}</a>" in text
    assert f"/<wbr>q/<wbr>{RETIRED}</a>" not in text
