"""The one module that knows the order of the stages."""

from archive.home import Home
from archive.recovery import recover
from pipeline.console import Console


def prepare(home: Home, console: Console) -> None:
    """What every writing command does first: mends what a crash left, and says so."""
    for sentence in recover(home):
        console.line(sentence)
