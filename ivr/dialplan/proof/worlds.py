"""The worlds a caller can call in: which hours are open, what kind of day, emergency or not.

A world can turn once while a call lasts: the hours close, Shabbat comes in, the emergency is over.
The turns of a world are those that really follow it in the year that is looked at, and emergency
mode being switched. Left out are two turns in one call, and turns in the moment between two
questions of the plan for which no time goes by.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.proof.ways import Guard
from ivr.routing.schedule import Schedule

LOOK_AHEAD = timedelta(days=400)  # a year with all its holidays
_DAY_LASTS = timedelta(hours=6)  # the shortest that a kind of day lasts
_EXACTLY = timedelta(minutes=1)
_EMERGENCY: Guard = ("emergency", "")
_DAY: Guard = ("day", "")

Facts = Mapping[Guard, object]


@dataclass(frozen=True, slots=True)
class Turn:
    """What is so from *moment* (aware) on; emergencies come at any time: ``None``."""

    moment: datetime | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class World:
    """One state of the house, the first moment (aware) at which it is so, and what can follow."""

    moment: datetime
    facts: Facts
    turns: tuple[Turn, ...] = ()

    @property
    def is_emergency(self) -> bool:
        return bool(self.facts.get(_EMERGENCY))

    def facts_after(self, turn: int) -> Facts:
        """Return what is so after the *turn*-th turn; 0: before any."""
        return self.turns[turn - 1].facts if turn else self.facts


def worlds_of(
    guards: Iterable[Guard],
    hours: Mapping[str, Schedule],
    day_kind: Callable[[datetime], DayKind],
    start: datetime,
) -> list[World]:
    """Return every world that differs in what *guards* ask, each once, with its first moment."""
    wanted = set(guards)
    named = {name: hours[name] for kind, name in wanted if kind == "hours" and name in hours}
    asked = day_kind if _DAY in wanted else None
    worlds = _scheduled(list(_timeline(named, asked, start)))
    if _EMERGENCY in wanted:
        return [_with_emergency(world, on) for world in worlds for on in (False, True)]
    return worlds


def _scheduled(timeline: list[Turn]) -> list[World]:
    """Gather equal states; each turn into another state is kept with its first moment."""
    first: dict[object, Turn] = {}
    turns: dict[object, dict[object, Turn]] = {}
    for state in timeline:
        first.setdefault(_key(state), state)
        turns.setdefault(_key(state), {})
    for before, after in pairwise(timeline):
        if _key(before) != _key(after):
            turns[_key(before)].setdefault(_key(after), after)
    return [
        World(state.moment, state.facts, tuple(turns[key].values()))
        for key, state in first.items()
        if state.moment is not None
    ]


def _key(state: Turn) -> object:
    return frozenset(state.facts.items())


def _with_emergency(world: World, on: bool) -> World:
    switched = Turn(None, {**world.facts, _EMERGENCY: not on})
    turns = (Turn(turn.moment, {**turn.facts, _EMERGENCY: on}) for turn in world.turns)
    return World(world.moment, {**world.facts, _EMERGENCY: on}, (*turns, switched))


def _timeline(
    hours: Mapping[str, Schedule], day_kind: Callable[[datetime], DayKind] | None, start: datetime
) -> Iterator[Turn]:
    """Yield, in order, what is so whenever anything can have changed."""
    until = start + LOOK_AHEAD
    moments = {start, *(one for each in hours.values() for one in each.changes(start, until))}
    if day_kind:
        moments.update(_new_days(day_kind, start))
    for moment in sorted(moments):
        facts: dict[Guard, object] = {
            ("hours", name): schedule.is_open(moment) for name, schedule in sorted(hours.items())
        }
        if day_kind:
            facts[_DAY] = day_kind(moment)
        yield Turn(moment.astimezone(start.tzinfo), facts)


def _new_days(day_kind: Callable[[datetime], DayKind], start: datetime) -> Iterator[datetime]:
    """Yield moments within a minute after the kind of day becomes another."""
    steps = (start + _DAY_LASTS * step for step in range(LOOK_AHEAD // _DAY_LASTS))
    for before, after in pairwise(steps):
        if day_kind(before) != day_kind(after):
            yield _first_minute(day_kind, before, after)


def _first_minute(
    day_kind: Callable[[datetime], DayKind], before: datetime, after: datetime
) -> datetime:
    """Return the first full minute after *before* that is of another kind of day than it."""
    old = day_kind(before)
    minutes = range((after - before) // _EXACTLY)
    new = bisect_left(minutes, True, key=lambda one: day_kind(before + one * _EXACTLY) != old)
    return before + new * _EXACTLY
