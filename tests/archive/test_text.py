import pytest

from archive.records.text import Language, LocalText


@pytest.mark.parametrize(
    ("text", "language", "best"),
    [
        (LocalText(vi="đình", en="hall", th="ศาลา"), Language.TH, ("ศาลา", Language.TH)),
        (LocalText(vi="đình", en="hall"), Language.TH, ("đình", Language.VI)),
        (LocalText(en="hall", th=""), Language.TH, ("hall", Language.EN)),
        (LocalText(), Language.VI, None),
    ],
)
def test_the_best_words_say_which_language_they_are_in(text: LocalText, language: Language, best: tuple[str, Language] | None) -> None:
    assert text.best(language) == best
    assert [text.get(each) for each in Language] == [text.vi, text.en, text.th]
