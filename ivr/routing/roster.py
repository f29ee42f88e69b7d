"""Who is where: agents reserved by compare-and-set, kept going when the database is not.

The database is the truth. When it does not answer within 0.3 s the change is made in memory and
journalled, so that a slow disk never keeps a caller waiting; the journal is replayed in order.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import structlog
from twisted.internet.defer import DeferredLock

from ivr.clock import Clock
from ivr.errors import IllegalTransition, ReservationLost, StorageUnavailable
from ivr.events import AgentStateChanged, EventBus
from ivr.ids import AgentId, OfferId, QueueName
from ivr.routing.agents import AgentEvent, AgentState, next_state
from ivr.routing.strategies import Candidate
from ivr.storage.agents import Agents
from ivr.storage.facts import AgentStateFact
from ivr.storage.journal import Journal
from ivr.storage.records import AgentRecord

log = structlog.get_logger(__name__)

_AT_WORK = frozenset(
    {AgentState.AVAILABLE, AgentState.RINGING, AgentState.ON_CALL, AgentState.WRAP_UP}
)
PAUSED_AFTER_MISSED = 2
_RESERVED_FOR = timedelta(seconds=90)
_BEGINS_AGAIN = frozenset({AgentEvent.SIGN_IN, AgentEvent.ANSWER, AgentEvent.RESUME})


class Roster:
    """Every agent's state; the only place that changes it."""

    def __init__(self, clock: Clock, agents: Agents, journal: Journal, bus: EventBus) -> None:
        self._clock = clock
        self._agents = agents
        self._journal = journal
        self._bus = bus
        self._records: dict[AgentId, AgentRecord] = {}
        self._locks: dict[AgentId, DeferredLock] = {}
        self._taken: set[AgentId] = set()  # a reservation is under way
        self.on_change: Callable[[], None] = lambda: None
        self.paused_after_missed = PAUSED_AFTER_MISSED

    async def load(self, of_site: Sequence[AgentRecord]) -> None:
        """Take over the agents of the site, in the states that the database has for them."""
        await self._agents.put_all(of_site)
        self._records = {record.agent_id: record for record in await self._agents.all()}
        self._locks = {agent_id: DeferredLock() for agent_id in self._records}

    @property
    def agents(self) -> list[AgentRecord]:
        return list(self._records.values())

    def record(self, agent_id: AgentId) -> AgentRecord:
        return self._records[agent_id]

    def state(self, agent_id: AgentId) -> AgentState:
        return AgentState(self._records[agent_id].state)

    def at_work(self, queue: QueueName) -> int:
        """Count who is signed in to *queue* and not paused."""
        return sum(one.state in _AT_WORK for one in self._of(queue))

    def available(self, queue: QueueName) -> list[Candidate]:
        """Return who could be offered a call of *queue* now."""
        return [
            Candidate(one.agent_id, (one.idle_since or one.state_since).timestamp())
            for one in self._of(queue)
            if one.state == AgentState.AVAILABLE and one.agent_id not in self._taken
        ]

    async def reserve(self, agent_id: AgentId, offer_id: OfferId) -> None:
        """Take an available agent for one offer.

        Raises:
            ReservationLost: somebody else was first, or the agent is not available any more.
        """
        if agent_id in self._taken:
            raise ReservationLost(agent_id)
        self._taken.add(agent_id)
        try:
            await self.fire(agent_id, AgentEvent.OFFER, offer_id=offer_id)
        except IllegalTransition as error:
            raise ReservationLost(str(error)) from None
        finally:
            self._taken.discard(agent_id)

    async def missed(self, agent_id: AgentId) -> AgentState:
        """Note an offer that was not taken; too many in a row pause the agent."""
        count = self._records[agent_id].missed_in_a_row + 1
        event = AgentEvent.NO_ANSWER
        if count >= self.paused_after_missed:
            event = AgentEvent.TOO_MANY_MISSED
        return await self.fire(agent_id, event, missed=count)

    async def fire(
        self,
        agent_id: AgentId,
        event: AgentEvent,
        *,
        reason: str = "",
        offer_id: OfferId | None = None,
        missed: int | None = None,
    ) -> AgentState:
        """Change an agent's state by *event*, one change of an agent at a time.

        Raises:
            IllegalTransition: the event cannot happen now.
            ReservationLost: another process changed the agent first.
        """
        lock = self._locks[agent_id]
        await lock.acquire()
        try:
            before = self._records[agent_id]
            after = next_state(AgentState(before.state), event)
            now = self._clock.now()
            wanted = replace(
                before,
                state=after.value,
                state_since=now,
                previous=before.state,
                reason=reason or (event.value if after is AgentState.PAUSED else ""),
                reserved_by=offer_id,
                reserved_until=now + _RESERVED_FOR if offer_id else None,
                missed_in_a_row=_missed(before, event) if missed is None else missed,
                signed_in_at=now if event is AgentEvent.SIGN_IN else before.signed_in_at,
                idle_since=now if after is AgentState.AVAILABLE else before.idle_since,
                version=before.version + 1,
            )
            self._records[agent_id] = await self._store(before, wanted)
        finally:
            lock.release()
        self._tell(before, after, wanted.reason)
        return after

    async def _store(self, before: AgentRecord, wanted: AgentRecord) -> AgentRecord:
        """Write *wanted* if nobody changed *before*; in memory while the database is behind."""
        if not self._journal.healthy:
            return self._in_memory(wanted)
        try:
            return await self._agents.change(
                before.agent_id,
                before.version,
                wanted.state,
                reserved_by=wanted.reserved_by,
                reserved_until=wanted.reserved_until,
                missed=wanted.missed_in_a_row,
                signed_in_at=wanted.signed_in_at,
                idle_since=wanted.idle_since,
                reason=wanted.reason,
            )
        except StorageUnavailable:
            return self._in_memory(wanted)
        except ReservationLost:
            self._records[before.agent_id] = await self._agents.get(before.agent_id)
            raise

    def _in_memory(self, wanted: AgentRecord) -> AgentRecord:
        self._journal.put(
            AgentStateFact(
                authority_id=wanted.authority_id,
                agent_id=wanted.agent_id,
                version=wanted.version,
                state=wanted.state,
                state_since=wanted.state_since,
                previous=wanted.previous,
                reason=wanted.reason,
                reserved_by=wanted.reserved_by,
                reserved_until=wanted.reserved_until,
                missed_in_a_row=wanted.missed_in_a_row,
                signed_in_at=wanted.signed_in_at,
                idle_since=wanted.idle_since,
            )
        )
        return wanted

    def _tell(self, before: AgentRecord, after: AgentState, reason: str) -> None:
        self._bus.publish(
            AgentStateChanged(
                authority_id=before.authority_id,
                at=self._clock.now(),
                agent_id=before.agent_id,
                state=after.value,
                previous=before.state,
                reason=reason,
            )
        )
        self.on_change()

    def _of(self, queue: QueueName) -> list[AgentRecord]:
        return [one for one in self._records.values() if queue in one.queues]


def _missed(before: AgentRecord, event: AgentEvent) -> int:
    """Return the offers missed in a row after *event*: an agent who is back begins at none."""
    return 0 if event in _BEGINS_AGAIN else before.missed_in_a_row
