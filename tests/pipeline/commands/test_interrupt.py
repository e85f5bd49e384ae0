"""Ctrl-C at any moment of a command: one sentence or document, exit code 2, never a traceback."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import __main__ as program
from pipeline import cli

ROOT = Path(__file__).parents[3]
STOPPED_INSIDE_EXEC = """
import runpy, sys
from pipeline.commands import audit
def run(arguments, console):
    exec("raise KeyboardInterrupt")
audit.run = run
sys.argv = ["pipeline", "audit", "--json"]
runpy.run_module("pipeline", run_name="__main__", alter_sys=True)
"""


def test_stopped_in_the_middle_of_an_exec() -> None:
    done = subprocess.run([sys.executable, "-c", STOPPED_INSIDE_EXEC], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == cli.COULD_NOT != -signal.SIGINT
    assert json.loads(done.stdout)["error"]["kind"] == "Interrupted"
    assert done.stderr == ""


@pytest.mark.parametrize("arguments", [["audit"], ["audit", "--json"]])
def test_stopped_before_anything_was_begun(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    def stop() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "main", stop)
    monkeypatch.setattr(sys, "argv", ["ditich", *arguments])
    assert program.start() == program.COULD_NOT == cli.COULD_NOT
    printed = capsys.readouterr().out
    assert (json.loads(printed)["error"]["kind"] == "Interrupted") if "--json" in arguments else printed == ""
