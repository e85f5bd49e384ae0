"""Documents that cannot go stale: their commands exist, their links lead somewhere, the glossary knows the records."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest

from pipeline.cli import COMMANDS
from tests.architecture.commands import CHECKOUT, run, tracked

OF_THE_BOOTSTRAP = {"help", "lock", "test"}
OF_THE_VIEWER = {"serve": "viewer", "freeze": "viewer.freeze"}
COMMAND_LINE = re.compile(r"(?<![\w/])\./ditich[ \t]+([a-z]+)([^\n`#]*)")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
DOCUMENTS = tracked("*.md")


def name_of(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


@cache
def help_of(command: str) -> str:
    """The help page of one command, in English."""
    module = OF_THE_VIEWER.get(command)
    words = ("-m", module, "--help") if module else ("-m", "pipeline", command, "--help")
    done = run(sys.executable, *words, DITICH_LANG="en")
    assert done.returncode == 0, done.stderr
    return done.stdout


def command_lines() -> list[tuple[str, str, str]]:
    """Every ``./ditich …`` of the documents: where, the command, the rest of the line."""
    return [(name_of(path), found[1], found[2]) for path in DOCUMENTS for found in COMMAND_LINE.finditer(path.read_text(encoding="utf-8"))]


def test_the_readme_shows_the_two_commands() -> None:
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert "./ditich demo" in text
    assert "./ditich test" in text


@pytest.mark.parametrize(("document", "command", "rest"), sorted(set(command_lines())), ids=lambda value: str(value)[:90])
def test_every_command_of_the_documents_exists(document: str, command: str, rest: str) -> None:
    assert command in {*COMMANDS, *OF_THE_VIEWER, *OF_THE_BOOTSTRAP}, document
    options = re.findall(r"(?<!\S)(--[a-z][a-z-]*)", rest)
    if options and command not in OF_THE_BOOTSTRAP:
        assert [option for option in options if option not in help_of(command)] == [], document


@pytest.mark.parametrize("language", ["vi", "en", "th"])
def test_the_overview_names_every_command(language: str) -> None:
    overview = run(sys.executable, "-m", "pipeline", "help", DITICH_LANG=language).stdout
    assert [name for name in (*COMMANDS, *OF_THE_VIEWER, "test") if not re.search(rf"^\s+{name}\s+\S", overview, re.MULTILINE)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_link_leads_somewhere(path: Path) -> None:
    targets = LINK.findall(path.read_text(encoding="utf-8"))
    inside = [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]
    assert [target for target in inside if not (path.parent / target).exists()] == []


def test_the_glossary_knows_every_record() -> None:
    glossary = (CHECKOUT / "docs" / "glossary.md").read_text(encoding="utf-8")
    sources = [*(CHECKOUT / "archive" / "records").glob("*.py"), CHECKOUT / "pipeline" / "sip.py", CHECKOUT / "archive" / "findings.py"]
    names = {
        node.name
        for path in sources
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }
    assert sorted(name for name in names if not re.search(rf"\*\*[^*]*\b{name}\b[^*]*\*\*", glossary)) == []


def test_decisions_are_numbered_once() -> None:
    numbers = [path.name[:4] for path in sorted((CHECKOUT / "docs" / "decisions").glob("*.md"))]
    assert all(number.isdigit() for number in numbers)
    assert len(set(numbers)) == len(numbers)
