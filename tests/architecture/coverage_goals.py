"""Branch coverage against the goals of ``[tool.ditich.coverage]``, asked for only when the whole gate runs.

The figures are printed before pytest's closing line; one below its goal makes the run fail.
"""

import io
import os
import shutil
import tomllib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import coverage
import pytest

CHECKOUT = Path(__file__).parent.parent.parent
WORST_FILES = 15


@dataclass(frozen=True)
class Figure:
    """One goal and what was reached, in per cent; ``lacking`` are the files that lack most, as lines to print."""

    name: str
    goal: float
    reached: float
    lacking: tuple[str, ...]

    @property
    def met(self) -> bool:
        """Whether the goal is reached, without rounding in its favour."""
        return self.reached >= self.goal


FIGURES = pytest.StashKey[list[Figure]]()


def goals() -> dict[str, float]:
    """Folder (or "total") to per cent."""
    with (CHECKOUT / "pyproject.toml").open("rb") as source:
        return dict(tomllib.load(source)["tool"]["ditich"]["coverage"])


def asked_for(config: pytest.Config) -> bool:
    """Coverage says something only when it is measured and every test runs."""
    options = config.option
    narrowed = options.keyword or options.markexpr or getattr(options, "lf", False) or options.collectonly
    return bool(getattr(options, "cov_source", [])) and not narrowed and config.args_source is pytest.Config.ArgsSource.TESTPATHS


def figure(measured: coverage.Coverage, name: str, goal: float) -> Figure:
    """What was reached in a folder of the checkout, or in all ("total")."""
    include = None if name == "total" else [str(CHECKOUT / name / "*")]
    try:
        reached = measured.report(include=include, file=io.StringIO(), show_missing=False)
    except coverage.exceptions.NoDataError:
        return Figure(name, goal, 0.0, ())
    return Figure(name, goal, reached, tuple(lacking(measured, include)))


def lacking(measured: coverage.Coverage, include: list[str] | None) -> list[str]:
    """The files that lack most, worst first, with the lines and branches that no test ran."""
    table = io.StringIO()
    measured.report(include=include, file=table, show_missing=True, skip_covered=True, sort="miss")
    rows = [line for line in table.getvalue().splitlines() if ".py " in line]
    return rows[::-1][:WORST_FILES]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """After pytest-cov has put the processes' data together, the figures are taken."""
    result = yield
    if asked_for(session.config) and not hasattr(session.config, "workerinput"):
        measured = coverage.Coverage()
        measured.load()
        figures = [figure(measured, name, goal) for name, goal in goals().items()]
        session.config.stash[FIGURES] = figures
        if not all(each.met for each in figures):
            session.testsfailed += 1
    return result


def pytest_unconfigure(config: pytest.Config) -> None:
    """The folder that ``./ditich test`` made for the measurements goes."""
    folder = Path(os.environ.get("COVERAGE_FILE", "")).parent
    if folder.name.startswith("ditich-coverage-") and not hasattr(config, "workerinput"):
        shutil.rmtree(folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """One line a goal; below a goal that is missed, the files that lack most."""
    figures = config.stash.get(FIGURES, [])
    if figures:
        terminalreporter.section("branch coverage")
    for each in figures:
        verdict = "reached" if each.met else "MISSED"
        terminalreporter.write_line(f"{each.name:<10} {each.reached:6.2f} %  goal {each.goal:g} % {verdict}", red=not each.met)
        for line in () if each.met else each.lacking:
            terminalreporter.write_line(f"    {line}")
