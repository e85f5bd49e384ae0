"""The catalogues: complete in every language, nothing unused, and a word for every fact that a site of ours states."""

import re
import tomllib
from pathlib import Path

import pytest

from archive.errors import RecordError
from archive.records.asset import AssetKind, Nature
from archive.records.publication import LEVELS
from archive.records.text import Language
from viewer.languages import load_catalogue, load_catalogues, negotiate

CODE = Path("viewer")
FAMILIES = (
    "language.",
    *("fact.", "rights.", "compass.", "kind.", "level.", "nature.", "notice.", "certainty.", "date.", "measure.", "count.", "serve."),
    *("site.photos", "site.others", "unit.", "paradata.", "turn.", "guide.minutes.", "sign.", "freeze.stage_", "freeze.failed."),
)
"""keys that the code puts together from data"""


def _placeholders(sentence: str) -> list[str]:
    return sorted(re.findall(r"{(\w+)}", sentence))


def test_every_language_has_every_sentence_with_the_same_placeholders() -> None:
    catalogues = load_catalogues()
    model = catalogues[Language.EN].sentences
    for catalogue in catalogues.values():
        assert catalogue.sentences.keys() == model.keys()
        assert all(sentence.strip() for sentence in catalogue.sentences.values())
        assert {key: _placeholders(sentence) for key, sentence in catalogue.sentences.items()} == {
            key: _placeholders(sentence) for key, sentence in model.items()
        }


def test_what_the_code_says_is_in_the_catalogue_and_nothing_else_is(checkout: Path) -> None:
    files = [*(checkout / CODE).rglob("*.html"), *(checkout / CODE).rglob("*.py")]
    code = "\n".join(file.read_text(encoding="utf-8") for file in files)
    sentences = load_catalogue(Language.EN).sentences
    said = set(re.findall(r"""\bt\(\s*["']([a-z_.]+)["'](?!\s*~)""", code)) | set(re.findall(r"""say\([^"'()]*["']([a-z_.]+)["']""", code))
    assert said <= sentences.keys()
    unused = [key for key in sentences if f'"{key}"' not in code and f"'{key}'" not in code and not key.startswith(FAMILIES)]
    assert unused == []


def test_every_value_of_the_records_has_its_word() -> None:
    catalogue = load_catalogue(Language.TH)
    keys = [f"kind.{kind}" for kind in AssetKind] + [f"level.{level}" for level in LEVELS]
    keys += [f"nature.{nature}.{part}" for nature in Nature for part in ("name", "meaning")]
    assert all(catalogue.has(key) for key in keys)


def test_every_fact_of_the_sites_here_has_a_label(checkout: Path) -> None:
    catalogue = load_catalogue(Language.VI)
    for file in (checkout / "sites").glob("*/site.toml"):
        names = {fact["name"] for fact in tomllib.loads(file.read_text(encoding="utf-8")).get("facts", ())}
        assert [name for name in sorted(names) if not catalogue.has(f"fact.{name}")] == [], file


def test_a_missing_sentence_is_an_error_and_never_silence() -> None:
    with pytest.raises(RecordError, match=r"no.such\.key"):
        load_catalogue(Language.EN)("no.such.key")


def test_languages_are_negotiated_by_weight() -> None:
    assert negotiate("en;q=0.5, th;q=0.9") is Language.TH
    assert negotiate("EN-us") is Language.EN
    assert negotiate("vi;q=0, xx") is Language.VI
    assert negotiate(",".join(["xx"] * 50 + ["en"])) is Language.VI
