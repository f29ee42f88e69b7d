"""Agents calling out from their desk phones: who may, whom, and what the other side is shown."""

import re
from dataclasses import dataclass

import structlog
from twisted.internet.interfaces import IReactorTime

from ivr.calls.outward import OutsideRules
from ivr.errors import IllegalTransition, MokedError, ReservationLost
from ivr.ids import AgentId
from ivr.routing.agents import AgentEvent, AgentState
from ivr.routing.numbers import normalise_called
from ivr.routing.roster import Roster
from ivr.telephony.channel import Channel, LegEnded
from ivr.telephony.dispatcher import Arrival
from ivr.telephony.lease import Lease
from ivr.telephony.legs import LegFailed, LegOutcome, Legs, Ring
from ivr.telephony.talk import Talk

log = structlog.get_logger(__name__)

# Israel, without the dear ones: 1-900 and 1-901 cost the council money at somebody's choice.
_ALLOWED = re.compile(r"\+972(?!1?90[01])[1-9][0-9]{7,9}|1[0-9]{2}|\*[0-9]{3,5}")
_RING_FOR = 45.0
_REASON = "outgoing_call"
_CAUSES = {
    LegOutcome.BUSY: 17,
    LegOutcome.NO_ANSWER: 19,
    LegOutcome.REJECTED: 21,
    LegOutcome.UNREACHABLE: 27,
}
_NOT_ALLOWED = 21  # Q.850: call rejected


@dataclass(frozen=True, slots=True)
class AgentCalls:
    """Takes what agents' phones dial (``agent`` arrivals)."""

    roster: Roster
    legs: Legs
    rules: OutsideRules

    async def take(self, reactor: IReactorTime, arrival: Arrival) -> None:
        """Connect the agent with the number dialled, to the end; never raises."""
        dialled = normalise_called(arrival.args[1]) if len(arrival.args) > 1 else ""
        agent_id = AgentId(arrival.args[2]) if len(arrival.args) > 2 else AgentId("")
        try:
            if not self._may(agent_id, dialled):
                log.warning("outgoing call refused", agent=agent_id, number=dialled)
                await arrival.channel.hang_up(_NOT_ALLOWED)
                return
            paused = await self._roster_event(agent_id, AgentEvent.PAUSE)
            try:
                await self._connect(reactor, arrival.channel, dialled)
            finally:
                if paused:
                    await self._roster_event(agent_id, AgentEvent.RESUME)
        except MokedError as error:
            log.info("outgoing call over", agent=agent_id, reason=type(error).__name__)

    def _may(self, agent_id: AgentId, dialled: str) -> bool:
        """Only who is signed in and not in a call; only numbers of the allow-list."""
        known = {agent.agent_id for agent in self.roster.agents}
        if agent_id not in known or not self.rules.trunks:
            return False
        state = self.roster.state(agent_id)
        free = {AgentState.AVAILABLE, AgentState.PAUSED, AgentState.WRAP_UP}
        return state in free and bool(_ALLOWED.fullmatch(dialled))

    async def _connect(self, reactor: IReactorTime, channel: Channel, dialled: str) -> None:
        ring = Ring(
            endpoint=f"PJSIP/{dialled}@{self.rules.trunks[0]}",
            ring_for=_RING_FOR,
            shown_number=self.rules.shown_otherwise,
            originator=channel.id,
        )
        lease = Lease(reactor, channel)
        lease.start()
        try:
            await channel.ring()
            leg = await self.legs.ring(ring, lambda: None, lambda _leg: None)
        except LegFailed as failed:
            await channel.hang_up(_CAUSES[failed.outcome])
            return
        finally:
            lease.stop()
        talk = Talk(reactor, channel, leg, lease)
        await channel.answer()
        try:
            await talk.join()
            await talk.until_one_leaves()
        except LegEnded:
            log.info("outgoing call: the other side left first")
        await channel.hang_up()

    async def _roster_event(self, agent_id: AgentId, event: AgentEvent) -> bool:
        """Keep calls away from the agent meanwhile; false for one whose state stays as it is."""
        try:
            reason = _REASON if event is AgentEvent.PAUSE else ""
            await self.roster.fire(agent_id, event, reason=reason)
        except (IllegalTransition, ReservationLost) as error:
            log.info("agent's state left as it is", agent=agent_id, reason=str(error))
            return False
        return True
