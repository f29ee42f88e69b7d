"""Which conditions are decided by what is known of a caller and of the house."""

from __future__ import annotations

import pytest

from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.proof.knowing import asks_house, guards_of, possible

YES, NO, FAILS = frozenset({True}), frozenset({False}), frozenset({None})
UNKNOWN = frozenset({True, False})
ANY = UNKNOWN | FAILS
FACTS = {("hours", "office"): True, ("day", ""): DayKind.EVE, ("emergency", ""): False}
VALUES = {"key": "1", "none": "", "typed": None}


@pytest.mark.parametrize(
    ("condition", "outcomes"),
    [
        ("vars.key == '1'", YES),
        ("vars.key == '2'", NO),
        ("int(vars.key) > 0", YES),
        ("int(vars.none) > 0", FAILS),
        ("vars.none == ''", YES),
        ("vars.never == ''", UNKNOWN),
        ("vars.typed == '1'", UNKNOWN),
        ("int(vars.typed) == 1", ANY),
        ("vars.typed > 1", ANY),
        ("vars.key", FAILS),
        ("is_open('office')", YES),
        ("is_open('office') && vars.key == '2'", NO),
        ("is_open('nowhere')", NO),
        ("holiday()", NO),
        ("is_emergency()", NO),
        ("language == 'he'", YES),
        ("language == 'en'", NO),
        ("caller == ''", UNKNOWN),
        ("called == '106'", UNKNOWN),
        ("is_staffed('billing')", UNKNOWN),
        ("queue_waiting('billing') > 3", UNKNOWN),
        ("queue_waiting('billing') > 'a'", ANY),
    ],
)
def test_what_a_condition_can_come_to(condition: str, outcomes: frozenset[bool | None]) -> None:
    assert possible(condition, FACTS, VALUES, "he") == outcomes


@pytest.mark.parametrize("kind", [DayKind.SHABBAT, DayKind.HOLIDAY, DayKind.DAY_OFF])
def test_days_on_which_nobody_works_are_holidays(kind: DayKind) -> None:
    assert possible("holiday()", {("day", ""): kind}, {}, "he") == YES


def test_an_emergency_is_known() -> None:
    assert possible("is_emergency()", {("emergency", ""): True}, {}, "he") == YES


def test_all_that_is_asked_of_the_house_is_found() -> None:
    asked = guards_of(["is_open('a') || is_open('b')", "holiday()", "is_emergency() && true"])
    assert asked == {("hours", "a"), ("hours", "b"), ("day", ""), ("emergency", "")}


def test_only_what_turns_while_a_call_lasts_is_asked_of_the_house() -> None:
    assert asks_house("is_open('a') && vars.key == '1'")
    assert not asks_house("vars.key == '1' && is_staffed('billing')")
