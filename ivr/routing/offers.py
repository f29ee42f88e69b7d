"""One offer: one agent's phone rings with one call, until it is answered or is not."""

from collections.abc import Callable

import structlog

from ivr.background import Background
from ivr.clock import Clock
from ivr.errors import IllegalTransition, ReservationLost
from ivr.events import AgentStateChanged, EventBus, OfferEnded, OfferMade
from ivr.ids import AgentId, OfferId, new_id
from ivr.routing.agents import AgentEvent, AgentState
from ivr.routing.queues import Answered, Entry, QueueRules, Queues
from ivr.routing.roster import Roster
from ivr.storage.records import AgentRecord
from ivr.telephony.channel import Channel, ControlLost
from ivr.telephony.legs import ANSWERED_ELSEWHERE, LegFailed, LegOutcome, Legs, Ring

log = structlog.get_logger(__name__)


class Offers:
    """Makes the offers that ``Queues`` asks for."""

    def __init__(
        self,
        clock: Clock,
        roster: Roster,
        queues: Queues,
        legs: Legs,
        bus: EventBus,
        background: Background,
    ) -> None:
        self._clock = clock
        self._roster = roster
        self._queues = queues
        self._legs = legs
        self._bus = bus
        self._background = background
        self._ringing: dict[AgentId, Channel] = {}
        queues.offer = self.make
        bus.subscribe(AgentStateChanged, self._agent_changed)

    def make(self, entry: Entry, agent_id: AgentId, rules: QueueRules) -> None:
        """Start offering *entry* to *agent_id*; returns at once."""
        entry.offer_id = OfferId(new_id("offer"))
        work = self._offer(entry, agent_id, entry.offer_id, rules)
        self._background.start(f"offer {agent_id}", work)

    async def _offer(
        self, entry: Entry, agent_id: AgentId, offer_id: OfferId, rules: QueueRules
    ) -> None:
        try:
            await self._roster.reserve(agent_id, offer_id)
        except ReservationLost:
            self._queues.offer_over(entry)
            return
        why = await self._ring(entry, self._roster.record(agent_id), offer_id, rules)
        self._bus.publish(
            OfferEnded(
                authority_id=self._roster.record(agent_id).authority_id,
                at=self._clock.now(),
                offer_id=offer_id,
                call_id=entry.call_id,
                agent_id=agent_id,
                why=why,
            )
        )
        if why != "answered":
            self._queues.offer_over(entry)

    async def _ring(
        self, entry: Entry, agent: AgentRecord, offer_id: OfferId, rules: QueueRules
    ) -> str:
        """Ring the agent's phone and return how that ended, the agent's state being right."""
        ring = Ring(
            endpoint=agent.endpoint,
            ring_for=rules.ring_for,
            shown_number=entry.caller_number,
            shown_name=entry.shown_name,
            originator=entry.channel_id,
        )
        try:
            leg = await self._reach(ring, entry, agent, offer_id)
        except LegFailed as failed:
            return await self._not_taken(entry, agent.agent_id, failed.outcome)
        except ControlLost:
            await self._step_back(agent.agent_id, AgentEvent.WITHDRAW)
            return "failed"
        if entry.settled or not await self._take(agent.agent_id):
            await leg.hang_up(ANSWERED_ELSEWHERE)
            await self._step_back(agent.agent_id, AgentEvent.WITHDRAW)
            return "caller_gone"
        self._queues.answered(entry, Answered(agent.agent_id, offer_id, leg))
        return "answered"

    async def _reach(
        self, ring: Ring, entry: Entry, agent: AgentRecord, offer_id: OfferId
    ) -> Channel:
        try:
            return await self._legs.ring(
                ring, self._tell_ringing(entry, agent, offer_id), self._watch(entry, agent)
            )
        finally:
            self._ringing.pop(agent.agent_id, None)

    def _tell_ringing(
        self, entry: Entry, agent: AgentRecord, offer_id: OfferId
    ) -> Callable[[], None]:
        def ringing() -> None:
            now = self._clock.now()
            self._bus.publish(
                OfferMade(
                    authority_id=agent.authority_id,
                    at=now,
                    offer_id=offer_id,
                    call_id=entry.call_id,
                    agent_id=agent.agent_id,
                    queue=entry.queue,
                    line=entry.line,
                    caller_number=entry.caller_number,
                    choices=entry.choices,
                    waited=now.timestamp() - entry.answered_at,
                )
            )

        return ringing

    def _agent_changed(self, event: AgentStateChanged) -> None:
        """Stop the ring of an agent who signed out or paused: the caller waits for nobody."""
        leg = self._ringing.get(event.agent_id)
        if leg is not None and event.state in {AgentState.SIGNED_OUT, AgentState.PAUSED}:
            self._background.start("agent left", leg.hang_up(ANSWERED_ELSEWHERE))

    def _watch(self, entry: Entry, agent: AgentRecord) -> Callable[[Channel], None]:
        """Hang the ringing phone up as soon as the caller needs it no more."""

        def created(leg: Channel) -> None:
            entry.leg = leg
            self._ringing[agent.agent_id] = leg

            def settled(result: object) -> object:
                answered_here = isinstance(result, Answered) and result.leg is leg
                if not answered_here and not leg.gone:
                    self._background.start("withdraw", leg.hang_up(ANSWERED_ELSEWHERE))
                return result

            entry.result.addCallback(settled)

        return created

    async def _take(self, agent_id: AgentId) -> bool:
        try:
            await self._roster.fire(agent_id, AgentEvent.ANSWER)
        except (IllegalTransition, ReservationLost):
            return False  # signed out or paused while the phone rang
        return True

    async def _not_taken(self, entry: Entry, agent_id: AgentId, outcome: LegOutcome) -> str:
        if entry.settled:
            await self._step_back(agent_id, AgentEvent.WITHDRAW)
            return "caller_gone"
        try:
            await self._roster.missed(agent_id)
        except (IllegalTransition, ReservationLost) as error:
            log.info("agent left while ringing", agent=agent_id, reason=str(error))
            return LegOutcome.NO_ANSWER.value
        return "rejected" if outcome is LegOutcome.REJECTED else outcome.value

    async def _step_back(self, agent_id: AgentId, event: AgentEvent) -> None:
        if self._roster.state(agent_id) is not AgentState.RINGING:
            return
        try:
            await self._roster.fire(agent_id, event)
        except ReservationLost as lost:
            log.info("agent changed elsewhere", agent=agent_id, reason=str(lost))
