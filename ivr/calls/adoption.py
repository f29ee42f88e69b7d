"""After a restart of ours, or of the connection: every call is taken up where it stood.

Asterisk keeps calls in Stasis while we are away. What lives there is matched with the positions
we wrote; callers go on with their step, running talks are joined again, phones that rang are
withdrawn, and calls that ended meanwhile get their outcome.
"""

from datetime import timedelta

import structlog

from ivr.background import Background
from ivr.calls.ledger import Ledger
from ivr.calls.lines import Lines
from ivr.calls.reception import Reception
from ivr.calls.talks import Talks
from ivr.calls.visit import Visit
from ivr.dialplan.interpreter import Place
from ivr.errors import IllegalTransition, MokedError, ReservationLost
from ivr.events import Outcome
from ivr.ids import AgentId, ChannelId, Label, LineName
from ivr.routing.agents import AgentEvent, AgentState
from ivr.routing.queues import Queues
from ivr.routing.roster import Roster
from ivr.storage.records import Position
from ivr.telephony.caller import Caller
from ivr.telephony.lease import Lease
from ivr.telephony.recovery import Found, Recovery, hang_up_quietly

log = structlog.get_logger(__name__)


class Adoption:
    """Takes over what an earlier process, or an earlier connection, left."""

    def __init__(  # noqa: PLR0913 - the parts it joins
        self,
        reactor: object,
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

    async def run(self) -> int:
        """Take over and return how many calls go on; new calls may come meanwhile."""
        positions = dict(self._ledger.positions)
        found = await self._recovery.look()
        talking: set[AgentId] = set()
        kept: set[str] = set()
        for position in positions.values():
            if position.call_id in self._reception.visits:
                continue
            visit = await self._visit(position, found)
            if visit is None or position.channel_id not in found.ours:
                self._ended_meanwhile(position, visit, alive=position.channel_id in found.living)
                continue
            kept |= self._adopt(visit, position, found, talking)
        await self._leave_no_orphans(found, kept)
        await self._settle_agents(talking)
        return len(self._reception.visits)

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
        lease = Lease(self._reactor, channel)  # type: ignore[arg-type]
        return Visit(
            call_id=position.call_id,
            authority_id=position.authority_id,
            line=line,
            plan=plan,
            plan_version=position.version,
            channel=channel,
            caller=Caller(self._reactor, channel, lease),  # type: ignore[arg-type]
            lease=lease,
            caller_number=position.caller_number,
            caller_received=position.caller_number,
            called_number=position.called_number,
            own_number=str(state.get("own_number", "")),
            language=position.language,
            arrived_at=position.arrived_at,
            answered_at=position.answered_at,
            time_shift=timedelta(seconds=float(state.get("time_shift", 0.0))),
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
        self._background.start("call", self._go_on(visit, place))
        return kept

    async def _go_on(self, visit: Visit, place: Place) -> None:
        log.info("call adopted", call_id=visit.call_id)
        if visit.talk is None:
            await visit.channel.stop_music()
        await self._reception.go_on(visit, place)

    def _ended_meanwhile(self, position: Position, visit: Visit | None, *, alive: bool) -> None:
        """Write the outcome of a call that we did not see ending."""
        if visit is None:
            self._ledger.forget(position)
            return
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
