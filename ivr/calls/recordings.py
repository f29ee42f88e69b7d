"""Recordings of talks, from the bridge to the sealed file; a full disk stops them, never a call."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from ivr.background import Background
from ivr.calls.recording_files import RecordingFiles
from ivr.calls.visit import Visit
from ivr.clock import Clock
from ivr.errors import MokedError
from ivr.events import AlarmCleared, AlarmRaised, EventBus, RecordingStateChanged
from ivr.ids import AgentId, AuthorityId, BridgeId, CallId, QueueName, RecordingName
from ivr.storage.facts import RecordingFinishedFact, RecordingStartedFact
from ivr.storage.journal import Journal
from ivr.storage.records import RecordingRecord
from ivr.telephony.recording import Recorded, Recorder, RecorderRefused

log = structlog.get_logger(__name__)

ALARM = "recording_disk_full"
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Talked:
    """Of what a recording is, and how many days it is kept (``None``: the site's own number)."""

    queue: QueueName | None
    agent_id: AgentId | None
    retention_days: int | None


@dataclass(slots=True)
class _Running:
    record: RecordingRecord
    paused: bool = False


class NotRecording(MokedError):
    """There is no recording of this call to pause or resume."""


class RecordingKeeper:
    """Starts recordings where there is room, seals them when they are over, tells the desks."""

    def __init__(  # noqa: PLR0913 - the parts it joins
        self,
        clock: Clock,
        recorder: Recorder,
        files: RecordingFiles,
        journal: Journal,
        bus: EventBus,
        background: Background,
        *,
        spool: Path,
        min_free_mib: int,
        days: int,
    ) -> None:
        self._clock = clock
        self._recorder = recorder
        self._files = files
        self._journal = journal
        self._bus = bus
        self._background = background
        self._spool = spool
        self._min_free = min_free_mib * _MIB
        self._days = days
        self._running: dict[CallId, _Running] = {}
        self._full = False

    def state_of(self, call_id: CallId) -> dict[str, str] | None:
        """Return what another process needs to go on with this call's recording."""
        running = self._running.get(call_id)
        if running is None:
            return None
        record = running.record
        return {
            "name": record.name,
            "queue": record.queue,
            "agent_id": record.agent_id,
            "started_at": record.started_at.isoformat(),
            "retain_until": record.retain_until.isoformat(),
        }

    async def start(self, visit: Visit, bridge_id: BridgeId, what: Talked) -> None:
        """Record the talk if there is room; never raises."""
        if not self.room(visit.authority_id):
            self._tell(visit.authority_id, visit.call_id, "impossible", ALARM)
            return
        name = await self._recorder.start(bridge_id)
        if name is None:
            self._tell(visit.authority_id, visit.call_id, "impossible", "asterisk")
            return
        record = self.new_record(visit, name, kind="talk", days=what.retention_days)
        record = replace(record, queue=what.queue or "", agent_id=what.agent_id or "")
        self._running[visit.call_id] = _Running(record)
        self._journal.put(RecordingStartedFact(authority_id=visit.authority_id, recording=record))
        self._tell(visit.authority_id, visit.call_id, "recording")

    def new_record(
        self, visit: Visit, name: RecordingName, *, kind: str, days: int | None = None
    ) -> RecordingRecord:
        """Return the row of a new recording; *days* as the queue says, else as the settings do."""
        now = self._clock.now()
        return RecordingRecord(
            name=name,
            authority_id=visit.authority_id,
            call_id=visit.call_id,
            kind=kind,
            started_at=now,
            retain_until=now + timedelta(days=self._days if days is None else days),
        )

    def adopt(self, visit: Visit, state: Mapping[str, str] | None) -> None:
        """Take over the recording of a talk that a restart of ours found running."""
        if state is None:
            return
        record = replace(
            self.new_record(visit, RecordingName(state["name"]), kind="talk"),
            queue=state["queue"],
            agent_id=state["agent_id"],
            started_at=datetime.fromisoformat(state["started_at"]),
            retain_until=datetime.fromisoformat(state["retain_until"]),
        )
        self._running[visit.call_id] = _Running(record)

    async def recover(self, begun: Iterable[RecordingRecord]) -> None:
        """Seal the recordings of talks that ended while nobody looked; messages too."""
        running = {one.record.name for one in self._running.values()}
        for record in begun:
            if record.name not in running:
                await self._finish(record)

    def finish_later(self, call_id: CallId) -> None:
        """End the recording of a talk that is over; sealing goes on behind."""
        running = self._running.pop(call_id, None)
        if running is not None:
            self._background.start("seal recording", self._finish(running.record))

    async def pause(self, call_id: CallId, reason: str) -> None:
        """Leave a gap in the recording from here.

        Raises:
            NotRecording: nothing is recorded of this call, or Asterisk does not know of it.
        """
        await self._switch(call_id, paused=True, reason=reason)

    async def resume(self, call_id: CallId) -> None:
        await self._switch(call_id, paused=False, reason="")

    async def seal(self, record: RecordingRecord, recorded: Recorded) -> RecordingRecord:
        """Encrypt what Asterisk wrote, note it, and remove the clear file.

        Raises:
            OSError: the file cannot be read, or there is no room for the sealed one.
        """
        sealed = await self._files.keep(recorded.file, record.name)
        finished = replace(
            record,
            state="finished",
            seconds=sealed.seconds,
            size=sealed.size,
            checksum=sealed.checksum,
            path=sealed.path,
            wrapped_key=sealed.wrapped_key,
        )
        fact = RecordingFinishedFact(authority_id=record.authority_id, recording=finished)
        self._journal.put(fact)
        return finished

    async def discard(self, recorded: Recorded) -> None:
        """Remove what Asterisk wrote: nobody said anything in it."""
        try:
            await self._files.forget(recorded.file)
        except OSError as error:
            log.error("recording not removed", error=type(error).__name__)

    def room(self, authority_id: AuthorityId) -> bool:
        """Say whether there is room to record; raise or clear the alarm that the desks see."""
        free = shutil.disk_usage(self._spool).free
        full = free < self._min_free
        if full and not self._full:
            text = f"recording has stopped: {free // _MIB} MiB left on the disk"
            self._bus.publish(
                AlarmRaised(authority_id=authority_id, at=self._clock.now(), alarm=ALARM, text=text)
            )
        elif self._full and not full:
            self._bus.publish(
                AlarmCleared(authority_id=authority_id, at=self._clock.now(), alarm=ALARM)
            )
        self._full = full
        return not full

    async def _switch(self, call_id: CallId, *, paused: bool, reason: str) -> None:
        running = self._running.get(call_id)
        if running is None:
            raise NotRecording("this call is not being recorded")
        change = self._recorder.pause if paused else self._recorder.resume
        try:
            await change(running.record.name)
        except RecorderRefused as error:
            raise NotRecording(f"Asterisk did not do it: {error}") from error
        running.paused = paused
        state = "paused" if paused else "recording"
        self._tell(running.record.authority_id, call_id, state, reason)

    async def _finish(self, record: RecordingRecord) -> None:
        recorded = await self._recorder.stop(record.name)
        try:
            await self.seal(record, recorded)
        except OSError as error:
            log.error("recording not sealed", name=record.name, error=type(error).__name__)
            state = "impossible"
        else:
            state = "stopped"
        self._tell(record.authority_id, record.call_id, state)

    def _tell(
        self, authority_id: AuthorityId, call_id: CallId, state: str, reason: str = ""
    ) -> None:
        self._bus.publish(
            RecordingStateChanged(
                authority_id=authority_id,
                at=self._clock.now(),
                call_id=call_id,
                state=state,
                reason=reason,
            )
        )
