"""Walks every way of every caller through a plan, in one world: a graph of states."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ivr.dialplan.interpreter import MAX_FAILURES
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.proof.knowing import possible
from ivr.dialplan.proof.ways import Progress, Reached, Way
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
    asked: bool = False  # a person was asked for before
    mistaken: bool = False
    faults: int = 0
    failures: int = 0


class Arc(NamedTuple):
    """One way from a state to the next, or to the end of the call (``None``)."""

    way: Way
    to: State | None


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
        values = dict(state.values)
        for way in self._ways_of(state.label, state.language):
            done = way.progress
            if state.faults + done.faults > FAULTS:
                continue
            if any(world.facts.get(guard) != fact for guard, fact in done.guards.items()):
                continue
            if all(
                held in possible(condition, world.facts, values, state.language)
                for condition, held in done.conditions.items()
            ):
                yield Arc(way, self._next(state, way, values))

    def _next(self, state: State, way: Way, values: Mapping[str, str | None]) -> State | None:
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
            # once served, nothing of how it came to that makes a difference any more
            state.asked or done.asked_at is not None or reached is not None,
            state.mistaken or done.mistaken or reached is not None,
            state.faults + done.faults,
            state.failures + (way.goes_to is None),
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


def is_served(state: State, arc: Arc) -> bool:
    """Say whether a caller whose call ends with *arc* got what the house owes.

    Who fails out of the plan is taken to a person by Asterisk itself (the fail-safe).
    """
    return bool(state.reached or arc.way.progress.reached) or arc.way.goes_to is None
