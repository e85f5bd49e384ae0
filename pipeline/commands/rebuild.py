"""``ditich rebuild``: makes catalogue, derivatives and publications again from the archive and says what is the same."""

import argparse
from dataclasses import asdict

from pipeline.console import Console
from pipeline.words import Words

PARTS = ("catalogue", "derivatives", "publications")
MOST = 10


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("--only", choices=PARTS, help=words("rebuild.only"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Rebuilds all parts or one."""
    from archive.home import open_home
    from pipeline.rebuild import rebuild
    from pipeline.run import prepare

    home = open_home(arguments.home)
    prepare(home, console)
    outcomes = rebuild(home, (arguments.only,) if arguments.only else PARTS, console)
    for outcome in outcomes:
        part = console.words(f"rebuild.part-{outcome.part}")
        console.say("rebuild.done", part=part, same=len(outcome.same), different=len(outcome.different), made=len(outcome.made))
        if outcome.sites:
            console.say("rebuild.sites", sites=", ".join(outcome.sites))
        for name, why in outcome.different[:MOST]:
            console.say("rebuild.why", name=name, why=why)
    console.document({"parts": [{**asdict(one), "same": len(one.same)} for one in outcomes]})
    return 0
