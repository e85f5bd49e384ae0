"""The rules of the gate itself: CI does not pass by skipping, and no coverage figure is rounded up."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.commands import CHECKOUT, run
from tests.architecture.coverage_goals import Figure, goals

NOT_MEASURED_WITH_US = {"COVERAGE_FILE": "", "COVERAGE_PROCESS_CONFIG": "", "PYTEST_XDIST_WORKER": ""}
TESTS = """
import pytest

def test_reads_real_files(corpus): ...

def test_drives_a_browser(): pytest.skip("no Chromium here")

@pytest.mark.skipif(True, reason="only on Windows")
def test_of_another_platform(): ...

def test_that_runs(): ...
"""
PROOFS = """
import pytest

def test_counted(record_property): record_property("proof", "cuts: 500, 0 lost")

def test_could_not(): pytest.skip("this proof did not run: it needs root")
"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder with four tests under our conftest, and no corpus beside it."""
    (tmp_path / "tests" / "architecture").mkdir(parents=True)
    shutil.copy(CHECKOUT / "tests" / "conftest.py", tmp_path / "tests" / "conftest.py")
    shutil.copy(CHECKOUT / "tests" / "architecture" / "coverage_goals.py", tmp_path / "tests" / "architecture")
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path / "pyproject.toml")
    (tmp_path / "tests" / "test_four.py").write_text(TESTS)
    return tmp_path


def gate(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the folder's tests."""
    command = (sys.executable, "-m", "pytest", "-p", "no:randomly")
    return run(*command, folder=folder, DITICH_CORPUS=str(folder / "none"), **NOT_MEASURED_WITH_US, **environment)


def test_without_the_corpus_a_person_sees_what_was_skipped(elsewhere: Path) -> None:
    done = gate(elsewhere, CI="")
    assert done.returncode == 0, done.stdout
    assert "the corpus of real files is not here: set DITICH_CORPUS" in done.stdout
    assert done.stdout.splitlines()[-1].strip("= ").startswith("1 passed, 3 skipped")


def test_ci_does_not_pass_by_skipping(elsewhere: Path) -> None:
    done = gate(elsewhere, CI="true")
    assert done.returncode == 1
    assert "skipped in CI, where it must run: the corpus of real files is not here" in done.stdout
    assert "1 failed, 1 passed, 1 skipped, 1 error" in done.stdout.splitlines()[-1]


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
def test_a_proof_that_did_not_run_is_said_aloud_and_fails_in_ci(elsewhere: Path, ci: str, code: int) -> None:
    (elsewhere / "tests" / "test_four.py").write_text(PROOFS)
    done = gate(elsewhere, CI=ci)
    assert done.returncode == code
    assert "cuts: 500, 0 lost" in done.stdout
    assert "this proof did not run: it needs root" in done.stdout.partition("= proofs =")[2] or ci


def test_ci_runs_the_gate_and_then_the_proofs_whole() -> None:
    lines = (CHECKOUT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if line.startswith("./ditich")] == ['./ditich test "$@"', "./ditich prove"]
    assert "set -e" in lines


def test_goals_are_named_for_folders_of_the_checkout() -> None:
    assert "total" in goals()
    assert all((CHECKOUT / name).is_dir() for name in goals() if name != "total")


@pytest.mark.parametrize(("reached", "met"), [(95.0, True), (94.9999, False)], ids=str)
def test_a_figure_is_not_rounded_up(reached: float, met: bool) -> None:  # noqa: FBT001 - a parameter of the table above
    assert Figure("total", 95, reached, ()).met is met


def test_a_goal_that_is_missed_fails_the_run_and_names_the_lines(elsewhere: Path) -> None:
    for name in ("archive", "pipeline", "viewer"):
        (elsewhere / name).mkdir()
        (elsewhere / name / "__init__.py").touch()
    (elsewhere / "archive" / "half.py").write_text("def used():\n    return 1\n\ndef unused():\n    return 2\n")
    (elsewhere / "tests" / "test_four.py").write_text("from archive.half import used\n\ndef test_used(): assert used() == 1\n")
    command = [sys.executable, "-m", "pytest", "--cov", "--cov-report="]
    done = run(*command, folder=elsewhere, **NOT_MEASURED_WITH_US)
    assert done.returncode == 1
    assert "archive     75.00 %  goal 100 % MISSED" in done.stdout
    assert "archive/half.py" in done.stdout
    assert done.stdout.splitlines()[-1].strip("= ").startswith("1 passed")
    partly = run(*command, "tests/test_four.py", folder=elsewhere, **NOT_MEASURED_WITH_US)
    assert partly.returncode == 0, partly.stdout
