"""The set-up itself, on copies of ``ditich`` in empty folders: what it says when it cannot, what it does again, and what it starts."""

import ast
import importlib.util
import json
import os
import shutil
import string
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.commands import CHECKOUT, run

posix = pytest.mark.skipif(os.name == "nt", reason="the copy's Python is a shell script")
NO_REGISTRY = {
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
    "PIP_RETRIES": "0",
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_FIND_LINKS": "",
    "PIP_EXTRA_INDEX_URL": "",
    "PIP_NO_CACHE_DIR": "1",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with the bootstrap and the files it looks at, and nothing installed."""
    shutil.copy(CHECKOUT / "ditich", tmp_path / "ditich")
    for name in ("requirements.txt", "package.json", "package-lock.json"):
        shutil.copy(CHECKOUT / name, tmp_path / name)
    (tmp_path / "viewer" / "web").mkdir(parents=True)
    (tmp_path / "viewer" / "web" / "page.ts").write_text("export {};\n")
    return tmp_path


def load(folder: Path) -> ModuleType:
    """The bootstrap of a folder as a module."""
    loader = SourceFileLoader("bootstrap_under_test", str(folder / "ditich"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


def installed(folder: Path) -> ModuleType:
    """The bootstrap of a folder in which every step is done; its Python prints its arguments and where it looks for modules."""
    bootstrap = load(folder)
    python = Path(bootstrap.PYTHON)
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$PYTHONPATH|$*"\n')
    python.chmod(0o755)
    (folder / "node_modules").mkdir()
    (folder / "viewer" / "static" / "built").mkdir(parents=True)
    bootstrap.write_state({step.name: bootstrap.digest_of(step) for step in bootstrap.STEPS})
    return bootstrap


def pending(bootstrap: ModuleType) -> list[str]:
    """The names of the steps that would run."""
    return [step.name for step in bootstrap.pending_steps()]


def ditich(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the folder's bootstrap, in English unless told otherwise."""
    return run(sys.executable, folder / "ditich", *arguments, folder=folder, **{"DITICH_LANG": "en", "PYTHONPATH": "", **environment})


def test_it_needs_only_the_standard_library_and_an_old_python_can_read_it() -> None:
    tree = ast.parse((CHECKOUT / "ditich").read_text(encoding="utf-8"), feature_version=(3, 8))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in imports if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_every_sentence_stands_in_three_languages_with_the_same_values(copy: Path) -> None:
    for key, translations in load(copy).SENTENCES.items():
        fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in translations]
        assert len(translations) == 3, key
        assert fields[0] == fields[1] == fields[2], key


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"DITICH_LANG": "vi", "LANG": "en_GB.UTF-8"}, "thư viện hệ thống"),
        ({"LC_ALL": "th_TH.UTF-8"}, "ไลบรารีของระบบ"),
        ({"LANG": "en_GB.UTF-8"}, "system libraries"),
        ({"LANG": "C.UTF-8"}, "system libraries"),
        ({}, "system libraries"),
    ],
    ids=["DITICH_LANG", "LC_ALL", "LANG", "C", "nothing"],
)
def test_it_speaks_the_users_language(copy: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str) -> None:
    for name in ("DITICH_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert load(copy).sentence("system") == expected


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("npm error code ENOTFOUND", "network"),
        ("ERROR: Could not find a version that satisfies the requirement uv", "network"),
        ("error: Failed to fetch: `https://…`\n  Caused by: dns error", "network"),
        ("OSError: [Errno 28] No space left on device", "space"),
        ("npm error code EINTEGRITY", "changed"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "changed"),
        ("The virtual environment was not created because ensurepip is not available", "no-venv"),
        ("Traceback (most recent call last):", "failed"),
    ],
    ids=["npm", "pip", "uv", "disk", "npm-hash", "pip-hash", "debian", "other"],
)
def test_the_sentence_fits_what_went_wrong(copy: Path, printed: str, key: str) -> None:
    assert load(copy).kind_of_failure(printed) == key


def test_without_a_registry_it_says_so_and_exits_2(copy: Path) -> None:
    done = ditich(copy, "help", **NO_REGISTRY)
    assert done.returncode == 2
    assert "no answer from the package registry. Check the network" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert json.loads((copy / ".venv" / ".ditich-state.json").read_text())["unfinished"] == "packages"


def test_a_damaged_lock_file_is_named_and_a_half_made_environment_is_made_again(copy: Path) -> None:
    (copy / "requirements.txt").write_text("pillow==13.0.0\n")
    (copy / ".venv").mkdir()
    (copy / ".venv" / "left behind").touch()
    (copy / ".venv" / ".ditich-state.json").write_text('{"unfinished": "environment"}')
    done = ditich(copy, "help", DITICH_LANG="vi")
    assert done.returncode == 2
    assert "Tệp requirements.txt thiếu hoặc hỏng" in done.stderr
    assert not (copy / ".venv" / "left behind").exists()


def test_an_old_python_is_told_so(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap = load(copy)
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(bootstrap.SetupError) as caught:
        bootstrap.set_up()
    assert "this is Python 3.9" in bootstrap.SENTENCES[caught.value.key][1].format(**caught.value.values)


@posix
def test_the_second_of_two_first_runs_waits(copy: Path) -> None:
    import fcntl

    (copy / "requirements.txt").write_text("")
    command = [sys.executable, str(copy / "ditich"), "help"]
    with (copy / ".venv.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "DITICH_LANG": "en"})
        assert second.stderr
        assert second.stderr.readline() == "Another ./ditich is setting up; waiting for it.\n"
        assert not (copy / ".venv").exists()
    rest = second.communicate()[1]
    assert "1/6 Python environment" in rest
    assert second.returncode == 2


@posix
@pytest.mark.parametrize(
    ("changed", "again"),
    [
        (None, []),
        ("requirements.txt", ["packages", "kernels"]),
        ("package-lock.json", ["browser", "viewer"]),
        ("viewer/web/page.ts", ["viewer"]),
        ("viewer/web/src/new.ts", ["viewer"]),
    ],
    ids=str,
)
def test_only_what_changed_is_made_again(copy: Path, changed: str | None, again: list[str]) -> None:
    bootstrap = installed(copy)
    if changed:
        (copy / changed).parent.mkdir(exist_ok=True)
        with (copy / changed).open("a") as target:
            target.write("\n")
    assert pending(bootstrap) == again


@posix
def test_what_is_missing_half_done_or_moved_is_made_again(copy: Path) -> None:
    bootstrap = installed(copy)
    everything = [step.name for step in bootstrap.STEPS]
    state = bootstrap.read_state()
    shutil.rmtree(copy / "viewer" / "static" / "built")
    assert pending(bootstrap) == ["viewer"]
    bootstrap.write_state({**state, "unfinished": "packages"})
    assert pending(bootstrap) == everything
    Path(bootstrap.STATE).write_text("{ half a sta")
    assert pending(bootstrap) == everything
    moved = copy.rename(copy.with_name("moved"))
    bootstrap = load(moved)
    bootstrap.write_state(state)
    assert pending(bootstrap) == everything


@posix
def test_a_step_that_failed_is_pending_again(copy: Path) -> None:
    bootstrap = installed(copy)
    Path(bootstrap.npm()).write_text("#!/bin/sh\necho something broke\nexit 7\n")
    Path(bootstrap.npm()).chmod(0o755)
    with (copy / "viewer" / "web" / "page.ts").open("a") as target:
        target.write("\n")
    done = ditich(copy, "status")
    assert done.returncode == 2
    assert "The step “viewer is built” failed." in done.stderr
    assert "something broke" in Path(bootstrap.LOG).read_text()
    assert pending(bootstrap) == ["viewer"]
    Path(bootstrap.npm()).write_text("#!/bin/sh\n")
    assert ditich(copy, "status").stdout == f"{copy}|-P -m pipeline status\n"
    assert pending(bootstrap) == []


@posix
@pytest.mark.parametrize(
    ("arguments", "started"),
    [
        ([], "-m pipeline"),
        (["status", "--json"], "-m pipeline status --json"),
        (["demo", "--no-serve"], "-m pipeline demo --no-serve"),
        (["serve", "--port", "8001"], "-m viewer --port 8001"),
        (["freeze", "out"], "-m viewer.freeze out"),
        (["test"], "-m pytest -n 2 --dist loadfile --cov --cov-report="),
        (["test", "tests/archive", "-x"], "-m pytest tests/archive -x"),
        (["prove"], "-m pytest tests/proofs -n 2 --dist worksteal -p no:randomly --durations=15"),
        (["prove", "a.receipt", "--json"], "-m pipeline prove a.receipt --json"),
    ],
    ids=["nothing", "status", "demo", "serve", "freeze", "test", "test-some", "prove", "prove-a-receipt"],
)
def test_what_it_starts(copy: Path, arguments: list[str], started: str) -> None:
    installed(copy)
    done = ditich(copy, *arguments, PYTHONPATH="", TMPDIR=str(copy))
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{copy}|-P {started}\n"
    assert done.stderr == ""
