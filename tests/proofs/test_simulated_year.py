"""A year of 10,000 objects: with warnings nothing is late; without them much is, and every bit of it had been said before it fell due."""

from collections.abc import Callable

import pytest

from tests.proofs.conftest import Extent
from tests.proofs.simulated_year import Plan, Simulation, Year

MINUTES = 15
"""of checking a day: little more than the archive needs when nothing goes wrong"""
LIMIT = 0.0027
"""of all object-days, one day a year"""


def years(extent: Extent, *, heeds: bool, outage: int = 0) -> list[Year]:
    """The same kind of year for one seed or five."""
    seeds = range(extent.seed, extent.seed + extent.pick(1, 5))
    return [Simulation(Plan(seed, MINUTES, heeds, outage)).run() for seed in seeds]


def told(year: Year) -> str:
    """The figures of a year in a line."""
    return (
        f"off {year.off_days} days, at most {year.longest_off} in a row; {year.looks} looks; overdue {year.overdue_days}/{year.object_days}"
        f" object-days ({year.overdue_share:.4%}); late looks {year.late}, warned of {year.warned}; due dates announced "
        f"{year.announced}/{year.due_dates}; the keeper gave {year.extra_hours:.0f} h more"
    )


@pytest.mark.timeout(900)
def test_with_warnings_that_are_heeded_hardly_anything_is_late(extent: Extent, record_proof: Callable[[str], None]) -> None:
    for year in years(extent, heeds=True):
        record_proof(f"simulated year, warnings heeded: {told(year)}")
        assert (year.off_days, year.longest_off) == (55, 10)
        assert year.announced == year.due_dates > 30_000
        assert year.warned == year.late
        assert year.overdue_share <= LIMIT


@pytest.mark.timeout(900)
def test_without_them_much_is_late_and_all_of_it_had_been_said(extent: Extent, record_proof: Callable[[str], None]) -> None:
    for year in years(extent, heeds=False):
        record_proof(f"simulated year, nobody heeds: {told(year)}")
        assert year.overdue_share > LIMIT
        assert year.announced == year.due_dates
        assert year.warned == year.late > 1000


@pytest.mark.timeout(900)
def test_an_outage_of_thirty_days_says_beforehand_what_will_be_late(extent: Extent, record_proof: Callable[[str], None]) -> None:
    for year in years(extent, heeds=True, outage=30):
        missed = year.became_late - year.foretold
        record_proof(
            f"simulated year, 30 days off from day 300: late after it {len(year.became_late)}, of them said before it "
            f"{len(year.became_late) - len(missed)}; said {len(year.foretold)}; {told(year)}"
        )
        assert len(year.became_late) > 1000
        assert not missed
        assert len(year.foretold) < 2 * len(year.became_late)
        assert year.announced == year.due_dates
