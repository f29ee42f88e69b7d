"""Tables of time say, to the second, what the schedule and the calendar say."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from ivr.dialplan.time_tables import DAY, beginning, hours_table, kinds_table
from ivr.routing.schedule import Closure, Interval, Schedule, parse_interval

JERUSALEM = ZoneInfo("Asia/Jerusalem")
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=JERUSALEM)
START = beginning(NOW)
FIRST = int(START.timestamp())


def _daily(*times: str, days: int = 7) -> dict[int, tuple[Interval, ...]]:
    return dict.fromkeys(range(days), tuple(parse_interval(text) for text in times))


SCHEDULES = {
    "several a day": Schedule(JERUSALEM, _daily("08:00-12:00", "14:30-19:00", days=5)),
    "over midnight": Schedule(JERUSALEM, _daily("22:00-02:00")),
    "always": Schedule(JERUSALEM, _daily("00:00-24:00")),
    "never": Schedule(JERUSALEM, {}),
    "single days and a closure": Schedule(
        JERUSALEM,
        _daily("08:00-16:00", days=5),
        days={date(2027, 4, 21): (), date(2026, 12, 4): (parse_interval("09:00-11:00"),)},
        closures=(Closure(date(2027, 1, 3), date(2027, 1, 9)),),
    ),
    "the night the clock is set": Schedule(JERUSALEM, _daily("01:30-03:30")),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_hours_are_those_of_the_schedule_at_any_second(name: str) -> None:
    schedule = SCHEDULES[name]
    table = hours_table(schedule, START)
    edges = [one.start for slices in table.days.values() for one in slices]
    near = [edge + offset for edge in edges for offset in (-1, 0, 1)]
    for epoch in [*near, *range(FIRST, FIRST + 400 * DAY, 7919)]:
        if epoch < FIRST:
            continue  # a second before the table begins
        is_open = schedule.is_open(datetime.fromtimestamp(epoch, UTC))
        assert (table.at(epoch) == "open") == is_open, datetime.fromtimestamp(epoch, JERUSALEM)


def test_days_that_are_all_closed_take_no_room() -> None:
    assert not hours_table(SCHEDULES["never"], START).days
    weekdays = hours_table(SCHEDULES["several a day"], START)
    assert len(weekdays.days) == pytest.approx(431 * 5 / 7, abs=3)


def test_kinds_change_to_the_second() -> None:
    turns = [
        datetime(2026, 11, 27, 14, 1, 17, tzinfo=UTC),
        datetime(2026, 11, 28, 15, 15, tzinfo=UTC),
    ]

    def kind(moment: datetime) -> str:
        return "shabbat" if turns[0] <= moment < turns[1] else "workday"

    table = kinds_table(kind, START, "workday")
    for turn, before, after in zip(
        turns, ("workday", "shabbat"), ("shabbat", "workday"), strict=True
    ):
        epoch = int(turn.timestamp())
        assert (table.at(epoch - 1), table.at(epoch)) == (before, after)
    assert len(table.days) == 2


def test_tables_change_with_the_month_only_and_reach_400_days() -> None:
    later = datetime(2026, 11, 30, 21, 0, tzinfo=JERUSALEM)
    assert beginning(later) == START
    table = hours_table(SCHEDULES["always"], START)
    last = max(table.days) * DAY
    assert last - later.timestamp() > 399 * DAY
