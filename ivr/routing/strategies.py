"""Which agent next: pure functions from those who are available to the order of asking."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ivr.ids import AgentId


@dataclass(frozen=True, slots=True)
class Candidate:
    """An available agent; *idle_since* in epoch seconds: the smaller, the longer idle."""

    agent_id: AgentId
    idle_since: float
    calls_today: int = 0


Strategy = Callable[[Iterable[Candidate]], list[AgentId]]


def longest_idle(candidates: Iterable[Candidate]) -> list[AgentId]:
    """Return all *candidates*, the longest idle first; equal ones by name, so that tests agree."""
    ordered = sorted(candidates, key=lambda one: (one.idle_since, one.agent_id))
    return [one.agent_id for one in ordered]
