"""Which rights statements are known, and what their short names mean."""

import pytest

from archive.records.access import Rights
from archive.records.rights import is_known_statement, statement_of


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("cc-by-nc-sa 3.0", "https://creativecommons.org/licenses/by-nc-sa/3.0/"),
        ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Public  Domain Mark 1.0", "https://creativecommons.org/publicdomain/mark/1.0/"),
        ("In Copyright", "http://rightsstatements.org/vocab/InC/1.0/"),
        ("No Copyright – United States", "http://rightsstatements.org/vocab/NoC-US/1.0/"),
        ("inc-edu", "http://rightsstatements.org/vocab/InC-EDU/1.0/"),
    ],
)
def test_a_short_name_is_its_address(text: str, statement: str) -> None:
    assert statement_of(text) == statement
    assert is_known_statement(statement)


@pytest.mark.parametrize("text", ["abc", "CC BY", "CC BY 9.0", "public domain", "https://rights.example/by", "Ảnh của An"])
def test_any_other_text_stays_as_it_is_and_is_not_known(text: str) -> None:
    assert statement_of(text) == text
    assert not is_known_statement(text)


@pytest.mark.parametrize(
    "statement",
    [
        "http://creativecommons.org/licenses/by-sa/3.0/vn",
        "https://creativecommons.org/licenses/by/4.0/deed.vi",
        "https://rightsstatements.org/page/UND/1.0/?language=en",
        "https://opendatacommons.org/licenses/odbl/1-0/",
    ],
)
def test_the_ways_an_address_is_written(statement: str) -> None:
    assert is_known_statement(statement)


def test_a_free_licence_by_its_short_name_lets_others_copy() -> None:
    assert Rights(statement_of("CC0")).lets_others_copy
    assert not Rights(statement_of("In Copyright")).lets_others_copy
