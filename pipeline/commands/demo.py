"""``ditich demo``: the main job from end to end on simulated material: rehearse, found, save, ingest, publish, audit, serve."""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.console import Console
from pipeline.words import Words

SITES = Path(__file__).resolve().parents[2] / "sites"
SAMPLES = ("dinh-mau", "nha-me-nhu", "dinh-thac-gian")
STEPS = ("rehearse", "init", "sites", "ingest", "publish", "audit")


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("--no-serve", action="store_true", help=words("demo.no-serve"))
    parser.add_argument("--small", action="store_true", help=words("demo.small"))
    parser.add_argument("--port", type=int, default=8000, help=words("demo.port"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Runs the steps, each as the command a user would type; what is already there is kept."""
    started = time.monotonic()
    home = Path(arguments.home)
    rehearsal = home.with_name(home.name + "-rehearsal")
    steps: dict[str, Callable[[], int]] = {
        "rehearse": lambda: _rehearse(console, rehearsal, small=arguments.small),
        "init": lambda: _found(console, home),
        "sites": lambda: max(_command(console, "site", "save", str(SITES / name), "--home", str(home)) for name in SAMPLES),
        "ingest": lambda: _ingest(console, home, rehearsal),
        "publish": lambda: _command(console, "publish", "--yes", "--home", str(home)),
        "audit": lambda: _command(console, "audit", "--home", str(home)),
    }
    for number, name in enumerate(STEPS, start=1):
        console.say("demo.step", step=number, steps=len(STEPS), what=console.words(f"demo.{name}"))
        code = steps[name]()
        if code > 1 or (name == "audit" and code):
            return code
    seconds = round(time.monotonic() - started, 1)
    console.say("demo.ready", seconds=seconds, home=home)
    console.document({"home": str(home), "rehearsal": str(rehearsal), "seconds": seconds})
    return 0 if arguments.no_serve else _serve(home, arguments.port)


def _command(console: Console, name: str, *argv: str) -> int:
    from pipeline.cli import call

    quiet = Console(console.words, out=console.err if console.as_json else console.out, err=console.err, clock=console.clock)
    return call(name, list(argv), quiet)


def _rehearse(console: Console, folder: Path, *, small: bool) -> int:
    if folder.with_name(folder.name + ".truth.json").is_file():
        console.line(f"  {folder}: {console.words('demo.already')}")
        return 0
    return _command(console, "rehearse", str(folder), *(["--small"] if small else []))


def _found(console: Console, home: Path) -> int:
    if (home / "ditich.toml").is_file():
        console.line(f"  {home}: {console.words('demo.already')}")
        return 0
    return _command(console, "init", "--name", "Demo", "--home", str(home))


def _ingest(console: Console, home: Path, folder: Path) -> int:
    return _command(
        console, "ingest", str(folder), "--site", "dinh-mau", "--access", "public", "--survey", "Rehearsal", "--home", str(home)
    )


def _serve(home: Path, port: int) -> int:
    return subprocess.run([sys.executable, "-m", "viewer", "--home", str(home), "--port", str(port)], check=False).returncode
