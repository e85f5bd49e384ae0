"""Times that a clock wrote while it ran ahead are not believed."""

from datetime import timedelta

from archive.audit.standings import standings
from archive.home import Home
from archive.settings import Cadence
from tests.archive.audit.builders import see
from tests.archive.builders import NOW, draft, keep

ONE, TWO = "ark:99999/dt1", "ark:99999/dt2"
HERE = "storage"
AHEAD = timedelta(days=3653)


def test_a_look_of_a_clock_that_ran_ahead_counts_as_old_as_the_entry_before(home: Home) -> None:
    keep(home, draft(ONE, a=b"1"), draft(TWO, a=b"2"))
    see(home, {ONE: "intact"}, NOW + AHEAD)
    ahead = standings(home).objects[ONE, HERE]
    assert ahead.scrubbed == (NOW + AHEAD).timestamp()  # nothing tells yet that the clock is wrong
    see(home, {TWO: "intact"}, NOW + timedelta(days=5))
    found = standings(home)
    assert found.objects[ONE, HERE].scrubbed == found.objects[ONE, HERE].good == NOW.timestamp()
    assert found.objects[TWO, HERE].due(Cadence(90, 365)) == (NOW + timedelta(days=95)).timestamp()
    assert [run.when for run in found.runs] == [NOW.timestamp(), (NOW + timedelta(days=5)).timestamp()]


def test_a_clock_that_is_slow_makes_things_due_early_and_never_late(home: Home) -> None:
    keep(home, draft(ONE, a=b"1"))
    see(home, {ONE: "intact"}, NOW - AHEAD)
    assert standings(home).objects[ONE, HERE].due(Cadence(90, 365)) <= (NOW - AHEAD + timedelta(days=90)).timestamp()
    see(home, {ONE: "intact"}, NOW + timedelta(days=1))
    assert standings(home).objects[ONE, HERE].due(Cadence(90, 365)) <= (NOW + timedelta(days=91)).timestamp()
