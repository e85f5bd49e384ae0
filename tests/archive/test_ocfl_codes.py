"""The table of codes against the specification's own list (https://ocfl.io/1.1/spec/validation-codes.html, 81d2168 of 2026-04-09)."""

import hashlib
import re
from collections import Counter

import pytest

from archive.ocfl.codes import CODES, Code

NEVER_GIVEN = {"E065", "E109", "W006"}
TAKEN_BACK = {"E068", "E086", "E091"}
"""Codes of OCFL 1.0 that 1.1 no longer has."""
SPECIFICATION_CODES = ({f"E{n:03}" for n in range(1, 113)} | {f"W{n:03}" for n in range(1, 17)}) - NEVER_GIVEN - TAKEN_BACK
NEW_IN_1_1 = {"E103", "E104", "E105", "E106", "E107", "E108", "E110", "E111", "E112", "W016"}
QUOTED = "fd7efd22c0b6e1b14b19619aa62cb5e089596a50a7b5fdbc5f260b30401c70d0"
"""sha256 of the sentences of validation-codes.md, sorted by code, without their quotation marks, one a line."""
LANGUAGES = {"vi", "en", "th"}
VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯàáạảãèéẹẻẽìíịỉĩòóọỏõùúụủũỳýỵỷỹ\u1ea0-\u1ef9]")
THAI = re.compile("[\u0e01-\u0e5b]")
EVERY_CODE = pytest.mark.parametrize("code", CODES.values(), ids=list(CODES))


def test_the_table_has_exactly_the_codes_of_the_specification() -> None:
    assert set(CODES) == SPECIFICATION_CODES
    assert Counter(code.severity for code in CODES.values()) == {"error": 107, "warning": 15}
    assert all(name == code.code for name, code in CODES.items())


def test_the_specification_is_quoted_to_the_letter() -> None:
    quoted = "".join(CODES[name].sentence + "\n" for name in sorted(CODES))
    assert hashlib.sha256(quoted.encode()).hexdigest() == QUOTED


def test_what_came_with_1_1_is_marked() -> None:
    assert {name for name, code in CODES.items() if "1.0" not in code.versions} == NEW_IN_1_1
    assert all(code.versions in {("1.0", "1.1"), ("1.1",)} for code in CODES.values())


@EVERY_CODE
def test_every_code_speaks_three_languages(code: Code) -> None:
    for texts in (code.words, code.advice):
        assert set(texts) == LANGUAGES
        assert all(text == text.strip() and len(text) > 10 for text in texts.values())
        assert VIETNAMESE.search(texts["vi"])
        assert THAI.search(texts["th"])
        assert texts["vi"].endswith(".")
        assert texts["en"].endswith(".")
    assert code.severity == ("error" if code.code[0] == "E" else "warning")


@EVERY_CODE
def test_every_code_says_where_its_rule_stands(code: Code) -> None:
    assert re.fullmatch(r"[34](\.\d){1,3}", code.section)
    assert code.url == f"https://ocfl.io/1.1/spec/#{code.code}"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_two_codes_say_the_same(language: str) -> None:
    counted = Counter(code.words[language] for code in CODES.values())
    assert [words for words, count in counted.items() if count > 1] == []


def test_only_rules_about_the_same_thing_share_a_sentence_of_the_specification() -> None:
    counted = Counter(code.sentence for code in CODES.values())
    assert {code.code for code in CODES.values() if counted[code.sentence] > 1} == {"E067", "E112"}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_advice_that_codes_share_is_the_same_in_every_language(language: str) -> None:
    groups = {frozenset(c.code for c in CODES.values() if c.advice[language] == code.advice[language]) for code in CODES.values()}
    english = {frozenset(c.code for c in CODES.values() if c.advice["en"] == code.advice["en"]) for code in CODES.values()}
    assert groups == english
