"""What every caller is owed, on graphs so small that one can see who does not get it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ivr.dialplan.outcomes import Reached
from ivr.dialplan.proof.rules import Budgets, Rule, breaches
from ivr.dialplan.proof.walk import Arc, Graph, State
from ivr.dialplan.proof.ways import Progress, Way
from ivr.dialplan.proof.worlds import World
from ivr.ids import Label

WORLD = World(datetime(2026, 11, 22, tzinfo=UTC), {})


def state(name: str, **known: Any) -> State:
    return State(Label(name), "he", (), **known)


def arc(to: State | None, *, failed: bool = False, **done: Any) -> Arc:
    return Arc(Way(None if failed else Label("x"), Progress(**done)), to)


def broken(start: State, arcs: dict[State, list[Arc]]) -> list[tuple[Rule, str]]:
    found = breaches(Graph(WORLD, start, arcs), Budgets())
    return [(one.rule, str(one.state.label)) for one in found]


A, B, SERVED = state("a"), state("b"), state("b", reached=Reached.MESSAGE)
PERSON = arc(None, reached=Reached.PERSON)


@pytest.mark.parametrize("reached", Reached)
def test_a_call_may_end_once_anything_was_reached(reached: Reached) -> None:
    assert broken(A, {A: [arc(None, reached=reached)]}) == []


def test_a_call_may_not_end_before() -> None:
    assert broken(A, {A: [arc(None)]}) == [(Rule.LOST, "a")]


def test_asterisk_takes_whoever_fails_out_of_the_plan_to_a_person() -> None:
    assert broken(A, {A: [arc(None, failed=True)]}) == []


def test_what_was_reached_a_step_before_counts() -> None:
    assert broken(A, {A: [arc(SERVED)], SERVED: [arc(None)]}) == []


@pytest.mark.parametrize(
    ("done", "late"),
    [
        ({"seconds": 91.0}, True),
        ({"seconds": 90.0}, False),
        ({"seconds": 200.0, "asked_at": 90.0}, False),
        ({"seconds": 200.0, "asked_at": 91.0}, True),
        ({"seconds": 200.0, "mistaken": True}, False),
    ],
)
def test_who_makes_no_mistake_is_offered_a_person_in_time(done: dict[str, Any], late: bool) -> None:
    way = arc(None, reached=Reached.TICKET, **done)
    assert broken(A, {A: [way]}) == ([(Rule.TOO_LATE, "a")] if late else [])


@pytest.mark.parametrize("gone", [{"asked": True}, {"mistaken": True}])
def test_after_an_offer_or_a_mistake_only_the_whole_time_counts(gone: dict[str, bool]) -> None:
    later = state("b", **gone)
    quick = arc(None, reached=Reached.TICKET, seconds=100.0)
    assert broken(A, {A: [arc(later, seconds=50.0)], later: [quick]}) == []
    slow = arc(None, reached=Reached.TICKET, seconds=311.0)
    assert broken(A, {A: [arc(later, seconds=50.0)], later: [slow]}) == [(Rule.TOO_LONG, "b")]


def test_too_long_is_told_where_it_becomes_so_and_not_again() -> None:
    first, then = state("a", mistaken=True), state("b", mistaken=True)
    arcs = {first: [arc(then, seconds=361.0)], then: [PERSON]}
    assert broken(first, arcs) == [(Rule.TOO_LONG, "a")]


def test_a_question_is_short() -> None:
    ask: dict[str, Any] = {"questions": 1, "reached": Reached.PERSON}
    assert broken(A, {A: [arc(None, longest_speech=30.0, **ask)]}) == []
    long = arc(None, longest_speech=30.1, **ask)
    assert broken(A, {A: [long]}) == [(Rule.LONG_MENU, "a")]


def test_from_each_question_a_person_can_be_reached_and_by_silence_too() -> None:
    key = arc(B, questions=1, silent=False)
    silence = arc(SERVED, questions=1)
    ends = {SERVED: [arc(None)]}
    assert broken(A, {A: [key, silence], B: [PERSON], **ends}) == [(Rule.SILENCE_LOST, "a")]
    message = arc(None, reached=Reached.MESSAGE)
    assert broken(A, {A: [key, silence], B: [message], **ends}) == [
        (Rule.NO_PERSON, "a"),
        (Rule.SILENCE_LOST, "a"),
    ]
    assert broken(A, {A: [key, arc(B, questions=1)], B: [PERSON]}) == []


def test_a_circle_is_endless_even_if_there_is_a_way_out() -> None:
    assert broken(A, {A: [arc(B)], B: [arc(A), PERSON]}) == [(Rule.ENDLESS, "b")]
