"""What the command line says, in the user's language: one catalogue a language, ``texts/<lang>.json``."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.records.text import Language

CATALOGUES = Path(__file__).parent / "texts"


def language_of(environment: Mapping[str, str]) -> Language:
    """The language to speak: ``DITICH_LANG``, else the locale, else English."""
    for name in ("DITICH_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        code = environment.get(name, "")[:2].lower()
        if code in set(Language):
            return Language(code)
    return Language.EN


@dataclass(frozen=True)
class Words:
    """Sentences by key. A key that has no sentence is a defect that a test finds, never a crash before the user."""

    language: Language
    sentences: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of ``key`` with its values filled in."""
        return self.sentences.get(key, key).format(**values)


def load_words(language: Language) -> Words:
    """The catalogue of a language."""
    return Words(language, json.loads((CATALOGUES / f"{language}.json").read_text(encoding="utf-8")))


def words_of_the_user() -> Words:
    """The catalogue of the language that the environment asks for."""
    return load_words(language_of(os.environ))
