"""The calendar of an authority: what kind of day it is at a moment, and why.

Shabbat and the Jewish holidays last from candle lighting on the evening before to nightfall,
Independence Day from nightfall to nightfall. Every other kind is a civil day: eves from midnight
until the feast begins. Of several kinds on one day the first of ``_RANK`` counts; all are named.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ivr.routing.day_kind import RESTS, DayKind
from ivr.routing.feast_dates import Moved, days_of
from ivr.routing.feasts import (
    EVE_OF,
    OPEN_ONLY,
    SATURDAY,
    SHABBAT,
    TRADITIONS,
    WALLED_ONLY,
    Begins,
    Feast,
    Names,
)
from ivr.routing.sky import Sky

Span = tuple[datetime, datetime]  # from, until; UTC
_DAY = timedelta(days=1)
_RANK = [
    DayKind.HOLIDAY,  # also when it falls on Shabbat
    DayKind.SHABBAT,
    DayKind.DAY_OFF,
    DayKind.MEMORIAL,
    DayKind.EVE,
    DayKind.CHOL_HAMOED,
    DayKind.WORKDAY,
]
_GO_ON_AT_NIGHT = frozenset({DayKind.CHOL_HAMOED, DayKind.MEMORIAL})


@dataclass(frozen=True, slots=True)
class Day:
    """A kind of day and why, the name that made it so first."""

    kind: DayKind = DayKind.WORKDAY
    names: tuple[Names, ...] = ()
    every_week: bool = False  # a Shabbat or Friday that nothing else makes special


@dataclass(frozen=True, slots=True, kw_only=True)
class Customs:
    """What an authority keeps: traditions by name, its own days off, what it does otherwise."""

    zone: ZoneInfo
    sky: Sky
    keeps: tuple[str, ...] = ("jewish",)
    walled: bool = False  # Purim a day later, as in Jerusalem
    days_off: Mapping[date, Names] = field(default_factory=dict)
    kinds: Mapping[str, DayKind] = field(default_factory=dict)  # of feasts, instead of ours
    moved: Moved = field(default_factory=dict)


class Calendar:
    """Answers from memory: a year is reckoned once, the sun of a day too."""

    def __init__(self, customs: Customs) -> None:
        self._customs = customs
        self._years: dict[int, dict[date, list[Feast]]] = {}
        self._days: dict[date, Day] = {}
        self._rests: dict[date, Span | None] = {}

    def at(self, moment: datetime) -> Day:
        """Return what day it is at *moment* (aware)."""
        civil = moment.astimezone(self._customs.zone).date()
        for day in (civil + _DAY, civil):
            rest = self.rest(day)
            if rest and rest[0] <= moment < rest[1]:
                return self.day(day)
        today = self.day(civil)
        return today if today.kind not in RESTS else self._night_after(civil)

    def day(self, civil: date) -> Day:
        """Return what a civil day is by daylight."""
        if civil not in self._days:
            self._days[civil] = self._reckon(civil)
        return self._days[civil]

    def rest(self, civil: date) -> Span | None:
        """Return from when until when the Shabbat or holiday of a day lasts, if it is one."""
        if civil not in self._rests:
            feasts = [feast for feast in self._feasts(civil) if feast.kind in RESTS]
            self._rests[civil] = self._lasts(feasts, civil) if feasts else None
        return self._rests[civil]

    def _reckon(self, civil: date) -> Day:
        feasts = list(self._feasts(civil))
        if not any(feast.kind in RESTS for feast in feasts):
            feasts.extend(_eve(one) for one in self._feasts(civil + _DAY) if one.kind in RESTS)
        return _day_of(feasts)

    def _night_after(self, civil: date) -> Day:
        """Return what the night after a holiday is: it belongs to the next Hebrew day."""
        return _day_of([one for one in self._feasts(civil + _DAY) if one.kind in _GO_ON_AT_NIGHT])

    def _feasts(self, civil: date) -> list[Feast]:
        if civil.year not in self._years:
            self._years[civil.year] = self._year(civil.year)
        feasts = list(self._years[civil.year].get(civil, ()))
        if civil.weekday() == SATURDAY and "jewish" in self._customs.keeps:
            feasts.append(SHABBAT)
        if off := self._customs.days_off.get(civil):
            feasts.append(Feast("", DayKind.DAY_OFF, off.get("he", ""), off.get("en", ""), 0, 0))
        return feasts

    def _year(self, year: int) -> dict[date, list[Feast]]:
        customs = self._customs
        elsewhere = OPEN_ONLY if customs.walled else WALLED_ONLY
        kept = {one.feast_id: one for name in customs.keeps for one in TRADITIONS[name]}
        found: dict[date, list[Feast]] = {}
        for feast_id, feast in kept.items():
            if feast_id not in elsewhere:
                ours = replace(feast, kind=customs.kinds.get(feast_id, feast.kind))
                for day in days_of(ours, year, customs.moved):
                    found.setdefault(day, []).append(ours)
        return found

    def _lasts(self, feasts: Iterable[Feast], civil: date) -> Span:
        spans = [(self._begins(feast, civil), self._ends(feast, civil)) for feast in feasts]
        return min(begins for begins, _ in spans), max(ends for _, ends in spans)

    def _begins(self, feast: Feast, civil: date) -> datetime:
        before, sky = civil - _DAY, self._customs.sky
        if feast.begins is Begins.MIDNIGHT:
            return self._midnight(civil)
        if feast.begins is Begins.NIGHTFALL:
            return sky.nightfall(before)
        after_a_feast = any(
            one.begins is Begins.CANDLES and one.kind in RESTS for one in self._feasts(before)
        )
        # No fire is made on Shabbat or in daylight of a holiday, but for Shabbat it must be.
        if after_a_feast and civil.weekday() != SATURDAY:
            return sky.nightfall(before)
        return sky.candles(before)

    def _ends(self, feast: Feast, civil: date) -> datetime:
        if feast.begins is Begins.MIDNIGHT:
            return self._midnight(civil + _DAY)
        return self._customs.sky.nightfall(civil)

    def _midnight(self, civil: date) -> datetime:
        return datetime.combine(civil, time(), tzinfo=self._customs.zone).astimezone(UTC)


def _day_of(feasts: list[Feast]) -> Day:
    ordered = sorted(feasts, key=lambda feast: _RANK.index(feast.kind))
    if not ordered:
        return Day()
    return Day(
        ordered[0].kind,
        tuple(feast.names for feast in ordered),
        all(feast.feast_id == SHABBAT.feast_id for feast in ordered),
    )


def _eve(feast: Feast) -> Feast:
    he, en = (EVE_OF[language].format(name=feast.names[language]) for language in ("he", "en"))
    return replace(feast, kind=DayKind.EVE, he=he, en=en)
