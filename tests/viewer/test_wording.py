"""How numbers, sizes, dates, directions and rights are written."""

import pytest

from archive.records.text import Language, LocalText
from viewer import markdown, rights, wording

VI, EN, TH = Language


@pytest.mark.parametrize(
    ("value", "language", "written"),
    [(1234567, VI, "1.234.567"), (1234567, EN, "1,234,567"), (0.5, VI, "0,5"), (1234.25, TH, "1,234.25"), (7, TH, "7")],
)
def test_numbers(value: float, language: Language, written: str) -> None:
    assert wording.number(value, language) == written


@pytest.mark.parametrize(
    ("octets", "language", "written"),
    [(999, EN, "999 B"), (1500, VI, "1,5 kB"), (15_499, EN, "15 kB"), (1_487_100, EN, "1.5 MB"), (2_000_000_000, TH, "2 GB")],
)
def test_sizes(octets: int, language: Language, written: str) -> None:
    assert wording.size(octets, language) == written


@pytest.mark.parametrize(
    ("date", "language", "written"),
    [
        ("2026-11-20", VI, ("20/11/2026", "")),
        ("2026-11-20T10:00:00Z", EN, ("20 November 2026", "")),
        ("2026-11", TH, ("พฤศจิกายน พ.ศ. 2569 (ค.ศ. 2026)", "")),
        ("1854~", EN, ("1854", "approximate")),
        ("1854?", VI, ("1854", "uncertain")),
        ("1854%", VI, ("1854", "both")),
        ("2001-21", EN, ("2001-21", "")),
        ("18XX", EN, ("18XX", "")),
    ],
)
def test_dates(date: str, language: Language, written: tuple[str, str]) -> None:
    assert wording.edtf(date, language) == written


def test_directions() -> None:
    assert [wording.compass_key(bearing) for bearing in (0, 22, 23, 90, -45, 359)] == ["n", "n", "ne", "e", "nw", "n"]
    assert [wording.compass_bearing(name) for name in ("North", "south-east", "nw", "370", "up")] == [0.0, 135.0, 315.0, 10.0, None]
    assert wording.apart(350, 10) == 20
    assert wording.apart(10, 190) == 180


def test_words_of_another_language_are_marked() -> None:
    assert wording.shown(LocalText(), EN) is None
    own = wording.shown(LocalText(vi="a", en="b"), EN)
    assert own is not None
    assert (own.words, own.foreign) == ("b", False)
    other = wording.shown(LocalText(th="c"), EN)
    assert other is not None
    assert (other.words, other.language, other.foreign) == ("c", TH, True)


@pytest.mark.parametrize(
    ("uri", "name", "key"),
    [
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", "CC BY-NC-SA 4.0", ""),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0", ""),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "Public Domain Mark 1.0", ""),
        ("http://rightsstatements.org/vocab/InC/1.0/", "", "rights.InC"),
        ("https://example.org/mine", "", ""),
    ],
)
def test_rights_have_names(uri: str, name: str, key: str) -> None:
    assert rights.licence_name(uri) == name
    assert rights.statement_key(uri) == key
    assert rights.is_address(uri)


def test_markdown_is_safe_and_stands_below_the_page() -> None:
    html = markdown.to_html("# A\n\n###### B\n\n<b>c</b> [d](javascript:e) ![f](https://g/h.png) *i*")
    assert "<h3>A</h3>" in html
    assert "<h6>B</h6>" in html
    assert "&lt;b&gt;" in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "<em>i</em>" in html


def test_a_text_keeps_its_first_line_unless_it_is_the_title() -> None:
    assert markdown.without_title("# T\n\nbody") == "body"
    assert markdown.without_title("body\n# T") == "body\n# T"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Hồ sơ xếp hạng", VI),
        ("© Phòng Văn hóa", VI),
        ("đình", VI),
        ("ศาลา", TH),
        ("Tran Van A", None),
        ("2 × 3 m ± 1", None),
        ("Báo ศาลา", TH),
    ],
)
def test_the_language_of_unmarked_words_is_told_by_their_letters(words: str, language: Language | None) -> None:
    assert wording.tongue(words) is language
