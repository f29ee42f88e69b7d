"""One connection to ARI with its requests and answers, and the choice among several.

Asterisk executes the requests of one connection strictly in order, and a few of them wait until
a playback on their channel is over (asterisk.md §1.4, seen: 15 s). So requests that can block
travel on lanes of their own, all others on the express lane, which is never blocked. When all
lanes are held up, a request goes by HTTP: there each has a connection to itself.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from twisted.internet.defer import Deferred, fail
from twisted.python.failure import Failure

from ivr.asterisk.ari_events import AnyEvent, RESTResponse, UnknownEvent, decode_event
from ivr.asterisk.ari_pending import PendingRequests
from ivr.asterisk.ari_request import AriRequest, frame
from ivr.asterisk.ari_settings import AriAddress, AriOptions
from ivr.asterisk.ari_socket import AriSocket
from ivr.asterisk.errors import AriError, AriOverloaded, AriTimeout, AriTooLarge, AriUnavailable

log = structlog.get_logger(__name__)

# Asterisk answers a request that blocks on nothing within a millisecond or two.
HELD_UP_SECONDS = 0.05
PING = AriRequest("GET", "asterisk/ping")


class AriLane:
    """A connection that carries requests; its own events go to ``on_event``, in order."""

    def __init__(
        self,
        reactor: Any,
        address: AriAddress,
        app: str,
        options: AriOptions,
        *,
        stuck_after: float,
    ) -> None:
        self.app = app
        self._stuck_after = stuck_after
        self.on_open: Callable[[], None] = _nothing
        self.on_closed: Callable[[str], None] = _nothing_about
        self.on_event: Callable[[AnyEvent | UnknownEvent], None] = _nothing_about
        self._options = options
        self._pending = PendingRequests(reactor, options.in_flight)
        self._socket = AriSocket(reactor, address, app, self, options)

    @property
    def is_open(self) -> bool:
        return self._socket.is_open

    @property
    def load(self) -> int:
        """Requests without an answer, given up ones included."""
        return len(self._pending)

    def start(self) -> None:
        self._socket.start()

    def stop(self) -> Deferred[None]:
        return self._socket.stop()

    def drop(self, reason: str) -> None:
        """Give the present connection up and make a new one."""
        self._socket.drop(reason)

    def waits_for(self, channel: str) -> bool:
        """Whether a blocking request of *channel* is unanswered here."""
        return channel in self._pending.blocked_channels()

    def request(self, request: AriRequest, deadline: float) -> Deferred[bytes]:
        """Send *request*; the Deferred fires with the answer's body, or an ``AriError``."""
        if not self.is_open:
            return fail(AriUnavailable(request.method, request.uri, "not connected"))
        try:
            request_id, answer = self._pending.add(request, deadline)
        except AriOverloaded as error:
            return fail(error)
        message = frame(request, request_id)
        if len(message) > self._options.largest_request:
            self._pending.withdraw(request_id)
            size = f"{len(message)} bytes"
            return fail(AriTooLarge(request.method, request.uri, size))
        self._socket.send(message)
        return answer

    def opened(self) -> None:
        self.on_open()

    def received(self, message: bytes) -> None:
        """Read one frame; what a reader of events raises must not end the connection."""
        try:
            event = decode_event(message)
            if isinstance(event, RESTResponse):
                self._pending.answered(event)
            else:
                self.on_event(event)
        except Exception as error:
            log.error("ari message not handled", app=self.app, **fault(error))

    def closed(self, reason: str) -> None:
        self._pending.fail_all(reason)
        self.on_closed(reason)

    def busy_for(self) -> float:
        """For how many seconds Asterisk has owed us an answer on this connection."""
        return self._pending.oldest()

    def check(self) -> None:
        """Ask for a sign of life if nothing else is asked, and give up what gives none."""
        busy = self.busy_for()
        if busy > self._stuck_after:
            self.drop(f"no answer for {busy:.0f} s")
        elif not busy:
            self.request(PING, self._options.ping_every).addErrback(self._no_sign_of_life)

    def _no_sign_of_life(self, failure: Failure) -> None:
        failure.trap(AriError)
        if failure.check(AriTimeout):
            self.drop("no answer to a ping")


def lane_for(request: AriRequest, express: AriLane, lanes: Sequence[AriLane]) -> AriLane | None:
    """The lane that *request* should take; None if each of them seems to be blocked.

    A blocking one follows an unanswered one of the same channel, to keep their order; otherwise
    it takes the emptiest open lane that is not held up, so that no channel delays another.
    """
    if request.blocks is None:
        return express
    channel = request.blocks
    following = next((lane for lane in lanes if lane.waits_for(channel)), None)
    if following is not None:
        return following
    usable = [lane for lane in lanes if lane.is_open]
    if not usable:
        return express
    moving = [lane for lane in usable if lane.busy_for() < HELD_UP_SECONDS]
    return min(moving, key=lambda lane: lane.load, default=None)


def fault(error: Exception) -> dict[str, str]:
    """What may be logged of *error*: its type and place, never its text (callers' data)."""
    places = traceback.extract_tb(error.__traceback__)
    last = places[-1] if places else None
    where = "" if last is None else f"{last.filename.rsplit('/', 1)[-1]}:{last.lineno}"
    return {"error": type(error).__name__, "where": where}


def _nothing() -> None: ...


def _nothing_about(_: object) -> None: ...
