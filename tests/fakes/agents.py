"""Agents and their phones without database or Asterisk, for tests of routing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from twisted.internet.defer import Deferred

from ivr.errors import ReservationLost, StorageUnavailable
from ivr.events import Event, EventBus
from ivr.ids import AgentId, AuthorityId, ChannelId, QueueName
from ivr.storage.records import AgentRecord
from ivr.telephony.channel import LegEnded
from ivr.telephony.legs import LegFailed, LegOutcome, Ring, outcome_of
from tests.fakes.driven_clock import DrivenClock

AUTHORITY = AuthorityId("mateh-yehuda")
QUEUE = QueueName("billing")


def agent(name: str, *queues: str) -> AgentRecord:
    return AgentRecord(
        agent_id=AgentId(name),
        authority_id=AUTHORITY,
        name=name,
        endpoint=f"PJSIP/{name}",
        queues=queues or (QUEUE,),
        state_since=DrivenClock().now(),
    )


class FakeAgents:
    """``storage.Agents`` in memory; may be ``down``, and others may change its rows."""

    def __init__(self) -> None:
        self.rows: dict[AgentId, AgentRecord] = {}
        self.down = False

    async def put_all(self, agents: Sequence[AgentRecord]) -> None:
        for one in agents:
            self.rows.setdefault(one.agent_id, one)

    async def all(self) -> list[AgentRecord]:
        return list(self.rows.values())

    async def get(self, agent_id: AgentId) -> AgentRecord:
        return self.rows[agent_id]

    async def change(
        self, agent_id: AgentId, version: int, state: str, *, missed: int, **fields: Any
    ) -> AgentRecord:
        if self.down:
            raise StorageUnavailable("down")
        before = self.rows[agent_id]
        if before.version != version:
            raise ReservationLost(agent_id)
        changed = replace(
            before, state=state, version=version + 1, missed_in_a_row=missed, **fields
        )
        self.rows[agent_id] = changed
        return changed


class FakeJournal:
    """Keeps what was put into it."""

    def __init__(self) -> None:
        self.healthy = True
        self.facts: list[Any] = []

    def put(self, fact: Any) -> None:
        self.facts.append(fact)


class FakeLeg:
    """A called phone: rings until the test answers or ends it."""

    def __init__(self, ring: Ring, on_ringing: Callable[[], None]) -> None:
        self.id = ChannelId(f"leg-{ring.endpoint}")
        self.endpoint = ring.endpoint
        self.gone = False
        self.hung_up_with: int | None = None
        self.ringing = on_ringing
        self.result: Deferred[Any] = Deferred()

    def answer(self) -> None:
        self.result.callback(self)

    def fail(self, outcome: LegOutcome) -> None:
        self.gone = True
        self.result.errback(LegFailed(outcome))

    async def hang_up(self, cause: int = 16) -> None:
        self.gone, self.hung_up_with = True, cause
        if not self.result.called:
            self.result.errback(LegFailed(outcome_of(LegEnded(cause, 487))))


@dataclass
class FakeLegs:
    """``telephony.Legs``: each ring is a ``FakeLeg``, the last one at the end."""

    rung: list[FakeLeg] = field(default_factory=list)

    async def ring(
        self, ring: Ring, on_ringing: Callable[[], None], on_created: Callable[[Any], None]
    ) -> Any:
        leg = FakeLeg(ring, on_ringing)
        self.rung.append(leg)
        on_created(leg)
        on_ringing()
        return await leg.result

    @property
    def last(self) -> FakeLeg:
        return self.rung[-1]


class Heard:
    """Everything published on a bus."""

    def __init__(self, bus: EventBus) -> None:
        self.events: list[Event] = []
        bus.subscribe(Event, self.events.append)

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]
