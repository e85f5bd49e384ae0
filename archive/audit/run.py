"""Fixity runs: every file of the objects read back from the device and compared; the result goes to the ledger.

A check never creates a version. Its record is an entry of the ledger and a leaf list under ``ledger/checks/`` for every few minutes of it,
and an event of its own where the state of an object changed.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from math import inf

from archive.audit.conduct import Conduct
from archive.audit.look import Round
from archive.audit.place import Place, known_standings, ledger_faults, list_faults, wanted_locations
from archive.audit.plan import TAIL, Budget, Task, chance_tasks, due_tasks
from archive.audit.report import AuditReport, Reason
from archive.audit.standings import Standings
from archive.errors import DitichError, UsageError
from archive.home import Home
from archive.ocfl.digests import ALGORITHMS
from archive.settings import PRIMARY


def audit(
    home: Home,
    *,
    algorithm: str = "sha256",
    objects: Iterable[str] | None = None,
    progress: Callable[[int], None] | None = None,
    now: datetime,
) -> AuditReport:
    """Check objects of the archive itself, all of them when none are named; then the ledger and the storage root's own files too.

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
    return audit_at(home, PRIMARY, Conduct(lambda: now, progress), algorithm=algorithm, objects=objects)


def audit_at(
    home: Home, location: str, conduct: Conduct, *, algorithm: str = "sha256", objects: Iterable[str] | None = None
) -> AuditReport:
    """The same at a location ("storage", the name of a replica, "all"), and with more say in how it is done.

    Raises:
        UsageError: an unknown algorithm or location.
        NotFoundError: this user has no signing key.
        StorageError: the run could not be recorded.
    """
    if algorithm not in ALGORITHMS:
        raise UsageError(f"The archive keeps no {algorithm} digests.", advice=f"Choose one of {', '.join(ALGORITHMS)}.")
    chosen = None if objects is None else tuple(objects)

    def look(round_: Round, place: Place, _left: int) -> None:
        names = chosen if chosen is not None else place.object_ids()
        tasks = [Task(name, algorithm, place.size(name)) for name in names]
        conduct.expect(sum(task.bytes for task in tasks))
        looked = round_.look_at(place, tasks)
        if chosen is None and not round_.stopped:
            round_.look_around(place, names, algorithm)
        if round_.stopped:
            round_.skip(Reason.STOPPED, place.location, len(names) - looked)
        round_.recorder.chunk(place.location, algorithm)  # a run that found nothing to look at is in the ledger too

    return _run(Round(home, conduct, AuditReport(algorithm)), wanted_locations(home, location), look)


def audit_due(home: Home, budget: Budget, conduct: Conduct, *, location: str = "all", seed: str = "") -> AuditReport:
    """Check what falls due, oldest first, as far as the budget goes, and then some objects that chance chooses.

    Args:
        home: the archive.
        budget: for all locations together; each gets an equal part of what is left.
        conduct: how it is done.
        location: "all", or one of them.
        seed: of the choice; a fresh secret one when "".

    Raises:
        UsageError: an unknown location.
        NotFoundError: this user has no signing key.
        StorageError: the run could not be recorded.
    """
    seed = seed or secrets.token_hex(16)

    def look(round_: Round, place: Place, left: int) -> None:
        part = budget.less(round_.meter.elapsed, round_.meter.read).share(left)
        _look_at_due(round_, place, part)

    return _run(Round(home, conduct, AuditReport("due", seed=seed)), wanted_locations(home, location), look)


class _Part:
    """The part of a run at one location, and what is left of its budget."""

    def __init__(self, round_: Round, budget: Budget) -> None:
        self._meter = round_.meter
        self._budget = budget
        self._started = (self._meter.elapsed, self._meter.read)

    @property
    def read(self) -> int:
        """Bytes so far."""
        return self._meter.read - self._started[1]

    def within(self, tasks: Iterable[Task], share: float, most: float = inf) -> Iterator[Task]:
        """The tasks that still may begin within that share of the budget: so many bytes of them, or one."""
        taken = 0
        for task in tasks:
            over = taken > 0 and taken + task.bytes > most
            if over or not self._budget.allows(self._meter.elapsed - self._started[0], self.read, task.bytes, share):
                return
            taken += task.bytes
            yield task


def _look_at_due(round_: Round, place: Place, budget: Budget) -> None:
    cadence = round_.home.config.cadence
    now = round_.conduct.clock().timestamp()
    standing = place.standings()
    tasks = due_tasks(standing, cadence, now)
    round_.conduct.expect(budget.most(sum(task.bytes for task in tasks)))
    part = _Part(round_, budget)
    looked = round_.look_at(place, part.within(tasks, 1 - TAIL))
    missed = tasks[looked:]
    overdue = sum(task.due <= now for task in missed)
    if overdue:
        round_.skip(Reason.STOPPED if round_.stopped else Reason.BUDGET, place.location, overdue)
    others = chance_tasks(standing, cadence, {task.object_id for task in tasks}, round_.report.seed + place.location)
    tail = round_.look_at(place, part.within(others, 1.0, sum(task.bytes for task in tasks[:looked]) * TAIL / (1 - TAIL)))
    report = round_.report
    round_.report = replace(report, waiting=report.waiting + len(missed) - overdue, tail=report.tail + tail)
    round_.recorder.chunk(place.location, "sha256")  # a run that had nothing to do is in the ledger too


def _run(round_: Round, wanted: tuple[str, ...], look: Callable[[Round, Place, int], None]) -> AuditReport:
    """Go through the locations; whatever ends the run, what was seen until then is recorded."""
    home = round_.home
    if not home.config.replica:
        home.signers()  # better now than after hours of reading
    sound = not round_.add(ledger_faults(home))
    round_.recorded = sound and not home.config.replica  # a copy's ledger is its archive's: an entry made here would split it in two
    found, bad = known_standings(home)
    if round_.report.algorithm == "due":
        round_.add(bad)
        if not found.entries:
            round_.skip(Reason.LEDGER, PRIMARY, 0)
    try:
        with round_.reading(found):
            places = list(_places(round_, wanted, found, sound=sound))
            for number, place in enumerate(places):
                round_.add(place.ledger_problems() if place.location != PRIMARY else ())
                look(round_, place, len(places) - number)
            round_.look_at_busy()
            if round_.report.algorithm == "due" and not bad and not round_.stopped:
                round_.add(list_faults(home))  # planning did not open those that can say nothing new
    finally:
        round_.save()
    return round_.finished()


def _places(round_: Round, wanted: tuple[str, ...], found: Standings, *, sound: bool) -> Iterator[Place]:
    """The locations that are there; of the others it is said how many objects are not checked."""
    for location in wanted:
        try:
            place = Place(round_.home, location, found, sound=sound)
        except DitichError as error:
            now, cadence = round_.conduct.clock().timestamp(), round_.home.config.cadence
            there = [standing for (_object_id, place_of), standing in found.objects.items() if place_of == location]
            all_of_them = round_.report.algorithm != "due"
            missed = sum(all_of_them or standing.due(cadence) <= now for standing in there)
            where = str(error.values["path"]) if error.code == "replica-absent" else error.message
            round_.skip(Reason.ABSENT, location, missed, where)
        else:
            round_.report = replace(round_.report, locations=(*round_.report.locations, location))
            yield place
