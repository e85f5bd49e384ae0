"""The command line speaks three languages, completely."""

import re
from pathlib import Path

import pytest

from archive.records.text import Language
from archive.storage.refusals import CODES
from pipeline.cli import COMMANDS, ELSEWHERE
from pipeline.words import language_of, load_words

PIPELINE = Path(__file__).parents[2] / "pipeline"


def fields(sentence: str) -> set[str]:
    return set(re.findall(r"{(\w+)", sentence))


def test_the_catalogues_have_the_same_keys_and_the_same_values_to_fill_in() -> None:
    catalogues = [load_words(language).sentences for language in Language]
    keys = set(catalogues[0])
    assert all(set(catalogue) == keys for catalogue in catalogues)
    for key in keys:
        assert len({frozenset(fields(catalogue[key])) for catalogue in catalogues}) == 1, key


def test_no_sentence_was_left_in_another_language() -> None:
    vietnamese, english, thai = (load_words(language).sentences for language in Language)
    wordless = {key for key in english if not re.search(r"[A-Za-z]{3}", re.sub(r"{\w+}|ARK|NAAN", "", english[key]))}
    assert {key for key in english if english[key] in {vietnamese[key], thai[key]}} <= wordless | {"search.hit"}


def test_every_command_has_a_summary() -> None:
    words = load_words(Language.EN).sentences
    assert all(f"{name}.summary" in words for name in (*COMMANDS, *ELSEWHERE))


def test_every_key_that_the_code_uses_exists() -> None:
    words = load_words(Language.EN).sentences
    sources = [*PIPELINE.glob("commands/*.py"), PIPELINE / "cli.py", PIPELINE / "console.py", PIPELINE / "run.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    used = set(re.findall(r'(?:words|say|ask|confirm|progress)\(\s*"([a-z.-]+)"', code))
    assert used
    assert used <= set(words), used - set(words)


def test_every_sentence_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in PIPELINE.rglob("*.py"))
    quoted = set(re.findall(r"""["']([a-z][A-Za-z.-]*)["']""", code)) | {f"{name}.summary" for name in (*COMMANDS, *ELSEWHERE)}
    built = tuple(one for one in re.findall(r"""f["']([a-z]+[a-z.-]*)\{""", code) if one.endswith((".", "-")))
    assert {key for key in load_words(Language.EN).sentences if key not in quoted and not key.startswith(built)} == set()


def test_every_error_with_a_code_has_its_sentences_and_no_other_has() -> None:
    places = [*PIPELINE.rglob("*.py"), *(PIPELINE.parent / "archive").rglob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in places)
    codes = set(re.findall(r'\bcode="([a-z-]+)"', code)) | set(CODES.values())
    sentences = load_words(Language.EN).sentences
    expected = {f"failed-{one}{part}" for one in codes for part in ("", ".advice")}
    assert {key for key in sentences if key.startswith("failed-")} == expected


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"DITICH_LANG": "th", "LANG": "vi_VN.UTF-8"}, "th"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LC_ALL": "C", "LANG": "th_TH"}, "th"),
        ({"LANG": "fr_FR"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_comes_from_the_environment(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_an_unknown_key_does_not_crash_before_the_user() -> None:
    assert load_words(Language.VI)("no.such.key") == "no.such.key"
