"""Walks every way of every caller through a plan, in one world: a graph of states."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ivr.dialplan.interpreter import MAX_FAILURES
from ivr.dialplan.outcomes import Reached
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.proof.knowing import asks_house, possible
from ivr.dialplan.proof.ways import ANSWERED, Guard, Progress, Way
from ivr.dialplan.proof.worlds import World
from ivr.dialplan.step import END
from ivr.ids import Label

FAULTS = 1  # technical faults that one call meets: storage fails once, not always


class State(NamedTuple):
    """Where a caller stands, and all that makes a difference for what can come."""

    label: Label
    language: str
    values: tuple[tuple[str, str | None], ...]  # what conditions read; ``None``: any text
    reached: Reached | None = None
    answered: bool = False
    asked: bool = False  # a person was asked for before
    mistaken: bool = False
    faults: int = 0
    failures: int = 0
    turn: int = 0  # the state of the house: as it was first, or after the world's how-manieth turn
    later: bool | None = None  # time has gone since the house was asked; ``None``: it never was


class Arc(NamedTuple):
    """One way from a state to the next, or to the end of the call (``None``)."""

    way: Way
    to: State | None
    turn: int = 0  # the state of the house on this way


@dataclass(frozen=True, slots=True)
class Graph:
    """All states that callers of one world can come to, from *start* on."""

    world: World
    start: State
    arcs: Mapping[State, list[Arc]] = field(repr=False)


class Walk:
    """Walks one plan; *ways_of* tells the ways through a step in a language."""

    def __init__(
        self, plan: Dialplan, ways_of: Callable[[Label, str], list[Way]], read: Mapping[str, str]
    ) -> None:
        """*read*: what conditions read, as it is at first; nothing else is remembered."""
        self._plan = plan
        self._ways_of = ways_of
        counters = dict.fromkeys(plan.counters, "0")
        self._values = tuple(sorted(({**read, **counters}).items()))

    def graph(self, world: World) -> Graph:
        """Return the graph of *world*."""
        start = State(self._plan.start, self._plan.language, self._values)
        arcs: dict[State, list[Arc]] = {}
        ahead = [start]
        while ahead:
            state = ahead.pop()
            if state not in arcs:
                arcs[state] = list(self._arcs(world, state))
                ahead.extend(arc.to for arc in arcs[state] if arc.to is not None)
        return Graph(world, start, arcs)

    def _arcs(self, world: World, state: State) -> Iterator[Arc]:
        """Yield the ways that are open to a caller at *state*.

        Whatever is open before the house turns can be gone without a turn; so it turns only where
        that opens a way, which leaves out no caller and keeps the states few. Before the house is
        asked for the first time, a turn is but another world to call in.
        """
        values = dict(state.values)
        for way in self._ways_of(state.label, state.language):
            if state.faults + way.progress.faults > FAULTS:
                continue
            if _is_open(way, world.facts_after(state.turn), state, values):
                yield Arc(way, self._next(state, way, values, state.turn), state.turn)
                continue
            for turn in range(1, len(world.turns) + 1) if state.later else ():
                if _is_open(way, world.facts_after(turn), state, values):
                    yield Arc(way, self._next(state, way, values, turn), turn)

    def _next(
        self, state: State, way: Way, values: Mapping[str, str | None], turn: int
    ) -> State | None:
        """Return where the interpreter goes from here; ``None``: the call is over."""
        label = self._label(state, way)
        if label == END:
            return None
        done = way.progress
        reached = state.reached or done.reached
        return State(
            label,
            done.language or state.language,
            self._after(values, done),
            reached,
            state.answered or done.answered,
            # once served, nothing of how it came to that makes a difference any more
            state.asked or done.asked_at is not None or reached is not None,
            state.mistaken or done.mistaken or reached is not None,
            state.faults + done.faults,
            state.failures + (way.goes_to is None),
            turn,
            None if turn else _time_has_gone(state.later, done),
        )

    def _label(self, state: State, way: Way) -> Label:
        if way.goes_to is not None:
            return self._plan.target(state.label, way.goes_to)
        on_error = self._plan.on_error_at(state.label)
        given_up = state.label == on_error or state.failures + 1 >= MAX_FAILURES
        return END if given_up else on_error

    def _after(
        self, values: Mapping[str, str | None], done: Progress
    ) -> tuple[tuple[str, str | None], ...]:
        new = dict(values)
        new.update({name: text for name, text in done.wrote.items() if name in new})
        for name in done.counted:
            new[name] = str(min(int(new[name] or 0) + 1, self._plan.counters[name]))
        return tuple(new.items())


def _time_has_gone(before: bool | None, done: Progress) -> bool | None:
    """Say whether time has gone since the house was asked for anything."""
    asks = any(guard != ANSWERED for guard in done.guards) or any(map(asks_house, done.conditions))
    if asks:
        return done.seconds > 0
    return None if before is None else before or done.seconds > 0


def _is_open(
    way: Way, facts: Mapping[Guard, object], state: State, values: Mapping[str, str | None]
) -> bool:
    """Say whether *way* can be gone while *facts* are so and the caller's values are *values*."""
    done = way.progress
    if any(_fact(guard, facts, state) != fact for guard, fact in done.guards.items()):
        return False
    return all(
        held in possible(condition, facts, values, state.language)
        for condition, held in done.conditions.items()
    )


def _fact(guard: Guard, facts: Mapping[Guard, object], state: State) -> object:
    return state.answered if guard == ANSWERED else facts.get(guard)


def is_served(state: State, arc: Arc) -> bool:
    """Say whether a caller whose call ends with *arc* got what the house owes.

    Who fails out of the plan is taken to a person by Asterisk itself (the fail-safe).
    """
    return bool(state.reached or arc.way.progress.reached) or arc.way.goes_to is None
