"""The import contracts bite: each is broken once, in a small copy of the tree, and must refuse."""

import shutil
from pathlib import Path

import pytest

from tests.architecture.commands import CHECKOUT, PROGRAMS, run

MODULES = (
    *("archive/errors.py", "archive/findings.py", "archive/records/text.py", "archive/ocfl/object.py", "archive/publications/read.py"),
    *("pipeline/sip.py", "pipeline/identify/stage.py", "pipeline/check/stage.py", "viewer/app.py", "viewer/pages/home.py"),
)
BREACHES = (
    ("viewer/app.py", "import pipeline.sip", "never on each other"),
    ("pipeline/sip.py", "import viewer.app", "never on each other"),
    ("archive/errors.py", "import archive.records.text", "Inside the archive"),
    ("archive/novel.py", "", "Inside the archive"),
    ("viewer/pages/home.py", "import archive.ocfl.object", "Of the archive the viewer"),
    ("viewer/app.py", "import archive.ocfl.object", "Of the archive the viewer"),
    ("archive/publications/read.py", "import archive.ocfl.object", "What reads publications"),
    ("pipeline/check/stage.py", "import pipeline.identify.stage", "The stages of the pipeline"),
    ("pipeline/novel.py", "", "The stages of the pipeline"),
    ("pipeline/sip.py", "import fastapi", "No web framework"),
    ("archive/records/text.py", "import starlette.requests", "No web framework"),
)
PERMITTED = (
    ("viewer/app.py", "import archive.records.text, archive.errors, archive.findings, archive.publications.read"),
    ("archive/publications/read.py", "import archive.records.text"),
    ("viewer/pages/home.py", "import starlette.requests"),
    ("pipeline/check/stage.py", "import pipeline.sip"),
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with a few modules of each part, and our contracts."""
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path / "pyproject.toml")
    for name in MODULES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        for folder in path.relative_to(tmp_path).parents:
            (tmp_path / folder / "__init__.py").touch()
    return tmp_path


def contracts(tree: Path) -> dict[str, str]:
    """The verdict of each contract: its name, and KEPT or BROKEN."""
    done = run(PROGRAMS / "lint-imports", "--no-logo", "--no-cache", folder=tree, PYTHONPATH=str(tree))
    lines = [line.partition(" (")[0] for line in done.stdout.splitlines()]
    verdicts = {line.rpartition(" ")[0]: line.rpartition(" ")[2] for line in lines if line.endswith((" KEPT", " BROKEN"))}
    assert verdicts, done.stdout + done.stderr
    return verdicts


@pytest.mark.parametrize(("module", "line", "contract"), BREACHES, ids=lambda value: value.replace("/", ".")[:40] or "nothing")
def test_a_breach_is_refused(tree: Path, module: str, line: str, contract: str) -> None:
    (tree / module).write_text(line + "\n")
    assert [name for name, verdict in contracts(tree).items() if verdict == "BROKEN" and contract in name]


def test_what_is_permitted_passes(tree: Path) -> None:
    for module, line in PERMITTED:
        (tree / module).write_text(line + "\n")
    assert set(contracts(tree).values()) == {"KEPT"}
