"""docs/file-layout.md promises that the archive can be read and checked without Ditich: its own scripts are run here."""

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from archive.accession import accession
from archive.audit import audit
from archive.home import Home
from tests.archive.builders import NOW, draft, flip_byte, keep

PAGE = (Path(__file__).parents[2] / "docs/file-layout.md").read_text(encoding="utf-8")


@pytest.fixture
def filled(home: Home) -> Home:
    for number in range(11):
        month = datetime(2026, 11 + number // 6, 1, tzinfo=NOW.tzinfo)
        accession(home, [draft(f"ark:99999/dt{number}", a=b"%d" % number)], agent="urn:x", now=month)
    audit(home, now=NOW)
    return home


def script(pattern: str) -> str:
    found = re.search(pattern, PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_an_object_is_checked_with_the_tools_of_the_system(filled: Home) -> None:
    keep(filled, draft("ark:99999/dt1", "v1", a=b"1", b=b"two"))
    folder = filled.root / filled.objects.folder_of("ark:99999/dt1")
    command = ["bash", "-o", "pipefail", "-c", script(r"```\ncd storage[^\n]*\n(.*?)```").replace("python3", sys.executable)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout == "inventory.json: OK\nv1/content/a: OK\nv2/content/b: OK\n"
    flip_byte(folder / "v1/content/a")
    assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode != 0


def test_the_ledger_is_checked_with_python_alone(filled: Home) -> None:
    command = [sys.executable, "-c", script(r"<<'END'\n(.*?)\nEND\n")]
    assert subprocess.run(command, cwd=filled.root, capture_output=True, text=True, check=True).stdout == "the log is what was signed\n"
    flip_byte(next((filled.ledger / "log").glob("*-2026-12.jsonl")), 40)
    assert "CHANGED" in subprocess.run(command, cwd=filled.root, capture_output=True, text=True, check=True).stdout


def test_the_page_names_every_folder_of_a_home(filled: Home) -> None:
    present = {path.name for path in filled.root.iterdir()} | {path.name for path in filled.ledger.iterdir()}
    assert [name for name in present if name not in PAGE] == []
