"""One fixity run: every file of the objects read back from the device and compared; the result goes to the ledger.

A check never creates a version. Its record is one entry of the ledger and a leaf list under ``ledger/checks/``.
"""

import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from archive.errors import DamageError, NotFoundError, RecordError, UsageError
from archive.home import Home
from archive.ledger.checks import CheckLine, CheckList, CheckRun, check_lines, run_of
from archive.ocfl.digests import ALGORITHMS
from archive.ocfl.fixity import Condition, ObjectCheck, Reading, check_object, content_problem
from archive.records.events import Event, EventType, Outcome

LOCATION = "storage"
WHOLE_ARCHIVE = "archive"
"""The ``object_id`` of a problem that concerns the ledger or the storage root and no object."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One file that is not as it should be; ``path`` is relative to its object, or to the home for WHOLE_ARCHIVE."""

    object_id: str
    path: str
    what: Condition
    detail: str = ""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a run found. Numbers are files, except ``objects``; ``extra`` files lie where none should.

    ``recorded`` is False where the ledger itself is damaged: nothing is added to it then.
    """

    algorithm: str
    objects: int = 0
    intact: int = 0
    damaged: int = 0
    missing: int = 0
    extra: int = 0
    not_checked: int = 0
    problems: tuple[Problem, ...] = ()
    recorded: bool = True

    @property
    def has_damage(self) -> bool:
        """Whether anything is damaged, missing or extra."""
        return bool(self.damaged or self.missing or self.extra)


@dataclass(frozen=True, slots=True)
class _Logged:
    """What the ledger says: version → inventory digest of every object, the storage root's files, and the check runs."""

    versions: dict[str, dict[str, str]]
    root_files: dict[str, str]
    runs: dict[str, CheckRun]


def audit(
    home: Home,
    *,
    algorithm: str = "sha256",
    objects: Iterable[str] | None = None,
    progress: Callable[[int], None] | None = None,
    now: datetime,
) -> AuditReport:
    """Check objects, all of them when none are named; then the ledger and the storage root's own files too.

    Args:
        home: the archive.
        algorithm: "sha256" for a scrub (the digests of the fixity block), "sha512" for a full audit.
        objects: ids to check.
        progress: told the bytes of every block read.
        now: the time of the check, with a time zone.

    Raises:
        UsageError: an algorithm that the archive does not keep.
        NotFoundError: this user has no signing key for this archive.
        StorageError: the run could not be recorded.
    """
    if algorithm not in ALGORITHMS:
        raise UsageError(f"The archive keeps no {algorithm} digests.", advice=f"Choose one of {', '.join(ALGORITHMS)}.")
    broken = [Problem(WHOLE_ARCHIVE, path, Condition.DAMAGED, what) for path, what in home.log.problems()]
    logged = _logged(home)
    wanted = tuple(objects) if objects is not None else tuple(sorted(set(home.objects.object_ids()) | logged.versions.keys()))
    report = _with(AuditReport(algorithm), broken)
    when = now.isoformat(timespec="seconds")
    with CheckList(home.tree, f"work/check-{secrets.token_hex(8)}") as leaves:
        for object_id in wanted:
            check = check_object(
                home.tree, home.objects.folder_of(object_id), logged.versions.get(object_id, {}), Reading(algorithm, progress)
            )
            leaves.add(_line(object_id, check, when))
            problems = [Problem(object_id, problem.path, problem.what, problem.detail) for problem in check.problems]
            if object_id not in logged.versions and check.version and not broken:
                problems.append(Problem(object_id, "", Condition.EXTRA, "the ledger does not know this object"))
            report = _with(replace(report, objects=report.objects + 1, intact=report.intact + check.intact), problems)
        if objects is None:
            report = _with(report, [*_list_problems(home, logged.runs.values()), *_root_problems(home, logged.root_files, wanted)])
        run = leaves.close(algorithm)
    if broken:  # nothing is added to a ledger that does not hold: it is evidence now
        return replace(report, recorded=False)
    home.log.append((_event(home, report, run, when),), home.signers(), now)
    return report


def _with(report: AuditReport, problems: list[Problem]) -> AuditReport:
    counts = {what: sum(problem.what is what for problem in problems) for what in Condition}
    return replace(
        report,
        damaged=report.damaged + counts[Condition.DAMAGED],
        missing=report.missing + counts[Condition.MISSING],
        extra=report.extra + counts[Condition.EXTRA],
        not_checked=report.not_checked + counts[Condition.UNREADABLE],
        problems=(*report.problems, *problems),
    )


def _line(object_id: str, check: ObjectCheck, when: str) -> CheckLine:
    outcome = "intact"
    if check.problems:
        unreadable = all(problem.what is Condition.UNREADABLE for problem in check.problems)
        outcome = "not checked" if unreadable else "damaged"
    problems = tuple((problem.path, problem.what.value) for problem in check.problems)
    return CheckLine(object_id, check.version, LOCATION, outcome, when, problems)


def _list_problems(home: Home, runs: Iterable[CheckRun]) -> Iterator[Problem]:
    """Check lists that are not what was signed."""
    for run in runs:
        try:
            for _line in check_lines(home.tree, run):
                pass
        except DamageError as error:
            yield Problem(WHOLE_ARCHIVE, run.file, Condition.DAMAGED, error.detail)


def _root_problems(home: Home, root_files: dict[str, str], objects: tuple[str, ...]) -> Iterator[Problem]:
    """What is wrong in the storage root outside the objects."""
    for path, sha512 in root_files.items():
        problem = content_problem(home.tree, f"storage/{path}", sha512)
        if problem is not None:
            yield Problem(WHOLE_ARCHIVE, f"storage/{path}", *problem)
    for path in home.objects.strays():
        yield Problem(WHOLE_ARCHIVE, path, Condition.EXTRA)
    folders = {home.objects.folder_of(object_id) for object_id in objects}
    for folder in home.objects.object_folders():
        if folder not in folders:
            yield Problem(WHOLE_ARCHIVE, folder, Condition.EXTRA, "no object that the archive knows")


def _logged(home: Home) -> _Logged:
    logged = _Logged({}, {}, {})
    with suppress(DamageError, RecordError, NotFoundError):  # the ledger's own problems are named by themselves
        for entry in home.log.entries():
            _add_entry(logged, entry.event)
    return logged


def _add_entry(logged: _Logged, event: Event) -> None:
    extra: dict[str, Any] = event.extra
    run = run_of(event)
    if run is not None:
        logged.runs[run.file] = run
    elif "inventory_sha512" in extra:
        logged.versions.setdefault(event.objects[0], {})[str(extra["version"])] = str(extra["inventory_sha512"])
    elif "storage" in extra:
        logged.root_files.update(extra["storage"])


def _event(home: Home, report: AuditReport, run: CheckRun, when: str) -> Event:
    outcome = Outcome.FAILURE if report.has_damage else Outcome.WARNING if report.not_checked else Outcome.SUCCESS
    return Event(
        identifier=f"urn:uuid:{uuid.uuid4()}",
        type=EventType.FIXITY_CHECK,
        when=when,
        outcome=outcome,
        agents=(home.config.agent,),
        objects=(),
        extra={
            "file": run.file,
            "root": run.root,
            "lines": run.lines,
            "algorithm": run.algorithm,
            "intact": report.intact,
            "damaged": report.damaged,
            "missing": report.missing,
            "extra": report.extra,
            "not_checked": report.not_checked,
        },
    )
