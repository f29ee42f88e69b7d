"""One ARI channel of ours: what happens on it, in order, and when it is gone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from twisted.internet.defer import Deferred

from ivr.asterisk.ari_client import AriClient
from ivr.asterisk.ari_events import (
    AnyEvent,
    ChannelDestroyed,
    ChannelDtmfReceived,
    ChannelHangupRequest,
    ChannelStateChange,
    Dial,
    PlaybackFinished,
    RecordingFailed,
    RecordingFinished,
    StasisEnd,
    StasisStart,
)
from ivr.asterisk.errors import AriConflict, AriNotFound, AriTimeout, AriUnavailable
from ivr.errors import AsteriskUnavailable, CallerHungUp, MokedError
from ivr.ids import ChannelId
from ivr.telephony.waits import Waits

UP = "Up"
NORMAL_CLEARING = 16


class ControlLost(AsteriskUnavailable):
    """The socket to Asterisk went; the channel may still live and is adopted on reconnect."""


class LegEnded(MokedError):
    """A channel that we called went away; *cause* is Q.850, *tech_cause* a SIP status or 0."""

    def __init__(self, cause: int, tech_cause: int) -> None:
        super().__init__(f"leg ended: Q.850 {cause}, SIP {tech_cause}")
        self.cause = cause
        self.tech_cause = tech_cause


class LeftStasis(CallerHungUp):
    """Asterisk's own dialplan has the call now: the lease ran out, or it was moved there."""


@dataclass(frozen=True, slots=True)
class Departure:
    """How a channel went: *hung_up* is false while it lives on in Asterisk's dialplan."""

    hung_up: bool
    cause: int
    tech_cause: int = 0


class Channel:
    """State and waits of a channel. ``deliver`` is called in order and never waits."""

    def __init__(self, ari: AriClient, channel_id: ChannelId, *, is_caller: bool) -> None:
        self.id = channel_id
        self.ari = ari
        self.is_caller = is_caller
        self.is_up = False
        self.departure: Departure | None = None
        self.on_key: Callable[[str], None] = lambda _key: None
        self.on_dial_status: Callable[[str], None] = lambda _status: None
        self.playing: set[str] = set()
        self._waits = Waits()
        self._named: dict[tuple[str, str], Deferred[Any]] = {}
        self._destroyed: list[Deferred[Departure]] = []
        self._hangup_asked: int | None = None

    @property
    def gone(self) -> bool:
        return self.departure is not None

    def wait(self) -> "Deferred[Any]":
        """Return a wait that anybody may fire and that fails when the channel goes.

        Raises (through the Deferred):
            CallerHungUp, LegEnded: the channel went. ControlLost: we cannot see it any more.
        """
        return self._waits.new()

    def expect(self, what: str, name: str = "") -> "Deferred[Any]":
        """Return the wait for one happening (``started``, ``up``, ``playback`` …) called *name*."""
        wait = self._waits.new()
        if not wait.called:
            self._named[what, name] = wait
        return wait

    def destroyed(self) -> "Deferred[Departure]":
        """Return a Deferred that fires, never fails, once the channel has left us."""
        ended: Deferred[Departure] = Deferred()
        if self.departure is not None:
            ended.callback(self.departure)
        else:
            self._destroyed.append(ended)
        return ended

    def deliver(self, event: AnyEvent) -> None:  # noqa: C901 - one flat table of events
        match event:
            case ChannelDtmfReceived(digit=key):
                self.on_key(key)
            case PlaybackFinished(playback=playback):
                self.playing.discard(playback.id)
                self._happened("playback", playback.id, playback.state)
            case RecordingFinished(recording=recording) | RecordingFailed(recording=recording):
                self._happened("recording", recording.name, recording)
            case StasisStart():
                self._happened("started", "", None)
            case ChannelStateChange(channel=channel) if channel.state == UP:
                self._answered()
            case Dial(dialstatus=status):
                self.on_dial_status(status)
                if status == "ANSWER":
                    self._answered()
            case ChannelHangupRequest(cause=cause):
                self._hangup_asked = int(cause or NORMAL_CLEARING)
            case StasisEnd() if self.is_caller:  # of a leg, ChannelDestroyed tells the cause
                asked = self._hangup_asked
                self._left(Departure(hung_up=asked is not None, cause=asked or 0))
            case ChannelDestroyed(cause=cause, tech_cause=tech_cause):
                self._left(Departure(hung_up=True, cause=cause, tech_cause=tech_cause or 0))

    def control_lost(self) -> None:
        """Fail every wait: events are missed from now on."""
        self._waits.fail(ControlLost("the connection to Asterisk was lost"))

    def mark_gone(self) -> None:
        """Note that Asterisk does not know the channel any more."""
        self._left(Departure(hung_up=True, cause=NORMAL_CLEARING))

    def error(self) -> MokedError:
        """Return what a wait on this channel fails with, now that it is gone."""
        departure = self.departure or Departure(hung_up=True, cause=NORMAL_CLEARING)
        if not self.is_caller:
            return LegEnded(departure.cause, departure.tech_cause)
        return CallerHungUp() if departure.hung_up else LeftStasis()

    @contextmanager
    def gone_means_hangup(self) -> Iterator[None]:
        """Translate Asterisk's 404 and 409 for this channel: the only place where that is done."""
        try:
            yield
        except (AriNotFound, AriConflict):
            self.mark_gone()
            raise self.error() from None
        except (AriUnavailable, AriTimeout) as error:
            raise ControlLost(str(error)) from error

    async def answer(self) -> None:
        if not self.is_up:
            with self.gone_means_hangup():
                await self.ari.channels_answer(self.id)
            self.is_up = True

    async def set_variable(self, name: str, value: str) -> None:
        """Set a channel variable or function; blocks behind a playback (``asterisk.md`` 1.4)."""
        with self.gone_means_hangup():
            await self.ari.channels_set_channel_var(self.id, variable=name, value=value)

    async def ring(self) -> None:
        """Tell the other side that it rings (180)."""
        with self.gone_means_hangup():
            await self.ari.channels_ring(self.id)

    async def start_music(self) -> None:
        """Play hold music until ``stop_music``."""
        with self.gone_means_hangup():
            await self.ari.channels_start_moh(self.id)

    async def stop_music(self) -> None:
        """Stop hold music, also when none plays or the channel is gone."""
        try:
            await self.ari.channels_stop_moh(self.id)
        except (AriNotFound, AriConflict):
            return
        except (AriUnavailable, AriTimeout) as error:
            raise ControlLost(str(error)) from error

    async def hang_up(self, cause: int = NORMAL_CLEARING) -> None:
        """Hang up with a Q.850 *cause*; a channel that is gone already is as good."""
        try:
            await self.ari.channels_hangup(self.id, reason_code=str(cause))
        except (AriNotFound, AriConflict):
            self.mark_gone()
        except (AriUnavailable, AriTimeout) as error:
            raise ControlLost(str(error)) from error

    async def continue_in(self, context: str, extension: str = "s") -> None:
        """Give the channel back to Asterisk's dialplan."""
        with self.gone_means_hangup():
            await self.ari.channels_continue_in_dialplan(
                self.id, context=context, extension=extension, priority=1
            )

    def _answered(self) -> None:
        self.is_up = True
        self._happened("up", "", None)

    def _happened(self, what: str, name: str, value: Any) -> None:
        wait = self._named.pop((what, name), None)
        if wait is not None and not wait.called:
            wait.callback(value)

    def _left(self, departure: Departure) -> None:
        if self.departure is not None:
            return
        self.departure = departure
        self._waits.fail(self.error())
        self._named.clear()
        ended, self._destroyed = self._destroyed, []
        for one in ended:
            one.callback(departure)
