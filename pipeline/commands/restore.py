"""``ditich restore ARK``: brings a withdrawn asset back."""

import argparse

from pipeline.commands.edit import amend
from pipeline.console import Console
from pipeline.words import Words


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("ark", metavar="ARK", help=words("withdraw.ark"))
    parser.add_argument("--yes", action="store_true", help=words("edit.yes"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Restores one asset."""
    from pipeline.amend import plan_restore

    return amend(arguments, console, lambda home: plan_restore(home, arguments.ark))
