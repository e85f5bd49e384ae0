"""Runs the programs of the gate as a person would, from the environment that runs the tests."""

import os
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent.parent
PROGRAMS = Path(sys.executable).parent


def run(*command: str | Path, folder: Path = CHECKOUT, **more_environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end, the environment's programs first in the path. An empty variable of ``more_environment`` is taken away."""
    path = f"{PROGRAMS}{os.pathsep}{os.environ.get('PATH', '')}"
    wanted = {**os.environ, "PATH": path, "NO_COLOR": "1", **more_environment}
    environment = {name: value for name, value in wanted.items() if value}
    return subprocess.run(list(map(str, command)), cwd=folder, env=environment, capture_output=True, text=True, check=False)


def tracked(*patterns: str) -> list[Path]:
    """The files of the checkout that git knows or would add, in a fixed order, as absolute paths."""
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns)
    assert listed.returncode == 0, listed.stderr
    names = sorted(set(filter(None, listed.stdout.split("\0"))))
    return [CHECKOUT / name for name in names if (CHECKOUT / name).is_file()]
