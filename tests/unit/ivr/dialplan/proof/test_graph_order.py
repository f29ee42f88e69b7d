"""The order of states, circles, and the slowest road."""

from __future__ import annotations

from datetime import UTC, datetime

from ivr.dialplan.outcomes import Reached
from ivr.dialplan.proof.graph_order import order_of, seconds_of, slowest_roads
from ivr.dialplan.proof.walk import Arc, Graph, State
from ivr.dialplan.proof.ways import Progress, Way
from ivr.dialplan.proof.worlds import World
from ivr.ids import Label

WORLD = World(datetime(2026, 11, 22, tzinfo=UTC), {})


def state(name: str) -> State:
    return State(Label(name), "he", ())


def arc(to: str | None, seconds: float = 1.0) -> Arc:
    way = Way(Label(to or "end"), Progress(seconds=seconds))
    return Arc(way, state(to) if to else None)


def graph(arcs: dict[str, list[Arc]]) -> Graph:
    return Graph(WORLD, state("a"), {state(name): ways for name, ways in arcs.items()})


def names(states: list[State]) -> list[str]:
    return [str(one.label) for one in states]


def test_every_way_points_forwards() -> None:
    order = order_of(graph({"a": [arc("c"), arc("b")], "b": [arc("c")], "c": [arc(None)]}))
    assert names(order.states) == ["a", "b", "c"]
    assert order.circles == {}


def test_a_circle_is_told_from_where_it_begins_once_round() -> None:
    order = order_of(graph({"a": [arc("b")], "b": [arc("c")], "c": [arc("b"), arc(None)]}))
    (circle,) = order.circles.values()
    assert names([passed for passed, _ in circle]) == ["b", "c"]
    assert circle[-1][1].to == circle[0][0]


def test_a_state_that_leads_to_itself_is_a_circle() -> None:
    order = order_of(graph({"a": [arc("a"), arc(None)]}))
    assert {label: len(circle) for label, circle in order.circles.items()} == {"a": 1}


def test_the_slowest_road_leaves_out_what_goes_round() -> None:
    there = graph({"a": [arc("c", 1), arc("b", 5)], "b": [arc("c", 5), arc("a", 9)], "c": []})
    slowest = slowest_roads(there, order_of(there))
    assert slowest.seconds[state("c")] == 10
    assert names([passed for passed, _ in slowest.road_to(state("c"))]) == ["a", "b"]
    assert slowest.road_to(state("a")) == []


def test_nobody_waits_any_more_once_served() -> None:
    assert seconds_of(state("a"), arc("b", 7)) == 7
    assert seconds_of(state("a")._replace(reached=Reached.TICKET), arc("b", 7)) == 0


def test_a_thousand_states_in_a_row_are_no_trouble() -> None:
    row = {f"s{place}": [arc(f"s{place + 1}")] for place in range(3000)}
    there = graph({"a": [arc("s0")], **row, "s3000": [arc(None)]})
    assert slowest_roads(there, order_of(there)).seconds[state("s3000")] == 3001
