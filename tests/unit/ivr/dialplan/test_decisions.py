"""Conditions become questions that Asterisk can answer, with the same answers."""

from collections.abc import Mapping

import pytest

from ivr.dialplan.decisions import Undecidable, decide
from ivr.dialplan.native import Decide, If, Mark, Memory, Operations
from ivr.ids import Label
from tests.fakes.caller import FakeCall
from tests.results import result_of

YES, FAILED = Label("yes"), Label("failed")
DOMAINS: Mapping[str, tuple[str, ...] | None] = {
    "key": ("", "1", "2"),
    "colour": ("", 'כחול "1"', "back\\slash'"),
    "typed": None,
}


def _decided(condition: str) -> Operations:
    return decide(Decide(condition, YES, FAILED), DOMAINS, ("he", "en"), "if 0")


def _walk(operations: Operations, call: FakeCall) -> Label | None:
    marks = {one.spot: at for at, one in enumerate(operations) if isinstance(one, Mark)}
    at = 0
    while at < len(operations):
        spot = result_of(operations[at].do(call, Memory()))
        if spot is not None and spot not in marks:
            return spot
        at = at + 1 if spot is None else marks[spot]
    return None


@pytest.mark.parametrize(
    ("condition", "world", "goes_to"),
    [
        ("is_open('h')", {"open_hours": frozenset({"h"})}, YES),
        ("is_open('h')", {}, None),
        ("is_open('h') && !is_emergency()", {"open_hours": frozenset({"h"})}, YES),
        ("is_staffed('q')", {"staffed": frozenset({"q"})}, YES),
        ("language == 'en' || vars.key == '2'", {"variables": {"key": "2"}}, YES),
        ("language == 'en' || vars.key == '2'", {"language": "en"}, YES),
        ("language == 'en' || vars.key == '2'", {"variables": {"key": "1"}}, None),
        ("int(vars.key) > 1", {"variables": {"key": "2"}}, YES),
        ("int(vars.key) > 1", {}, FAILED),
        ("vars.colour == 'כחול \"1\"'", {"variables": {"colour": 'כחול "1"'}}, YES),
        ("strlen(vars.colour) == 11", {"variables": {"colour": "back\\slash'"}}, YES),
        ("holiday()", {}, None),
        ("true", {}, YES),
    ],
)
def test_says_what_the_condition_says(
    condition: str, world: dict[str, object], goes_to: Label | None
) -> None:
    assert _walk(_decided(condition), FakeCall(**world)) == goes_to  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "condition",
    ["caller.startsWith('+972')", "queue_waiting('q') > 2", "vars.typed == '1'", "called == 'x'"],
)
def test_what_asterisk_cannot_know_is_not_decided(condition: str) -> None:
    with pytest.raises(Undecidable):
        _decided(condition)


def test_what_makes_no_difference_is_not_asked() -> None:
    assert not [one for one in _decided("is_open('h') || true") if isinstance(one, If)]
