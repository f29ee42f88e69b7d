"""Talks: joined, recorded, told to the desks, taken over after a restart, and what follows them."""

from dataclasses import dataclass
from typing import Any

import structlog
from twisted.internet.interfaces import IReactorTime

from ivr.background import Background
from ivr.calls.ledger import Ledger
from ivr.calls.recordings import RecordingKeeper, Talked
from ivr.calls.visit import Visit
from ivr.clock import Clock
from ivr.errors import CallerHungUp, IllegalTransition, ReservationLost
from ivr.events import EventBus, Outcome, TalkEnded, TalkStarted
from ivr.ids import AgentId, BridgeId, CallId, ChannelId, QueueName
from ivr.routing.agents import AgentEvent, AgentState
from ivr.routing.queues import Answered, QueueRules
from ivr.routing.roster import Roster
from ivr.telephony.channel import Channel
from ivr.telephony.registry import Registry
from ivr.telephony.talk import Talk

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class With:
    """Whom a caller talks with, and what is kept of it."""

    agent_id: AgentId | None = None
    number: str = ""
    queue: QueueName | None = None
    record: bool = True
    retention_days: int | None = None
    wrap_up: float = 0.0

    def name(self) -> str:
        return self.agent_id or self.number


class Talks:
    """All talks of this process."""

    def __init__(  # noqa: PLR0913 - the parts it joins
        self,
        reactor: IReactorTime,
        clock: Clock,
        registry: Registry,
        roster: Roster,
        recordings: RecordingKeeper,
        ledger: Ledger,
        bus: EventBus,
        background: Background,
    ) -> None:
        self._reactor = reactor
        self._clock = clock
        self._registry = registry
        self._roster = roster
        self._recordings = recordings
        self._ledger = ledger
        self._bus = bus
        self._background = background
        self._running: dict[CallId, Talk] = {}

    @property
    def running(self) -> list[CallId]:
        return list(self._running)

    async def with_agent(self, visit: Visit, answer: Answered, rules: QueueRules) -> None:
        """Talk with an agent to the end.

        Raises:
            CallerHungUp: the caller left, which is how most talks end.
            LegEnded: the agent's phone fell away before the two were joined.
        """
        whom = With(
            agent_id=answer.agent_id,
            queue=rules.name,
            record=rules.record,
            retention_days=rules.retention_days,
            wrap_up=rules.wrap_up,
        )
        await self.talk(visit, answer.leg, whom)

    async def talk(self, visit: Visit, leg: Channel, whom: With) -> None:
        """Join caller and *leg*, stay until one of them leaves; the caller then hangs up too."""
        talk = Talk(self._reactor, visit.channel, leg, visit.lease)
        try:
            await talk.join()
        except CallerHungUp:
            await leg.hang_up()
            if whom.agent_id is not None:
                await self.agent_free(whom.agent_id, whom.wrap_up)
            raise
        if whom.record:
            what = Talked(whom.queue, whom.agent_id, whom.retention_days)
            await self._recordings.start(visit, talk.bridge_id, what)
        visit.talk = {
            "bridge_id": talk.bridge_id,
            "leg_id": leg.id,
            "agent_id": whom.agent_id,
            "number": whom.number,
            "queue": whom.queue,
            "wrap_up": whom.wrap_up,
            "recording": self._recordings.state_of(visit.call_id),
            "since": self._clock.now().timestamp(),
        }
        visit.talked_with = whom.name()
        visit.reached(Outcome.TALKED)
        self._ledger.position(visit)
        self._bus.publish(
            TalkStarted(
                authority_id=visit.authority_id,
                at=self._clock.now(),
                call_id=visit.call_id,
                agent_id=whom.agent_id,
                queue=whom.queue,
            )
        )
        await self._to_the_end(visit, talk, whom)

    async def resume(self, visit: Visit) -> bool:
        """Go on with the talk in which a restart of ours found the call; false if there is none."""
        state, visit.talk = visit.talk, None
        if state is None:
            return False
        whom = _whom(state)
        visit.reached(Outcome.TALKED)
        visit.talk_seconds += self._seconds_of(state)
        self._recordings.adopt(visit, state.get("recording"))
        leg = self._registry.find(ChannelId(str(state["leg_id"])))
        if leg is None or leg.gone:  # the other side left while we were away
            await self._after(visit, whom, 0.0)
            return True
        visit.talk = state
        visit.talked_with = whom.name()
        talk = Talk(self._reactor, visit.channel, leg, visit.lease)
        talk.adopt(BridgeId(str(state["bridge_id"])))
        await visit.lease.begin_talk()
        await self._to_the_end(visit, talk, whom)
        return True

    def ended_meanwhile(self, visit: Visit) -> None:
        """Keep what was recorded of a talk whose caller left while we were away."""
        state, visit.talk = visit.talk, None
        if state is not None:
            visit.reached(Outcome.TALKED)
            visit.talk_seconds += self._seconds_of(state)
            self._recordings.adopt(visit, state.get("recording"))
            self._recordings.finish_later(visit.call_id)

    def _seconds_of(self, state: dict[str, Any]) -> float:
        now = self._clock.now().timestamp()
        return max(0.0, now - float(state.get("since", now)))

    async def hang_up(self, call_id: CallId) -> None:
        """End a talk from the agent's desk."""
        talk = self._running.get(call_id)
        if talk is not None:
            await talk.leg.hang_up()

    async def agent_free(self, agent_id: AgentId, wrap_up: float) -> None:
        """Move an agent from the talk into wrap-up, and out of it after *wrap_up* seconds."""
        try:
            await self._roster.fire(agent_id, AgentEvent.HANG_UP)
        except (IllegalTransition, ReservationLost) as error:
            log.warning("agent not moved to wrap-up", agent=agent_id, reason=str(error))
            return
        self.end_wrap_up_later(agent_id, wrap_up)

    def end_wrap_up_later(self, agent_id: AgentId, seconds: float) -> None:
        version = self._roster.record(agent_id).version

        def over() -> None:
            record = self._roster.record(agent_id)
            if record.state == AgentState.WRAP_UP and record.version == version:
                work = self._roster.fire(agent_id, AgentEvent.WRAP_UP_DONE)
                self._background.start("wrap-up over", work)

        self._reactor.callLater(max(0.0, seconds), over)

    async def _to_the_end(self, visit: Visit, talk: Talk, whom: With) -> None:
        self._running[visit.call_id] = talk
        try:
            end = await talk.until_one_leaves()
        finally:
            self._running.pop(visit.call_id, None)
        await self._after(visit, whom, end.seconds)
        if end.caller_left:
            raise CallerHungUp

    async def _after(self, visit: Visit, whom: With, seconds: float) -> None:
        visit.talk = None
        visit.talk_seconds += seconds
        self._recordings.finish_later(visit.call_id)
        self._bus.publish(
            TalkEnded(
                authority_id=visit.authority_id,
                at=self._clock.now(),
                call_id=visit.call_id,
                agent_id=whom.agent_id,
                seconds=seconds,
            )
        )
        if whom.agent_id is not None:
            await self.agent_free(whom.agent_id, whom.wrap_up)


def _whom(state: dict[str, Any]) -> With:
    agent_id, queue = state.get("agent_id"), state.get("queue")
    return With(
        agent_id=AgentId(agent_id) if agent_id else None,
        number=str(state.get("number") or ""),
        queue=QueueName(queue) if queue else None,
        wrap_up=float(state.get("wrap_up") or 0.0),
    )
