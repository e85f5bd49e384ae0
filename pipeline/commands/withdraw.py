"""``ditich withdraw ARK``: takes an asset from the public; its originals stay, its ARK leads to a tombstone."""

import argparse

from pipeline.commands.edit import amend
from pipeline.console import Console
from pipeline.words import Words


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("ark", metavar="ARK", help=words("withdraw.ark"))
    parser.add_argument("--reason", default=words("withdraw.default-reason"), help=words("withdraw.reason"))
    parser.add_argument("--yes", action="store_true", help=words("edit.yes"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Withdraws one asset."""
    from pipeline.amend import plan_withdraw

    return amend(arguments, console, lambda home: plan_withdraw(home, arguments.ark, arguments.reason))
