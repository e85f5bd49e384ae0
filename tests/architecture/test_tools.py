"""The tools that judge the code, each one test: what they find is the test's message."""

import pytest

from tests.architecture.commands import CHECKOUT, PROGRAMS, run

PYTHON_SOURCES = ("archive", "pipeline", "viewer", "tests", "benchmarks", "ditich")


def expect_silence(*command: str) -> None:
    """Fails with what a program of the environment printed, unless it is content."""
    done = run(PROGRAMS / command[0], *command[1:])
    if done.returncode != 0:
        pytest.fail(f"{' '.join(command)}\n{done.stdout}{done.stderr}", pytrace=False)


def test_ruff_finds_nothing() -> None:
    expect_silence("ruff", "check", "--output-format", "concise", ".")


def test_the_code_is_formatted() -> None:
    expect_silence("ruff", "format", "--check", ".")


@pytest.mark.timeout(600)
def test_mypy_finds_nothing() -> None:
    expect_silence("mypy", *(name for name in PYTHON_SOURCES if (CHECKOUT / name).exists()))


def test_imports_go_one_way() -> None:
    expect_silence("lint-imports", "--no-logo")


def test_dependencies_are_declared_and_used() -> None:
    expect_silence("deptry", "--no-ansi", ".")


def test_the_typescript_is_well_typed() -> None:
    expect_silence("npm", "run", "typecheck", "--silent")


def test_a_program_that_complains_fails_the_test() -> None:
    with pytest.raises(pytest.fail.Exception, match="No such file or directory"):
        expect_silence("ruff", "check", "there-is-no-such.py")
