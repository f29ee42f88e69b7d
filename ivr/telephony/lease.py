"""The lease on a caller: while we renew it Asterisk leaves the call to us, else the fail-safe.

``TIMEOUT(absolute)`` is set by the dialplan before the call reaches us (``asterisk.md`` 2.2).
Setting it again blocks behind a playback, so a playback is covered before it starts.
"""

from typing import Any

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from ivr.errors import MokedError
from ivr.telephony.channel import Channel

log = structlog.get_logger(__name__)

LEASE = 15.0
RENEW_EVERY = 5.0
TALK_LEASE = 4 * 3600.0  # a talk goes on although we are dead, but not for ever
_VARIABLE = "TIMEOUT(absolute)"


class Lease:
    """Renews ``TIMEOUT(absolute)`` of one channel every 5 s until ``stop``."""

    def __init__(self, reactor: IReactorTime, channel: Channel) -> None:
        self._reactor = reactor
        self._channel = channel
        self._until = 0.0  # reactor seconds at which Asterisk would take the call back
        self._timer: IDelayedCall | None = None
        self._in_talk = False

    def start(self) -> None:
        self._until = self._reactor.seconds() + LEASE
        self._schedule()

    async def take_over(self) -> None:
        """Renew at once what an earlier process left: it may be nearly over."""
        await self._set(LEASE)

    def stop(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None

    async def cover(self, seconds: float) -> None:
        """Make the lease outlast what is about to play for *seconds*."""
        if self._until - self._reactor.seconds() < seconds + RENEW_EVERY:
            await self._set(seconds + LEASE)

    async def begin_talk(self) -> None:
        """Let the call live without us while two people talk."""
        self._in_talk = True
        await self._set(TALK_LEASE)

    async def end_talk(self) -> None:
        self._in_talk = False
        await self._set(LEASE)

    async def _set(self, seconds: float) -> None:
        await self._channel.set_variable(_VARIABLE, f"{seconds:.0f}")
        self._until = self._reactor.seconds() + seconds

    def _schedule(self) -> None:
        self._timer = self._reactor.callLater(RENEW_EVERY, self._renew)

    def _renew(self) -> None:
        if self._channel.gone:
            return
        self._schedule()
        left = self._until - self._reactor.seconds()
        if self._in_talk or self._channel.playing or left > LEASE - RENEW_EVERY + 0.5:
            return
        Deferred.fromCoroutine(self._set(LEASE)).addErrback(self._not_renewed)

    def _not_renewed(self, failure: Any) -> None:
        failure.trap(MokedError)  # the caller left, or Asterisk is gone: others see to that
        log.info("lease not renewed", reason=type(failure.value).__name__)
