"""The order of a graph's states, its circles, and the slowest way to each state."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ivr.dialplan.proof.walk import Arc, Graph, State
from ivr.ids import Label

Road = list[tuple[State, Arc]]  # from the start on: where the caller stood, which way came


@dataclass(slots=True)
class Order:
    """States so that every way points forwards, but for those that close a circle."""

    states: list[State] = field(default_factory=list)
    closing: set[tuple[State, int]] = field(default_factory=set)  # with the ``id`` of the way
    circles: dict[Label, Road] = field(default_factory=dict)  # one for each label that closes some


class _Walk:
    """A walk in depth, without recursion: plans may be thousands of steps."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._ahead: list[tuple[State, Iterator[Arc]]] = []
        self._road: Road = []  # what was gone to come to the last of these states
        self._on_road: set[State] = set()
        self._finished: set[State] = set()

    def order(self) -> Order:
        order = Order()
        self._enter(self._graph.start)
        while self._ahead:
            state, arcs = self._ahead[-1]
            arc = next(arcs, None)
            if arc is None:
                order.states.append(self._leave())
            elif arc.to in self._on_road:
                order.closing.add((state, id(arc)))
                if state.label not in order.circles:
                    order.circles[state.label] = self._circle(state, arc)
            elif arc.to is not None and arc.to not in self._finished:
                self._road.append((state, arc))
                self._enter(arc.to)
        order.states.reverse()
        return order

    def _enter(self, state: State) -> None:
        self._on_road.add(state)
        self._ahead.append((state, iter(self._graph.arcs[state])))

    def _leave(self) -> State:
        state, _ = self._ahead.pop()
        self._on_road.discard(state)
        self._finished.add(state)
        if self._road:
            self._road.pop()
        return state

    def _circle(self, state: State, arc: Arc) -> Road:
        places = [place for place, (passed, _) in enumerate(self._road) if passed == arc.to]
        return [*(self._road[places[0] :] if places else []), (state, arc)]


def order_of(graph: Graph) -> Order:
    """Sort the states that can be come to."""
    return _Walk(graph).order()


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
    found = Slowest({graph.start: 0.0}, {})
    for state in order.states:
        gone = found.seconds[state]
        for arc in graph.arcs[state]:
            if arc.to is None or (state, id(arc)) in order.closing:
                continue
            then = gone + seconds_of(state, arc)
            if then > found.seconds.get(arc.to, -1.0):
                found.seconds[arc.to] = then
                found.before[arc.to] = (state, arc)
    return found
