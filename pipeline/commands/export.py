"""``ditich export ARK|SITE DIR``: gives an object or a whole site out as a bag, a ZIP or an OCFL storage root."""

import argparse
from pathlib import Path

from pipeline.console import Console, StageProgress, size
from pipeline.words import Words

FORMS = ("bag", "ocfl", "zip")
STAGES = {"write": ("export.writing", "bytes"), "read-back": ("export.reading-back", "bytes")}


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("name", metavar="ARK|SITE", help=words("export.name"))
    parser.add_argument("place", type=Path, metavar="DIR", help=words("export.place"))
    parser.add_argument("--as", dest="form", choices=FORMS, default="bag", help=words("export.as"))
    parser.add_argument("--public-only", action="store_true", help=words("export.public-only"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Exports, and says how much of it must not be passed on."""
    from collections import Counter

    from archive.exchange.export import Form, export
    from archive.exchange.selection import select
    from archive.home import open_home
    from archive.records.access import AccessLevel

    home = open_home(arguments.home)
    selection = select(home, arguments.name, public_only=arguments.public_only)
    place = place_of(arguments.place, arguments.form)
    console.say("export.plan", count=len(selection.chosen), ark=selection.ark, place=place)
    if selection.not_public:
        console.say("export.not-public", count=selection.not_public, total=len(selection.chosen))
        for kind, count in sorted(Counter(one.kind for one in selection.chosen if one.access is not AccessLevel.PUBLIC).items()):
            console.say(f"export.why-{kind}", count=count)
    if selection.left_out:
        console.say("export.left-out", count=len(selection.left_out))
    with StageProgress(console, STAGES) as progress:
        done = export(home, selection, place, Form(arguments.form), progress.step)
    console.say("export.done", place=done.place, files=done.files, size=size(done.bytes))
    console.document(
        {
            "ark": selection.ark,
            "place": str(done.place),
            "form": str(done.form),
            "objects": [{"ark": one.ark, "kind": one.kind, "access": str(one.access)} for one in selection.chosen],
            "not_public": selection.not_public,
            "left_out": list(selection.left_out),
            "files": done.files,
            "bytes": done.bytes,
        }
    )
    return 0


def place_of(place: Path, form: str) -> Path:
    """Where the package will stand: a ZIP is a file and is named so."""
    place = Path(place.absolute())
    return place.with_name(f"{place.name}.zip") if form == "zip" and place.suffix.lower() != ".zip" else place
