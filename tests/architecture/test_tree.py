"""What the tree of files promises: small files, plain names, and nothing of one person's machine."""

import json
import re

import pytest

from tests.architecture.commands import CHECKOUT, tracked

LONGEST_FILE = 400
LARGEST_FILE = 1 << 20
LOCK_FILES = {"requirements.txt", "package-lock.json"}
UNSAYING_NAMES = re.compile(r"(^|_)(utils?|helpers?|common|misc|manager|handler|processor)(_|$)", re.IGNORECASE)
MACHINE_PATHS = re.compile(r"(^|[^a-z.\w\-/])/(work|tmp|root|home|Users)/")
REGISTRIES = re.compile(r"https?://[^\s\"']*(pypi|pythonhosted|npmjs|registry)", re.IGNORECASE)


def text_of_all() -> list[tuple[str, list[str]]]:
    """Every text file of the checkout: its name there, and its lines."""
    texts = []
    for path in tracked():
        try:
            texts.append((path.relative_to(CHECKOUT).as_posix(), path.read_text(encoding="utf-8").splitlines()))
        except UnicodeDecodeError:
            continue
    return texts


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """Where a pattern stands, as ``file:line: text``."""
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, lines in text_of_all()
        for number, line in enumerate(lines, 1)
        if pattern.search(line)
    ]


def test_no_source_file_is_too_long() -> None:
    lengths = {path.relative_to(CHECKOUT).as_posix(): len(path.read_bytes().splitlines()) for path in tracked("*.py", "*.ts")}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_file_is_large() -> None:
    assert [path.name for path in tracked() if path.stat().st_size > LARGEST_FILE] == []


def test_no_name_says_nothing() -> None:
    assert [path.name for path in tracked("*.py", "*.ts") if UNSAYING_NAMES.search(path.stem)] == []


def test_no_path_of_one_machine() -> None:
    assert lines_with(MACHINE_PATHS) == []


def test_no_registry_is_named() -> None:
    assert lines_with(REGISTRIES) == []


def test_every_requirement_is_locked_with_hashes() -> None:
    lines = (CHECKOUT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = [number for number, line in enumerate(lines) if re.match(r"[a-z0-9][\w.-]*(\[.*\])?==", line)]
    assert pinned
    assert all(lines[number + 1].lstrip().startswith("--hash=sha256:") for number in pinned)
    wanted = {
        re.split(r"[\[;<>= ]", line.lower().replace("_", "-"))[0]
        for line in (CHECKOUT / "requirements.in").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    }
    assert wanted <= {re.split(r"[\[=]", lines[number])[0] for number in pinned}


def test_everything_in_the_npm_lock_has_an_integrity() -> None:
    packages = json.loads((CHECKOUT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


@pytest.mark.parametrize("line", ['open("/ho' + 'me/anna/x")', "  /t" + "mp/x"])
def test_a_machines_path_would_be_seen(line: str) -> None:
    assert MACHINE_PATHS.search(line)
