"""No sentence for visitors stands outside the catalogues: not in a template, not in a script."""

import re
from collections.abc import Iterator
from pathlib import Path

NAMES = {"Ditich", "ARK", "IIIF", "Content", "State", "Image", "API", "info", "json", "SHA", "WGS", "m"}
"""Proper names and signs that are the same in every language."""
STRINGS = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
SENTENCE = re.compile(r"[A-Za-zÀ-ỹ]{2,},? [a-zà-ỹ]{2,}|[\u0e01-\u0e5b]|[À-ÖØ-öø-ỹ]")
NOT_SAID = re.compile(
    r"^\s*(?://|/?\*)|new (?:Range|Type)?Error\(|querySelector|className|\.style\.|\.font\b"
    r"|translate\(|\.matches\(|\.closest\(|gl\.|gl_Position|precision "
)
"""Comments, errors (they end in the console or choose a sentence), selectors."""
SHADERS = re.compile(r"/\* glsl \*/ ?`[^`]*`|`#version[^`]*`|`(?:[^`]*(?:gl_Position|gl_FragColor|gl_FragCoord|uniform )[^`]*)`")


def _template_words(text: str) -> Iterator[str]:
    text = re.sub(r"{% block kind %}.*?{% endblock %}|{% macro place.*?{% endmacro %}", "", text)
    bare = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    yield from re.findall(r'\b(?:alt|title|aria-label|placeholder|label)="([^"]*)"', bare)
    bare = re.sub(r"<(script|style)\b.*?</\1>", " ", bare, flags=re.DOTALL)
    yield from re.split(r"<[^>]*>", re.sub(r"'[^']*'(?=[ >])", "''", bare))


def test_templates_say_nothing_of_their_own(checkout: Path) -> None:
    found = []
    for file in sorted((checkout / "viewer/templates").glob("*.html")):
        said = _template_words(file.read_text(encoding="utf-8"))
        found += [f"{file.name}: {words.strip()}" for words in said if not set(re.findall(r"[^\W\d_]+", words)) <= NAMES]
    assert found == []


def test_scripts_say_nothing_of_their_own(checkout: Path) -> None:
    found = []
    for file in sorted((checkout / "viewer/web/src").glob("*.ts")):
        text = SHADERS.sub("``", file.read_text(encoding="utf-8"))
        for number, line in enumerate(text.splitlines(), 1):
            if NOT_SAID.search(line):
                continue
            found += [
                f"{file.name}:{number}: {a or b}"
                for a, b in STRINGS.findall(line)
                if SENTENCE.search(a or re.sub(r"\$\{[^}]*\}|<[^>]*>", "", b))
            ]
    assert found == []
