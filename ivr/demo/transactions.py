"""SIP transactions with their timers and retransmissions over UDP (RFC 3261 §17, RFC 6026)."""

from collections.abc import Callable
from enum import Enum, auto

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from ivr.demo.sip_address import parse_cseq
from ivr.demo.sip_message import Headers, SipMessage, SipRequest, SipResponse

T1 = 0.5  # round trip estimate, seconds
T2 = 4.0  # longest retransmission interval but for INVITE
T4 = 5.0  # longest life of a message in the network

Send = Callable[[SipMessage], None]
REASONS = {
    100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 202: "Accepted",
    400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    408: "Request Timeout", 480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist",
    486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here",
    500: "Server Internal Error", 503: "Service Unavailable", 603: "Decline",
}  # fmt: skip


class State(Enum):
    """Where a transaction stands; client and server use the same words."""

    TRYING = auto()
    PROCEEDING = auto()
    COMPLETED = auto()  # a final response was sent or received
    ENDED = auto()


class Timers:
    """The timers of one transaction, all stopped together."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._running: dict[str, IDelayedCall] = {}

    def start(self, name: str, seconds: float, action: Callable[[], None]) -> None:
        self.stop(name)
        self._running[name] = self._clock.callLater(seconds, self._fire, name, action)

    def stop(self, *names: str) -> None:
        """Stop the timers called *names*, or all of them."""
        for name in names or tuple(self._running):
            running = self._running.pop(name, None)
            if running is not None and running.active():
                running.cancel()

    def _fire(self, name: str, action: Callable[[], None]) -> None:
        self._running.pop(name, None)
        action()


class ClientTransaction:
    """One request of ours, sent again until it is answered."""

    def __init__(
        self,
        clock: IReactorTime,
        send: Send,
        request: SipRequest,
        on_response: Callable[[SipResponse], None],
        on_timeout: Callable[[], None],
        on_end: Callable[[], None],
    ) -> None:
        self.request = request
        self.state = State.TRYING
        self._invite = request.method == "INVITE"
        self._send = send
        self._on_response = on_response
        self._on_timeout = on_timeout
        self._on_end = on_end
        self._timers = Timers(clock)
        self._interval = T1

    @property
    def is_open(self) -> bool:
        """Whether a final response may still come."""
        return self.state in (State.TRYING, State.PROCEEDING)

    def start(self) -> None:
        self._timers.start("give up", 64 * T1, self._timed_out)
        self._transmit()

    def receive(self, response: SipResponse) -> None:
        """Take a response that belongs here; each is passed up once."""
        if self.state is State.ENDED:
            return
        if self.state is State.COMPLETED:
            self._acknowledge_failure(response)
        elif response.status < 200:
            self._provisional(response)
        else:
            self._final(response)

    def stop(self) -> None:
        """Forget the transaction without a word (the endpoint closes)."""
        self._timers.stop()
        self.state = State.ENDED

    def _transmit(self) -> None:
        self._send(self.request)
        self._timers.start("again", self._interval, self._transmit)
        proceeding = self.state is State.PROCEEDING
        longest = float("inf") if self._invite else T2
        self._interval = T2 if proceeding else min(self._interval * 2, longest)

    def _provisional(self, response: SipResponse) -> None:
        self.state = State.PROCEEDING
        if self._invite:  # an INVITE may ring for minutes; its user decides when to cancel
            self._timers.stop()
        self._on_response(response)

    def _final(self, response: SipResponse) -> None:
        self._timers.stop()
        if self._invite and response.status < 300:
            self._end()  # the user acknowledges 2xx, also repeated ones
        else:
            self.state = State.COMPLETED
            self._acknowledge_failure(response)
            self._timers.start("linger", 64 * T1 if self._invite else T4, self._end)
        self._on_response(response)

    def _acknowledge_failure(self, response: SipResponse) -> None:
        if self._invite and response.status >= 300:
            self._send(_ack_of_failure(self.request, response))

    def _timed_out(self) -> None:
        self._timers.stop()
        self._end()
        self._on_timeout()

    def _end(self) -> None:
        self.stop()
        self._on_end()


class ServerTransaction:
    """One request from the other side, and the response that is repeated when it comes again."""

    def __init__(
        self,
        clock: IReactorTime,
        send: Send,
        request: SipRequest,
        on_end: Callable[[], None],
    ) -> None:
        self.request = request
        self.state = State.TRYING
        self.on_unacknowledged: Callable[[], None] = lambda: None
        self._invite = request.method == "INVITE"
        self._send = send
        self._on_end = on_end
        self._timers = Timers(clock)
        self._interval = T1
        self._last: SipResponse | None = None

    @property
    def is_open(self) -> bool:
        """Whether a final response may still be given."""
        return self.state in (State.TRYING, State.PROCEEDING)

    def respond(self, response: SipResponse) -> None:
        """Send *response*; after a final one nothing more is sent but its repetitions."""
        if not self.is_open:
            return
        self._last = response
        self._send(response)
        if response.status < 200:
            self.state = State.PROCEEDING
            return
        self.state = State.COMPLETED
        self._timers.start("end", 64 * T1, self._timed_out)
        if self._invite:
            self._timers.start("again", self._interval, self._repeat_until_ack)

    def repeat(self) -> None:
        """The request came again: so does our last response."""
        if self._last is not None:
            self._send(self._last)

    def acknowledge(self) -> None:
        """The ACK of our final response came; linger silently for late repetitions."""
        self._timers.stop("again", "end")
        self._timers.start("end", T4, self._end)

    def stop(self) -> None:
        self._timers.stop()
        self.state = State.ENDED

    def _repeat_until_ack(self) -> None:
        self.repeat()
        self._interval = min(self._interval * 2, T2)
        self._timers.start("again", self._interval, self._repeat_until_ack)

    def _timed_out(self) -> None:
        unacknowledged = self._invite
        self._end()
        if unacknowledged:
            self.on_unacknowledged()

    def _end(self) -> None:
        self.stop()
        self._on_end()


def response_to(
    request: SipRequest, status: int, to_tag: str = "", *, body: bytes = b"", contact: str = ""
) -> SipResponse:
    """Return the response with the headers that RFC 3261 §8.2.6 copies from the request."""
    to = request.headers.get("To")
    if to_tag and status > 100 and ";tag=" not in to:
        to = f"{to};tag={to_tag}"
    copied = [("Via", via) for via in request.headers.all("Via")]
    copied += [("Record-Route", route) for route in request.headers.all("Record-Route")]
    fields = [
        *copied,
        ("From", request.headers.get("From")),
        ("To", to),
        ("Call-ID", request.headers.get("Call-ID")),
        ("CSeq", request.headers.get("CSeq")),
        ("User-Agent", "moked-demo"),
        ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE"),
    ]
    if contact:
        fields.append(("Contact", f"<{contact}>"))
    if body:
        fields.append(("Content-Type", "application/sdp"))
    return SipResponse(status, REASONS.get(status, "Unknown"), Headers(tuple(fields)), body)


def _ack_of_failure(invite: SipRequest, response: SipResponse) -> SipRequest:
    number, _ = parse_cseq(invite.headers.get("CSeq"))
    fields = [
        ("Via", invite.headers.get("Via")),
        ("Max-Forwards", "70"),
        *[("Route", route) for route in invite.headers.all("Route")],
        ("From", invite.headers.get("From")),
        ("To", response.headers.get("To")),
        ("Call-ID", invite.headers.get("Call-ID")),
        ("CSeq", f"{number} ACK"),
    ]
    return SipRequest("ACK", invite.uri, Headers(tuple(fields)))
