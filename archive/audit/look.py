"""Looking at objects one after the other: what is found is described and recorded, and nothing that goes wrong stops the rest."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from archive.accession import lock_of
from archive.audit.conduct import Conduct, Count, Meter, Stopped
from archive.audit.describe import Described, described, resolved
from archive.audit.place import Place, half_written
from archive.audit.plan import Task
from archive.audit.record import Recorder
from archive.audit.report import AuditReport, Problem, Reason
from archive.audit.standings import Standings
from archive.errors import ConflictError, DitichError
from archive.home import Home
from archive.ledger.checks import CheckLine
from archive.ocfl.comparing import Condition, Readers, Reading
from archive.ocfl.fixity import ObjectCheck, OpenCheck, begin_check, check_object
from archive.settings import PRIMARY

_AHEAD = 64
"""Objects that are begun before the first of them is finished."""
_BUSY_SECONDS = 5.0
_NAMED = 50
"""Objects that are named with the reason why they were not checked; of more only the number is told."""


@dataclass(slots=True)
class _Begun:
    """An object that is being looked at."""

    task: Task
    open: OpenCheck | Exception
    count: Count


class Round:
    """One run: what it has found so far.

    Args:
        home: the archive.
        conduct: how it is done.
        report: empty, with the algorithm (and the seed).
    """

    def __init__(self, home: Home, conduct: Conduct, report: AuditReport) -> None:
        self.home = home
        self.conduct = conduct
        self.report = report
        self.meter = Meter(conduct)
        self.recorder = Recorder(home, conduct, self.meter, report.seed)
        self.recorded = True
        self.stopped = False
        self._readers = Readers()
        self._found = Standings({}, (), 0)
        self._described: list[Described] = []
        self._busy: list[tuple[Place, Task]] = []

    @contextmanager
    def reading(self, found: Standings) -> Iterator[None]:
        """Begin, with what is known of everything; the threads that read end with it."""
        self._found = found
        with ThreadPoolExecutor(max(1, self.conduct.workers), "audit") as executor:
            self._readers = Readers(executor if self.conduct.workers else None, self.conduct.workers)
            yield

    def add(self, problems: Iterable[Problem]) -> bool:
        """Take problems that belong to no object; whether there were any."""
        added = [Described(problem) for problem in problems]
        self._described += added
        return bool(added)

    def skip(self, reason: Reason, location: str, objects: int, detail: str = "") -> None:
        """Say that so many objects were not checked."""
        named = sum(found.reason is reason for found in self.report.unchecked)
        self.report = self.report.without(reason, location, objects, detail if named < _NAMED else "")

    def look_at(self, place: Place, tasks: Iterable[Task]) -> int:
        """Look at objects, in this order, until they are all done or the run is stopped; how many were finished."""
        waiting: deque[_Begun] = deque()
        finished = 0
        try:
            for task in self._until_stopped(tasks):
                waiting.append(self._begin(place, task))
                while waiting and (len(waiting) > _AHEAD or _is_read(waiting[0])):
                    self._finish(place, waiting.popleft())
                    finished += 1
            while waiting:
                self._finish(place, waiting.popleft())
                finished += 1
        except Stopped:
            self.stopped = True
        return finished

    def look_around(self, place: Place, names: Iterable[str], algorithm: str) -> None:
        """Look at what lies outside the objects."""
        reading = Reading(algorithm, self.meter.block)
        try:
            found = [Described(problem, digests=digests) for problem, digests in place.root_problems(tuple(names), reading)]
        except Stopped:
            self.stopped = True
            return
        self._described += found
        self.recorder.note(place.location, algorithm, [one.problem for one in found])

    def look_at_busy(self) -> None:
        """Look once more at objects that somebody was writing."""
        busy, self._busy = self._busy, []
        for number, (place, task) in enumerate(busy):
            count = Count()
            try:
                settled = self._settle(place, task, count, partial(self._under_lock, place, task, count, _BUSY_SECONDS))
            except Stopped:
                self.stopped = True
                self.skip(Reason.STOPPED, place.location, len(busy) - number)
                return
            if not settled:
                self.skip(Reason.BUSY, place.location, 1, task.object_id)

    def save(self) -> None:
        """Put into the ledger what is not there yet; nothing is added to a ledger that does not hold: it is evidence now."""
        try:
            if self.recorded:
                self.recorder.close()
        finally:
            self.recorder.abandon()

    def finished(self) -> AuditReport:
        """The report of the run."""
        reading = self.meter.elapsed - self.meter.paused
        report = replace(self.report, recorded=self.recorded, bytes=self.meter.read, seconds=round(reading, 3))
        return report.with_problems(resolved(self._described))

    def _until_stopped(self, tasks: Iterable[Task]) -> Iterator[Task]:
        for task in tasks:
            if self.stopped or self.conduct.stop():
                raise Stopped
            self.meter.give_way()
            if self.recorded:
                self.recorder.close_when_old()
            yield task

    def _begin(self, place: Place, task: Task) -> _Begun:
        count = Count()
        try:
            folder = place.objects.folder_of(task.object_id)
            opened: OpenCheck | Exception = begin_check(place.tree, folder, place.versions(task.object_id), self._reading(task, count))
        except Stopped:
            raise
        except Exception as error:  # noqa: BLE001 - told when it is the object's turn
            opened = error
        return _Begun(task, opened, count)

    def _finish(self, place: Place, begun: _Begun) -> None:
        task, opened = begun.task, begun.open
        if not place.is_copied(task.object_id):
            self.skip(Reason.NOT_COPIED, place.location, 1)
            return

        def look() -> ObjectCheck | None:
            if isinstance(opened, Exception):
                raise opened
            check = opened.finish()
            return self._under_lock(place, task, begun.count) if check.problems else check

        if not self._settle(place, task, begun.count, look):
            self._busy.append((place, task))

    def _settle(self, place: Place, task: Task, count: Count, look: Callable[[], ObjectCheck | None]) -> bool:
        """Record what a look finds, or that the checker failed there; False where somebody is writing the object."""
        try:
            check = look()
        except Stopped:
            raise
        except Exception as error:  # noqa: BLE001 - the checker failed at this object: it is not checked, and the run goes on
            self._not_checked(place, task, (Reason.CRASHED, f"{task.object_id}: {error!r}"), count)
            return True
        if check is None:
            return False
        wrong = check.problems or task.object_id not in place.logged.objects
        if wrong and place.location == PRIMARY and task.object_id in half_written(self.home):
            self._not_checked(place, task, (Reason.INTERRUPTED, task.object_id), count)
        else:
            self._take(place, task, check, count)
        return True

    def _not_checked(self, place: Place, task: Task, why: tuple[Reason, str], count: Count) -> None:
        self.skip(why[0], place.location, 1, why[1])
        self._record(place, task, ObjectCheck(), ("not checked", (("", why[0].value),), count))

    def _under_lock(self, place: Place, task: Task, count: Count, seconds: float = 0.0) -> ObjectCheck | None:
        """Look again where something was wrong, while nobody can write the object; None where somebody does just now."""
        try:
            with self.home.tree.lock(lock_of(task.object_id), seconds=seconds):
                return self._again(place, task, count)
        except ConflictError:
            return None
        except DitichError:  # no lock can be had: the archive lies on a disk that cannot be written
            return self._again(place, task, count)

    def _again(self, place: Place, task: Task, count: Count) -> ObjectCheck:
        place.refresh()
        folder = place.objects.folder_of(task.object_id)
        reading = replace(self._reading(task, count), readers=Readers())
        return check_object(place.tree, folder, place.versions(task.object_id), reading)

    def _take(self, place: Place, task: Task, check: ObjectCheck, count: Count) -> None:
        """Describe what was found, and record it."""
        found = described(place, task.object_id, check, self._found)
        unknown = task.object_id not in place.logged.objects and check.version and self.recorded
        if unknown:
            stranger = Problem(task.object_id, "", Condition.EXTRA, "the ledger does not know this object", location=place.location)
            found.append(Described(stranger))
        self._described += found
        outcome = "intact"
        if check.problems:
            unreadable = all(problem.what is Condition.UNREADABLE for problem in check.problems)
            outcome = "not checked" if unreadable else "damaged"
        problems = tuple((problem.path, problem.what.value) for problem in check.problems)
        self.report = replace(self.report, intact=self.report.intact + check.intact)
        self._record(place, task, check, (outcome, problems, count), [one.problem for one in found])

    def _record(
        self,
        place: Place,
        task: Task,
        check: ObjectCheck,
        outcome: tuple[str, tuple[tuple[str, str], ...], Count],
        found: list[Problem] | None = None,
    ) -> None:
        what, problems, count = outcome
        when = self.conduct.clock().isoformat(timespec="seconds")
        line = CheckLine(task.object_id, check.version, place.location, what, when, problems)
        self.report = replace(self.report, objects=self.report.objects + 1)
        self.recorder.look(line, check, found or [], (task.algorithm, count.read, place.standing(task.object_id)))

    def _reading(self, task: Task, count: Count) -> Reading:
        return Reading(task.algorithm, lambda size: self.meter.block(size, count), self._readers)


def _is_read(begun: _Begun) -> bool:
    return isinstance(begun.open, Exception) or begun.open.done()
