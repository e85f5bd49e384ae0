"""Searching the folded words: one question, answered by whole words, by parts of words, or by looking at everything.

The order does not come from the database (ranking reads every match: a second for common words) but from what stands in the
titles of at most CANDIDATES matches: the whole question in the title, then all its words in the title, then the rest; sites before
assets; then by title and ARK.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, text

from archive.catalogue.rows import CatalogueHit
from archive.records.folding import fold
from archive.records.text import LocalText

CANDIDATES = 1000
SHORTEST_PART = 3
"""A trigram index knows nothing shorter."""
_COLUMNS = "words.ark, words.kind, words.site, words.title_vi, words.title_en, words.title_th, words.title"
_UNSPACED = ("THAI", "LAO", "KHMER", "MYANMAR", "CJK", "HIRAGANA", "KATAKANA")


def search(connection: Connection, question: str, limit: int) -> tuple[CatalogueHit, ...]:
    """What matches every word of the question, the best first; nothing for an empty question."""
    terms = fold(question).split()
    if not terms:
        return ()
    found = {} if any(_unspaced(term) for term in terms) else {row.ark: row for row in _by_words(connection, terms)}
    if len(found) < limit:
        found |= {row.ark: row for row in _by_parts(connection, terms)}
    whole = " ".join(terms)
    ranked = sorted(found.values(), key=lambda row: (_rank(row.title, whole, terms), row.kind != "site", row.title, row.ark))
    return tuple(CatalogueHit(row.ark, row.kind, LocalText(row.title_vi, row.title_en, row.title_th), row.site) for row in ranked[:limit])


def _by_words(connection: Connection, terms: Sequence[str]) -> Iterator[Any]:
    """Rows with a word that begins with each term."""
    tokens = [token for term in terms for token in _tokens(term)]
    if not tokens:
        return iter(())
    question = " ".join(f'"{token}"*' for token in tokens)
    return _matching(connection, "words_index", question)


def _by_parts(connection: Connection, terms: Sequence[str]) -> Iterator[Any]:
    """Rows that contain each term anywhere."""
    long = [term for term in terms if len(term) >= SHORTEST_PART]
    if long:
        question = " ".join('"' + term.replace('"', '""') + '"' for term in long)
        rows = _matching(connection, "parts_index", question)
        short = [term for term in terms if len(term) < SHORTEST_PART]
        return (row for row in rows if all(term in row.title or term in row.body for term in short))
    return _everything(connection, terms)


def _matching(connection: Connection, index: str, question: str) -> Iterator[Any]:
    # The inner LIMIT stops the index early: without it every match would be fetched.
    query = (
        f"SELECT {_COLUMNS}, words.body FROM (SELECT rowid AS number FROM {index} WHERE {index} MATCH :question LIMIT :most) AS found "  # noqa: S608 - fixed names; the question is bound
        "JOIN words USING (number)"
    )
    return iter(connection.execute(text(query), {"question": question, "most": CANDIDATES}))


def _everything(connection: Connection, terms: Sequence[str]) -> Iterator[Any]:
    """Look at every row: for questions too short for the trigram index."""
    conditions = " AND ".join(f"instr(title || char(10) || body, :term{number})" for number in range(len(terms)))
    query = f"SELECT {_COLUMNS} FROM words WHERE {conditions} LIMIT :most"  # noqa: S608 - fixed names; the terms are bound
    values: dict[str, Any] = {f"term{number}": term for number, term in enumerate(terms)}
    return iter(connection.execute(text(query), {**values, "most": CANDIDATES}))


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
