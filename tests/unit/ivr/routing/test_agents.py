"""The agent's state table: every event in every state."""

from __future__ import annotations

import pytest

from ivr.errors import IllegalTransition
from ivr.routing.agents import AgentEvent, AgentState, events_of, next_state

S, E = AgentState, AgentEvent
TABLE = """
signed_out   sign_in          available
available    offer            ringing
available    pause            paused
available    sign_out         signed_out
ringing      answer           on_call
ringing      no_answer        available
ringing      too_many_missed  paused
ringing      withdraw         available
ringing      pause            paused
ringing      sign_out         signed_out
on_call      hang_up          wrap_up
wrap_up      wrap_up_done     available
wrap_up      pause            paused
wrap_up      sign_out         signed_out
paused       resume           available
paused       sign_out         signed_out
"""
ROWS = [tuple(line.split()) for line in TABLE.strip().splitlines()]
LEGAL = {(state, event): then for state, event, then in ROWS}


@pytest.mark.parametrize(("state", "event", "then"), ROWS)
def test_a_legal_event_leads_where_the_table_says(state: str, event: str, then: str) -> None:
    assert next_state(S(state), E(event)) == then


@pytest.mark.parametrize(
    ("state", "event"),
    [(state, event) for state in S for event in E if (state, event) not in LEGAL],
)
def test_every_other_event_is_illegal(state: AgentState, event: AgentEvent) -> None:
    with pytest.raises(IllegalTransition):
        next_state(state, event)


@pytest.mark.parametrize("state", list(S))
def test_a_desk_is_told_what_can_be_done(state: AgentState) -> None:
    assert events_of(state) == {E(event) for at, event in LEGAL if at == state}


@pytest.mark.parametrize("state", list(S))
def test_no_state_is_a_dead_end(state: AgentState) -> None:
    reached, todo = {state}, [state]
    while todo:
        here = todo.pop()
        for event in events_of(here):
            there = next_state(here, event)
            if there not in reached:
                reached.add(there)
                todo.append(there)
    assert reached == set(S)
