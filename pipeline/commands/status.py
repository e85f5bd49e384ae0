"""``ditich status``: one screen that says how the archive stands and what somebody should take care of."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import UsageError
from archive.storage.refusals import Refusals
from pipeline.console import Console, size
from pipeline.report import printable
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.audit.copies import CardVerdict
    from archive.catalogue.rows import DepositRow
    from archive.home import Home
    from archive.integrity.figures import Status
    from archive.integrity.forecast import Absence
    from pipeline.status_page import Received

MOST_DEPOSITS = 5
MOST_RISKS = 20
DONE, DAMAGE, UNKNOWN = 0, 1, 2


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("--html", type=Path, metavar=words("status.file"), help=words("status.html"))
    parser.add_argument("--warn", action="store_true", help=words("status.warn"))
    parser.add_argument("--off-from", type=_day, metavar=words("status.day"), help=words("status.off-from"))
    parser.add_argument("--off-until", type=_day, metavar=words("status.day"), help=words("status.off-until"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Shows figures and what to do; 1 while something is damaged, 2 when it cannot be said."""
    from archive.home import open_home
    from archive.integrity.status import status

    home = open_home(arguments.home)
    moment = datetime.now(UTC)
    absence = _absence(arguments)
    now = status(home, moment, absence)
    if arguments.warn:
        _warn(home, now, moment, console)
    else:
        _show(home, now, console, arguments.html)
        if absence is not None:
            _say_risks(now, console)
    if now.verdict.is_damage:
        return DAMAGE
    return UNKNOWN if now.verdict == "unknown" else DONE


@dataclass(frozen=True, slots=True)
class _Counted:
    """What the catalogue counts; sites are (ARK, short name, assets). Nothing where the ledger that it follows does not hold."""

    assets: int = 0
    sites: tuple[tuple[str, str, int], ...] = ()
    deposits: tuple["DepositRow", ...] = ()


def _counted(home: "Home", now: "Status") -> _Counted:
    from archive.catalogue import open_catalogue

    if now.verdict.of_ledger:
        return _Counted()
    with open_catalogue(home) as catalogue:
        sites = tuple((row.ark, row.slug, len(catalogue.assets(row.ark))) for row in catalogue.sites())
        return _Counted(len(catalogue.assets()), sites, tuple(catalogue.deposits()))


def _show(home: "Home", now: "Status", console: Console, page: Path | None) -> None:
    from pipeline.receive import waiting
    from pipeline.run import cards
    from pipeline.space import plan_space
    from pipeline.status_page import Holdings, Room, status_lines, status_page, status_view

    found = _counted(home, now)
    free = plan_space((), home.root)
    room = Room(free.free, free.free_inodes)
    newest = found.deposits[-MOST_DEPOSITS:]
    verdicts = cards(home, [row.ark for row in newest]) if newest else ()
    received = tuple(_received(row, verdict) for row, verdict in zip(newest, verdicts, strict=True))
    view = status_view(now, Holdings(found.assets, len(found.sites), len(found.deposits), received), room, console.words)
    if page is not None:
        with Refusals(str(page)):
            page.write_text(status_page(view, console.words, datetime.now(UTC)), encoding="utf-8")
    for line in status_lines(view, console.words):
        console.line(line)
    _say_sites(home, found.sites, console)
    left = waiting(home.incoming)
    for one in left:
        why = console.words(f"status.incoming-{one.why}")
        console.say("status.incoming", deposit=one.deposit, files=one.files, size=size(one.bytes), when=day(one.since), why=why)
    if home.config.naan == "99999":
        console.say("status.test-naan")
    counted = {
        "assets": found.assets,
        "sites": [slug for _, slug, _ in found.sites],
        "deposits": [{"ark": row.ark, "site": row.site} for row in found.deposits],
    }
    told = {"vouched": now.vouched, "room": asdict(room), "cards": [asdict(one) for one in verdicts]}
    console.document({**asdict(now), **told, **counted, "incoming": [asdict(one) for one in left]})


def _say_risks(now: "Status", console: Console) -> None:
    """What an absence would make late, by name; --json has them all."""
    console.line()
    console.say("status.risks-title", late=now.ahead.late, tight=now.ahead.tight)
    for one in now.ahead.risks[:MOST_RISKS]:
        console.say(
            "status.risk", ark=one.object_id, location=one.location, due=day(one.due), what=console.words(f"status.risk-{one.outlook}")
        )
    if len(now.ahead.risks) > MOST_RISKS:
        console.line(f"  {console.words('status.more', n=len(now.ahead.risks) - MOST_RISKS)}")


def _say_sites(home: "Home", sites: Sequence[tuple[str, str, int]], console: Console) -> None:
    from pipeline.publish.publish import last_publication

    console.line()
    for ark, slug, count in sites:
        last = last_publication(home, ark)
        published = console.words("status.published", generation=last.generation) if last else console.words("status.unpublished")
        console.say("status.site", slug=slug, assets=count, published=published)


def _received(row: "DepositRow", verdict: "CardVerdict") -> "Received":
    from pipeline.status_page import Received

    name = printable(row.survey or Path(row.origin).name)
    return Received(row.ark, name, day(row.received), row.files, verdict.card, verdict.refused)


def _warn(home: "Home", now: "Status", moment: datetime, console: Console) -> None:
    """Sends what has to be sent; what could not be sent is an error, which ends the command with 2."""
    from archive.integrity.hooks import warn

    sent = warn(home, now, moment, str(console.words.language))
    console.say("status.warned", n=len(sent))
    for notice in sent:
        console.line(f"  ! {notice.sentence[console.words.language]}")
    console.document({"sent": [asdict(notice) for notice in sent], "verdict": now.verdict.value})


def _absence(arguments: argparse.Namespace) -> "Absence | None":
    from archive.integrity.forecast import Absence

    first, last = arguments.off_from, arguments.off_until
    if first is None and last is None:
        return None
    if first is None or last is None or last < first:
        raise UsageError("--off-from and --off-until go together, the earlier day first.", advice="Write both as 2026-12-24.")
    start, end = (datetime.combine(one, at).astimezone() for one, at in ((first, time.min), (last, time.max)))
    return Absence(start.timestamp(), end.timestamp())


def _day(text: str) -> date:
    return date.fromisoformat(text)


def day(moment: str) -> str:
    """The day, in this machine's zone, of a moment (RFC 3339); "" for none."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""
