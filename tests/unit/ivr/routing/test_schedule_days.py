"""Opening hours on days that are other than usual: what goes before what, and Shabbat."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.routing.calendar import Calendar, Customs
from ivr.routing.day_kind import DayKind
from ivr.routing.schedule import Closure, Interval, Schedule, parse_interval
from ivr.routing.sky import Sky

ZONE = ZoneInfo("Asia/Jerusalem")
SKY = Sky(zone=ZONE, latitude=31.778, longitude=35.235)
OFF = date(2026, 11, 24)
CALENDAR = Calendar(
    Customs(zone=ZONE, sky=SKY, days_off={OFF: {"he": "יום המועצה", "en": "Council day"}})
)
SUNDAY_TO_THURSDAY = (6, 0, 1, 2, 3)


def times(*texts: str) -> tuple[Interval, ...]:
    return tuple(map(parse_interval, texts))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def office(weekdays: tuple[int, ...] = SUNDAY_TO_THURSDAY, **more: Any) -> Schedule:
    weekly = dict.fromkeys(weekdays, times("08:00-16:00"))
    return Schedule(ZONE, weekly, **{"calendar": CALENDAR, **more})


def always(**more: Any) -> Schedule:
    return Schedule(ZONE, dict.fromkeys(range(7), times("00:00-24:00")), calendar=CALENDAR, **more)


def opened(hours: Schedule, day: str) -> list[str]:
    """Return when it opens and closes on *day*, in civil time."""
    first = at(f"{day} 00:00")
    moments = [first + timedelta(minutes=n) for n in range(24 * 60)]
    states = [hours.is_open(moment) for moment in moments]
    changes = [m for m, before, now in zip(moments, [False, *states], states, strict=False)
               if before != now]  # fmt: skip
    return [f"{moment.astimezone(ZONE):%H:%M}" for moment in changes]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-09-15", ["08:00", "16:00"]),  # Tuesday
        ("2026-09-18", []),  # Friday
        ("2026-09-13", []),  # Rosh Hashana, a Sunday
        ("2026-09-20", ["08:00", "12:00"]),  # eve of Yom Kippur
        ("2026-09-21", []),  # Yom Kippur
        ("2026-09-28", ["09:00", "11:00"]),  # Chol HaMoed
        ("2026-10-02", []),  # eve of Simchat Torah, but a Friday, on which they never work
        ("2026-04-21", ["08:00", "12:30"]),  # Memorial Day, also an eve
        ("2026-11-24", []),  # the council's day off
        ("2026-03-03", ["08:00", "16:00"]),  # Purim is a workday
    ],
)
def test_the_kind_of_day_goes_before_the_weekday(day: str, expected: list[str]) -> None:
    kinds = {
        DayKind.EVE: times("08:00-12:00"),
        DayKind.CHOL_HAMOED: times("09:00-11:00"),
        DayKind.MEMORIAL: times("08:00-12:30"),
    }
    assert opened(office(kinds=kinds), day) == expected


def test_eves_and_half_holidays_are_weekdays_if_nothing_is_said() -> None:
    assert opened(office(), "2026-09-28") == ["08:00", "16:00"]
    assert opened(office(), "2026-09-20") == ["08:00", "16:00"]


def test_a_friday_goes_by_its_own_hours_unless_a_holiday_follows() -> None:
    hours = office((4, *SUNDAY_TO_THURSDAY), kinds={DayKind.EVE: times("08:00-10:00")})
    assert opened(hours, "2026-09-18") == ["08:00", "16:00"]
    assert opened(hours, "2026-10-02") == ["08:00", "10:00"]


def test_the_order_of_what_goes_before_what() -> None:
    """Each layer is put on those before."""
    day, tuesday = "2026-09-22", date(2026, 9, 22)
    layers: list[tuple[dict[str, Any], list[str]]] = [
        ({}, ["08:00", "16:00"]),
        ({"yearly": {(9, 22): times("08:00-14:00")}}, ["08:00", "14:00"]),
        ({"closures": (Closure(tuesday, tuesday, times("09:00-11:00")),)}, ["09:00", "11:00"]),
        ({"days": {tuesday: times("10:00-10:30")}}, ["10:00", "10:30"]),
    ]
    more: dict[str, Any] = {}
    for layer, expected in layers:
        more |= layer
        assert opened(office(**more), day) == expected
    holiday = office(yearly={(9, 21): times("08:00-20:00")})
    night = f"{SKY.nightfall(date(2026, 9, 21)).astimezone(ZONE):%H:%M}"
    assert opened(holiday, "2026-09-21") == [night, "20:00"]  # but waits for the holiday's end


def test_a_closure_begins_and_ends_by_itself() -> None:
    summer = Closure(date(2026, 8, 2), date(2026, 8, 4), why="renovation")
    hours = office().with_closures([summer])
    days = [f"2026-08-0{day}" for day in range(2, 7)]
    usual = ["08:00", "16:00"]
    assert [opened(hours, day) for day in days] == [[], [], [], usual, usual]
    assert hours.next_change(at("2026-08-01 12:00")) == at("2026-08-05 08:00")


def test_times_of_a_closure_open_no_day_that_is_closed() -> None:
    summer = Closure(date(2026, 7, 31), date(2026, 9, 13), times("08:00-12:00"))
    hours = office().with_closures([summer])
    found = [opened(hours, day) for day in ("2026-08-02", "2026-08-07", "2026-09-13")]
    assert found == [["08:00", "12:00"], [], []]


def test_of_closures_that_overlap_the_last_to_begin_counts_then_the_last_named() -> None:
    month = Closure(date(2026, 8, 1), date(2026, 8, 31), times("08:00-12:00"))
    strike = Closure(date(2026, 8, 10), date(2026, 8, 10))
    again = Closure(date(2026, 8, 1), date(2026, 8, 31), times("08:00-13:00"))
    assert opened(office(closures=(strike, month)), "2026-08-10") == []
    assert opened(office(closures=(strike, month)), "2026-08-11") == ["08:00", "12:00"]
    assert opened(office(closures=(month, again)), "2026-08-11") == ["08:00", "13:00"]


def test_what_is_open_closes_at_candle_lighting_and_opens_at_nightfall() -> None:
    assert opened(always(), "2026-11-27") == ["00:00", "15:55"]
    assert opened(always(), "2026-11-28") == ["17:14"]
    assert opened(always(), "2026-09-11") == ["00:00", "18:10"]  # two days of Rosh Hashana
    assert [opened(always(), f"2026-09-{day}") for day in (12, 13)] == [[], []]


def test_saturday_night_is_open_if_saturday_says_so() -> None:
    hours = Schedule(ZONE, {5: times("10:00-23:00")}, calendar=CALENDAR)
    assert opened(hours, "2026-11-28") == ["17:14", "23:00"]


def test_a_night_that_ends_on_a_holiday_is_cut() -> None:
    night = Schedule(ZONE, dict.fromkeys(range(7), times("14:00-02:00")), calendar=CALENDAR)
    assert opened(night, "2026-11-27") == ["00:00", "02:00", "14:00", "15:55"]
    assert opened(night, "2026-11-28") == ["17:14"]


def test_a_duty_around_the_clock_goes_through() -> None:
    duty = always(through_shabbat=True)
    for day in ("2026-11-27", "2026-11-28", "2026-09-21", "2026-11-24"):
        assert opened(duty, day) == ["00:00"]
    assert duty.next_change(at("2026-09-10 12:00")) is None


def test_times_written_for_shabbat_itself_are_not_cut() -> None:
    kinds = {DayKind.SHABBAT: times("10:00-12:00"), DayKind.HOLIDAY: times("09:00-10:00")}
    hours = office(kinds=kinds)
    assert opened(hours, "2026-11-28") == ["10:00", "12:00"]
    assert opened(hours, "2026-09-21") == ["09:00", "10:00"]


def test_a_single_day_is_as_it_is_written() -> None:
    vote = office(days={date(2026, 11, 27): times("07:00-22:00")})
    assert opened(vote, "2026-11-27") == ["07:00", "22:00"]


def test_a_twenty_ninth_of_february_comes_in_leap_years_only() -> None:
    hours = office(yearly={(2, 29): ()})
    assert opened(hours, "2028-02-29") == []
    assert opened(hours, "2027-03-01") == ["08:00", "16:00"]


def test_a_shabbat_on_the_day_the_clock_changes() -> None:
    """2026-03-27, a Friday: 02:00 becomes 03:00."""
    assert opened(always(), "2026-03-27") == ["00:00", "18:15"]
    hours = always()
    shabbat = hours.next_change(at("2026-03-27 12:00"))
    assert shabbat == at("2026-03-27 18:15")
    assert hours.next_change(shabbat) == at("2026-03-28 19:32")


def test_is_open_is_quick_enough_to_ask_for_thousands_of_moments() -> None:
    hours = office(closures=tuple(Closure(OFF, OFF) for _ in range(50)))
    moments = [at("2026-09-01 00:00") + timedelta(minutes=17 * n) for n in range(2000)]
    for moment in moments:
        hours.is_open(moment)
    quickest = min(_seconds(hours, moments) for _ in range(5))
    assert quickest / len(moments) < 20e-6


def _seconds(hours: Schedule, moments: list[datetime]) -> float:
    begun = time.perf_counter()
    for moment in moments:
        hours.is_open(moment)
    return time.perf_counter() - begun


MINUTES = st.integers(min_value=0, max_value=1439)
INTERVALS = st.lists(st.builds(Interval, MINUTES, MINUTES), max_size=3).map(tuple)
MOMENTS = st.integers(0, 20 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
DAYS = st.dates(date(2026, 1, 1), date(2045, 12, 31))
CLOSURES = st.builds(
    lambda first, days, t: Closure(first, first + timedelta(days=days), t),
    DAYS, st.integers(0, 60), INTERVALS,
)  # fmt: skip
SCHEDULES = st.builds(
    lambda week, kinds, yearly, closures: Schedule(
        ZONE, week, yearly=yearly, kinds=kinds, closures=tuple(closures), calendar=CALENDAR
    ),
    st.dictionaries(st.integers(0, 6), INTERVALS, max_size=7),
    st.dictionaries(st.sampled_from([DayKind.EVE, DayKind.CHOL_HAMOED]), INTERVALS),
    st.dictionaries(st.tuples(st.integers(1, 12), st.integers(1, 28)), INTERVALS, max_size=3),
    st.lists(CLOSURES, max_size=3),
)


@settings(deadline=None, max_examples=150)
@given(SCHEDULES, MOMENTS)
def test_nothing_is_open_on_shabbat_unless_somebody_said_so(
    hours: Schedule, moment: datetime
) -> None:
    assert not (CALENDAR.at(moment).kind in {"shabbat", "holiday"} and hours.is_open(moment))


@settings(deadline=None, max_examples=100)
@given(SCHEDULES, MOMENTS)
def test_nothing_changes_before_the_next_change(hours: Schedule, moment: datetime) -> None:
    now_open, change = hours.is_open(moment), hours.next_change(moment)
    if change is None:
        assert all(hours.is_open(moment + timedelta(hours=n)) == now_open for n in range(0, 340, 5))
        return
    assert change > moment
    assert hours.is_open(change) != now_open
    steps = (moment + (change - moment) * n / 17 for n in range(17))
    assert all(hours.is_open(between) == now_open for between in steps)


@settings(deadline=None, max_examples=60)
@given(DAYS, st.integers(0, 60), st.integers(0, 60 * 24 * 60))
def test_a_closure_without_times_is_closed_from_its_first_minute_to_its_last(
    first: date, length: int, minutes: int
) -> None:
    last = first + timedelta(days=length)
    duty = always(through_shabbat=True)
    closed = duty.with_closures([Closure(first, last)])
    begins, ends = (datetime(d.year, d.month, d.day, tzinfo=ZONE).astimezone(UTC)
                    for d in (first, last + timedelta(days=1)))  # fmt: skip
    inside = min(begins + timedelta(minutes=minutes), ends - timedelta(seconds=1))
    assert duty.is_open(inside)
    assert not closed.is_open(inside)
    assert closed.is_open(begins - timedelta(seconds=1))
    assert closed.is_open(ends)
