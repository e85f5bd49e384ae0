import gzip
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive.audit.standings import DAY, Run, Standing, standings
from archive.errors import DamageError
from archive.home import Home, save_config
from archive.ledger.checks import CheckRun, check_lines, run_of
from archive.records.events import Event, EventType, Outcome
from archive.settings import Cadence
from tests.archive.audit.builders import see, with_replica
from tests.archive.builders import NOW, draft, keep

ONE, TWO = "ark:99999/dt1", "ark:99999/dt2"
START = NOW.timestamp()
HERE, DISK = "storage", "replica:disk"


def days(number: float) -> float:
    return START + number * DAY


def later(number: float) -> timedelta:
    return timedelta(days=number)


@pytest.fixture
def filled(home: Home) -> Home:
    keep(home, draft(ONE, a=b"first"), draft(TWO, b=b"second"))
    keep(home, draft(ONE, "v1", a=b"first", c=b"more"))
    return home


def test_what_was_never_checked_counts_from_its_arrival(filled: Home) -> None:
    found = standings(filled)
    assert found.entries == 4
    assert found.runs == ()
    assert found.locations == (HERE,)
    assert found.objects[ONE, HERE] == Standing(ONE, HERE, "v2", 9, START, START, START, START)
    assert found.objects[TWO, HERE].due(Cadence(10, 30)) == days(10)
    assert not found.objects[TWO, HERE].is_damaged
    assert found.others(ONE, HERE) == ()


def test_looks_add_up(filled: Home) -> None:
    see(filled, {ONE: "intact", TWO: "damaged", "ark:99999/dtstranger": "intact"}, NOW + later(5), version="v2")
    see(filled, {ONE: "intact", TWO: "not checked"}, NOW + later(20), algorithm="sha512", version="v2")
    found = standings(filled)
    one, two = found.objects[ONE, HERE], found.objects[TWO, HERE]
    assert (one.scrubbed, one.audited, one.good, one.outcome, one.checked_version, one.seen) == (
        days(20),
        days(20),
        days(20),
        "intact",
        "v2",
        True,
    )
    assert (two.scrubbed, two.audited, two.good, two.outcome, two.problems, two.seen) == (days(5), START, 0.0, "not checked", (), True)
    assert two.is_damaged
    assert not one.is_damaged
    assert one.due(Cadence(90, 365)) == days(110)
    assert two.due(Cadence(90, 30)) == days(30)
    assert two.full_is_due(Cadence(90, 30), days(30))
    assert not two.full_is_due(Cadence(90, 30), days(29))
    assert set(found.objects) == {(ONE, HERE), (TWO, HERE)}
    assert [run.objects for run in found.runs] == [3, 2]
    assert found.runs[0] == Run(days(5), HERE, "sha256", 0, 0.0, 3, 3, 1, 2, 4, 5)


def test_damage_that_was_mended_is_none(filled: Home) -> None:
    see(filled, {ONE: "damaged"}, NOW + later(1))
    assert standings(filled).objects[ONE, HERE].is_damaged
    assert standings(filled).objects[ONE, HERE].problems == (("x", "changed"),)
    see(filled, {ONE: "intact"}, NOW + later(2))
    see(filled, {ONE: "not checked"}, NOW + later(3))
    assert not standings(filled).objects[ONE, HERE].is_damaged


def test_a_replica_counts_from_its_first_check(filled: Home, tmp_path: Path) -> None:
    home = with_replica(filled, tmp_path / "disk", added=NOW + later(3))
    never = standings(home).objects[TWO, DISK]
    assert (never.since, never.outcome, never.due(Cadence(10, 30))) == (days(3), "never", days(13))
    see(home, {TWO: "not checked"}, NOW + later(3.5), location=DISK)
    see(home, {TWO: "intact"}, NOW + later(4), location=DISK, kind=EventType.REPLICATION)
    see(home, {TWO: "intact"}, NOW + later(6), location=DISK)
    found = standings(home)
    two = found.objects[TWO, DISK]
    assert (two.since, two.scrubbed, two.audited, two.good) == (days(4), days(6), days(4), days(6))
    assert found.runs[1] == Run(days(4), DISK, "sha256", 7, 0.5, 1, 0, 0, 0, 0, 0)
    assert [standing.location for standing in found.others(TWO, HERE)] == [DISK]
    assert found.objects[TWO, HERE].outcome == "never"


def test_a_replica_without_a_date_counts_from_the_objects(filled: Home, tmp_path: Path) -> None:
    home = with_replica(filled, tmp_path / "disk")
    undated = save_config(home, replace(home.config, replicas=(replace(home.config.replicas[0], added=""),)))
    assert standings(undated).objects[ONE, DISK].since == START


def test_until_leaves_out_what_came_later(filled: Home) -> None:
    see(filled, {ONE: "intact"}, NOW + later(5))
    found = standings(filled, until=days(4))
    assert (found.entries, found.runs, found.objects[ONE, HERE].good) == (4, (), 0.0)


def test_a_damaged_list_is_named_or_passed_over(filled: Home) -> None:
    file = see(filled, {ONE: "intact"}, NOW + later(5))
    path = filled.root / file
    path.chmod(0o644)
    path.write_bytes(gzip.compress(b"{}\n"))
    with pytest.raises(DamageError, match="not readable"):
        standings(filled)
    path.write_bytes(gzip.compress(gzip.compress(b"x")))
    with pytest.raises(DamageError, match="not readable"):
        standings(filled)
    path.write_bytes(gzip.compress(b""))
    with pytest.raises(DamageError, match="not the list that was signed"):
        standings(filled)
    passed = standings(filled, ignore={file})
    assert (len(passed.runs), passed.objects[ONE, HERE].outcome) == (1, "never")


@pytest.mark.parametrize("line", [b"not json\n", b"{}\n", b'{"eventDetailExtension":{"version":"v1","inventory_sha512":""}}\n'])
def test_an_entry_that_is_no_event_is_named(filled: Home, monkeypatch: pytest.MonkeyPatch, line: bytes) -> None:
    from archive.ledger.log import Ledger
    from archive.ledger.segments import Entry

    monkeypatch.setattr(Ledger, "entries", lambda _self, _start=0: iter([Entry(0, line)]))
    with pytest.raises(DamageError, match="not readable"):
        standings(filled)


def test_many_different_times_are_read(filled: Home) -> None:
    times = [(NOW + timedelta(seconds=number)).isoformat() for number in range(2100)]
    looks = [Event(f"urn:{when}", EventType.QUARANTINE, when, Outcome.SUCCESS, (), ()) for when in times]
    filled.log.append(looks, filled.signers(), NOW)
    assert standings(filled, until=START + 2000).entries - standings(filled, until=START + 1000).entries == 1000


def test_what_a_clock_that_ran_ahead_has_dated_counts_as_old_as_what_came_before(filled: Home) -> None:
    ahead = NOW + later(4000)
    see(filled, {ONE: "intact"}, NOW + later(5))
    keep_at = Event("urn:x", EventType.QUARANTINE, ahead.isoformat(), Outcome.SUCCESS, (), ())
    filled.log.append((keep_at,), filled.signers(), NOW)
    see(filled, {TWO: "intact"}, NOW + later(6))
    found = standings(filled, until=days(5))
    assert (found.entries, found.objects[ONE, HERE].good, found.objects[TWO, HERE].good) == (6, days(5), 0.0)
    see(filled, {ONE: "intact"}, ahead)
    see(filled, {TWO: "intact"}, NOW + later(7))
    assert standings(filled).objects[ONE, HERE].scrubbed == days(6)


def test_runs_are_known_by_their_entries() -> None:
    def event(kind: EventType, **extra: object) -> Event:
        return Event("urn:x", kind, NOW.isoformat(), Outcome.SUCCESS, (), (), extra=extra)

    old: dict[str, object] = {"file": "f", "root": "r", "lines": 3, "algorithm": "sha256"}
    assert run_of(event(EventType.FIXITY_CHECK, **old)) == CheckRun("f", "r", 3, "sha256", HERE, 0, 0.0)
    assert run_of(event(EventType.REPLICATION, **old, replica="disk", bytes=5, seconds=2)) == CheckRun("f", "r", 3, "sha256", DISK, 5, 2.0)
    assert run_of(event(EventType.FIXITY_CHECK, location=HERE)) is None
    assert run_of(event(EventType.RECOVERY, **old)) is None


def test_a_line_that_is_no_check_line(filled: Home) -> None:
    file = see(filled, {ONE: "intact"}, NOW)
    run = run_of(list(filled.log.entries())[-1].event)
    assert run is not None
    assert run.file == file
    assert [line.object for line in check_lines(filled.tree, run)] == [ONE]
    (filled.root / file).chmod(0o644)
    (filled.root / file).write_bytes(gzip.compress(b'{"object":1}\n'))
    with pytest.raises(DamageError, match="not readable"):
        list(check_lines(filled.tree, run))
