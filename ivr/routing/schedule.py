"""Opening hours: civil time of one zone, by weekday, kind of day, yearly, closures, single days."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr.routing.calendar import Calendar, Day, Span
from ivr.routing.day_kind import RESTS, DayKind

DAY = 24 * 60  # minutes
_LOOK_AHEAD = (14, 400)  # days in which the next change is looked for, the near ones first
_REMEMBERED = 10_000  # days
_ONE = timedelta(days=1)
_OFFICES_REST = RESTS | {DayKind.DAY_OFF}


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
class Closure:
    """Other *times*, or none, on each day from *first* to *last*; it ends by itself."""

    first: date
    last: date
    times: tuple[Interval, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something is open; the first of these that says anything of a day counts for it.

    1. ``days``: a single day.
    2. ``closures``; of several the one that begins last, then the one named last. Their times are
       for days that have hours otherwise: a day that is closed stays closed.
    3. ``yearly``: the same month and day of every year.
    4. ``kinds``: the kind of day by the *calendar*. Holidays and days off are closed if nothing is
       said. Times of eves, Chol HaMoed and memorial days are for weekdays that have hours; a
       Friday that is only the eve of Shabbat, and a Shabbat, go by their weekday.
    5. ``weekly`` (0 = Monday); no interval means closed.

    When Shabbat or a holiday begins, what is open closes, until it ends. Not cut are the times of
    single days, times that are written for Shabbat or holidays themselves, and everything with
    *through_shabbat*, with which a holiday is a weekday too.

    A time that the clock skips in spring counts as that long after the change; of a time that
    comes twice in autumn, opening takes the first and closing the second.
    """

    zone: ZoneInfo
    weekly: Mapping[int, tuple[Interval, ...]]
    days: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)
    yearly: Mapping[tuple[int, int], tuple[Interval, ...]] = field(default_factory=dict)
    kinds: Mapping[DayKind, tuple[Interval, ...]] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()
    calendar: Calendar | None = None
    through_shabbat: bool = False
    _memory: dict[date, tuple[Span, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def with_closures(self, closures: Iterable[Closure]) -> "Schedule":
        """Return these hours with *closures* besides their own."""
        return replace(self, closures=(*self.closures, *closures))

    def is_open(self, at: datetime) -> bool:
        """Say whether the hours are open at *at* (aware)."""
        today = at.astimezone(self.zone).date()
        return any(opens <= at < closes for opens, closes in self._spans(today - 2 * _ONE, 4))

    def next_change(self, at: datetime) -> datetime | None:
        """Return when (UTC) open turns to closed or back after *at*; ``None``: not for a year."""
        now_open = self.is_open(at)
        first = at.astimezone(self.zone).date() - 2 * _ONE
        for days in _LOOK_AHEAD:
            whole_until = at + timedelta(days=days - 5)  # later moments may be missing
            moments = {moment for span in self._spans(first, days) for moment in span}
            for moment in sorted(moments):
                if at < moment < whole_until and self.is_open(moment) != now_open:
                    return moment
        return None

    def changes(self, since: datetime, until: datetime) -> list[datetime]:
        """Return every moment (UTC) after *since* and before *until* that opens or closes."""
        first = since.astimezone(self.zone).date() - 2 * _ONE
        merged: list[list[datetime]] = []
        for opens, closes in sorted(self._spans(first, (until - since).days + 5)):
            if merged and opens <= merged[-1][1]:
                merged[-1][1] = max(closes, merged[-1][1])
            else:
                merged.append([opens, closes])
        return [moment for span in merged for moment in span if since < moment < until]

    def _spans(self, first: date, count: int) -> Iterator[Span]:
        """Yield opening and closing moments (UTC) of *count* days."""
        for offset in range(count):
            day = first + timedelta(days=offset)
            spans = self._memory.get(day)
            if spans is None:
                if len(self._memory) >= _REMEMBERED:
                    self._memory.clear()
                spans = self._memory[day] = tuple(self._reckon(day))
            yield from spans

    def _reckon(self, day: date) -> Iterator[Span]:
        times, as_written = self._times(day)
        for interval in times:
            opens = self._moment(day, interval.start, last=False)
            closes = self._moment(day, interval.until, last=True)
            if opens < closes:
                span = opens, closes
                yield from [span] if as_written else self._without_rests(day, span)

    def _times(self, day: date) -> tuple[tuple[Interval, ...], bool]:
        """Return the times of *day*, and whether they hold on Shabbat and holidays too."""
        if day in self.days:
            return self.days[day], True
        usual, as_written = self._usual(day)
        closed = [one for one in self.closures if one.first <= day <= one.last]
        if closed:
            times = sorted(closed, key=lambda one: one.first)[-1].times
            return (times if usual else ()), as_written
        return usual, as_written

    def _usual(self, day: date) -> tuple[tuple[Interval, ...], bool]:
        """Return what ``_times`` does, by everything that comes again."""
        yearly = self.yearly.get((day.month, day.day))
        if yearly is not None:
            return yearly, self.through_shabbat
        weekday = self.weekly.get(day.weekday(), ())
        today = self.calendar.day(day) if self.calendar else Day()
        written = self.kinds.get(today.kind)
        if today.kind in _OFFICES_REST:
            if written is not None:
                return written, True
            is_closed = today.kind is not DayKind.SHABBAT and not self.through_shabbat
            return (() if is_closed else weekday), self.through_shabbat
        if written is not None and weekday and not today.every_week:
            weekday = written
        return weekday, self.through_shabbat

    def _without_rests(self, day: date, span: Span) -> Iterator[Span]:
        """Yield what is left of *span*, which began on *day*, outside Shabbat and holidays."""
        opens, closes = span
        around = [day + timedelta(days=offset) for offset in (0, 1, 2)]
        rests = [rest for one in around if self.calendar and (rest := self.calendar.rest(one))]
        for begins, ends in sorted(rests):
            if opens < min(begins, closes):
                yield opens, min(begins, closes)
            opens = max(opens, ends)
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
