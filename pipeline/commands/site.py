"""``ditich site save DIR`` and ``ditich site checkout SITE DIR``."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import ConflictError
from pipeline.console import Console
from pipeline.words import Words

if TYPE_CHECKING:
    from pipeline.site_definition import Place


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parts = parser.add_subparsers(dest="part", required=True, metavar="save|checkout")
    save = parts.add_parser("save", help=words("site.save"), description=words("site.save"))
    save.add_argument("folder", type=Path, metavar="DIR", help=words("site.folder"))
    save.add_argument("--as-new-site", action="store_true", help=words("site.as-new-site"))
    checkout = parts.add_parser("checkout", help=words("site.checkout"), description=words("site.checkout"))
    checkout.add_argument("site", metavar="SITE", help=words("site.name"))
    checkout.add_argument("folder", type=Path, metavar="DIR", help=words("site.folder"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Saves or checks out."""
    return _save(arguments, console) if arguments.part == "save" else _checkout(arguments, console)


def place_said(place: "Place", words: Words) -> str:
    """A part of a site folder in the user's words: “scene 2”, “step 1 of two-stops”."""
    part = words(f"site.part-{place.part}", number=place.number)
    return words("site.part-inside", part=part, inside=place.inside) if place.inside else part


def _save(arguments: argparse.Namespace, console: Console) -> int:
    from archive.home import open_home
    from pipeline.run import prepare, take_from_public
    from pipeline.site_archive import save

    home = open_home(arguments.home)
    prepare(home, console)
    try:
        saved = save(home, arguments.folder, agent=home.config.agent, now=datetime.now(UTC), as_new_site=arguments.as_new_site)
    except ConflictError as error:
        console.line(error.detail)
        raise
    key = "site.saved" if saved.changed else "site.unchanged"
    console.say(key, slug=saved.site.slug, version=saved.version, ark=saved.site.ark)
    for note in saved.notes:
        place = place_said(note.place, console.words) if note.place else ""
        console.say(f"site.note-{note.kind}", place=place, **note.values)
    report = take_from_public(home, saved.site.ark) if saved.changed else None
    if report is not None:
        console.say("taken-away.done", slug=report.slug, generation=report.generation)
        console.say("taken-away.copies")
    console.document(
        {
            "ark": saved.site.ark,
            "slug": saved.site.slug,
            "version": saved.version,
            "changed": saved.changed,
            "published": report.generation if report else None,
            "notes": [{"kind": note.kind, **note.values} for note in saved.notes],
        }
    )
    return 0


def _checkout(arguments: argparse.Namespace, console: Console) -> int:
    from archive.home import open_home
    from pipeline.site_archive import checkout

    home = open_home(arguments.home)
    site, version = checkout(home, arguments.site, arguments.folder)
    console.say("site.checked-out", slug=site.slug, version=version, folder=arguments.folder)
    console.document({"ark": site.ark, "slug": site.slug, "version": version, "folder": str(arguments.folder)})
    return 0
