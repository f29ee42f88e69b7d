"""How ``site.yaml`` writes the calendar and the opening hours, and what they become."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.problem import did_you_mean
from ivr.dialplan.template import PlainLine
from ivr.routing.calendar import Calendar, Customs
from ivr.routing.feast_dates import FARTHEST_MOVE, reckoned_near
from ivr.routing.feasts import FEAST_IDS, TRADITIONS
from ivr.routing.schedule import Closure, Interval, Schedule, parse_interval
from ivr.routing.sky import Sky

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LEAP_YEAR = "2000-"
LONGEST_CLOSURE = timedelta(days=366)


def _interval(text: str) -> str:
    parse_interval(text)
    return text


def _date(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a day like '2026-12-31'") from error
    return text


def _day_of_year(text: str) -> str:
    try:
        date.fromisoformat(_LEAP_YEAR + text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a month and day like '12-31'") from error
    return text


def _feast(name: str) -> str:
    if name not in FEAST_IDS:
        near = did_you_mean(name, FEAST_IDS)
        known = "" if near else "; known are " + ", ".join(sorted(FEAST_IDS))
        raise ValueError(f"no feast {name!r}{near}{known}")
    return name


Times = tuple[Annotated[str, AfterValidator(_interval)], ...]
Day = Annotated[str, AfterValidator(_date)]
DayOfYear = Annotated[str, AfterValidator(_day_of_year)]
FeastId = Annotated[str, AfterValidator(_feast)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Title = Annotated[dict[Language, PlainLine], Field(min_length=1)]
Tradition = Literal["jewish", "muslim", "druze", "christian", "orthodox"]
Kind = Literal["workday", "eve", "holiday", "chol_hamoed", "memorial", "day_off"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LocationText(_Part):
    """Where the sun sets; the default is Jerusalem."""

    latitude: Annotated[float, Field(ge=-50, le=50)] = 31.778  # farther off summers have no night
    longitude: Annotated[float, Field(ge=-180, le=180)] = 35.235


class NightfallText(_Part):
    """How deep the sun stands when it is night, or how many minutes after sunset that is."""

    degrees: Annotated[float, Field(ge=3, le=12)] = 8.5
    minutes: Annotated[int, Field(ge=0, le=90)] | None = None


class CalendarText(_Part):
    """What the authority keeps."""

    keeps: tuple[Tradition, ...] = ("jewish",)
    location: LocationText = LocationText()
    candle_lighting: Annotated[int, Field(ge=0, le=90)] = 40
    nightfall: NightfallText = NightfallText()
    walled: bool = False
    days_off: dict[Day, Title] = {}
    kinds: dict[FeastId, Kind] = {}
    moved: dict[FeastId, tuple[Day, ...]] = {}

    @field_validator("moved")
    @classmethod
    def _moved_are_near(cls, moved: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """Refuse a first day that is nowhere near the one it would replace."""
        feasts = {one.feast_id: one for feasts in TRADITIONS.values() for one in feasts}
        for feast_id, days in moved.items():
            for day in map(date.fromisoformat, days):
                if not reckoned_near(feasts[feast_id], day):
                    farthest = f"within {FARTHEST_MOVE.days} days of {day}"
                    raise ValueError(f"{feast_id!r} does not begin {farthest}")
        return moved


class ClosureText(_Part):
    """Closed, or other times, from one day to another."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    times: Times = ()
    why: PlainLine | Literal[""] = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "ClosureText":
        check_range(date.fromisoformat(self.first), date.fromisoformat(self.last))
        return self


class HoursText(_Part):
    """Times of each day of the week, and of other days; what they mean: ``Schedule``."""

    sunday: Times = ()
    monday: Times = ()
    tuesday: Times = ()
    wednesday: Times = ()
    thursday: Times = ()
    friday: Times = ()
    saturday: Times = ()
    eve: Times | None = None
    shabbat: Times | None = None
    holiday: Times | None = None
    chol_hamoed: Times | None = None
    memorial: Times | None = None
    day_off: Times | None = None
    through_shabbat: bool = False
    yearly: dict[DayOfYear, Times] = {}
    closures: tuple[ClosureText, ...] = ()
    days: dict[Day, Times] = {}


def check_range(first: date, last: date) -> None:
    """Refuse a closure that ends before it begins or has no end in sight.

    Raises:
        ValueError: it does.
    """
    if last < first:
        raise ValueError(f"from {first} to {last}: it ends before it begins")
    if last - first > LONGEST_CLOSURE:
        raise ValueError(f"from {first} to {last}: longer than a year; change the hours instead")


def calendar_of(written: CalendarText, zone: ZoneInfo) -> Calendar:
    """Return the calendar of an authority in *zone*."""
    sky = Sky(
        zone=zone,
        latitude=written.location.latitude,
        longitude=written.location.longitude,
        candle_lighting=written.candle_lighting,
        nightfall_degrees=written.nightfall.degrees,
        nightfall_minutes=written.nightfall.minutes,
    )
    customs = Customs(
        zone=zone,
        sky=sky,
        keeps=written.keeps,
        walled=written.walled,
        days_off={date.fromisoformat(day): title for day, title in written.days_off.items()},
        kinds={feast: DayKind(kind) for feast, kind in written.kinds.items()},
        moved={feast: tuple(map(date.fromisoformat, d)) for feast, d in written.moved.items()},
    )
    return Calendar(customs)


def schedule_of(written: HoursText, zone: ZoneInfo, calendar: Calendar) -> Schedule:
    """Return opening hours in *zone* that go by *calendar*."""
    weekly: dict[str, Times] = {day: getattr(written, day) for day in WEEKDAYS}
    kinds = {kind: getattr(written, kind) for kind in DayKind if kind is not DayKind.WORKDAY}
    return Schedule(
        zone,
        {place: intervals(weekly[day]) for place, day in enumerate(WEEKDAYS)},
        _by_day(written.days),
        yearly={(d.month, d.day): t for d, t in _by_day(written.yearly, _LEAP_YEAR).items()},
        kinds={kind: intervals(times) for kind, times in kinds.items() if times is not None},
        closures=tuple(_closure(closure) for closure in written.closures),
        calendar=calendar,
        through_shabbat=written.through_shabbat,
    )


def _by_day(written: Mapping[str, Times], year: str = "") -> dict[date, tuple[Interval, ...]]:
    return {date.fromisoformat(year + day): intervals(times) for day, times in written.items()}


def _closure(written: ClosureText) -> Closure:
    first, last = date.fromisoformat(written.first), date.fromisoformat(written.last)
    return Closure(first, last, intervals(written.times), written.why)


def intervals(times: Iterable[str]) -> tuple[Interval, ...]:
    return tuple(parse_interval(text) for text in times)
