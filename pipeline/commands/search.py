"""``ditich search WORDS``: finds assets, sites and deposits in the whole archive, restricted ones too."""

import argparse
from dataclasses import asdict

from pipeline.console import Console
from pipeline.report_words import WORDS
from pipeline.words import Words


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("words", nargs="+", metavar="WORDS", help=words("search.words"))
    parser.add_argument("--limit", type=int, default=50)


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Searches the catalogue."""
    from archive.catalogue import open_catalogue
    from archive.home import open_home

    home = open_home(arguments.home)
    sought = " ".join(arguments.words)
    with open_catalogue(home) as catalogue:
        hits = catalogue.search(sought, limit=arguments.limit)
    language = console.words.language
    for hit in hits:
        title, _ = hit.title.best(language) or ("–", language)
        console.say("search.hit", ark=hit.ark, kind=WORDS[language].get(hit.kind, hit.kind), title=title)
    if not hits:
        console.say("search.none", words=sought)
    console.document({"words": sought, "hits": [asdict(hit) for hit in hits]})
    return 0
