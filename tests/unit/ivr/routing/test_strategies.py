"""Which agent is asked first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ivr.ids import AgentId
from ivr.routing.strategies import Candidate, longest_idle

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        agent_id=st.integers(1, 99).map(lambda number: AgentId(f"agent-{number:02}")),
        idle_since=st.integers(0, 5).map(float),
    ),
    unique_by=lambda one: one.agent_id,
)


def test_the_longest_idle_is_first() -> None:
    idle = [Candidate(AgentId("a"), 30.0), Candidate(AgentId("b"), 10.0)]
    assert longest_idle(idle) == ["b", "a"]


def test_equals_are_taken_by_name() -> None:
    idle = [Candidate(AgentId("b"), 10.0), Candidate(AgentId("a"), 10.0)]
    assert longest_idle(idle) == ["a", "b"]


@given(CANDIDATES, st.randoms())
def test_everybody_is_asked_once_in_an_order_of_their_own(candidates, random) -> None:  # type: ignore[no-untyped-def]
    order = longest_idle(candidates)
    shuffled = random.sample(candidates, len(candidates))
    assert longest_idle(shuffled) == order
    assert sorted(order) == sorted(one.agent_id for one in candidates)
    since = {one.agent_id: one.idle_since for one in candidates}
    assert [since[agent] for agent in order] == sorted(since.values())
