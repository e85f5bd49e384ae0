"""Reading only the check lists that matter gives what reading all of them in order gives, for any past of an archive."""

import gc
import gzip
import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from archive.audit import looks
from archive.audit.plan import Budget
from archive.audit.run import audit_due
from archive.audit.standings import Standing, standings
from archive.errors import DamageError
from archive.home import Home, save_config
from archive.ledger.checks import CheckLine, CheckList, CheckRun, check_lines, line_batches, run_from
from archive.records.events import Event, EventType, Outcome
from archive.settings import ReplicaConfig
from archive.storage.base import Storage
from tests.archive.audit.builders import conduct, see
from tests.archive.builders import NOW, draft, keep

HERE, DISK, GONE = "storage", "replica:disk", "replica:gone"
NAMES = [f"ark:99999/dt{number}" for number in range(5)]
DAY = timedelta(days=1)


class Past:
    """A ledger with a random past: versions, check runs everywhere, a clock that is set back and forth."""

    def __init__(self, home: Home, seed: int) -> None:
        self.chance = random.Random(seed)
        self.home = home
        self.now = NOW
        self.calm = self.chance.random() < 0.5  # most pasts of real archives: everything is looked at, and nothing is wrong
        self.steady = self.chance.random() < 0.5
        self.versions = dict.fromkeys(NAMES, 0)
        self.events: list[Event] = []

    def fill(self) -> None:
        for _ in range(self.chance.randint(1, 25)):
            self._clock()
            if self.chance.random() < 0.3:
                self._version(self.chance.choice(NAMES))
            else:
                self._run()
        self.home.log.append(self.events, self.home.signers(), NOW)

    def _clock(self) -> None:
        steps = [30, 30, 1, 0] if self.steady else [30, 10, 1, 0, 0, -20, 4000, -4000]
        self.now += self.chance.choice(steps) * DAY
        if not NOW - 9000 * DAY < self.now < NOW + 9000 * DAY:
            self.now = NOW

    def _event(self, kind: EventType, objects: tuple[str, ...], extra: dict[str, object]) -> None:
        self.events.append(Event("urn:x", kind, self.now.isoformat(), Outcome.SUCCESS, (), objects, extra=extra))

    def _version(self, name: str) -> None:
        self.versions[name] += 1
        extra: dict[str, object] = {"version": f"v{self.versions[name]}", "inventory_sha512": "ab", "bytes": self.chance.randint(1, 9)}
        self._event(EventType.INGESTION, (name,), extra)

    def _run(self) -> None:
        location = self.chance.choice([HERE, HERE, DISK, DISK, GONE])
        with CheckList(self.home.tree, "work/list") as lines:
            for name in NAMES if self.calm else self.chance.choices([*NAMES, "ark:99999/dtstranger"], k=self.chance.randint(0, 7)):
                lines.add(self._line(name, location))
            run = lines.close(self.chance.choice(["sha256", "sha256", "sha512"]))
        extra: dict[str, object] = {"file": run.file, "root": run.root, "lines": run.lines, "algorithm": run.algorithm}
        copied = location != HERE and self.chance.random() < 0.3
        extra |= {"replica": location.partition(":")[2]} if copied else {"location": location}
        self._event(EventType.REPLICATION if copied else EventType.FIXITY_CHECK, (), extra)

    def _line(self, name: str, location: str) -> CheckLine:
        outcome = self.chance.choice(["intact"] * (20 if self.calm else 3) + ["damaged", "not checked"])
        when = self.now - self.chance.choice([0, 0, 60, 3600, -3600]) * timedelta(seconds=1)
        problems = () if outcome == "intact" else ((f"v1/{self.chance.randint(0, 9)}", "changed"),)
        return CheckLine(name, f"v{self.chance.randint(1, 3)}", location, outcome, when.isoformat(), problems)


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def read_all(home: Home, until: float | None) -> dict[tuple[str, str], Standing]:
    """The plain pass: every entry and every line of every list, in order."""
    found: dict[tuple[str, str], Standing] = {}
    entries: list[dict[str, Any]] = [json.loads(entry.line) for entry in home.log.entries()]
    present, before = seconds(entries[-1]["eventDateTime"]) + DAY.total_seconds(), 0.0
    for entry in entries:
        if seconds(entry["eventDateTime"]) <= present:
            before = seconds(entry["eventDateTime"])
        extra = entry["eventDetailExtension"]
        if until is not None and before > until:
            continue
        if "inventory_sha512" in extra:
            arrive(home, found, (entry["linkingObjectIdentifier"][0], extra["version"], extra["bytes"]), before)
        elif "file" in extra:
            run = run_from(extra)
            for line in check_lines(home.tree, run):
                if (line.object, run.location) in found:
                    look(found[line.object, run.location], line, min(seconds(line.time), before), full=run.algorithm == "sha512")
    return found


def arrive(home: Home, found: dict[tuple[str, str], Standing], what: tuple[str, str, int], when: float) -> None:
    name, version, size = what
    for location, since in [(HERE, when), *((one.location, max(seconds(one.added), when)) for one in home.config.replicas)]:
        if (name, location) in found:
            known = found[name, location]
            known.version, known.bytes, known.changed = version, known.bytes + size, when
        else:
            found[name, location] = Standing(name, location, version, size, since, when, since, since)


def look(found: Standing, line: CheckLine, when: float, *, full: bool) -> None:
    found.outcome, found.checked_version, found.problems = line.outcome, line.version, line.problems
    if line.outcome == "not checked":
        return
    if not found.seen and found.location != HERE:
        found.since = found.scrubbed = found.audited = when
    found.seen = True
    found.scrubbed = max(found.scrubbed, when)
    found.audited = max(found.audited, when) if full else found.audited
    found.good = max(found.good, when) if line.outcome == "intact" else found.good


@pytest.mark.parametrize("seed", range(80))
def test_any_past_reads_as_if_every_list_had_been_read(home: Home, seed: int) -> None:
    added = (NOW + random.Random(-seed).randint(-50, 50) * DAY).isoformat()
    replica = ReplicaConfig("disk", "/nowhere", added=added)
    past = Past(save_config(home, replace(home.config, replicas=(replica,))), seed)
    past.fill()
    untils = [None, *(NOW.timestamp() + days * 86400.0 for days in (-5, 40, 100, 300))]
    for until in untils:
        assert standings(past.home, until, verify=False).objects == read_all(past.home, until)
    assert standings(past.home).objects == standings(past.home, verify=False).objects


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lists that were opened by planning."""
    files: list[str] = []

    def spied(tree: Storage, run: CheckRun) -> Any:
        files.append(run.file)
        return line_batches(tree, run)

    monkeypatch.setattr(looks, "line_batches", spied)
    return files


def test_the_past_of_years_is_not_read(home: Home, opened: list[str]) -> None:
    keep(home, draft(NAMES[0], a=b"first"), draft(NAMES[1], b=b"second"))
    for number in range(6):
        see(home, dict.fromkeys(NAMES[:2], "intact"), NOW + (number + 1) * 30 * DAY, algorithm="sha256" if number != 1 else "sha512")
    keep(home, draft(NAMES[2], c=b"came later"))
    see(home, {}, NOW + 190 * DAY)
    files = [run.file for run in lists(home)]
    standings(home, verify=False)
    assert opened == [files[6], files[5], files[1]]  # the newest, the newest look at everything, and the newest full audit
    opened.clear()
    see(home, {NAMES[0]: "damaged"}, NOW + 200 * DAY)
    found = standings(home, verify=False).objects[NAMES[0], HERE]
    assert found.is_damaged
    assert found.good == (NOW + 180 * DAY).timestamp()
    assert len(opened) == 4


def test_a_copy_needs_its_first_look_and_its_last(home: Home, opened: list[str]) -> None:
    replica = ReplicaConfig("disk", "/nowhere", added=NOW.isoformat())
    home = save_config(home, replace(home.config, replicas=(replica,)))
    keep(home, draft(NAMES[0], a=b"first"))
    for number in range(5):
        see(home, {NAMES[0]: "intact"}, NOW + (number + 1) * DAY, location=DISK)
    files = [run.file for run in lists(home)]
    standings(home, verify=False)
    assert opened == [files[0], files[4]]


def test_a_clock_that_was_set_back_hides_no_look(home: Home) -> None:
    keep(home, draft(NAMES[0], a=b"first"))
    for day, looked in ((100, {NAMES[0]: "intact"}), (50, {}), (80, {NAMES[0]: "intact"}), (110, {})):
        see(home, looked, NOW + day * DAY)
    assert standings(home, verify=False).objects[NAMES[0], HERE].good == (NOW + 100 * DAY).timestamp()


def lists(home: Home) -> list[CheckRun]:
    extras = (json.loads(entry.line)["eventDetailExtension"] for entry in home.log.entries())
    return [run_from(extra) for extra in extras if "file" in extra]


def test_a_damaged_list_that_says_nothing_new_is_named_all_the_same(home: Home) -> None:
    keep(home, draft(NAMES[0], a=b"first"))
    now = datetime.now(UTC).replace(microsecond=0)
    old = see(home, {NAMES[0]: "intact"}, now - 3 * DAY)
    see(home, {NAMES[0]: "intact"}, now - 2 * DAY)
    (home.root / old).chmod(0o644)
    (home.root / old).write_bytes(gzip.compress(b"{}\n"))
    assert standings(home, verify=False).objects[NAMES[0], HERE].outcome == "intact"
    with pytest.raises(DamageError, match="not the list that was signed"):
        standings(home)
    report = audit_due(home, Budget(), conduct(now))
    assert [problem.path for problem in report.problems] == [old]
    assert report.exit_code == 1
    stopped = audit_due(home, Budget(), conduct(now, stop=lambda: True))
    assert stopped.problems == ()


def test_the_collector_is_left_as_it_was(home: Home) -> None:
    gc.disable()
    try:
        standings(home)
        assert not gc.isenabled()
    finally:
        gc.enable()
    standings(home)
    assert gc.isenabled()
