"""The forecast: what falls due, whether the machine gets through, and what would have to be done."""

import pytest

from archive.audit.standings import Standing
from archive.integrity.forecast import Absence, Forecast, Look, Outlook, forecast
from archive.integrity.outlook import looks_of
from archive.integrity.pace import DAY, HOLIDAY_DAYS, LEAST_DAY_SECONDS, PRIOR_BYTE_SECONDS, Pace, Sample, measure
from archive.settings import Cadence

MONDAY = 20_003 * DAY
"""2024-10-07"""
NOW = MONDAY + DAY / 3
ALWAYS = Pace(object_seconds=1.0, byte_seconds=0.0, shares=(1.0,) * 7, day_seconds=100.0, last_run=NOW)
HERE = "storage"


def looks(count: int, due: float, location: str = HERE) -> list[Look]:
    return [Look(f"{location}-{number}-{due}", location, NOW + due * DAY, 1) for number in range(count)]


def seen(found: Forecast) -> dict[Outlook, int]:
    return {outlook: found.count(outlook) for outlook in Outlook if found.count(outlook)}


def test_nothing_is_due() -> None:
    found = forecast([], {}, NOW)
    assert (found.verdict, found.looks, found.needs, found.reserves) == (Outlook.IN_TIME, (), (), ())
    assert forecast(looks(3, 15), {}, NOW).looks == ()


def test_what_can_be_done_today_is_in_time() -> None:
    found = forecast(looks(50, 0.5), {HERE: ALWAYS}, NOW)
    assert seen(found) == {Outlook.IN_TIME: 50}
    assert (found.due_within(1), found.due_within(14), found.needs) == (50, 50, ())


def test_overdue_is_said_even_where_today_has_room_for_it() -> None:
    found = forecast([*looks(2, -1), *looks(1, 3)], {HERE: ALWAYS}, NOW)
    assert (found.verdict, seen(found), found.needs) == (Outlook.OVERDUE, {Outlook.OVERDUE: 2, Outlook.IN_TIME: 1}, ())


def test_what_the_machine_cannot_do_is_late_and_says_how_much_more_it_needs() -> None:
    # 90 seconds a day for what is due (a tenth goes to chance), 1.1 seconds each: today and three more days by the fourth morning
    found = forecast(looks(400, 4), {HERE: ALWAYS}, NOW)
    assert seen(found) == {Outlook.IN_TIME: 0, Outlook.LATE: 400 - 327, Outlook.TIGHT: 327 - 81} | {Outlook.IN_TIME: 81}
    (need,) = found.needs
    assert need.seconds == pytest.approx(400 * 1.1 - 4 * 90)
    assert (need.before, need.late, need.location) == (NOW + 4 * DAY, 73, HERE)
    (reserve,) = found.reserves
    assert reserve.late == 319
    assert found.count(Outlook.LATE, days=3) == 0


def test_a_need_that_is_past_is_at_once() -> None:
    (need,) = forecast(looks(200, -2), {HERE: ALWAYS}, NOW).needs
    assert need.before == NOW


def test_days_on_which_it_never_runs_do_not_count() -> None:
    weekdays = Pace(1.0, 0.0, (1.0,) * 5 + (0.0, 0.0), 100.0, last_run=NOW)
    monday_to_monday = looks(480, 7)
    assert forecast(monday_to_monday, {HERE: ALWAYS}, NOW).count(Outlook.LATE) == 0
    assert forecast(monday_to_monday, {HERE: weekdays}, NOW).count(Outlook.LATE) == 480 - 409


def test_used_up_today() -> None:
    tired = Pace(1.0, 0.0, (1.0,) * 7, 100.0, used_today=100.0, last_run=NOW)
    assert forecast(looks(1, 0.5), {HERE: tired}, NOW).verdict is Outlook.LATE


def test_tight_is_late_only_after_a_holiday() -> None:
    found = forecast(looks(150, HOLIDAY_DAYS), {HERE: ALWAYS}, NOW)
    assert seen(found) == {Outlook.TIGHT: 150 - 81, Outlook.IN_TIME: 81}
    assert found.needs == ()
    assert found.reserves[0].late == 69


def test_an_absence_says_beforehand_what_will_be_late() -> None:
    absence = Absence(MONDAY + 2 * DAY, MONDAY + 32 * DAY)
    early, late, behind = looks(10, 1.5), looks(10, 20), looks(10, 40)
    found = forecast([*early, *late, *behind], {HERE: ALWAYS}, NOW, absence=absence)
    assert [one.outlook for one in found.looks] == [Outlook.IN_TIME] * 10 + [Outlook.LATE] * 10 + [Outlook.IN_TIME] * 10
    (need,) = found.needs
    assert (need.late, need.away, need.before) == (10, True, absence.start)
    assert need.seconds == pytest.approx(10 * 1.1)
    (soon,) = forecast(looks(300, 1.5), {HERE: ALWAYS}, NOW, absence=absence).needs
    assert (soon.away, soon.before) == (False, NOW + 1.5 * DAY)
    # nothing keeps the machine from what the audit would take today already
    assert forecast(looks(10, 13), {HERE: ALWAYS}, NOW, absence=absence).count(Outlook.LATE) == 0


def test_every_location_has_its_own_pace() -> None:
    found = forecast([*looks(5, 2), *looks(5, 2, "replica:b")], {HERE: ALWAYS, "replica:b": Pace(30.0, 0.0, (0.0,) * 7, 100.0)}, NOW)
    assert [need.location for need in found.needs] == ["replica:b"]
    assert not Pace().measured
    assert forecast(looks(1, 3, "replica:new"), {}, NOW).verdict is Outlook.IN_TIME


def test_before_an_absence_the_full_audit_is_named_too() -> None:
    one = Standing("a", HERE, "v1", 10, NOW - 340 * DAY, NOW - 340 * DAY, NOW - 80 * DAY, NOW - 340 * DAY)
    cadence = Cadence()
    assert [look.due for look in looks_of(one, cadence)] == [NOW + 10 * DAY]
    absence = Absence(NOW + DAY, NOW + 30 * DAY)
    assert [look.due for look in looks_of(one, cadence, absence)] == [NOW + 10 * DAY, NOW + 25 * DAY]


def samples(days: range, *, slow: float = 1.0, objects: int = 100, size: int = 10**9) -> list[Sample]:
    return [Sample(NOW - day * DAY, objects, size, (0.03 * objects + size / 50e6) * slow) for day in days]


def test_nothing_measured_is_reckoned_with_an_old_disk() -> None:
    pace = measure([], NOW, NOW - 100 * DAY)
    assert pace.byte_seconds == PRIOR_BYTE_SECONDS
    assert 0 < pace.share(20_004) < 0.1
    assert not pace.measured
    assert measure([Sample(NOW + DAY, 1, 1, 1.0)], NOW, NOW) == measure([], NOW, NOW)


def test_speed_is_measured_for_objects_and_bytes() -> None:
    mixed = [*samples(range(1, 20, 2), objects=1000, size=10**8), *samples(range(2, 20, 2), objects=10, size=10**10)]
    pace = measure(mixed, NOW, NOW - 100 * DAY)
    assert pace.object_seconds == pytest.approx(0.03, rel=0.15)
    assert pace.byte_seconds == pytest.approx(1 / 50e6, rel=0.15)
    assert pace.last_run == NOW - DAY
    alike = measure(samples(range(1, 20)), NOW, NOW - 100 * DAY)
    assert 100 * alike.object_seconds + 1e9 * alike.byte_seconds == pytest.approx(23.0, rel=0.05)


def test_a_disk_that_got_slower_counts_at_once_and_one_that_got_faster_slowly() -> None:
    before = measure(samples(range(1, 20)), NOW, NOW - 100 * DAY)
    slower = measure([*samples(range(2, 20)), *samples(range(1, 2), slow=2.0)], NOW, NOW - 100 * DAY)
    assert slower.cost(10**9) == pytest.approx(2 * before.cost(10**9), rel=0.2)
    faster = measure([*samples(range(2, 20)), *samples(range(1, 2), slow=0.5)], NOW, NOW - 100 * DAY)
    assert faster.cost(10**9) > 0.75 * before.cost(10**9)


def test_runs_without_objects_or_time_measure_no_speed() -> None:
    pace = measure([Sample(NOW - DAY, 0, 0, 0.0)], NOW, NOW - DAY)
    assert (pace.byte_seconds, pace.measured, pace.day_seconds) == (PRIOR_BYTE_SECONDS, True, LEAST_DAY_SECONDS)


def test_days_of_running_and_time_of_a_day() -> None:
    every_weekday = [day for day in range(1, 29) if (NOW - day * DAY) // DAY % 7 not in {2.0, 3.0}]  # Saturday, Sunday
    runs = [Sample(NOW - day * DAY, 100, 10**9, 1000.0 + day) for day in every_weekday]
    pace = measure([*runs, Sample(NOW - 60, 1, 1, 5.0)], NOW, NOW - 300 * DAY)
    assert pace.shares[5] < 0.3
    assert pace.shares[0] > 0.85
    assert 1000 < pace.day_seconds < 1028
    assert pace.used_today == 5.0
    long_ago = measure([Sample(NOW - 40 * DAY, 1, 1, 5000.0)], NOW, NOW - 300 * DAY)
    assert long_ago.day_seconds == LEAST_DAY_SECONDS


def test_the_longest_time_off_is_reckoned_with() -> None:
    assert measure(samples(range(1, 20)), NOW, NOW).days_off == HOLIDAY_DAYS
    assert measure([*samples(range(1, 5)), *samples(range(20, 25))], NOW, NOW).days_off == 15
    assert measure([*samples(range(1, 5)), *samples(range(90, 95))], NOW, NOW).days_off == 30
    assert measure([*samples(range(380, 382)), *samples(range(430, 432))], NOW, NOW).days_off == HOLIDAY_DAYS
