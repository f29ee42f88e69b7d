"""Opening hours: days, midnight, single days, and twenty years of clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.routing.schedule import Interval, Schedule, parse_interval

JERUSALEM = ZoneInfo("Asia/Jerusalem")
ALL_WEEK = range(7)


def at(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JERUSALEM, fold=fold)


def weekly(*texts: str, days: dict[date, tuple[Interval, ...]] | None = None) -> Schedule:
    intervals = tuple(parse_interval(text) for text in texts)
    return Schedule(JERUSALEM, dict.fromkeys(ALL_WEEK, intervals), days or {})


def test_several_times_a_day() -> None:
    hours = weekly("08:00-12:00", "16:00-18:00")
    clock = ["07:59", "08:00", "11:59", "12:00", "15:59", "16:00", "17:59", "18:00"]
    found = [hours.is_open(at(f"2026-11-22 {time}")) for time in clock]
    assert found == [False, True, True, False, False, True, True, False]


def test_over_midnight() -> None:
    night = Schedule(JERUSALEM, {3: (parse_interval("22:00-02:00"),)})  # Thursday
    assert night.is_open(at("2026-11-26 23:00"))
    assert night.is_open(at("2026-11-27 01:59"))
    assert not night.is_open(at("2026-11-27 02:00"))
    assert not night.is_open(at("2026-11-26 01:00"))
    assert not night.is_open(at("2026-11-27 23:00"))


def test_a_whole_day_and_every_day() -> None:
    always = weekly("00:00-24:00")
    assert always.is_open(at("2026-11-22 00:00"))
    assert always.is_open(at("2026-11-22 23:59"))
    assert always.next_change(at("2026-11-22 12:00")) is None


def test_single_days_closed_and_with_other_hours() -> None:
    days = {date(2026, 11, 22): (), date(2026, 11, 23): (parse_interval("10:00-11:00"),)}
    hours = weekly("08:00-16:00", days=days)
    assert not hours.is_open(at("2026-11-22 12:00"))
    assert hours.is_open(at("2026-11-23 10:30"))
    assert not hours.is_open(at("2026-11-23 12:00"))
    assert hours.is_open(at("2026-11-24 12:00"))


def test_a_night_that_began_before_a_closed_day_goes_on() -> None:
    hours = weekly("22:00-02:00", days={date(2026, 11, 22): ()})
    assert hours.is_open(at("2026-11-22 01:00"))
    assert not hours.is_open(at("2026-11-22 23:00"))


def test_the_next_change() -> None:
    hours = Schedule(JERUSALEM, {6: (parse_interval("08:00-16:00"),)})  # Sunday
    assert hours.next_change(at("2026-11-22 07:00")) == at("2026-11-22 08:00")
    assert hours.next_change(at("2026-11-22 08:00")) == at("2026-11-22 16:00")
    assert hours.next_change(at("2026-11-22 16:00")) == at("2026-11-29 08:00")


def test_all_changes_are_those_that_come_one_after_the_other() -> None:
    other_day: dict[date, tuple[Interval, ...]] = {
        date(2026, 11, 24): (parse_interval("10:00-12:00"),)
    }
    hours = weekly("08:00-12:00", "12:00-16:00", "22:00-02:00", days=other_day)
    since, until = at("2026-11-22 09:00"), at("2026-12-22 09:00")
    one_by_one = []
    change = hours.next_change(since)
    while change is not None and change < until:
        one_by_one.append(change)
        change = hours.next_change(change)
    assert hours.changes(since, until) == one_by_one


def test_times_that_touch_are_no_change() -> None:
    hours = weekly("08:00-12:00", "12:00-16:00")
    assert hours.next_change(at("2026-11-22 09:00")) == at("2026-11-22 16:00")


def test_the_hour_that_comes_twice_is_open_until_its_second_end() -> None:
    hours = weekly("00:30-01:30")  # 2026-10-25: 02:00 becomes 01:00
    assert hours.is_open(at("2026-10-25 01:15"))
    assert hours.is_open(at("2026-10-25 01:45"))
    assert hours.is_open(at("2026-10-25 01:15", fold=1))
    assert not hours.is_open(at("2026-10-25 01:30", fold=1))


def test_the_hour_that_is_skipped() -> None:
    hours = weekly("02:30-04:00")  # 2026-03-27: 02:00 becomes 03:00
    assert not hours.is_open(at("2026-03-27 01:59"))
    assert not hours.is_open(at("2026-03-27 03:15"))
    assert hours.is_open(at("2026-03-27 03:30"))
    assert not hours.is_open(at("2026-03-27 04:00"))


def test_twenty_years_of_office_hours_follow_the_clock_on_the_wall() -> None:
    hours = weekly("08:00-16:00")
    day = date(2026, 1, 1)
    while day < date(2046, 1, 1):
        eight = datetime(day.year, day.month, day.day, 8, tzinfo=JERUSALEM).astimezone(UTC)
        four = datetime(day.year, day.month, day.day, 16, tzinfo=JERUSALEM).astimezone(UTC)
        second = timedelta(seconds=1)
        found = [hours.is_open(t) for t in (eight - second, eight, four - second, four)]
        assert found == [False, True, True, False], day
        day += timedelta(days=7 if day.month not in (3, 10) else 1)


TIMES = st.integers(min_value=0, max_value=1439)
INTERVALS = st.lists(st.builds(Interval, TIMES, TIMES), max_size=3).map(tuple)
MOMENTS = st.integers(0, 20 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(st.integers(0, 6), INTERVALS, max_size=4), MOMENTS)
def test_nothing_changes_before_the_next_change(
    week: dict[int, tuple[Interval, ...]], moment: datetime
) -> None:
    hours = Schedule(JERUSALEM, week)
    now_open, change = hours.is_open(moment), hours.next_change(moment)
    if change is None:
        assert all(hours.is_open(moment + timedelta(hours=n)) == now_open for n in range(0, 340, 5))
        return
    assert change > moment
    assert hours.is_open(change) != now_open
    steps = (moment + (change - moment) * n / 17 for n in range(17))
    assert all(hours.is_open(between) == now_open for between in steps)


@pytest.mark.parametrize(
    "text", ["", "08:00", "8:00-16:00", "08:00-1600", "08:60-16:00", "24:00-08:00", "0٨:00-16:00"]
)
def test_refuses_what_is_not_two_times(text: str) -> None:
    with pytest.raises(ValueError, match=r"08:00|24:00"):
        parse_interval(text)
