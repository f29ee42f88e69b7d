"""Enumeration: every sequence once, ordinary ones first, bounded, nothing tried twice."""

from hypothesis import given
from hypothesis import strategies as st

from ivr.dialplan.choices import Choices, explore


def test_every_sequence_comes_once_and_those_with_fewer_unusual_choices_first() -> None:
    def run(choices: Choices) -> str:
        first = choices.choose("ab")
        return first + (choices.choose("xyz") if first == "a" else choices.choose("x"))

    explored = explore(run, 100)
    assert explored.results == ("ax", "bx", "ay", "az")
    assert explored.whole


def test_it_stops_at_the_bound_and_says_so() -> None:
    explored = explore(lambda choices: tuple(choices.choose("ab") for _ in range(20)), 50)
    assert len(explored.results) == 50
    assert not explored.whole


def test_what_follows_a_state_met_before_is_not_tried_again() -> None:
    def run(choices: Choices) -> str:
        done = choices.choose("abc")
        choices.at("both go on alike")
        return done + choices.choose("xy")

    assert explore(run, 100).results == ("ax", "bx", "cx", "ay")


@given(st.lists(st.integers(1, 4), max_size=5))
def test_all_combinations_are_found(widths: list[int]) -> None:
    explored = explore(lambda choices: tuple(choices.choose(range(n)) for n in widths), 2000)
    count = 1
    for width in widths:
        count *= width
    assert len(explored.results) == len(set(explored.results)) == count
