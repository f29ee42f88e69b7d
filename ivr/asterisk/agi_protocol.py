"""Moves AGI's lines between the socket and a session; knows nothing of their meaning."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.internet.protocol import connectionDone
from twisted.protocols.basic import LineOnlyReceiver
from twisted.python.failure import Failure

from ivr.asterisk.agi_parser import (
    HANGUP,
    LONGEST_LINE,
    MOST_VARIABLES,
    AgiReply,
    AgiRequest,
    ReplyReader,
    parse_request,
)
from ivr.asterisk.errors import AgiHungUp, AgiMalformed, AgiTimeout

REQUEST_SECONDS = 5.0

Waiting = tuple[Deferred[AgiReply], IDelayedCall]


class AgiProtocol(LineOnlyReceiver):
    """One connection from Asterisk; whatever is not AGI closes it."""

    delimiter = b"\n"
    MAX_LENGTH = LONGEST_LINE

    def __init__(
        self,
        clock: IReactorTime,
        on_request: Callable[[AgiProtocol, AgiRequest], None],
        on_lost: Callable[[AgiProtocol], None],
    ) -> None:
        self._clock = clock
        self._on_request = on_request
        self._on_lost = on_lost
        self._block: list[str] = []
        self._started = False
        self._closed = False
        self._replies = ReplyReader()
        self._waiting: deque[Waiting] = deque()
        self._timer: IDelayedCall | None = None

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name
        self._timer = self._clock.callLater(REQUEST_SECONDS, self.close)

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - as above
        if self._closed:
            return
        text = line.rstrip(b"\r").decode("utf-8", "replace")
        try:
            if self._started:
                self._reply(text)
            else:
                self._begin(text)
        except AgiMalformed as problem:
            self._end(problem)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802 - as above
        self._end(AgiMalformed("a line is too long"))

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - as above
        self._end(AgiHungUp("Asterisk closed the session"))
        self._on_lost(self)

    def exchange(self, line: str, deadline: float) -> Deferred[AgiReply]:
        """Send one command; the Deferred fires with its reply, or with an ``AgiError``.

        A reply that is late ends the session: replies carry no number, so the next would be
        taken for it.
        """
        if self._closed:
            return fail(AgiHungUp("the session is over"))
        reply: Deferred[AgiReply] = Deferred(lambda _: self._end(AgiHungUp("given up")))
        timer = self._clock.callLater(deadline, self._end, AgiTimeout(f"no reply in {deadline} s"))
        self._waiting.append((reply, timer))
        transport: Any = self.transport
        transport.write(line.encode() + b"\n")
        return reply

    def close(self) -> None:
        """End the session; Asterisk goes on with its dialplan."""
        self._end(AgiHungUp("closed"))

    def _begin(self, line: str) -> None:
        if line:
            if len(self._block) >= MOST_VARIABLES or not line.startswith("agi_"):
                raise AgiMalformed("not AGI's first block")
            self._block.append(line)
            return
        request = parse_request(self._block)
        self._started = True
        self._stop_timer()
        self._on_request(self, request)

    def _reply(self, line: str) -> None:
        if line == HANGUP:
            # Nothing to do: what needs a living channel is refused with 511 from now on, while
            # variables can still be read and set.
            return
        reply = self._replies.read(line)
        if reply is None:
            return
        if not self._waiting:
            raise AgiMalformed("a reply to nothing")
        waiting, timer = self._waiting.popleft()
        timer.cancel()
        waiting.callback(reply)

    def _end(self, why: Exception) -> None:
        self._stop_timer()
        waiting, self._waiting = self._waiting, deque()
        if not self._closed:
            self._closed = True
            transport: Any = self.transport
            transport.loseConnection()
        for reply, timer in waiting:
            if timer.active():
                timer.cancel()
            if not reply.called:
                reply.errback(why)

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = None
