"""What every test may ask for, and the rule that CI never passes by skipping."""

import os
import re
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest_plugins = ["tests.architecture.coverage_goals"]

CHECKOUT = Path(__file__).parent.parent
BROWSER_FLAGS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NEVER_SKIPPED_IN_CI = re.compile("corpus|chromium|browser|playwright|this proof did not run", re.IGNORECASE)


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of the checkout."""
    return CHECKOUT


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real files, read-only: ``DITICH_CORPUS``, else ``../shared/corpus`` beside the checkout."""
    folder = Path(os.environ.get("DITICH_CORPUS") or CHECKOUT.parent / "shared" / "corpus")
    if not (folder / "MANIFEST.csv").is_file():
        pytest.skip("the corpus of real files is not here: set DITICH_CORPUS to its folder")
    return folder


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium of the system, for playwright's ``executable_path``."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    return found


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator["Browser"]:
    """One browser for all tests of a process: playwright holds the thread's event loop, so there can be no second one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=list(BROWSER_FLAGS))
        yield started
        started.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for the corpus or the browser carries its marker, so that ``-m 'not browser'`` works."""
    for item in items:
        wanted = getattr(item, "fixturenames", ())
        if "corpus" in wanted:
            item.add_marker("corpus")
        if "chromium_path" in wanted:
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a test that skips because the corpus or the browser is missing has failed."""
    report = yield
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if os.environ.get("CI") == "true" and report.skipped and must_run(item, reason):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where it must run: {reason.removeprefix('Skipped: ')}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the proofs counted, and which of them did not run."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, []) if report.when == "call"]
    lines = [str(line) for report in reports for name, line in report.user_properties if name == "proof"]
    missing = [
        report.longrepr[2] for report in terminalreporter.stats.get("skipped", []) if "this proof did not run" in str(report.longrepr)
    ]
    if lines or missing:
        terminalreporter.section("proofs")
    for line in [*sorted(lines), *sorted(set(missing))]:
        terminalreporter.write_line(line)


def must_run(item: pytest.Item, reason: str) -> bool:
    """Whether CI may not skip this test; a test of another platform may be skipped."""
    marked = any(item.get_closest_marker(name) for name in ("corpus", "browser"))
    return marked or NEVER_SKIPPED_IN_CI.search(reason) is not None
