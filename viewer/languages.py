"""The words of the screen in three languages, and which language a visitor gets."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.errors import RecordError
from archive.records.text import Language

HELLO = "#hello"
"""Ends the address that a visitor is sent to who named no language: the page may then be left for the language chosen before
(web/src/language.ts). Nothing on the page is called so, so without script it does nothing."""
TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All interface sentences of one language, by key ("nav.search"). A missing key is a fault of ours, never silent."""

    language: Language
    sentences: Mapping[str, str] = field(hash=False)

    def __call__(self, key: str, **values: object) -> str:
        """The sentence under ``key`` with its placeholders filled.

        Raises:
            RecordError: the catalogue has no such key.
        """
        sentence = self.sentences.get(key)
        if sentence is None:
            raise RecordError(f"The {self.language} catalogue has no “{key}”.", advice="Add it to viewer/texts.")
        return sentence.format(**values) if values else sentence

    def count(self, key: str, number: int, shown: str) -> str:
        """“1 scene”, “6 scenes”: the form for that number, with the number as it is written in this language."""
        return self(f"{key}.{'one' if number == 1 else 'other'}", count=shown)

    def has(self, key: str) -> bool:
        """Whether there is such a sentence (for keys that come from data, like the name of a fact)."""
        return key in self.sentences


def load_catalogue(language: Language) -> Catalogue:
    """Read ``texts/<language>.json``; nested names are joined by dots."""
    nested = json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))
    return Catalogue(language, dict(_flat(nested, "")))


def load_catalogues() -> dict[Language, Catalogue]:
    """All languages of the screen."""
    return {language: load_catalogue(language) for language in Language}


def negotiate(accept_language: str) -> Language:
    """The best of our languages for an ``Accept-Language`` header (RFC 9110 section 12.5.4); Vietnamese when it names none."""
    wishes = sorted(_wishes(accept_language), key=lambda wish: -wish[1])
    for code, weight in wishes:
        if weight > 0 and code in set(Language):
            return Language(code)
    return Language.VI


def _wishes(header: str) -> Iterator[tuple[str, float]]:
    for part in header.split(",")[:20]:
        code, _, weight = part.strip().partition(";q=")
        try:
            yield code.split("-")[0].strip().lower(), float(weight or 1)
        except ValueError:
            continue


def _flat(nested: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in nested.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
