"""Taking a message: a tone, the caller's words, a sealed file, and somebody who owns it."""

from collections.abc import Mapping

import structlog

from ivr.background import Background
from ivr.calls.recordings import RecordingKeeper
from ivr.calls.speech import Speaker
from ivr.calls.visit import Visit
from ivr.clock import Clock
from ivr.dialplan.outcomes import MessageOutcome
from ivr.errors import CallerHungUp
from ivr.events import Outcome
from ivr.ids import new_id
from ivr.storage.facts import MessageLeftFact
from ivr.storage.journal import Journal
from ivr.storage.records import MessageRecord
from ivr.telephony.recording import Recorded, Recorder, RecorderRefused

log = structlog.get_logger(__name__)

_SILENCE_ENDS = 5  # seconds
_SHORTEST = 2.0  # seconds of speech; Asterisk counts whole ones and finds up to 1 in silence


class MessageTaker:
    """Records messages of callers whom nobody could answer."""

    def __init__(  # noqa: PLR0913 - the parts it joins
        self,
        clock: Clock,
        speaker: Speaker,
        recorder: Recorder,
        keeper: RecordingKeeper,
        journal: Journal,
        background: Background,
        owners: Mapping[str, str],  # box -> department
    ) -> None:
        self._clock = clock
        self._speaker = speaker
        self._recorder = recorder
        self._keeper = keeper
        self._journal = journal
        self._background = background
        self._owners = owners

    async def take(self, visit: Visit, box: str, *, longest: float, finish: str) -> MessageOutcome:
        """Record after a tone; what was said before a hang-up counts like any other message."""
        if not self._keeper.room(visit.authority_id):
            return MessageOutcome.IMPOSSIBLE
        visit.trace.heard("beep")
        await visit.caller.play(self._speaker.media(visit.language, ["beep"]))
        await visit.lease.cover(longest + _SILENCE_ENDS)
        name = visit.caller.message_name()
        try:
            recorded = await self._recorder.record_channel(
                visit.channel, name, longest=longest, silence=_SILENCE_ENDS, finish=finish
            )
        except CallerHungUp:
            await self._keep(visit, box, self._recorder.ended(name))
            raise
        except RecorderRefused as error:
            log.error("message not recorded", reason=str(error))
            return MessageOutcome.IMPOSSIBLE
        return await self._keep(visit, box, recorded)

    async def _keep(self, visit: Visit, box: str, recorded: Recorded) -> MessageOutcome:
        if recorded.failed:
            return MessageOutcome.IMPOSSIBLE
        if recorded.spoken < _SHORTEST:
            await self._keeper.discard(recorded)
            return MessageOutcome.EMPTY
        record = self._keeper.new_record(visit, recorded.name, kind="message")
        try:
            finished = await self._keeper.seal(record, recorded)
        except OSError as error:
            log.error("message not sealed", error=type(error).__name__)
            return MessageOutcome.IMPOSSIBLE
        message = MessageRecord(
            message_id=new_id("msg"),
            authority_id=visit.authority_id,
            box=box,
            call_id=visit.call_id,
            recording=finished.name,
            caller_number=visit.caller_number,
            left_at=self._clock.now(),
            seconds=finished.seconds,
            owner=self._owners.get(box, ""),
        )
        self._journal.put(MessageLeftFact(authority_id=visit.authority_id, message=message))
        visit.reached(Outcome.VOICEMAIL)
        return MessageOutcome.ACCEPTED
