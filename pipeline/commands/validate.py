"""``ditich validate``: judges OCFL objects and storage roots, ours or not, by every rule of the specification."""

import argparse
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.console import Console, printable, size
from pipeline.words import Words

if TYPE_CHECKING:
    from archive.ocfl.validate import OcflFinding, Validation

MOST_PLACES = 5
"""places that the text names for one code in one object; ``--json`` has them all"""


def configure(parser: argparse.ArgumentParser, words: Words) -> None:
    """Adds the arguments."""
    parser.add_argument("paths", nargs="+", type=Path, metavar=words("folder"), help=words("validate.paths"))


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Judges every path; 0 valid, 1 a requirement is broken, 2 something could not be read."""
    from archive.ocfl.validate import require_folder, validate_path

    for path in arguments.paths:
        require_folder(path)
    results = []
    for path in arguments.paths:
        with console.progress("validate.progress", "folders") as progress:
            results.append(validate_path(path, progress))
        _show(results[-1], console)
    console.document({"results": [_document(result, console.words.language) for result in results]})
    if any(result.broken for result in results):
        return 1
    return 2 if any(result.unchecked for result in results) else 0


def _show(result: "Validation", console: Console) -> None:
    verdict = "invalid" if result.broken else "valid" if result.valid else "unchecked"
    counts = {"objects": result.objects, "files": result.files, "size": size(result.bytes)}
    console.say(f"validate.{verdict}", path=printable(result.path), kind=console.words(f"validate.{result.kind}"), **counts)
    for folder, findings in groupby(result.findings, lambda finding: finding.object):
        if folder:
            console.line(f"  {printable(folder)}")
        for code, places in groupby(sorted(findings, key=lambda finding: finding.code), lambda finding: finding.code):
            _show_code(code, list(places), console)
    for missed in result.unchecked[:MOST_PLACES]:
        console.say("validate.unread", path=printable(missed.path or result.path), detail=printable(missed.detail))
    if len(result.unchecked) > MOST_PLACES:
        console.say("validate.more", count=len(result.unchecked) - MOST_PLACES)
    if result.left_out:
        console.say("validate.left-out", count=result.left_out)


def _show_code(code: str, places: "list[OcflFinding]", console: Console) -> None:
    from archive.ocfl.codes import CODES

    language = console.words.language
    console.line(f"    {code} {CODES[code].words[language]}")
    for place in _named(places):
        console.line(f"         {place}")
    if len(places) > MOST_PLACES:
        console.line(f"         {console.words('validate.more', count=len(places) - MOST_PLACES)}")
    console.line(f"         → {CODES[code].advice[language]}")


def _named(places: "Iterable[OcflFinding]") -> list[str]:
    below = [(place.path.removeprefix(place.object).lstrip("/"), place.detail) for place in places]
    return [printable(": ".join(filter(None, pair))) for pair in below[:MOST_PLACES]]


def _document(result: "Validation", language: str) -> dict[str, Any]:
    return {
        "path": result.path,
        "kind": result.kind,
        "valid": result.valid,
        "codes": result.codes,
        "findings": [_finding(finding, language) for finding in result.findings],
        "unchecked": [{"path": missed.path, "detail": missed.detail} for missed in result.unchecked],
        "left_out": result.left_out,
        "objects": result.objects,
        "files": result.files,
        "bytes": result.bytes,
    }


def _finding(finding: "OcflFinding", language: str) -> dict[str, str]:
    from archive.ocfl.codes import CODES

    code = CODES[finding.code]
    return {
        "code": finding.code,
        "severity": code.severity,
        "object": finding.object,
        "path": finding.path,
        "detail": finding.detail,
        "sentence": code.words[language],
        "advice": code.advice[language],
        "section": code.section,
        "rule": code.sentence,
        "url": code.url,
    }
