"""The worlds a caller can call in: which hours are open, what kind of day, emergency or not."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.proof.ways import Guard
from ivr.routing.schedule import Schedule

LOOK_AHEAD = timedelta(days=400)  # a year with all its holidays
_JUST_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class World:
    """One state of the house, and a moment (aware) at which it is so."""

    moment: datetime
    facts: Mapping[Guard, object]

    @property
    def is_emergency(self) -> bool:
        return bool(self.facts.get(("emergency", "")))


def worlds_of(
    guards: Iterable[Guard],
    hours: Mapping[str, Schedule],
    day_kind: Callable[[datetime], DayKind],
    start: datetime,
) -> list[World]:
    """Return every world that differs in what *guards* ask, each once, with its first moment."""
    wanted = set(guards)
    named = sorted(name for kind, name in wanted if kind == "hours" and name in hours)
    asks_day = ("day", "") in wanted
    emergencies = (False, True) if ("emergency", "") in wanted else (False,)
    found: dict[object, World] = {}
    for moment in _moments([hours[name] for name in named], start, daily=asks_day):
        facts: dict[Guard, object] = {
            ("hours", name): hours[name].is_open(moment) for name in named
        }
        if asks_day:
            facts["day", ""] = day_kind(moment)
        for emergency in emergencies:
            state = facts | {("emergency", ""): emergency}
            here = moment.astimezone(start.tzinfo)
            found.setdefault(frozenset(state.items()), World(here, state))
    return list(found.values())


def _moments(schedules: list[Schedule], start: datetime, *, daily: bool) -> list[datetime]:
    """Return moments just after anything can have changed, in order."""
    moments = {start}
    for schedule in schedules:
        change = schedule.next_change(start)
        while change is not None and change < start + LOOK_AHEAD:
            moments.add(change + _JUST_AFTER)
            change = schedule.next_change(change)
    if daily:
        days = range(LOOK_AHEAD.days)
        moments |= {
            start + timedelta(days=day, hours=hour) for day, hour in product(days, (0, 6, 12, 18))
        }
    return sorted(moments)
