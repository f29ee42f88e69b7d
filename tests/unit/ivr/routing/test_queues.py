"""Who waits for whom: order, places, and who is let go when nobody is left."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.ids import AgentId
from ivr.routing.agents import AgentEvent
from ivr.routing.queues import Answered, Entry, LeftWhy
from ivr.telephony.legs import LegOutcome
from tests.fakes.agents import QUEUE
from tests.unit.ivr.routing.conftest import Floor


def answered_by(floor: Floor, name: str) -> None:
    """The agent answers, talks, and is available again."""
    floor.legs.last.answer()
    floor.fire(name, AgentEvent.HANG_UP)
    floor.fire(name, AgentEvent.WRAP_UP_DONE)


def test_callers_are_served_in_the_order_they_came(floor: Floor) -> None:
    floor.staff("201")
    entries = [floor.arrives(f"call-{number}") for number in (1, 2, 3)]
    for served in range(3):
        assert [one.settled for one in entries] == [number < served for number in range(3)]
        answered_by(floor, "201")
    assert all(isinstance(one.outcome, Answered) for one in entries)


def test_places_move_up(floor: Floor) -> None:
    floor.staff("201")
    entries = [floor.arrives(f"call-{number}") for number in (1, 2, 3)]
    assert [floor.queues.place(one) for one in entries] == [1, 2, 3]
    floor.queues.leave(entries[1], LeftWhy.HUNG_UP)
    assert [floor.queues.place(one) for one in entries] == [1, 0, 2]


def test_the_longest_idle_agent_is_rung_first(floor: Floor) -> None:
    floor.staff("202", "201")  # 202 signed in first
    floor.arrives("call-1")
    assert floor.ringing == ["202"]
    answered_by(floor, "202")
    floor.arrives("call-2")
    assert floor.ringing == ["201"], "202 has been idle for less time now"


def test_two_callers_ring_two_agents(floor: Floor) -> None:
    floor.staff("201", "202")
    floor.arrives("call-1")
    floor.arrives("call-2")
    assert sorted(floor.ringing) == ["201", "202"]


def test_nobody_at_work_lets_everybody_go_at_once(floor: Floor) -> None:
    floor.staff("201")
    first = floor.arrives("call-1")
    floor.legs.last.answer()
    waiting = [floor.arrives(f"call-{number}") for number in (2, 3)]
    floor.fire("201", AgentEvent.HANG_UP)
    assert not any(one.settled for one in waiting)
    floor.fire("201", AgentEvent.SIGN_OUT)
    assert [one.outcome for one in waiting] == [LeftWhy.EMPTY, LeftWhy.EMPTY]
    assert isinstance(first.outcome, Answered)


def test_an_agent_who_signs_in_gets_who_waits_longest(floor: Floor) -> None:
    floor.staff("201", "202")
    floor.fire("202", AgentEvent.PAUSE)
    floor.arrives("call-1")
    floor.legs.last.answer()
    second = floor.arrives("call-2")
    floor.fire("202", AgentEvent.RESUME)
    assert floor.ringing == ["202"]
    floor.legs.last.answer()
    assert isinstance(second.outcome, Answered)


def test_a_caller_who_waited_elsewhere_before_a_restart_keeps_the_place(floor: Floor) -> None:
    floor.staff("201")
    floor.arrives("call-1")
    late, early = floor.arrives("call-2"), floor.arrives("call-3")
    floor.queues.leave(early, LeftWhy.HUNG_UP)
    early = floor.arrives("call-3")
    early.entered_at = late.entered_at - 10
    fourth = floor.arrives("call-4")  # every entry sorts the line
    assert [floor.queues.place(one) for one in (early, late, fourth)] == [1, 3, 4]


def test_a_full_queue_says_so(floor: Floor) -> None:
    floor.staff("201")
    for number in range(3):
        assert not floor.queues.is_full(QUEUE)
        floor.arrives(f"call-{number}")
    assert floor.queues.is_full(QUEUE)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.sampled_from(["arrive", "answer", "miss", "leave", "free", "resume"])))
def test_whatever_happens_nobody_is_lost_and_no_agent_is_rung_twice(happenings: list[str]) -> None:
    floor = Floor()
    floor.staff("201", "202")
    entries: list[Entry] = []
    for happening in happenings:
        if happening == "arrive":
            entries.append(floor.arrives(f"call-{len(entries)}"))
        elif happening in {"answer", "miss"}:
            ringing = [leg for leg in floor.legs.rung if not leg.result.called]
            if ringing and happening == "answer":
                ringing[0].answer()
            elif ringing:
                ringing[0].fail(LegOutcome.NO_ANSWER)
        elif happening == "leave":
            for one in [one for one in entries if not one.settled][:1]:
                floor.queues.leave(one, LeftWhy.HUNG_UP)
        else:
            _step_on(floor, happening)
        assert len(floor.ringing) == len(set(floor.ringing))
        states = [floor.state(name) for name in ("201", "202")]
        assert states.count("ringing") == len(floor.ringing)
        waiting = floor.queues.waiting(QUEUE)
        assert waiting == [one for one in entries if not one.settled]
        unoffered = [one for one in waiting if one.offer_id is None]
        assert not (unoffered and "available" in states), "an agent is free and a caller waits"


def _step_on(floor: Floor, happening: str) -> None:
    for name in ("201", "202"):
        state = floor.roster.state(AgentId(name))
        if happening == "resume" and state == "paused":
            floor.fire(name, AgentEvent.RESUME)
        elif happening == "free" and state == "on_call":
            floor.fire(name, AgentEvent.HANG_UP)
            floor.fire(name, AgentEvent.WRAP_UP_DONE)
