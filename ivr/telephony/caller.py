"""Speaking to the caller and hearing their keys: barge-in, type-ahead, time-outs."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import deferLater

from ivr.asterisk.errors import (
    AriConflict,
    AriError,
    AriFailed,
    AriNotFound,
    AriTimeout,
    AriUnavailable,
)
from ivr.ids import PlaybackId, RecordingName, new_id
from ivr.telephony.channel import Channel, ControlLost
from ivr.telephony.digits import KeyBuffer, Wanted
from ivr.telephony.lease import Lease
from ivr.telephony.waits import fire, within

log = structlog.get_logger(__name__)

_STOP_AGAIN, _STOP_TRIES = 0.1, 50  # seconds
_NAMES = 4  # of playbacks, then they come again: a channel plays one thing at a time


@dataclass(frozen=True, slots=True)
class Media:
    """What Asterisk plays: ``sound:…`` URIs in order, and how long they take, in seconds."""

    uris: tuple[str, ...]
    seconds: float

    def __bool__(self) -> bool:
        return bool(self.uris)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: seconds are counted from the end of the speech, then from key to key."""

    digits: int = 1
    wait: float = 5.0
    between: float = 3.0
    finish: str = ""
    barge_in: bool = True


def nothing() -> None:
    """Tell nobody."""


class Caller:
    """The person on a channel; operations raise ``CallerHungUp`` (a leg: ``LegEnded``) once gone.

    A channel that came from the dialplan has a *lease*; one that we called has none.
    """

    def __init__(self, reactor: IReactorTime, channel: Channel, lease: Lease | None = None) -> None:
        self.channel = channel
        self._reactor = reactor
        self._lease = lease
        self._keys = KeyBuffer()
        self._key_waits: list[Deferred[bool]] = []
        self._playbacks, self._messages = count(), count()
        self.voice = new_id("voice")  # in the names of all that plays or is recorded here
        channel.on_key = self._pressed

    def message_name(self) -> RecordingName:
        """Return a name for what the caller says now."""
        return RecordingName(f"message-{self.voice}-{next(self._messages)}")

    async def silence(self, voice: str) -> None:
        """Stop what an earlier process plays here or records: everything else waits behind it."""
        ari = self.channel.ari
        for number in range(_NAMES):
            await _quietly(ari.playbacks_stop(f"play-{voice}-{number}"))
            await _quietly(ari.recordings_stop(f"message-{voice}-{number}"))

    async def play(self, media: Media, begun: Callable[[], None] = nothing) -> None:
        """Play *media* to the end; *begun* is told as soon as it is heard."""
        if media:
            await self._finished(await self._start(media, begun))

    async def play_until(
        self, media: Media, enough: "Deferred[Any]", begun: Callable[[], None] = nothing
    ) -> None:
        """Play *media*, cut short as soon as *enough* has fired or failed."""
        if not media or enough.called:
            return
        playback, finished = await self._start(media, begun)

        def stop(result: Any) -> Any:
            self._stop(playback, finished)
            return result

        enough.addBoth(stop)  # a failure, such as a busy number, is enough as well
        await finished

    async def ask(
        self, media: Media, question: Question, begun: Callable[[], None] = nothing
    ) -> str:
        """Play *media* and return the keys pressed, ``""`` for nothing in time.

        Who pressed early hears nothing of it; *begun* is told if it is heard.
        """
        wanted = Wanted(question.digits, question.finish)
        early = question.barge_in and len(self._keys) > 0
        if not early:
            await self._play_for(media, question, begun)
        while not self._keys.whole(wanted):
            seconds = question.between if len(self._keys) else question.wait
            if not await self._key(seconds):
                break
        return self._keys.take(wanted)

    def forget_keys(self) -> None:
        """Drop what was pressed and not asked for."""
        self._keys.clear()

    async def _play_for(self, media: Media, question: Question, begun: Callable[[], None]) -> None:
        if not question.barge_in:
            await self.play(media, begun)
            return
        pressed = self._next_key()
        await self.play_until(media, pressed, begun)
        fire(pressed, False)

    async def _start(
        self, media: Media, begun: Callable[[], None]
    ) -> "tuple[PlaybackId, Deferred[str]]":
        channel = self.channel
        await channel.answer()
        if self._lease is not None:
            await self._lease.cover(media.seconds)
        playback = PlaybackId(f"play-{self.voice}-{next(self._playbacks) % _NAMES}")
        finished = channel.expect("playback", playback)  # listen before asking
        channel.playing.add(playback)
        try:
            with channel.gone_means_hangup():
                await channel.ari.channels_play_with_id(channel.id, playback, media=media.uris)
        except BaseException:
            channel.playing.discard(playback)
            finished.addErrback(lambda _gone: None)
            finished.cancel()
            raise
        begun()
        return playback, finished

    async def _finished(self, started: "tuple[PlaybackId, Deferred[str]]") -> None:
        await started[1]

    def _stop(self, playback: PlaybackId, finished: "Deferred[str]") -> None:
        """Ask for the end; its event tells when."""
        stopping = Deferred.fromCoroutine(self._until_stopped(playback, finished))
        stopping.addErrback(lambda failure: failure.trap(AriError) and None)

    async def _until_stopped(self, playback: PlaybackId, finished: "Deferred[str]") -> None:
        """Ask until it has ended: Asterisk may refuse (500) while a playback is just beginning.

        Never stopped, a ring tone would play on until the lease is over.
        """
        for _ in range(_STOP_TRIES):
            with suppress(AriConflict, AriFailed):
                await self.channel.ari.playbacks_stop(playback)
            await deferLater(self._reactor, _STOP_AGAIN)
            if finished.called or self.channel.gone:
                return
        log.error("playback not stopped", playback=playback)

    async def _key(self, seconds: float) -> bool:
        """Wait for one more key, at most *seconds*."""
        return await within(self._reactor, seconds, self._next_key(), otherwise=False)

    def _next_key(self) -> "Deferred[bool]":
        pressed: Deferred[bool] = self.channel.wait()
        self._key_waits.append(pressed)
        return pressed

    def _pressed(self, key: str) -> None:
        self._keys.press(key)
        waiting, self._key_waits = self._key_waits, []
        for pressed in waiting:
            fire(pressed, True)


async def _quietly(stopping: Awaitable[object]) -> None:
    """Let *stopping* be refused: what has ended already answers 404."""
    try:
        await stopping
    except (AriNotFound, AriConflict):
        return
    except (AriUnavailable, AriTimeout) as error:
        raise ControlLost(str(error)) from error
