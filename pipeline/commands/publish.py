"""``ditich publish [SITE]``: says what it will and will not show and why, then publishes."""

import argparse
import shlex
from typing import TYPE_CHECKING, Any

from pipeline.commands.site import place_said
from pipeline.console import Console, default_home
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.findings import Finding
    from pipeline.publish.publish import PublishReport, Verdict

MOST = 12
"""assets listed by name in the terminal; --json lists all"""


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("site", nargs="?", default="", metavar="SITE", help=words("publish.site"))
    parser.add_argument("--dry-run", action="store_true", help=words("publish.dry-run"))
    parser.add_argument("--yes", action="store_true", help=words("publish.yes"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Publishes one site or every public one; 1 where something that the archive should have could not be read."""
    from archive.home import open_home
    from pipeline.run import prepare, publish_site
    from pipeline.site_archive import archived_sites, find_site

    home = open_home(arguments.home)
    if not arguments.dry_run:
        prepare(home, console)
    sites = (find_site(home, arguments.site),) if arguments.site else archived_sites(home)
    documents: list[dict[str, Any]] = []
    published, lost = 0, 0
    for site in sites:

        def agreed(report: "PublishReport") -> bool:
            _show_plan(report, console)
            return not arguments.dry_run and (arguments.yes or console.agreed("publish.confirm"))

        report, findings, done = publish_site(home, site, console, agreed)
        findings = (*report.lost, *findings)
        lost += len(report.lost)
        for finding in findings:
            console.say("publish.finding", sentence=finding.sentence[console.words.language], path=finding.path)
        if done:
            key = "publish.done" if report.changed else "publish.unchanged"
            console.say(key, slug=report.slug, generation=report.generation)
        published += done
        documents.append(_document(report, findings))
    if published:
        console.say("publish.next", home="" if arguments.home == default_home() else f" --home {shlex.quote(str(arguments.home))}")
    console.document({"published": bool(published), "sites": documents})
    return int(lost > 0)


def _show_plan(report: "PublishReport", console: Console) -> None:
    shown, hidden = report.will_show, report.will_not_show
    console.say("publish.plan", slug=report.slug, shown=len(shown), total=len(shown) + len(hidden))
    for key, verdicts in (("publish.shown", shown), ("publish.hidden", hidden)):
        for verdict in verdicts[:MOST]:
            console.say(key, title=_title(verdict, console), ark=verdict.ark, why=_why(verdict, console))
        if len(verdicts) > MOST:
            console.say("publish.more", count=len(verdicts) - MOST)
    for part in report.left_out[:MOST]:
        console.say(f"publish.left-out-{part.why}", place=place_said(part.place, console.words), name=part.name)
    if len(report.left_out) > MOST:
        console.say("publish.more", count=len(report.left_out) - MOST)


def _title(verdict: "Verdict", console: Console) -> str:
    found = verdict.title.best(console.words.language)
    return found[0] if found else str(verdict.kind)


def _why(verdict: "Verdict", console: Console) -> str:
    return "; ".join(words.get(console.words.language) or "" for words in verdict.why)


def _document(report: "PublishReport", findings: tuple["Finding", ...]) -> dict[str, Any]:
    def row(one: "Verdict") -> dict[str, Any]:
        return {
            "ark": one.ark,
            "kind": one.kind,
            "why": list(one.withheld),
            "location": one.location,
            "originals": one.originals,
            "access_copy": one.access_copy,
        }

    return {
        "slug": report.slug,
        "generation": report.generation,
        "changed": report.changed,
        "level": report.level,
        "will_show": [row(one) for one in report.will_show],
        "will_not_show": [row(one) for one in report.will_not_show],
        "left_out": [
            {"part": one.place.part, "number": one.place.number, "inside": one.place.inside, "name": one.name, "why": one.why}
            for one in report.left_out
        ],
        "findings": [{"code": one.code, "path": one.path, "detail": one.detail} for one in findings],
    }
