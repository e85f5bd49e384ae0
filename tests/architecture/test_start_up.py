"""What appears at once must not load what is slow, and the public viewer must not hold what can write."""

import json
import sys

import pytest

from tests.architecture.commands import CHECKOUT, run

HEAVY = (
    *(
        "PIL",
        "fastapi",
        "granian",
        "imagecodecs",
        "jinja2",
        "laspy",
        "lxml",
        "meshoptimizer",
        "numba",
        "numpy",
        "open3d",
        "openpyxl",
        "pxr",
        "pydantic",
    ),
    *("pye57", "pygfried", "pyproj", "pyvips", "rawpy", "rich", "scipy", "sqlalchemy", "tifffile", "trimesh"),
)
WRITERS = ("archive.accession", "archive.ledger", "archive.ocfl", "archive.publications.write", "archive.storage", "pipeline")
HELP_PAGES: tuple[list[str], ...] = ([], ["help"], ["--help"], ["check", "--help"], ["ingest", "--help"])

LOADED = """
import json, runpy, sys
sys.argv = json.loads(sys.argv[1])
try:
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
except SystemExit:
    pass
print("LOADED" + json.dumps(sorted(sys.modules)))
"""
IMPORTED = """
import json, sys, {}
print("LOADED" + json.dumps(sorted(sys.modules)))
"""


def loaded_by(module: str, *arguments: str) -> list[str]:
    """The names of all modules that a fresh Python holds after it ran a module with arguments."""
    return modules_after(LOADED, json.dumps([module, *arguments]))


def modules_after(program: str, *arguments: str) -> list[str]:
    """The names of all modules that a fresh Python holds after it ran a program that prints them."""
    done = run(sys.executable, "-c", program, *arguments)
    if "LOADED" not in done.stdout:
        pytest.fail(done.stdout + done.stderr, pytrace=False)
    return list(json.loads(done.stdout.rpartition("LOADED")[2]))


def among(names: tuple[str, ...], modules: list[str]) -> list[str]:
    """The modules that are one of the names or lie inside one."""
    return [module for module in modules if any(module == name or module.startswith(f"{name}.") for name in names)]


@pytest.mark.parametrize("arguments", HELP_PAGES, ids=" ".join)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    assert among(HEAVY, loaded_by("pipeline", *arguments)) == []


def test_the_order_of_the_stages_is_known_without_their_libraries() -> None:
    libraries_that_cost = tuple(name for name in HEAVY if name != "pydantic")
    assert among(libraries_that_cost, modules_after(IMPORTED.format("pipeline.run"))) == []


def test_the_viewers_process_holds_nothing_that_writes() -> None:
    modules = modules_after(IMPORTED.format("viewer.app"))
    assert "archive.publications.read" in modules
    assert among(WRITERS, modules) == []


def test_the_guard_would_see_a_heavy_module() -> None:
    assert among(("json",), ["json", "json.decoder", "jsonish"]) == ["json", "json.decoder"]
    assert (CHECKOUT / "pipeline" / "cli.py").is_file()
