"""``ditich status``: one screen that says how the archive stands and what somebody should take care of."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from pipeline.console import Console, size
from pipeline.report import printable
from pipeline.words import Words

MOST_DEPOSITS = 5


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """No arguments of its own."""


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Shows figures and notices; 1 while something is damaged."""
    from archive.catalogue import open_catalogue
    from archive.home import open_home
    from archive.integrity.status import status
    from pipeline.publish.publish import last_publication
    from pipeline.receive import waiting

    home = open_home(arguments.home)
    now = status(home, datetime.now(UTC))
    with open_catalogue(home) as catalogue:
        sites = [(row.ark, row.slug, len(catalogue.assets(row.ark))) for row in catalogue.sites()]
        assets, deposits = len(catalogue.assets()), catalogue.deposits()
    console.say("status.title", name=now.name, home=home.root)
    console.say("status.objects", assets=assets, sites=len(sites), deposits=len(deposits), size=size(now.bytes))
    for ark, slug, count in sites:
        last = last_publication(home, ark)
        published = console.words("status.published", generation=last.generation) if last else console.words("status.unpublished")
        console.say("status.site", slug=slug, assets=count, published=published)
    for row in deposits[-MOST_DEPOSITS:]:
        name = row.survey or Path(row.origin).name
        console.say("status.deposit", ark=row.ark, name=printable(name), when=day(row.received), files=row.files)
    left = waiting(home.incoming)
    for one in left:
        why = console.words(f"status.incoming-{one.why}")
        console.say("status.incoming", deposit=one.deposit, files=one.files, size=size(one.bytes), when=day(one.since), why=why)
    never = console.words("status.never")
    console.say("status.checked", when=day(now.last_check) or never, overdue=now.overdue, total=now.objects, due=day(now.next_due) or never)
    for notice in now.notices:
        console.line(f"  ! {notice.sentence[console.words.language]}")
    if home.config.naan == "99999":
        console.say("status.test-naan")
    listed = [{"ark": row.ark, "site": row.site} for row in deposits]
    console.document(
        {
            **asdict(now),
            "assets": assets,
            "sites": [slug for _, slug, _ in sites],
            "deposits": listed,
            "incoming": [asdict(one) for one in left],
        }
    )
    return 1 if now.damaged else 0


def day(moment: str) -> str:
    """The day, in this machine's zone, of a moment (RFC 3339); "" for none."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""
