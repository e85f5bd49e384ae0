"""The tools that judge the code, each one test: what they find is the test's message."""

import pytest

from tests.architecture.commands import CHECKOUT, PROGRAMS, run

PYTHON_SOURCES = ("archive", "pipeline", "viewer", "tests", "benchmarks", "ditich")


def complaints_of(*command: str) -> str:
    """What a program of the environment printed, or nothing when it found nothing."""
    done = run(PROGRAMS / command[0], *command[1:])
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    assert not complaints_of("ruff", "check", "--output-format", "concise", ".")


def test_the_code_is_formatted() -> None:
    assert not complaints_of("ruff", "format", "--check", ".")


@pytest.mark.timeout(600)
def test_mypy_finds_nothing() -> None:
    assert not complaints_of("mypy", *(name for name in PYTHON_SOURCES if (CHECKOUT / name).exists()))


def test_imports_go_one_way() -> None:
    assert not complaints_of("lint-imports", "--no-logo")


def test_dependencies_are_declared_and_used() -> None:
    assert not complaints_of("deptry", "--no-ansi", ".")


def test_the_typescript_is_well_typed() -> None:
    assert not complaints_of("npm", "run", "typecheck", "--silent")
