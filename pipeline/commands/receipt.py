"""``ditich receipt ARK``: issues the receipt of a deposit or an asset again, under the newest checkpoint."""

import argparse
from pathlib import Path

from pipeline.console import Console, size
from pipeline.words import Words


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("ark", metavar="ARK", help=words("receipt.ark"))
    parser.add_argument("--out", type=Path, metavar="FILE", help=words("receipt.out"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Writes the receipt and names it."""
    from archive.home import open_home
    from archive.storage.refusals import Refusals
    from pipeline.receipts import keep_receipt, receipt_of

    home = open_home(arguments.home)
    if arguments.out is None:
        path = keep_receipt(home, arguments.ark)
    else:
        path = arguments.out
        content = receipt_of(home, arguments.ark)
        with Refusals(str(path)):
            path.write_bytes(content)
    console.say("receipt.done", path=path, size=size(path.stat().st_size))
    console.document({"receipt": str(path), "ark": arguments.ark})
    return 0
