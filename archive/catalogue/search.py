"""Searching the folded words: one question, answered by whole words, by parts of words, or by looking at everything.

The order does not come from the database (ranking reads every match: a second for common words) but from what stands in the
titles of at most CANDIDATES matches: the whole question in the title, then all its words in the title, then the rest; sites before
assets; then by title and ARK.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select, text

from archive.catalogue.rows import CatalogueHit
from archive.catalogue.schema import words
from archive.records.folding import fold
from archive.records.text import LocalText

CANDIDATES = 1000
SHORTEST_PART = 3
"""A trigram index knows nothing shorter."""
_UNSPACED = ("THAI", "LAO", "KHMER", "MYANMAR", "CJK", "HIRAGANA", "KATAKANA")
_Found = tuple[int, str, str, str]
"""(number, kind, folded title, ARK): all that the order needs; the rest is fetched for what is shown."""


def search(connection: Connection, question: str, limit: int) -> tuple[CatalogueHit, ...]:
    """What matches every word of the question, the best first; nothing for an empty question."""
    terms = fold(question).split()
    if not terms:
        return ()
    found = set() if any(_unspaced(term) for term in terms) else set(_by_words(connection, terms))
    if len(found) < limit:
        found |= set(_by_parts(connection, terms))
    whole = " ".join(terms)
    ranked = sorted(found, key=lambda row: (_rank(row[2], whole, terms), row[1] != "site", row[2], row[3]))
    return _hits(connection, [row[0] for row in ranked[:limit]])


def _hits(connection: Connection, numbers: list[int]) -> tuple[CatalogueHit, ...]:
    columns = (words.c.number, words.c.ark, words.c.kind, words.c.site, words.c.title_vi, words.c.title_en, words.c.title_th)
    rows = {row[0]: row[1:] for row in connection.execute(select(*columns).where(words.c.number.in_(numbers)))}
    hits = []
    for ark, kind, site, vietnamese, english, thai in (rows[number] for number in numbers):
        hits.append(CatalogueHit(ark, kind, LocalText(vietnamese, english, thai), site))
    return tuple(hits)


def _by_words(connection: Connection, terms: Sequence[str]) -> Iterator[_Found]:
    """Rows with a word that begins with each term."""
    tokens = [token for term in terms for token in _tokens(term)]
    if not tokens:
        return iter(())
    return _matching(connection, "words_index", " ".join(f'"{token}"*' for token in tokens))


def _by_parts(connection: Connection, terms: Sequence[str]) -> Iterator[_Found]:
    """Rows that contain each term anywhere."""
    long = [term for term in terms if len(term) >= SHORTEST_PART]
    short = [term for term in terms if len(term) < SHORTEST_PART]
    if not long:
        return _everything(connection, short)
    return _matching(connection, "parts_index", " ".join('"' + term.replace('"', '""') + '"' for term in long), short)


def _matching(connection: Connection, index: str, question: str, short: Sequence[str] = ()) -> Iterator[_Found]:
    # The inner LIMIT stops the index early: without it every match would be fetched.
    conditions, values = _containing(short)
    query = (
        "SELECT words.number, words.kind, words.title, words.ark "  # noqa: S608 - fixed names; the question and the terms are bound
        f"FROM (SELECT rowid AS number FROM {index} WHERE {index} MATCH :question LIMIT :most) AS found "
        f"JOIN words ON words.number = found.number WHERE {conditions}"
    )
    return _found(connection, query, {**values, "question": question})


def _everything(connection: Connection, short: Sequence[str]) -> Iterator[_Found]:
    """Look at every row: for questions too short for the trigram index."""
    conditions, values = _containing(short)
    query = f"SELECT number, kind, title, ark FROM words WHERE {conditions} LIMIT :most"  # noqa: S608 - the terms are bound
    return _found(connection, query, values)


def _containing(terms: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """An SQL condition that each of these terms occurs, and the values that it binds."""
    conditions = [f"(instr(words.title, :term{number}) OR instr(words.body, :term{number}))" for number in range(len(terms))]
    return " AND ".join(conditions) or "1", {f"term{number}": term for number, term in enumerate(terms)}


def _found(connection: Connection, query: str, values: dict[str, Any]) -> Iterator[_Found]:
    rows = connection.execute(text(query), {**values, "most": CANDIDATES})
    return ((number, kind, title, ark) for number, kind, title, ark in rows)


def _tokens(term: str) -> list[str]:
    """The term as the word index splits it: letters, digits and marks stay, everything else divides."""
    return "".join(character if _in_word(character) else " " for character in term).split()


def _in_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "Co"


def _unspaced(term: str) -> bool:
    return any(unicodedata.name(character, "").startswith(_UNSPACED) for character in term if not character.isascii())


def _rank(title: str, whole: str, terms: Sequence[str]) -> int:
    if whole in title:
        return 0
    return 1 if all(term in title for term in terms) else 2
