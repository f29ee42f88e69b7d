"""Agents' states: reserved once, counted right, kept going without the database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.errors import IllegalTransition, ReservationLost
from ivr.events import AgentStateChanged
from ivr.ids import AgentId, OfferId
from ivr.routing.agents import AgentEvent
from ivr.storage.facts import AgentStateFact
from tests.fakes.agents import QUEUE
from tests.results import result_of
from tests.unit.ivr.routing.conftest import Floor

ONE = AgentId("201")


def reserve(floor: Floor, offer: str = "offer-1") -> None:
    result_of(floor.roster.reserve(ONE, OfferId(offer)))


def test_an_agent_is_reserved_for_one_offer_only(floor: Floor) -> None:
    floor.staff("201")
    reserve(floor)
    with pytest.raises(ReservationLost):
        reserve(floor, "offer-2")
    assert floor.roster.record(ONE).reserved_by == "offer-1"


def test_who_is_reserved_by_another_process_is_lost_and_seen_as_they_are(floor: Floor) -> None:
    floor.staff("201")
    row = floor.agents.rows[ONE]
    floor.agents.rows[ONE] = replace(row, state="ringing", version=row.version + 1)
    with pytest.raises(ReservationLost):
        reserve(floor)
    assert floor.state("201") == "ringing"
    assert floor.roster.available(QUEUE) == []


def test_an_illegal_event_changes_nothing(floor: Floor) -> None:
    floor.staff("201")
    before = floor.roster.record(ONE)
    with pytest.raises(IllegalTransition):
        floor.fire("201", AgentEvent.HANG_UP)
    assert floor.roster.record(ONE) == before


def test_two_missed_in_a_row_pause_and_say_why(floor: Floor) -> None:
    floor.staff("201")
    for _ in range(2):
        reserve(floor)
        result_of(floor.roster.missed(ONE))
    assert floor.state("201") == "paused"
    assert floor.roster.record(ONE).reason == "too_many_missed"


@pytest.mark.parametrize(
    "back",
    [
        [AgentEvent.SIGN_OUT, AgentEvent.SIGN_IN],
        [AgentEvent.PAUSE, AgentEvent.RESUME],
        [AgentEvent.OFFER, AgentEvent.ANSWER, AgentEvent.HANG_UP, AgentEvent.WRAP_UP_DONE],
    ],
)
def test_who_is_back_begins_at_none_missed(floor: Floor, back: list[AgentEvent]) -> None:
    floor.staff("201")
    reserve(floor)
    result_of(floor.roster.missed(ONE))
    for event in back:
        floor.fire("201", event)
    assert floor.roster.record(ONE).missed_in_a_row == 0


def test_an_offer_withdrawn_is_not_a_missed_one_and_forgives_none(floor: Floor) -> None:
    floor.staff("201")
    reserve(floor)
    result_of(floor.roster.missed(ONE))
    reserve(floor)
    floor.fire("201", AgentEvent.WITHDRAW)
    assert floor.roster.record(ONE).missed_in_a_row == 1


@pytest.mark.parametrize("how", ["down", "behind"])
def test_without_the_database_agents_are_changed_in_memory_and_journalled(
    floor: Floor, how: str
) -> None:
    floor.staff("201")
    floor.agents.down = how == "down"
    floor.journal.healthy = how != "behind"
    reserve(floor)
    assert floor.state("201") == "ringing"
    (fact,) = floor.journal.facts
    assert isinstance(fact, AgentStateFact)
    assert (fact.state, fact.reserved_by) == ("ringing", "offer-1")
    assert floor.agents.rows[ONE].state == "available"


def test_every_change_is_told_with_what_was_before(floor: Floor) -> None:
    floor.staff("201")
    floor.fire("201", AgentEvent.PAUSE)
    (_, paused) = floor.heard.of(AgentStateChanged)
    assert (paused.previous, paused.state) == ("available", "paused")


def test_who_is_paused_is_not_at_work(floor: Floor) -> None:
    floor.staff("201", "202")
    assert floor.roster.at_work(QUEUE) == 2
    floor.fire("201", AgentEvent.PAUSE)
    assert floor.roster.at_work(QUEUE) == 1
    assert [one.agent_id for one in floor.roster.available(QUEUE)] == ["202"]
