"""Opening hours: civil time of one zone, several times a day, over midnight, single other days."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = 24 * 60  # minutes
_LOOK_AHEAD = (14, 400)  # days in which the next change is looked for, the near ones first


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """From *start* to *end*, minutes of civil time after midnight of the day it starts on.

    An *end* at or before *start* is on the next day. It belongs to the day it starts on.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < DAY and 0 <= self.end <= DAY):
            raise ValueError("times of day are 00:00 to 24:00")

    @property
    def until(self) -> int:
        """Return the end in minutes after midnight of the first day, above DAY on the next."""
        return self.end if self.end > self.start else self.end + DAY


@dataclass(frozen=True, slots=True)
class Schedule:
    """Weekly hours (0 = Monday) and other hours on single days; no interval means closed.

    A time that the clock skips in spring counts as that long after the change; of a time that
    comes twice in autumn, opening takes the first and closing the second.
    """

    zone: ZoneInfo
    weekly: Mapping[int, tuple[Interval, ...]]
    days: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)

    def is_open(self, at: datetime) -> bool:
        """Say whether the hours are open at *at* (aware)."""
        today = at.astimezone(self.zone).date()
        spans = self._spans(today - timedelta(days=2), 4)
        return any(opens <= at < closes for opens, closes in spans)

    def next_change(self, at: datetime) -> datetime | None:
        """Return when (UTC) open turns to closed or back after *at*; ``None``: not for a year."""
        now_open = self.is_open(at)
        first = at.astimezone(self.zone).date() - timedelta(days=2)
        for days in _LOOK_AHEAD:
            whole_until = at + timedelta(days=days - 5)  # later moments may be missing
            moments = {moment for span in self._spans(first, days) for moment in span}
            for moment in sorted(moments):
                if at < moment < whole_until and self.is_open(moment) != now_open:
                    return moment
        return None

    def _spans(self, first: date, count: int) -> Iterator[tuple[datetime, datetime]]:
        """Yield opening and closing moments (UTC) of *count* days."""
        for offset in range(count):
            day = first + timedelta(days=offset)
            for interval in self.days.get(day, self.weekly.get(day.weekday(), ())):
                opens = self._moment(day, interval.start, last=False)
                closes = self._moment(day, interval.until, last=True)
                if opens < closes:
                    yield opens, closes

    def _moment(self, day: date, minutes: int, *, last: bool) -> datetime:
        """Return the moment (UTC) that a civil time names, the later one if it comes twice."""
        days, rest = divmod(minutes, DAY)
        civil = datetime.combine(
            day + timedelta(days=days), time(rest // 60, rest % 60), tzinfo=self.zone
        )
        moment = civil.astimezone(UTC)
        return max(moment, civil.replace(fold=1).astimezone(UTC)) if last else moment


def parse_interval(text: str) -> Interval:
    """Read ``08:00-16:00``; ``22:00-02:00`` goes over midnight, ``00:00-24:00`` is a whole day.

    Raises:
        ValueError: it is not two times of day.
    """
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(f"{text!r} is not written like '08:00-16:00'")
    return Interval(_minutes(start), _minutes(end))


def _minutes(text: str) -> int:
    hour, _, minute = text.strip().partition(":")
    digits = hour + minute
    well_formed = len(hour) == 2 and len(minute) == 2 and digits.isascii() and digits.isdecimal()
    if not well_formed or int(minute) > 59:
        raise ValueError(f"{text!r} is not a time of day like '08:00'")
    return int(hour) * 60 + int(minute)
