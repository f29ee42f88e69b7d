"""Tables of what is so when, exact to the second, for the days that lie ahead of Asterisk."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ivr.routing.schedule import Schedule

DAY = 86_400  # seconds; days are those of UTC, so that Asterisk only has to divide
AHEAD = timedelta(days=431)  # 400 from any day of the month in which the table begins
_STEP = timedelta(minutes=10)  # two changes of the kind of day lie further apart
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Slice:
    """From *start* (epoch seconds) on it is *value*."""

    start: int
    value: str


@dataclass(frozen=True, slots=True)
class TimeTable:
    """Day number (epoch seconds // ``DAY``) → its slices; days left out are all *usual*."""

    usual: str
    days: Mapping[int, tuple[Slice, ...]]

    def at(self, epoch: int) -> str:
        """Return what is so at *epoch*, as Asterisk looks it up."""
        value = self.usual
        for one in self.days.get(epoch // DAY, ()):
            if epoch >= one.start:
                value = one.value
        return value


def beginning(now: datetime) -> datetime:
    """Return where tables made at *now* begin: with the month, so that they change with it."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def hours_table(schedule: Schedule, start: datetime) -> TimeTable:
    """Return when *schedule* is ``open`` and when ``closed``."""

    def changes() -> Iterator[datetime]:
        change = schedule.next_change(start)
        while change is not None and change < start + AHEAD:
            yield change
            change = schedule.next_change(change)

    return _table(
        lambda moment: "open" if schedule.is_open(moment) else "closed", start, changes(), "closed"
    )


def kinds_table(kind: Callable[[datetime], str], start: datetime, usual: str) -> TimeTable:
    """Return when it is which kind of day; *kind* tells it of a moment."""
    return _table(kind, start, _searched(kind, start), usual)


def _searched(kind: Callable[[datetime], str], start: datetime) -> Iterator[datetime]:
    """Yield each moment at which *kind* changes, found by halving to the second."""
    before = start
    while before < start + AHEAD:
        after = before + _STEP
        if kind(after) != kind(before):
            yield _change(kind, before, after)
        before = after


def _change(kind: Callable[[datetime], str], before: datetime, after: datetime) -> datetime:
    old = kind(before)
    while after - before > _SECOND:
        middle = before + (after - before) // 2 // _SECOND * _SECOND  # a whole second
        before, after = (middle, after) if kind(middle) == old else (before, middle)
    return after


def _table(
    value: Callable[[datetime], str], start: datetime, changes: Iterator[datetime], usual: str
) -> TimeTable:
    """Cut time at each change and at each midnight of UTC."""
    first = int(start.timestamp()) // DAY
    cuts: dict[int, list[int]] = {}
    for change in changes:
        epoch = -int(-change.timestamp() // 1)  # the first whole second at which it has changed
        cuts.setdefault(epoch // DAY, []).append(epoch)
    days: dict[int, tuple[Slice, ...]] = {}
    now = value(start)
    for day in range(first, first + AHEAD.days):
        slices = [Slice(day * DAY, now)]
        for epoch in cuts.get(day, ()):
            now = value(datetime.fromtimestamp(epoch, UTC))
            slices.append(Slice(epoch, now))
        if any(one.value != usual for one in slices):
            days[day] = tuple(slices)
    return TimeTable(usual, days)
