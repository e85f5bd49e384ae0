"""``ditich levels``: the NDSA levels of preservation that the archive has evidence for, and what the next step is."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.console import Console
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.integrity.levels import Cell, Criterion, Levels

SIGNS = {"met": "●", "partly": "◐", "not met": "○"}


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("--evidence", action="store_true", help=words("levels.evidence"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Shows the matrix; a level that is not reached is no failure of the command."""
    from archive.home import open_home
    from archive.integrity.levels import levels

    found = levels(open_home(arguments.home), datetime.now(UTC))
    console.say("levels.title")
    console.say("levels.legend")
    _say_rows(found, console)
    if arguments.evidence:
        for cell in found.cells:
            _say_cell(cell, console)
    console.document(_document(found, console.words))
    return 0


def _say_rows(found: "Levels", console: Console) -> None:
    from archive.integrity.levels import Area

    for area in Area:
        cells = " ".join(SIGNS[cell.state] for cell in found.cells if cell.area is area)
        console.say("levels.row", cells=cells, reached=found.reached(area), area=console.words(f"levels.area-{area}"))
        step = found.next_step(area)
        if step is None:
            console.say("levels.all-met")
        else:
            console.say("levels.next", step=_step(step, console.words))


def _say_cell(cell: "Cell", console: Console) -> None:
    words = console.words
    state = words(f"levels.state-{cell.state.replace(' ', '-')}")
    console.line()
    console.say("levels.level", area=words(f"levels.area-{cell.area}"), level=cell.level, state=state)
    for one in cell.criteria:
        until = f" ({words('levels.until', when=one.until[:10])})" if one.met and one.until else ""
        console.line(f"  {'✓' if one.met else '✗'} {_evidence(one, words)}{until}")


def _evidence(one: "Criterion", words: Words) -> str:
    told = words(f"levels.evidence-{one.code}", **one.values)
    return told if one.provable else words("levels.unprovable", what=told)


def _step(one: "Criterion", words: Words) -> str:
    return words(f"levels.step-{one.code}") if one.provable else _evidence(one, words)


def _document(found: "Levels", words: Words) -> dict[str, object]:
    from archive.integrity.levels import Area

    cells = []
    for cell in found.cells:
        criteria = [
            {**asdict(one), "evidence": _evidence(one, words), "next": "" if one.met else _step(one, words)} for one in cell.criteria
        ]
        cells.append({"area": cell.area, "level": cell.level, "state": cell.state, "until": cell.until, "criteria": criteria})
    return {"when": found.when, "reached": {area: found.reached(area) for area in Area}, "cells": cells}
