"""One offer, from the first ring to its end."""

from __future__ import annotations

import pytest

from ivr.events import OfferEnded, OfferMade
from ivr.routing.agents import AgentEvent
from ivr.routing.queues import Answered, LeftWhy
from ivr.telephony.legs import ANSWERED_ELSEWHERE, LegOutcome
from tests.unit.ivr.routing.conftest import Floor


def ends(floor: Floor) -> list[str]:
    return [event.why for event in floor.heard.of(OfferEnded)]


def test_an_answered_offer_gives_the_caller_the_agent(floor: Floor) -> None:
    floor.staff("201")
    entry = floor.arrives("call-1")
    assert floor.state("201") == "ringing"
    floor.legs.last.answer()
    assert isinstance(entry.outcome, Answered)
    assert entry.outcome.agent_id == "201"
    assert floor.state("201") == "on_call"
    assert ends(floor) == ["answered"]


def test_the_desk_is_told_when_the_phone_rings(floor: Floor) -> None:
    floor.staff("201")
    floor.arrives("call-1")
    (made,) = floor.heard.of(OfferMade)
    assert (made.agent_id, made.caller_number) == ("201", "+972501110001")
    assert made.choices == ("billing_menu:4",)
    assert made.waited == 20


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (LegOutcome.BUSY, "busy"),
        (LegOutcome.REJECTED, "rejected"),
        (LegOutcome.NO_ANSWER, "no_answer"),
        (LegOutcome.UNREACHABLE, "unreachable"),
    ],
)
def test_the_next_agent_is_rung(floor: Floor, outcome: LegOutcome, why: str) -> None:
    floor.staff("201", "202")
    entry = floor.arrives("call-1")
    assert floor.ringing == ["201"]
    floor.legs.last.fail(outcome)
    assert floor.ringing == ["202"]
    assert floor.state("201") == "available"
    floor.legs.last.answer()
    assert isinstance(entry.outcome, Answered)
    assert ends(floor) == [why, "answered"]


def test_two_missed_in_a_row_pause_the_agent_and_let_the_caller_go(floor: Floor) -> None:
    floor.staff("201")
    entry = floor.arrives("call-1")
    floor.legs.last.fail(LegOutcome.BUSY)
    floor.legs.last.fail(LegOutcome.BUSY)
    assert floor.state("201") == "paused"
    assert entry.outcome is LeftWhy.EMPTY


def test_an_answer_in_between_begins_the_count_again(floor: Floor) -> None:
    floor.staff("201")
    floor.arrives("call-1")
    floor.legs.last.fail(LegOutcome.BUSY)
    floor.legs.last.answer()
    floor.fire("201", AgentEvent.HANG_UP)
    floor.fire("201", AgentEvent.WRAP_UP_DONE)
    floor.arrives("call-2")
    floor.legs.last.fail(LegOutcome.BUSY)
    assert floor.state("201") == "ringing"


def test_the_phone_stops_when_the_caller_leaves(floor: Floor) -> None:
    floor.staff("201")
    entry = floor.arrives("call-1")
    floor.queues.leave(entry, LeftWhy.HUNG_UP)
    assert floor.legs.last.hung_up_with == ANSWERED_ELSEWHERE
    assert floor.state("201") == "available"
    assert ends(floor) == ["caller_gone"]


@pytest.mark.parametrize(
    ("event", "state"), [(AgentEvent.SIGN_OUT, "signed_out"), (AgentEvent.PAUSE, "paused")]
)
def test_who_leaves_while_the_phone_rings_is_not_waited_for(
    floor: Floor, event: AgentEvent, state: str
) -> None:
    floor.staff("201")
    entry = floor.arrives("call-1")
    floor.fire("201", event)
    assert floor.legs.last.hung_up_with == ANSWERED_ELSEWHERE
    assert floor.state("201") == state
    assert entry.outcome is LeftWhy.EMPTY
    assert ends(floor) == ["no_answer"]


def test_a_phone_picked_up_too_late_is_hung_up(floor: Floor) -> None:
    floor.staff("201")
    entry = floor.arrives("call-1")
    leg = floor.legs.last
    entry.settle(LeftWhy.NO_ANSWER)
    if not leg.result.called:
        leg.answer()
    assert leg.gone
    assert floor.state("201") == "available"
