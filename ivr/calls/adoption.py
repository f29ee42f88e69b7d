"""After a restart of ours, or of the connection: every call is taken up where it stood.

Asterisk keeps calls in Stasis while we are away. What lives there is matched with the positions
we wrote; callers go on with their step, running talks are joined again, phones that rang are
withdrawn, and calls that ended meanwhile get their outcome.
"""

from datetime import timedelta

import structlog
from twisted.internet.interfaces import IReactorTime

from ivr.background import Background
from ivr.calls.ledger import Ledger
from ivr.calls.lines import Lines
from ivr.calls.reception import Reception
from ivr.calls.talks import Talks
from ivr.calls.visit import Visit
from ivr.dialplan.interpreter import Place
from ivr.errors import (
    AsteriskUnavailable,
    CallerHungUp,
    IllegalTransition,
    MokedError,
    ReservationLost,
)
from ivr.events import Outcome
from ivr.ids import AgentId, CallId, ChannelId, Label, LineName
from ivr.routing.agents import AgentEvent, AgentState
from ivr.routing.queues import Queues
from ivr.routing.roster import Roster
from ivr.storage.records import Position
from ivr.telephony.caller import Caller
from ivr.telephony.channel import ControlLost
from ivr.telephony.lease import Lease
from ivr.telephony.recovery import Found, Recovery, hang_up_quietly

log = structlog.get_logger(__name__)

_LOOK_AGAIN = 1.0  # seconds after we lost sight of a call


class Adoption:
    """Takes over what an earlier process, or an earlier connection, left."""

    def __init__(  # noqa: PLR0913 - the parts it joins
        self,
        reactor: IReactorTime,
        recovery: Recovery,
        lines: Lines,
        reception: Reception,
        talks: Talks,
        roster: Roster,
        queues: Queues,
        ledger: Ledger,
        background: Background,
    ) -> None:
        self._reactor = reactor
        self._recovery = recovery
        self._lines = lines
        self._reception = reception
        self._talks = talks
        self._roster = roster
        self._queues = queues
        self._ledger = ledger
        self._background = background
        reception.on_control_lost = self._lost_sight

    async def run(self) -> int:
        """Take over and return how many calls go on; new calls may come meanwhile.

        Raises:
            AsteriskUnavailable: it does not answer.
        """
        positions = list(self._ledger.positions.values())
        found = await self._recovery.look()
        talking: set[AgentId] = set()
        kept: set[str] = set()
        adopted = 0
        for position in positions:
            if position.call_id not in self._reception.visits:
                belonging = await self._take(position, found, talking)
                kept |= belonging
                adopted += bool(belonging)
        await self._leave_no_orphans(found, kept)
        await self._settle_agents(talking)
        return adopted

    def _lost_sight(self, call_id: CallId) -> None:
        """Look after a call again whose request was not answered; a lost connection does it all."""
        self._reactor.callLater(_LOOK_AGAIN, self._background.start, "look", self._again(call_id))

    async def _again(self, call_id: CallId) -> None:
        try:
            found = await self._recovery.look()
        except AsteriskUnavailable as error:
            log.info("call not looked after: reconnecting does it", reason=str(error))
            return
        position = self._ledger.positions.get(call_id)
        if position is not None and call_id not in self._reception.visits:
            await self._take(position, found, set())

    async def _take(self, position: Position, found: Found, talking: set[AgentId]) -> set[str]:
        """Let a call go on or give it its outcome; return the channels that belong to it."""
        self._ledger.taken_up(position)
        visit = await self._visit(position, found)
        if visit is not None and position.channel_id in found.ours:
            return self._adopt(visit, position, found, talking)
        self._ended_meanwhile(position, visit, alive=position.channel_id in found.living)
        return set()

    async def _visit(self, position: Position, found: Found) -> Visit | None:
        """Rebuild what was known of a call; ``None`` if its plan cannot be read any more."""
        line = LineName(position.line)
        try:
            plan = await self._lines.pinned(line, position.version)
        except MokedError as error:
            log.error("plan of a running call not readable", error=type(error).__name__)
            return None
        state = position.state
        channel = self._recovery.take(ChannelId(position.channel_id), found, is_caller=True)
        lease = Lease(self._reactor, channel)
        return Visit(
            call_id=position.call_id,
            authority_id=position.authority_id,
            line=line,
            plan=plan,
            plan_version=position.version,
            channel=channel,
            caller=Caller(self._reactor, channel, lease),
            lease=lease,
            caller_number=position.caller_number,
            caller_received=position.caller_number,
            called_number=position.called_number,
            own_number=str(state.get("own_number", "")),
            language=position.language,
            arrived_at=position.arrived_at,
            answered_at=position.answered_at,
            time_shift=timedelta(seconds=float(state.get("time_shift", 0.0))),
            language_chosen=bool(state.get("language_chosen", False)),
            slow=bool(state.get("slow", False)),
            variables=dict(position.variables),
            choices=list(state.get("choices", [])),
            queued_at=dict(state.get("queued_at", {})),
            talk=state.get("talk"),
            talked_with=str(state.get("talked_with", "")),
            outcome=Outcome(state["outcome"]) if state.get("outcome") else None,
        )

    def _adopt(
        self, visit: Visit, position: Position, found: Found, talking: set[AgentId]
    ) -> set[str]:
        """Let *visit* go on; return the ids of the channels that belong to it."""
        kept = {str(visit.channel.id)}
        if visit.talk is not None:
            leg_id = str(visit.talk["leg_id"])
            if visit.talk.get("agent_id"):
                talking.add(AgentId(visit.talk["agent_id"]))
            if leg_id in found.living:
                self._recovery.take(ChannelId(leg_id), found, is_caller=False)
                kept.add(leg_id)
        place = Place(Label(position.label or visit.plan.start), max(1, position.visit))
        voice = str(position.state.get("voice", ""))
        self._background.start("call", self._go_on(visit, place, voice))
        return kept

    async def _go_on(self, visit: Visit, place: Place, voice: str) -> None:
        log.info("call adopted", call_id=visit.call_id)
        try:
            if visit.talk is None:
                await visit.caller.silence(voice)
                await visit.lease.take_over()
                await visit.channel.stop_music()
        except CallerHungUp:
            log.info("caller left while taken up", call_id=visit.call_id)
        except ControlLost:
            self._lost_sight(visit.call_id)
            return
        await self._reception.go_on(visit, place)

    def _ended_meanwhile(self, position: Position, visit: Visit | None, *, alive: bool) -> None:
        """Write the outcome of a call that we did not see ending."""
        if visit is None:
            self._ledger.forget(position)
            return
        self._talks.ended_meanwhile(visit)
        outcome = visit.outcome or (Outcome.FAILSAFE if alive else Outcome.ABANDONED)
        self._ledger.ended(visit, outcome, None)

    async def _leave_no_orphans(self, found: Found, kept: set[str]) -> None:
        """Hang up phones that ring for nobody; give callers nobody knows to the fail-safe."""
        for orphan in self._recovery.unknown(found, kept):
            if orphan.is_caller:
                await self._reception.to_failsafe(orphan)
            else:
                await hang_up_quietly(orphan)

    async def _settle_agents(self, talking: set[AgentId]) -> None:
        """Free agents whose call is not there any more."""
        for agent in self._roster.agents:
            state = AgentState(agent.state)
            try:
                if state is AgentState.RINGING and agent.reserved_by not in self._offers():
                    await self._roster.fire(agent.agent_id, AgentEvent.WITHDRAW)
                elif state is AgentState.ON_CALL and agent.agent_id not in talking:
                    wrap_up = self._wrap_up(agent.queues)
                    await self._talks.agent_free(agent.agent_id, wrap_up)
                elif state is AgentState.WRAP_UP:
                    self._talks.end_wrap_up_later(agent.agent_id, self._wrap_up(agent.queues))
            except (IllegalTransition, ReservationLost) as error:
                log.info("agent moved meanwhile", agent=agent.agent_id, reason=str(error))

    def _offers(self) -> set[str]:
        """Return the offers that run in this process."""
        waiting = (entry for queue in self._queues.names for entry in self._queues.waiting(queue))
        return {str(entry.offer_id) for entry in waiting if entry.offer_id}

    def _wrap_up(self, queues: tuple[str, ...]) -> float:
        rules = [self._queues.rules(name) for name in self._queues.names if name in queues]
        return max((rule.wrap_up for rule in rules), default=0.0)
