"""``ditich show ARK``: everything the archive knows of one asset, site or deposit."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.console import Console, size
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.home import Home


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("ark", metavar="ARK", help=words("show.ark"))
    parser.add_argument("--premis", type=Path, metavar="FILE", help=words("show.premis"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Prints the record and the kept files with their digests."""
    from archive.access import head_of, read_bytes, read_files, record_kind
    from archive.errors import NotFoundError
    from archive.home import open_home

    home = open_home(arguments.home)
    head = head_of(home, arguments.ark)
    if head is None:
        raise NotFoundError(f"This archive has nothing under “{arguments.ark}”.", advice="Find it with `ditich search WORDS`.")
    kind = record_kind(home, arguments.ark)
    name = {"asset": "record.json", "site": "site.json", "deposit": "deposit.json"}.get(kind, "")
    record = json.loads(read_bytes(home, arguments.ark, name)) if name else {}
    files = read_files(home, arguments.ark)
    console.line(f"{arguments.ark}  {kind}  {head}")
    console.line(json.dumps(record, ensure_ascii=False, indent=2))
    for path, file in sorted(files.items()):
        console.line(f"  {path}  {size(file.size)}  sha256 {file.sha256}")
    if arguments.premis is not None:
        _write_premis(home, arguments, console)
    listed = [{"path": path, "size": file.size, "sha512": file.sha512, "sha256": file.sha256} for path, file in sorted(files.items())]
    console.document({"ark": arguments.ark, "kind": kind, "version": head, "record": record, "files": listed})
    return 0


def _write_premis(home: "Home", arguments: argparse.Namespace, console: Console) -> None:
    """Everything that happened to it, for another archive or an inspector."""
    from archive.storage.refusals import Refusals
    from pipeline.publish.premis_archive import premis_of

    content = premis_of(home, arguments.ark)
    with Refusals(str(arguments.premis)):
        arguments.premis.write_bytes(content)
    console.say("show.premis-at", path=arguments.premis)
