"""The external payment centre cannot be reached: the caller is told and the department answers.

Each story has a copy of the default site's lines to itself; all of them are played at once. The
last one stops the demonstration's endpoint, which is the trunk: nothing else may run beside it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from tests.calls.house import until
from tests.calls.quarters import (
    CLOSED,
    Quarter,
    Quarters,
    Story,
    Wish,
    external_centre_is,
    heard,
    labels,
    on_call_is,
    playing,
    speech,
)

pytestmark = [pytest.mark.calls, pytest.mark.timeout(600)]

CALLER_TONE = 440.0


def a_busy_centre(quarter: Quarter) -> None:
    external_centre_is(quarter, "busy")
    _the_department_answers(quarter)


def a_centre_that_rejects(quarter: Quarter) -> None:
    external_centre_is(quarter, "decline")
    _the_department_answers(quarter)


def a_centre_whose_network_is_down(quarter: Quarter) -> None:
    external_centre_is(quarter, "unavailable")
    _the_department_answers(quarter)


def a_number_that_nobody_has(quarter: Quarter) -> None:
    _the_department_answers(quarter)  # the demonstration's carrier knows no such number


def a_centre_that_does_not_answer(quarter: Quarter) -> None:
    external_centre_is(quarter, "ignore")
    _the_department_answers(quarter)


def _the_department_answers(quarter: Quarter) -> None:
    """Key 3, centre not reached, told so, talk with the department; all in one call."""
    quarter.agent("01")
    answering = quarter.phone("01").answer(talk=3.0)
    call = quarter.caller(quarter.billing, press="3", then_hang_up=False).ended()
    assert answering.wait().ok
    assert call["call"]["talked_with"] == quarter.name("01")
    assert labels(call)[-4:] == [
        "tell_unavailable",
        "instead_hours",
        "instead_staffed",
        "department_queue",
    ]
    assert "external_centre_unavailable" in heard(call)


def a_busy_centre_at_night(quarter: Quarter) -> None:
    external_centre_is(quarter, "busy")
    quarter.agent("01")
    quarter.agent("31")
    answering = quarter.phone("31").answer(talk=3.0)
    call = quarter.caller(quarter.billing, press="2", at=CLOSED, then_hang_up=False).ended()
    assert answering.wait().ok
    assert call["call"]["talked_with"] == quarter.name("31")
    assert {"tell_unavailable", "tell_closed"} <= set(labels(call))


def a_centre_that_answers_hears_and_is_heard(quarter: Quarter) -> None:
    number = external_centre_is(quarter, answer_after=2.0, speak=6.0, hang_up_after=6.0)
    with speech(tone=CALLER_TONE) as caller:
        resident = quarter.caller(quarter.billing, press="2", listener=caller, then_hang_up=False)
        call = resident.ended()
    assert call["call"]["talked_with"] == number
    assert 5.0 < call["call"]["talk_seconds"] < 12.0
    assert call["recordings"] == []
    (past,) = [one for one in quarter.house.demo("calls")["calls"] if one["party"] == number]
    assert past["caller_number"] == quarter.billing, "the line's own number is shown"
    assert past["packets_heard"] > 200
    assert past["level_dbfs"] > -40


def a_caller_who_leaves_while_the_centre_rings(quarter: Quarter) -> None:
    number = external_centre_is(quarter, "ignore")
    resident = quarter.caller(quarter.billing, press="3", talk=22.0)
    until(lambda: _rings(quarter, number), 60, "the centre's ring")
    call = resident.ended()
    assert call["call"]["outcome"] == "abandoned"
    until(lambda: not _rings(quarter, number), 2, "the end of the ring")


def _rings(quarter: Quarter, number: str) -> bool:
    return bool(quarter.house.demo("status")["numbers"][number]["calls"])


def the_on_call_person_takes_the_call_by_1(quarter: Quarter) -> None:
    number = on_call_is(quarter, answer_after=1.0, press="1", speak=5.0, hang_up_after=20.0)
    call = quarter.caller(quarter.council, at=CLOSED, then_hang_up=False).ended()
    assert call["call"]["outcome"] == "talked"
    assert call["call"]["talked_with"] == number
    assert labels(call)[-1] == "centre.on_call"
    assert call["tickets"] == []


def the_trunk_is_down(quarter: Quarter) -> None:
    """The endpoint is stopped: packets go nowhere, as with a carrier whose line is cut."""
    quarter.agent("01")
    answering = quarter.phone("01").answer(talk=3.0)
    endpoint = quarter.house.pid("demo")
    os.kill(endpoint, signal.SIGSTOP)
    try:
        call = quarter.caller(quarter.billing, press="3", then_hang_up=False).ended()
    finally:
        os.kill(endpoint, signal.SIGCONT)
    assert answering.wait().ok
    assert call["call"]["talked_with"] == quarter.name("01")
    assert "external_centre_unavailable" in heard(call)


def _rings_8_seconds(_name: str, text: str) -> str:
    return text.replace("ring_for: 30", "ring_for: 8")


STORIES: dict[Story, Wish] = {
    a_busy_centre: Wish(department=1),
    a_centre_that_rejects: Wish(department=1),
    a_centre_whose_network_is_down: Wish(department=1),
    a_number_that_nobody_has: Wish(department=1),
    a_centre_that_does_not_answer: Wish(department=1, edit=_rings_8_seconds),
    a_busy_centre_at_night: Wish(department=1),
    a_centre_that_answers_hears_and_is_heard: Wish(),
    a_caller_who_leaves_while_the_centre_rings: Wish(),
    the_on_call_person_takes_the_call_by_1: Wish(),
}
LATER: dict[Story, Wish] = {the_trunk_is_down: Wish(department=1, edit=_rings_8_seconds)}


@pytest.fixture(scope="module")
def quarters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarters]:
    with playing(tmp_path_factory.mktemp("outside"), STORIES, LATER) as played:
        yield played


@pytest.mark.parametrize("story", [story.__name__ for story in STORIES])
def test_outside(quarters: Quarters, story: str) -> None:
    quarters.told(story)


def test_a_trunk_that_is_down(quarters: Quarters) -> None:
    quarters.wait_for_all()
    quarters.play(the_trunk_is_down)
