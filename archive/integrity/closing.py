"""Closing a month: its sealed part of the log, its check lists and its report become one OCFL object, and the ledger says so.

A check never makes a version; a closing does. The object's identifier is a function of the log's origin and the month, so the same
month cannot be closed into two.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha512
from itertools import pairwise
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from archive.accession import accession
from archive.errors import ConflictError, UsageError
from archive.home import Home
from archive.integrity.history import CLOSING, SEALED, history
from archive.integrity.month import MonthReport, bounds, document, month_report
from archive.ledger.segments import segments
from archive.ocfl.digests import Digester, digests_of
from archive.records.events import Event, EventType, Outcome
from archive.records.identifiers import ark_from_blade, blade_of
from archive.records.package import ArchivalPackage, FileToKeep, VersionDraft
from archive.recovery import recover
from archive.storage.base import BLOCK, Kind

MONTH_RECORD = "month.json"
MONTH_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Closed:
    """A month that is closed: the object that holds it, and its report as it was closed."""

    month: str
    object_id: str
    report: MonthReport
    package: ArchivalPackage


def month_object(home: Home, month: str) -> str:
    """The identifier of the object that a month is kept in."""
    return ark_from_blade(home.config.naan, blade_of(sha512(f"month\n{home.config.origin}\n{month}".encode()).digest()))


def require_closable(home: Home, month: str, now: datetime) -> MonthReport:
    """The report of a month that can be closed now.

    Raises:
        UsageError: the month is not over, or was over before the archive was made.
        ConflictError: it is closed already, or something that is overdue or damaged lacks a reason.
    """
    _start, end = bounds(month)
    if now.timestamp() < end:
        raise UsageError(f"The month {month} is not over.", advice="Close it when it is.", code="month-not-over", values={"month": month})
    report = month_report(home, month)
    if not report.size:
        raise UsageError(
            f"In {month} this archive did not exist yet.",
            advice="There is nothing to close; its first month is over when the next one begins.",
            code="month-before",
            values={"month": month},
        )
    if report.closed:
        raise ConflictError(
            f"The month {month} is closed already.",
            advice=f"It is kept in {month_object(home, month)}.",
            code="month-closed",
            values={"month": month, "object": month_object(home, month)},
        )
    missing = report.unexplained
    if missing:
        raise ConflictError(
            f"{len(missing)} overdue or damaged objects of {month} have no reason.",
            advice=f"Give each one: ditich integrity {month} --reason {missing[0].object_id}=CODE",
            code="month-unexplained",
            values={"n": len(missing), "month": month, "object": missing[0].object_id},
        )
    return report


def close_month(home: Home, month: str, pages: Callable[[MonthReport], Mapping[str, str]], now: datetime) -> Closed:
    """Keep a month in an object of its own and enter into the ledger that it is closed.

    Args:
        home: the archive.
        month: "2026-10".
        pages: makes the report's pages by file name ("report.vi.html" → HTML).
        now: with a time zone.

    Raises:
        UsageError, ConflictError: as ``require_closable``.
        StorageError, NotFoundError: as ``accession``.
    """
    recover(home)  # a closing that was interrupted is completed, and found closed, or taken back
    report = require_closable(home, month, now)
    _seal(home, report, now)
    object_id = month_object(home, month)
    made = pages(report)
    files = (
        _content(MONTH_RECORD, _record(report, made)),
        _content("report.json", _json(document(report))),
        *(_content(name, page.encode()) for name, page in sorted(made.items())),
        *(_kept(home, path) for path in _ledger_files(home, report)),
    )
    draft = VersionDraft(object_id, "", files, f"month {month} closed")
    (package,) = accession(home, (draft,), agent=home.config.agent, now=now, events=(_closing(home, report, object_id, now),))
    return Closed(month, object_id, report, package)


def _seal(home: Home, report: MonthReport, now: datetime) -> None:
    """See to it that nothing can be added to the month's segment any more: an entry of a later month stands behind it."""
    if not report.ended:
        extra: dict[str, object] = {"month": report.month, "size": report.size, "root": report.root}
        home.log.append((_decision(home, now, SEALED, (), extra),), home.signers(), now)


def _ledger_files(home: Home, report: MonthReport) -> tuple[str, ...]:
    """The segments that hold the month and that nothing is added to any more, the checkpoint kept of each, and the month's check lists."""
    prefix = home.log.prefix
    found = pairwise(segments(home.tree, f"{prefix}/log"))
    sealed = [(one, after) for one, after in found if one.first < report.size and after.first > report.first]
    names = [one.path for one, _after in sealed] + [f"{prefix}/checkpoints/{after.first:012d}" for _one, after in sealed]
    lists = history(home, report.month).own_lists
    return tuple(path for path in dict.fromkeys((*names, *lists)) if home.tree.kind(path) is Kind.FILE)


def _record(report: MonthReport, pages: Mapping[str, str]) -> bytes:
    """What the object is, for whoever finds it in fifty years."""
    return _json(
        {
            "schema": MONTH_SCHEMA,
            "what": "One month of this archive's ledger, with its check lists and its integrity report.",
            "month": report.month,
            "origin": report.origin,
            "first_entry": report.first,
            "entries_at_its_end": report.size,
            "merkle_root_at_its_end": report.root,
            "pages": sorted(pages),
        }
    )


def _closing(home: Home, report: MonthReport, object_id: str, now: datetime) -> Event:
    extra: dict[str, object] = {
        "month": report.month,
        "object": object_id,
        "size": report.size,
        "root": report.root,
        "scrub_days": report.cadence.scrub_days,
        "full_days": report.cadence.full_days,
        "report_sha512": digests_of(_json(document(report))).sha512,
    }
    return _decision(home, now, CLOSING, (object_id,), extra)


def _decision(home: Home, now: datetime, detail: str, objects: tuple[str, ...], extra: dict[str, object]) -> Event:
    name = f"{home.config.origin} {extra['month']} {detail}"
    return Event(
        identifier=f"urn:uuid:{uuid5(NAMESPACE_URL, name)}",
        type=EventType.POLICY_ASSIGNMENT,
        when=now.isoformat(timespec="seconds"),
        outcome=Outcome.SUCCESS,
        agents=(home.config.agent,),
        objects=objects,
        detail=detail,
        extra=extra,
    )


def _content(path: str, content: bytes) -> FileToKeep:
    digests = digests_of(content)
    return FileToKeep(path, digests.sha512, digests.sha256, digests.size, content=content)


def _kept(home: Home, path: str) -> FileToKeep:
    """A file of the ledger, copied as it is."""
    digester = Digester()
    with home.tree.open(path) as stream:
        while block := stream.read(BLOCK):
            digester.update(block)
    found = digester.digests()
    return FileToKeep(path, found.sha512, found.sha256, found.size, source=home.tree.path_of(path))


def _json(values: Any) -> bytes:
    return (json.dumps(values, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def closed_months(home: Home) -> dict[str, str]:
    """The months that are closed, and the object that holds each."""
    found: dict[str, str] = {}
    for entry in home.log.entries():
        event = entry.event
        if event.type is EventType.POLICY_ASSIGNMENT and event.detail == CLOSING:
            found[str(event.extra["month"])] = str(event.extra["object"])
    return found
