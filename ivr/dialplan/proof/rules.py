"""What every caller is owed, and the callers of one world who do not get it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from ivr.dialplan.outcomes import Reached
from ivr.dialplan.proof.graph_order import Order, Road, Slowest, order_of, seconds_of, slowest_roads
from ivr.dialplan.proof.walk import Arc, Graph, State, is_served


class Rule(StrEnum):
    """What can be wrong for a caller."""

    LOST = "lost"  # the call ends and nothing was reached
    ENDLESS = "endless"  # a circle without a counter
    TOO_LATE = "too_late"  # no mistake made, and nobody was asked for in time
    TOO_LONG = "too_long"  # the whole way to anybody
    LONG_MENU = "long_menu"
    NO_PERSON = "no_person"  # no key and no luck leads from this question to a person
    SILENCE_LOST = "silence_lost"  # whoever presses nothing here never reaches a person


@dataclass(frozen=True, slots=True)
class Budgets:
    """Seconds from the answer on."""

    first_person: float = 90.0
    in_all: float = 360.0
    menu: float = 30.0  # of one question


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule broken at a state, after *road*; *arc* is the last thing that happens."""

    rule: Rule
    state: State
    road: Road
    arc: Arc | None
    seconds: float

    @property
    def after_a_turn(self) -> bool:
        """Whether the house turned on the way: a caller without that is easier to understand."""
        return bool(self.arc.turn if self.arc else self.state.turn)


def breaches(graph: Graph, budgets: Budgets) -> Iterator[Breach]:
    """Yield every breach; one rule may be broken many times at one label."""
    order = order_of(graph)
    slowest = slowest_roads(graph, order)
    for circle in order.circles.values():
        yield _endless(circle, slowest)
    for state in order.states:
        for arc in graph.arcs[state]:
            for rule in _broken(slowest, state, arc, budgets):
                yield _at(rule, slowest, state, arc)
    yield from _unreachable(graph, order, slowest)


def _endless(circle: Road, slowest: Slowest) -> Breach:
    """Tell the way into the circle, and once round it."""
    road = [*slowest.road_to(circle[0][0]), *circle]
    state, arc = road.pop()
    gone = sum(seconds_of(*way) for way in (*road, (state, arc)))
    return Breach(Rule.ENDLESS, state, road, arc, gone)


def _at(rule: Rule, slowest: Slowest, state: State, arc: Arc | None) -> Breach:
    gone = slowest.seconds[state] + (seconds_of(state, arc) if arc else 0.0)
    return Breach(rule, state, slowest.road_to(state), arc, gone)


def _broken(slowest: Slowest, state: State, arc: Arc, budgets: Budgets) -> Iterator[Rule]:
    done = arc.way.progress
    if arc.to is None and not is_served(state, arc):
        yield Rule.LOST
    if done.longest_speech > budgets.menu:
        yield Rule.LONG_MENU
    if state.reached:
        return
    gone = slowest.seconds[state]
    if gone <= budgets.in_all < gone + done.seconds:  # told once, not at every step after it
        yield Rule.TOO_LONG
    first = done.asked_at if done.asked_at is not None else done.seconds
    careful = not (state.mistaken or done.mistaken or state.asked)
    if careful and gone + first > budgets.first_person:
        yield Rule.TOO_LATE


def _unreachable(graph: Graph, order: Order, slowest: Slowest) -> Iterator[Breach]:
    """Look from the end: from where can anybody still come to a person?"""
    tests: tuple[tuple[Rule, Callable[[Arc], bool]], ...] = (
        (Rule.NO_PERSON, lambda _arc: True),
        (Rule.SILENCE_LOST, lambda arc: arc.way.progress.silent),
    )
    asking = [state for state in order.states if _asks(graph, state) and not state.reached]
    for rule, allowed in tests:
        saved = _saved(graph, allowed)
        for state in asking:
            if state not in saved:
                yield _at(rule, slowest, state, None)


def _asks(graph: Graph, state: State) -> bool:
    return any(arc.way.progress.questions for arc in graph.arcs[state])


def _saved(graph: Graph, allowed: Callable[[Arc], bool]) -> set[State]:
    """Return the states from which an allowed way leads, sooner or later, to a person."""
    before: dict[State, list[State]] = {}
    saved: set[State] = set()
    for state, arcs in graph.arcs.items():
        for arc in filter(allowed, arcs):
            if arc.way.progress.reached is Reached.PERSON or _failsafe(arc):
                saved.add(state)
            elif arc.to is not None:
                before.setdefault(arc.to, []).append(state)
    ahead = list(saved)
    while ahead:
        for state in before.get(ahead.pop(), ()):
            if state not in saved:
                saved.add(state)
                ahead.append(state)
    return saved


def _failsafe(arc: Arc) -> bool:
    return arc.to is None and arc.way.goes_to is None
