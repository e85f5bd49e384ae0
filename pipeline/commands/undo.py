"""``ditich undo DEPOSIT``: withdraws what the deposit created and reverts what it versioned."""

import argparse

from pipeline.commands.edit import amend
from pipeline.console import Console
from pipeline.words import Words


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("deposit", metavar="DEPOSIT", help=words("undo.deposit"))
    parser.add_argument("--yes", action="store_true", help=words("edit.yes"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Undoes one deposit."""
    from pipeline.amend import plan_undo

    return amend(arguments, console, lambda home: plan_undo(home, arguments.deposit))
