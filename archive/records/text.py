"""Words in the three languages of Ditich."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """The languages of the screen, in their order of precedence."""

    VI = "vi"
    EN = "en"
    TH = "th"


@dataclass(frozen=True, slots=True)
class LocalText:
    """The same words by language; None is "not yet translated", never a copy of another language."""

    vi: str | None = None
    en: str | None = None
    th: str | None = None

    def get(self, language: Language) -> str | None:
        """The words in that language, or None where nobody has written them."""
        match language:
            case Language.VI:
                return self.vi
            case Language.EN:
                return self.en
            case Language.TH:  # pragma: no branch - the last of all languages
                return self.th

    def best(self, language: Language) -> tuple[str, Language] | None:
        """The words in that language, else in the first that has any, with the language they are in."""
        for candidate in (language, *Language):
            words = self.get(candidate)
            if words:
                return words, candidate
        return None
