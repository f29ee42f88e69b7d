"""Recording of a talk from its mixing bridge: start, pause, resume, stop; never fails a talk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from ivr.asterisk.ari_client import AriClient
from ivr.asterisk.ari_events import AnyEvent, LiveRecording, RecordingFailed, RecordingFinished
from ivr.asterisk.errors import AriConflict, AriError, AriNotFound
from ivr.errors import MokedError
from ivr.ids import BridgeId, RecordingName, new_id
from ivr.telephony.channel import Channel
from ivr.telephony.waits import fire, within

log = structlog.get_logger(__name__)

_FORMAT = "wav"
_LONGEST = 4 * 3600
_WRITTEN_WITHIN = 5.0  # Asterisk closes the file when the bridge goes: a moment, on any disk


@dataclass(frozen=True, slots=True)
class Recorded:
    """A finished recording: *file* is where Asterisk wrote it."""

    name: RecordingName
    file: Path
    seconds: float
    spoken: float  # seconds in which somebody spoke; 0 where Asterisk does not say
    failed: bool


class RecorderRefused(MokedError):
    """Asterisk did not start, pause or resume a recording."""


class Recorder:
    """Records bridges into Asterisk's spool folder, 8 kHz mono WAV."""

    def __init__(self, reactor: IReactorTime, ari: AriClient, spool: Path) -> None:
        self._reactor = reactor
        self._ari = ari
        self._spool = spool
        self._running: dict[str, Deferred[Recorded]] = {}
        self._ended: dict[str, Recorded] = {}  # of channels, until somebody asks

    def deliver(self, event: AnyEvent) -> None:
        """Take the end of a recording from the dispatcher."""
        if not isinstance(event, RecordingFinished | RecordingFailed):
            return
        recording = event.recording
        recorded = self._recorded(recording, failed=isinstance(event, RecordingFailed))
        ended = self._running.pop(recording.name, None)
        if ended is not None:
            fire(ended, recorded)
        if recording.name in self._ended:
            self._ended[recording.name] = recorded

    async def start(self, bridge_id: BridgeId) -> RecordingName | None:
        """Record *bridge_id*; ``None`` if Asterisk cannot: the talk goes on all the same."""
        name = RecordingName(new_id("rec"))
        self._running[name] = Deferred()
        try:
            await self._ari.bridges_record(
                bridge_id,
                name=name,
                format=_FORMAT,
                max_duration_seconds=_LONGEST,
                if_exists="fail",
            )
        except AriError as error:
            self._running.pop(name)
            log.error("recording not started", error=type(error).__name__, status=error.status)
            return None
        return name

    async def pause(self, name: RecordingName) -> None:
        """Leave a gap from here: what is said now is not kept.

        Raises:
            RecorderRefused: it is not recording (any more).
        """
        with _refused():
            await self._ari.recordings_pause(name)

    async def resume(self, name: RecordingName) -> None:
        """Go on recording.

        Raises:
            RecorderRefused: it is not recording (any more).
        """
        with _refused():
            await self._ari.recordings_unpause(name)

    async def stop(self, name: RecordingName) -> Recorded:
        """End the recording if it still runs and return where it is."""
        ended = self._running.get(name)
        try:
            await self._ari.recordings_stop(name)
        except (AriNotFound, AriConflict):
            pass  # the bridge was gone first, which ended it
        except AriError as error:
            log.error("recording not stopped", error=type(error).__name__)
        unknown = self._recorded(LiveRecording(name=name), failed=False)
        if ended is None:
            return unknown
        return await within(self._reactor, _WRITTEN_WITHIN, ended, unknown)

    async def record_channel(
        self, channel: Channel, name: RecordingName, *, longest: float, silence: int, finish: str
    ) -> Recorded:
        """Record what is said on *channel* until *finish*, *silence* seconds, or *longest*.

        Raises:
            CallerHungUp: the caller left; ``ended`` then has what was recorded.
            RecorderRefused: it could not be started.
        """
        finished = channel.expect("recording", name)
        self._ended[name] = self._recorded(LiveRecording(name=name), failed=True)
        try:
            await self._ari.channels_record(
                channel.id,
                name=name,
                format=_FORMAT,
                max_duration_seconds=int(longest),
                max_silence_seconds=silence,
                terminate_on=finish or "none",
                if_exists="fail",
            )
        except AriError as error:
            finished.addErrback(lambda _gone: None)
            finished.cancel()
            self._ended.pop(name)
            if channel.gone:
                raise channel.error() from None
            raise RecorderRefused(f"status {error.status}") from error
        await finished
        return self.ended(name)

    def ended(self, name: RecordingName) -> Recorded:
        """Return what became of a channel's recording, ``failed`` if nothing is known of it."""
        failed = self._recorded(LiveRecording(name=name), failed=True)
        return self._ended.pop(name, failed)

    def _recorded(self, recording: LiveRecording, *, failed: bool) -> Recorded:
        return Recorded(
            name=RecordingName(recording.name),
            file=self._spool / f"{recording.name}.{_FORMAT}",
            seconds=float(recording.duration or 0),
            spoken=float(recording.talking_duration or 0),
            failed=failed,
        )


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except AriError as error:
        raise RecorderRefused(f"status {error.status}") from error
