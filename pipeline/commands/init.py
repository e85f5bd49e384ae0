"""``ditich init``: founds an archive home."""

import argparse
from pathlib import Path

from archive.errors import UsageError
from pipeline.console import Console
from pipeline.space import EXPECTED_ASSETS, require_inodes
from pipeline.words import Words


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("--name", default="", help=words("init.name"))
    parser.add_argument("--naan", default="99999", help=words("init.naan"))
    parser.add_argument("--expect", type=int, default=None, metavar="N", help=words("init.expect", default=EXPECTED_ASSETS))
    parser.add_argument("--second-location", default="", metavar=words("folder"), help=words("init.second"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Asks for what is missing, makes the home, says where the keys are."""
    from archive.home import create_home, key_folder

    name = arguments.name or console.ask("init.ask-name", default=Path(arguments.home).resolve().name)
    second = arguments.second_location or console.ask("init.ask-second", default="")
    expected = arguments.expect if arguments.expect is not None else _number(console.ask("init.ask-expect", default=str(EXPECTED_ASSETS)))
    require_inodes(arguments.home, expected)
    keys = key_folder()
    home = create_home(arguments.home, name=name, naan=arguments.naan, second_location=second, keys=keys)
    console.say("init.done", name=home.config.name, home=home.root, keys=keys)
    console.say("init.next" if second else "init.next-second", home=home.root)
    console.document(
        {"home": str(home.root), "name": home.config.name, "naan": home.config.naan, "keys": str(keys), "second_location": second}
    )
    return 0


def _number(answer: str) -> int:
    if not answer.isdecimal():
        raise UsageError(f"“{answer}” is not a number.", advice="Say how many assets you expect, in digits: 5000.")
    return int(answer)
