"""``ditich check FOLDER --site S``: everything that ingest would do and say; nothing is written."""

import argparse
import json
import shlex

from pipeline.commands.ingest import configure_deposit, exit_code, with_home
from pipeline.console import Console
from pipeline.words import Words


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    configure_deposit(parser, words)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Examines the folder in place and shows the report."""
    from archive.home import open_home
    from pipeline.report import terminal_lines
    from pipeline.run import ingest_folder

    home = open_home(arguments.home)
    report = ingest_folder(home, arguments.folder, arguments, console, dry_run=True)
    for line in terminal_lines(report, console.words.language):
        console.line(line)
    console.say("check.next", folder=shlex.quote(str(arguments.folder)), slug=with_home(arguments.site, arguments.home))
    console.document(json.loads(report.as_json()))
    return exit_code(report)
