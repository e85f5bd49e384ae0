"""What a run saw, into the ledger: a leaf list and one entry for every few minutes, and an event where an object's state changed."""

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive.audit.conduct import Conduct, Meter
from archive.audit.report import AuditReport, Problem
from archive.audit.standings import Standing
from archive.home import Home
from archive.ledger.checks import SCRATCH, CheckLine, CheckList, CheckRun
from archive.ocfl.fixity import ObjectCheck
from archive.records.events import Event, EventType, Outcome


@dataclass(slots=True)
class _Chunk:
    """One leaf list that is being written, and what it holds in numbers."""

    leaves: CheckList
    report: AuditReport


class Recorder:
    """Writes down what is seen. A run that is killed loses what was seen since the last ``close``.

    Args:
        home: whose ledger it is.
        conduct: how the run behaves.
        meter: what was read.
        seed: of the part that chance chooses; "" for none.
    """

    def __init__(self, home: Home, conduct: Conduct, meter: Meter, seed: str) -> None:
        self._home = home
        self._conduct = conduct
        self._meter = meter
        self._seed = seed
        self._chunks: dict[tuple[str, str], _Chunk] = {}
        self._changes: list[Event] = []
        self._since = (meter.elapsed, meter.paused)

    def chunk(self, location: str, algorithm: str) -> _Chunk:
        """The open leaf list of that place and digest."""
        key = (location, algorithm)
        if key not in self._chunks:
            leaves = CheckList(self._home.tree, f"work/{SCRATCH}{secrets.token_hex(8)}")
            self._chunks[key] = _Chunk(leaves, AuditReport(algorithm))
        return self._chunks[key]

    def look(self, line: CheckLine, check: ObjectCheck, problems: list[Problem], means: tuple[str, int, Standing | None]) -> None:
        """Take one look at an object; ``means`` are the digest, the bytes read, and how the object stood before."""
        algorithm, size, before = means
        chunk = self.chunk(line.location, algorithm)
        chunk.leaves.add(line)
        report = chunk.report
        counted = replace(report, objects=report.objects + 1, intact=report.intact + check.intact, bytes=report.bytes + size)
        chunk.report = counted.with_problems(problems)
        was_damaged = before is not None and before.is_damaged
        if line.outcome != "not checked" and before is not None and was_damaged != (line.outcome == "damaged"):
            self._changes.append(self._change(line))

    def note(self, location: str, algorithm: str, problems: Iterable[Problem]) -> None:
        """Count problems that belong to no object."""
        chunk = self.chunk(location, algorithm)
        chunk.report = chunk.report.with_problems(problems)

    def close_when_old(self) -> None:
        """Close what has been open for as long as a run may lose."""
        if self._meter.elapsed - self._since[0] >= self._conduct.chunk_seconds:
            self.close()

    def close(self) -> None:
        """Put everything into the ledger, durably. Raises StorageError; NotFoundError without a signing key."""
        if not self._chunks:
            return
        now = self._conduct.clock()
        seconds = max(0.0, self._meter.elapsed - self._since[0] - (self._meter.paused - self._since[1]))
        read = sum(chunk.report.bytes for chunk in self._chunks.values()) or 1
        events = list(self._changes)
        for (location, _algorithm), chunk in self._chunks.items():
            run = chunk.leaves.close(chunk.report.algorithm)
            share = seconds * chunk.report.bytes / read
            events.append(self._event(chunk.report, replace(run, location=location, bytes=chunk.report.bytes, seconds=round(share, 3))))
        self._home.log.append(events, self._home.signers(), now)
        self._chunks.clear()
        self._changes.clear()
        self._since = (self._meter.elapsed, self._meter.paused)

    def abandon(self) -> None:
        """Leave no scratch behind."""
        for chunk in self._chunks.values():
            chunk.leaves.__exit__(None, None, None)
        self._chunks.clear()

    def _change(self, line: CheckLine) -> Event:
        outcome = Outcome.FAILURE if line.outcome == "damaged" else Outcome.SUCCESS
        extra: dict[str, object] = {"location": line.location, "problems": [list(problem) for problem in line.problems]}
        return self._new_event(outcome, (line.object,), extra)

    def _event(self, report: AuditReport, run: CheckRun) -> Event:
        outcome = Outcome.FAILURE if report.has_damage else Outcome.WARNING if report.not_checked else Outcome.SUCCESS
        extra: dict[str, object] = {
            "file": run.file,
            "root": run.root,
            "lines": run.lines,
            "algorithm": run.algorithm,
            "location": run.location,
            "bytes": run.bytes,
            "seconds": run.seconds,
            "intact": report.intact,
            "damaged": report.damaged,
            "missing": report.missing,
            "extra": report.extra,
            "not_checked": report.not_checked,
        }
        if self._seed:
            extra["seed"] = self._seed
        return self._new_event(outcome, (), extra)

    def _new_event(self, outcome: Outcome, objects: tuple[str, ...], extra: dict[str, object]) -> Event:
        return Event(
            identifier=f"urn:uuid:{uuid.uuid4()}",
            type=EventType.FIXITY_CHECK,
            when=self._conduct.clock().isoformat(timespec="seconds"),
            outcome=outcome,
            agents=(self._home.config.agent,),
            objects=objects,
            extra=extra,
        )
