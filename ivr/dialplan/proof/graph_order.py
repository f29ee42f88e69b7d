"""The order of a graph's states, its circles, and the slowest way to each state."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ivr.dialplan.proof.walk import Arc, Graph, State

Road = list[tuple[State, Arc]]  # from the start on: where the caller stood, which way came


@dataclass(slots=True)
class Order:
    """States so that every way points forwards, but for those that close a circle."""

    states: list[State] = field(default_factory=list)
    circles: list[tuple[State, Arc]] = field(default_factory=list)


def order_of(graph: Graph) -> Order:
    """Sort the states by a walk in depth, without recursion: plans may be thousands of steps."""
    order = Order()
    on_road: set[State] = set()
    finished: set[State] = set()
    stack: list[tuple[State, Iterator[Arc]]] = []

    def enter(state: State) -> None:
        on_road.add(state)
        stack.append((state, iter(graph.arcs[state])))

    enter(graph.start)
    while stack:
        state, arcs = stack[-1]
        arc = next(arcs, None)
        if arc is None:
            stack.pop()
            on_road.discard(state)
            finished.add(state)
            order.states.append(state)
        elif arc.to in on_road:
            order.circles.append((state, arc))
        elif arc.to is not None and arc.to not in finished:
            enter(arc.to)
    order.states.reverse()
    return order


@dataclass(slots=True)
class Slowest:
    """For each state the most seconds that can have gone, and the way that took them."""

    seconds: dict[State, float]
    before: dict[State, tuple[State, Arc]]

    def road_to(self, state: State) -> Road:
        """Return the slowest road from the start to *state*."""
        road: Road = []
        while state in self.before:
            state, arc = self.before[state]
            road.append((state, arc))
        road.reverse()
        return road


def seconds_of(state: State, arc: Arc) -> float:
    """Return what *arc* adds to the caller's wait: nothing once the caller was served."""
    return 0.0 if state.reached else arc.way.progress.seconds


def slowest_roads(graph: Graph, order: Order) -> Slowest:
    """Measure every state; ways that close a circle are left out, they have no longest."""
    closing = {(state, id(arc)) for state, arc in order.circles}
    found = Slowest({graph.start: 0.0}, {})
    for state in order.states:
        gone = found.seconds[state]
        for arc in graph.arcs[state]:
            if arc.to is None or (state, id(arc)) in closing:
                continue
            then = gone + seconds_of(state, arc)
            if then > found.seconds.get(arc.to, -1.0):
                found.seconds[arc.to] = then
                found.before[arc.to] = (state, arc)
    return found
