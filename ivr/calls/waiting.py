"""Waiting for an agent: place in line, hold music, and no moment lost once one answers."""

from typing import Any

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from ivr.background import Background
from ivr.calls.ledger import Ledger
from ivr.calls.speech import Speaker
from ivr.calls.talks import Talks
from ivr.calls.visit import Visit
from ivr.clock import Clock
from ivr.dialplan.outcomes import QueueOutcome
from ivr.errors import MokedError
from ivr.ids import QueueName
from ivr.routing.queues import Answered, Entry, LeftWhy, Queues
from ivr.telephony.channel import LegEnded
from ivr.telephony.waits import pass_on, within

log = structlog.get_logger(__name__)

WAITS = "MOKED_WAITS"  # tells Asterisk's own dialplan to spare this caller the menus
ANNOUNCE_EVERY = 30.0
_FIRST_LOOK = 20.0  # seconds in which the first agent's phone has rung out
_OUTCOMES = {LeftWhy.NO_ANSWER: QueueOutcome.NO_ANSWER, LeftWhy.EMPTY: QueueOutcome.EMPTY}


class WaitingRoom:
    """Keeps callers company until ``Queues`` has an agent for them."""

    def __init__(  # noqa: PLR0913 - the parts it joins
        self,
        reactor: IReactorTime,
        clock: Clock,
        queues: Queues,
        talks: Talks,
        speaker: Speaker,
        ledger: Ledger,
        background: Background,
    ) -> None:
        self._reactor = reactor
        self._clock = clock
        self._queues = queues
        self._talks = talks
        self._speaker = speaker
        self._ledger = ledger
        self._background = background

    async def wait(self, visit: Visit, queue: QueueName, seconds: float | None) -> QueueOutcome:
        """Wait at most *seconds* (``None``: the queue's own limit) and talk if one answers."""
        if await self._talks.resume(visit):
            return QueueOutcome.TALKED
        if self._queues.is_full(queue):
            return QueueOutcome.FULL
        if not visit.queued_at:
            await visit.channel.set_variable(WAITS, "1")
        limit = self._queues.rules(queue).wait if seconds is None else seconds
        began = visit.queued_at.setdefault(queue, self._clock.now().timestamp())
        while True:
            left = limit - (self._clock.now().timestamp() - began)
            settled = await self._one_wait(visit, queue, began, left)
            if isinstance(settled, LeftWhy):
                return _OUTCOMES.get(settled, QueueOutcome.NO_ANSWER)
            if await self._talk(visit, queue, settled):
                return QueueOutcome.TALKED

    async def _one_wait(
        self, visit: Visit, queue: QueueName, began: float, seconds: float
    ) -> Answered | LeftWhy:
        if not self._queues.is_staffed(queue):
            return LeftWhy.EMPTY
        entry = self._entry(visit, queue, began)
        self._ledger.queued(visit, entry)
        self._queues.enter(entry)
        timer = self._reactor.callLater(
            max(0.0, seconds), self._queues.leave, entry, LeftWhy.NO_ANSWER
        )
        why = LeftWhy.HUNG_UP.value
        try:
            settled = await self._pass_time(visit, entry)
            why = settled.value if isinstance(settled, LeftWhy) else "answered"
            return settled
        finally:
            if timer.active():
                timer.cancel()
            if why == LeftWhy.HUNG_UP:
                self._caller_left(entry)
            self._ledger.left_queue(visit, entry, why)

    async def _talk(self, visit: Visit, queue: QueueName, answer: Answered) -> bool:
        """Join the two; false when the agent's leg fell away first and the wait goes on."""
        rules = self._queues.rules(queue)
        try:
            await self._talks.with_agent(visit, answer, rules)
        except LegEnded:
            await self._talks.agent_free(answer.agent_id, rules.wrap_up)
            return False
        return True

    def _entry(self, visit: Visit, queue: QueueName, began: float) -> Entry:
        answered_at = visit.answered_at or visit.arrived_at
        return Entry(
            call_id=visit.call_id,
            queue=queue,
            line=visit.line,
            channel_id=visit.channel.id,
            caller_number=visit.caller_number,
            shown_name=visit.line,
            choices=tuple(visit.choices),
            entered_at=began,
            answered_at=answered_at.timestamp(),
        )

    def _caller_left(self, entry: Entry) -> None:
        """The caller went, perhaps in the very moment in which an agent answered."""
        self._queues.leave(entry, LeftWhy.HUNG_UP)
        settled = entry.outcome
        if isinstance(settled, Answered):
            self._background.start("caller gone", self._undo(settled, entry.queue))

    async def _undo(self, answer: Answered, queue: QueueName) -> None:
        await answer.leg.hang_up()
        await self._talks.agent_free(answer.agent_id, self._queues.rules(queue).wrap_up)

    async def _pass_time(self, visit: Visit, entry: Entry) -> Answered | LeftWhy:
        settled: Deferred[Any] = visit.channel.wait()
        pass_on(entry.result, settled)
        try:
            await self._company(visit, entry, settled)
            result: Answered | LeftWhy = await settled
        except MokedError:
            settled.addErrback(lambda _failure: None)
            raise
        return result

    async def _company(self, visit: Visit, entry: Entry, settled: "Deferred[Any]") -> None:
        """Play what a waiting caller hears; who is being offered to an agent is told nothing."""
        greeted = False
        while not settled.called:
            if entry.offer_id is None:
                if not greeted:
                    await self._say(visit, ["queue_welcome"], settled)
                greeted = True
                await self._say(visit, self._place(visit, entry), settled)
                if settled.called:
                    return
            await self._music(visit, settled, ANNOUNCE_EVERY if greeted else _FIRST_LOOK)

    def _place(self, visit: Visit, entry: Entry) -> list[str]:
        place = self._queues.place(entry)
        if place <= 1:
            return ["you_are_next"]
        return self._speaker.place(visit.language, place)

    async def _say(self, visit: Visit, names: list[str], settled: "Deferred[Any]") -> None:
        if settled.called:
            return
        visit.trace.heard(*names)
        await visit.caller.play_until(self._speaker.media(visit.language, names), settled)

    async def _music(self, visit: Visit, settled: "Deferred[Any]", seconds: float) -> None:
        """Play hold music until *settled*, at most for *seconds*."""
        channel = visit.channel
        tick: Deferred[Any] = channel.wait()
        pass_on(settled, tick)
        await channel.start_music()
        await within(self._reactor, seconds, tick, None)
        await channel.stop_music()
