"""What is played and recorded in the fake Asterisk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.asterisk_things import Bridge, Channel, Json, Playback, Recording

if TYPE_CHECKING:
    from tests.fakes.asterisk import FakeAsterisk

DEFAULT_SECONDS = 1.0


class Media:
    """Playbacks and recordings; ``seconds`` says how long a media URI lasts (1 s if unsaid)."""

    def __init__(self, asterisk: FakeAsterisk) -> None:
        self.seconds: dict[str, float] = {}
        self.missing: set[str] = {"sound:no-such"}
        self.playbacks: dict[str, Playback] = {}
        self.recordings: dict[str, Recording] = {}
        self.stored: dict[str, Json] = {}
        self.files: dict[str, bytes] = {}
        self._asterisk = asterisk

    def play(self, playback: Playback) -> None:
        """Play now, or after what its owner plays already."""
        self.playbacks[playback.id] = playback
        playback.owner.playbacks.append(playback)
        if playback.owner.playbacks[0] is playback:
            self._start(playback)

    def stop(self, playback: Playback) -> None:
        """Stop, or if it has not started yet, skip it when its turn comes."""
        if playback.state == "queued":
            playback.state = "cancelled"
        else:
            self._finish(playback, "done")

    def resume(self, playback: Playback) -> None:
        """Unpause; the real one tells that as a new start."""
        self._tell(playback, "PlaybackStarted", "playing")

    def record(self, recording: Recording, longest: int) -> None:
        """Record until stopped, or for *longest* seconds (0: no limit)."""
        owner = recording.owner
        if isinstance(owner, Channel) and owner.bridge is not None:
            recording.state = "failed"
            self._tell_recording(recording, "RecordingFailed")
            return
        owner.recording = recording
        self.recordings[recording.name] = recording
        self._tell_recording(recording, "RecordingStarted")
        if longest:
            recording.timer = self._asterisk.later(longest, self.finish_recording, recording)

    def finish_recording(self, recording: Recording) -> None:
        """End a recording and store it."""
        del self.recordings[recording.name]
        if recording.timer is not None and recording.timer.active():
            recording.timer.cancel()
        owner, recording.state = recording.owner, "done"
        owner.recording = None
        self.stored[recording.name] = {"name": recording.name, "format": recording.format}
        self.files.setdefault(recording.name, b"RIFF----WAVE")
        seconds = int(self._asterisk.clock.seconds() - recording.started)
        self._tell_recording(recording, "RecordingFinished", seconds)
        self._release(owner)

    def pressed(self, channel: Channel, digit: str) -> None:
        """A digit may end a recording."""
        recording = channel.recording
        if recording is not None and recording.terminate_on in ("any", digit):
            self.finish_recording(recording)

    def end_all(self, owner: Channel | Bridge) -> None:
        """The owner is going away."""
        for playback in list(owner.playbacks):
            self._finish(playback, "failed", go_on=False)
        if owner.recording is not None:
            self.finish_recording(owner.recording)
        self._release(owner)

    def _start(self, playback: Playback) -> None:
        self._tell(playback, "PlaybackStarted", "playing")
        uri = playback.media[playback.index]
        seconds = 0.0 if uri in self.missing else self.seconds.get(uri, DEFAULT_SECONDS)
        playback.timer = self._asterisk.later(seconds, self._next, playback)

    def _next(self, playback: Playback) -> None:
        if playback.index + 1 < len(playback.media):
            self._tell(playback, "PlaybackContinuing", "continuing")
            playback.index += 1
            self._start(playback)
        else:
            failed = playback.media[playback.index] in self.missing
            self._finish(playback, "failed" if failed else "done")

    def _finish(self, playback: Playback, state: str, go_on: bool = True) -> None:
        if playback.timer is not None and playback.timer.active():
            playback.timer.cancel()
        owner = playback.owner
        owner.playbacks.remove(playback)
        del self.playbacks[playback.id]
        self._tell(playback, "PlaybackFinished", state)
        if not go_on:
            return
        if owner.playbacks:
            following = owner.playbacks[0]
            if following.state == "cancelled":
                self._finish(following, "done")
            else:
                self._start(following)
        else:
            self._release(owner)

    def _release(self, owner: Channel | Bridge) -> None:
        if owner.playbacks or owner.recording is not None:
            return
        waiting, owner.free = owner.free, []
        for blocked in waiting:
            blocked.callback(None)

    def _tell(self, playback: Playback, event: str, state: str) -> None:
        playback.state = state
        for app in self._apps(playback.owner):
            self._asterisk.tell(app, event, playback=playback.shown())

    def _tell_recording(
        self, recording: Recording, event: str, duration: int | None = None
    ) -> None:
        for app in self._apps(recording.owner):
            self._asterisk.tell(app, event, recording=recording.shown(duration))

    def _apps(self, owner: Channel | Bridge) -> list[str]:
        """Who hears about *owner*: for a bridge, any who had a channel in it: here, all."""
        if isinstance(owner, Channel):
            return [owner.app] if owner.app else []
        return list(self._asterisk.apps)
