"""What agents and shift leads can do from their desks, done by routing and telephony."""

from collections.abc import Callable
from dataclasses import dataclass

from ivr.calls.recordings import RecordingKeeper
from ivr.calls.talks import Talks
from ivr.clock import Clock
from ivr.console.ports import AgentView, QueueView
from ivr.errors import RecordNotFound
from ivr.ids import AgentId, CallId, QueueName
from ivr.routing.agents import AgentEvent, AgentState
from ivr.routing.queues import Queues
from ivr.routing.roster import Roster
from ivr.storage.records import AgentRecord


@dataclass(frozen=True, slots=True)
class Desk:
    """Implements ``console.ports.AgentDesk``."""

    clock: Clock
    roster: Roster
    queue_board: Queues
    talks: Talks
    recordings: RecordingKeeper
    is_registered: Callable[[str], bool]

    async def sign_in(self, agent_id: AgentId) -> None:
        """Sign in; an agent who is signed in already stays as they are."""
        if self._record(agent_id).state == AgentState.SIGNED_OUT:
            await self.roster.fire(agent_id, AgentEvent.SIGN_IN)

    async def sign_out(self, agent_id: AgentId) -> None:
        if self._record(agent_id).state != AgentState.SIGNED_OUT:
            await self.roster.fire(agent_id, AgentEvent.SIGN_OUT)

    async def pause(self, agent_id: AgentId, reason: str) -> None:
        self._record(agent_id)
        await self.roster.fire(agent_id, AgentEvent.PAUSE, reason=reason)

    async def resume(self, agent_id: AgentId) -> None:
        self._record(agent_id)
        await self.roster.fire(agent_id, AgentEvent.RESUME)

    async def finish_wrap_up(self, agent_id: AgentId) -> None:
        self._record(agent_id)
        await self.roster.fire(agent_id, AgentEvent.WRAP_UP_DONE)

    async def state(self, agent_id: AgentId) -> AgentView:
        return self._view(self._record(agent_id))

    async def agents(self) -> list[AgentView]:
        return [self._view(record) for record in self.roster.agents]

    def queues(self) -> list[QueueView]:
        return [self._queue(name) for name in self.queue_board.names]

    async def pause_recording(self, call_id: CallId, reason: str) -> None:
        await self.recordings.pause(call_id, reason)

    async def resume_recording(self, call_id: CallId) -> None:
        await self.recordings.resume(call_id)

    async def hang_up(self, call_id: CallId) -> None:
        if call_id not in self.talks.running:
            raise RecordNotFound("nobody talks in this call now")
        await self.talks.hang_up(call_id)

    def _record(self, agent_id: AgentId) -> AgentRecord:
        try:
            return self.roster.record(agent_id)
        except KeyError:
            raise RecordNotFound(f"no agent {agent_id}") from None

    def _view(self, record: AgentRecord) -> AgentView:
        return AgentView(
            agent_id=record.agent_id,
            name=record.name,
            state=record.state,
            since=record.state_since,
            reason=record.reason,
            queues=record.queues,
            phone_registered=self.is_registered(record.endpoint.removeprefix("PJSIP/")),
        )

    def _queue(self, name: QueueName) -> QueueView:
        waiting = self.queue_board.waiting(name)
        now = self.clock.now().timestamp()
        return QueueView(
            name=name,
            waiting=len(waiting),
            longest_wait=max((now - entry.entered_at for entry in waiting), default=0.0),
            signed_in=self.roster.at_work(name),
            available=len(self.roster.available(name)),
        )
