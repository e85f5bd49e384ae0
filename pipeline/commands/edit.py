"""``ditich edit ARK field=value …`` or ``ditich edit SHEET``: shows the difference first, then keeps it as new versions."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import UsageError
from pipeline.console import Console
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.home import Home
    from pipeline.amend import AmendPlan

SHEETS = {".csv", ".tsv", ".xlsx"}


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("target", metavar="ARK|SHEET", help=words("edit.target"))
    parser.add_argument("changes", nargs="*", metavar="FIELD=VALUE", help=words("edit.changes"))
    parser.add_argument("--yes", action="store_true", help=words("edit.yes"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Edits one asset, or all that a sheet names."""
    return amend(arguments, console, lambda home: _plan(home, arguments.target, arguments.changes))


def amend(arguments: argparse.Namespace, console: Console, make_plan: Callable[["Home"], "AmendPlan"]) -> int:
    """What every amending command does: plan, show, agree, apply, report."""
    from archive.home import open_home
    from pipeline.amend import apply_plan, diff_lines
    from pipeline.run import prepare

    home = open_home(arguments.home)
    prepare(home, console)
    plan = make_plan(home)
    for line in diff_lines(plan):
        console.line(line)
    for problem in plan.problems:
        console.line(f"  ! {problem.path}: {problem.sentence[console.words.language]}")
    listed = [
        {"ark": one.ark, "action": one.action, "changes": [[change.field, change.before, change.after] for change in one.changes]}
        for one in plan.amendments
    ]
    document = {"amendments": listed, "problems": [{"code": one.code, "path": one.path, "detail": one.detail} for one in plan.problems]}
    count = len(plan.amendments)
    if plan.refused or not count:
        console.say("edit.left" if plan.refused else "edit.nothing")
        console.document({**document, "versions": []})
        return int(plan.refused)
    if not (arguments.yes or console.agreed("edit.confirm", count=count)):
        console.say("edit.left")
        console.document({**document, "versions": []})
        return 0
    packages = apply_plan(home, plan, agent=home.config.agent, now=datetime.now(UTC))
    console.say("edit.done", count=count)
    written: dict[str, list[object]] = {"versions": [[package.object_id, package.version] for package in packages[:count]]}
    for package in packages[count:]:
        console.say("undo.done", ark=package.object_id, version=package.version)
        written["deposit"] = [package.object_id, package.version]
    written["published"] = _gone_from_public(home, plan, console)
    console.document({**document, **written})
    return 0


def _gone_from_public(home: "Home", plan: "AmendPlan", console: Console) -> list[object]:
    """Publishes anew where something was taken away; says what nobody can call back."""
    from pipeline.run import take_from_public

    documents: list[object] = []
    for site in dict.fromkeys(one.record.site for one in plan.amendments):
        report = take_from_public(home, site)
        if report is not None:
            console.say("taken-away.done", slug=report.slug, generation=report.generation)
            documents.append({"slug": report.slug, "generation": report.generation})
    if documents:
        console.say("taken-away.copies")
    else:
        console.say("edit.publish")
    return documents


def _plan(home: "Home", target: str, changes: list[str]) -> "AmendPlan":
    from pipeline.amend import plan_edit, plan_sheet
    from pipeline.run import slots
    from pipeline.workers import ParserWorkers

    sheet = Path(target)
    if sheet.suffix.lower() in SHEETS and not target.startswith("ark:"):
        if changes:
            raise UsageError("A sheet and single changes do not go together.", advice="Give either a sheet or an ARK with field=value.")
        with ParserWorkers(slots(), home.work) as workers:
            return plan_sheet(home, sheet, workers)
    return plan_edit(home, target, changes)
