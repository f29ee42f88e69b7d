"""Asks Asterisk over SIP whether it lives: OPTIONS, and a call that the dialplan must answer."""

import re
import secrets
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.defer import TimeoutError as TimedOut
from twisted.internet.protocol import DatagramProtocol

PROBE_USER = "moked-probe"
OPTIONS_SECONDS = 1.5
CALL_SECONDS = 3.0
_STATUS = re.compile(rb"SIP/2\.0 (\d{3}) ")
_CALL_ID = re.compile(rb"^Call-ID: *(\S+)", re.I | re.M)
_TO = re.compile(rb"^To: *([^\r\n]+)", re.I | re.M)
_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - places to listen, not to speak to


class SipProbe(DatagramProtocol):
    """One UDP socket from which Asterisk is asked; *reactor* has UDP and timers."""

    def __init__(self, reactor: Any, host: str, port: int) -> None:
        self._reactor = reactor
        self._target = ("127.0.0.1" if host in _EVERYWHERE else host, port)
        self._waiting: dict[bytes, Deferred[tuple[int, bytes]]] = {}

    def start(self) -> None:
        self._reactor.listenUDP(0, self, interface=self._target[0])

    def stop(self) -> None:
        for answer in list(self._waiting.values()):
            answer.cancel()
        if self.transport is not None:
            self.transport.stopListening()

    async def options(self) -> bool:
        """Say whether Asterisk's SIP stack answers at all, within 1.5 s."""
        answer = await self._ask("OPTIONS", secrets.token_hex(8), OPTIONS_SECONDS)
        return answer is not None

    async def call(self) -> bool:
        """Say whether a call gets a final answer within 3 s: 486 of the dialplan's ``[probe]``.

        Any other answer (503 when it is full) also comes from an Asterisk that is not frozen.
        """
        call = secrets.token_hex(8)
        answer = await self._ask("INVITE", call, CALL_SECONDS)
        if answer is None:
            return False
        _, to = answer
        self._send("ACK", call, to=to.decode("ascii", "replace"))
        return True

    def datagramReceived(self, datagram: bytes, _addr: object) -> None:  # noqa: N802
        status, call = _STATUS.match(datagram), _CALL_ID.search(datagram)
        if status is None or call is None or int(status[1]) < 200:
            return
        answer = self._waiting.pop(call[1], None)
        if answer is not None:
            to = _TO.search(datagram)
            answer.callback((int(status[1]), to[1] if to else b""))

    async def _ask(self, method: str, call: str, seconds: float) -> tuple[int, bytes] | None:
        answer: Deferred[tuple[int, bytes]] = Deferred()
        self._waiting[call.encode()] = answer
        answer.addTimeout(seconds, self._reactor)
        try:
            self._send(method, call)
            return await answer
        except (TimedOut, OSError):  # OSError: nobody listens there
            return None
        finally:
            self._waiting.pop(call.encode(), None)

    def _send(self, method: str, call: str, to: str = "") -> None:
        host, port = self._target
        ours = self.transport.getHost()  # type: ignore[union-attr]  # listening by now
        address = f"{ours.host}:{ours.port}"
        to_whom = f"<sip:probe@{host}:{port}>"
        body = _SDP.format(host=ours.host) if method == "INVITE" else ""
        text = _REQUEST.format(
            method=method, uri=f"sip:probe@{host}:{port}", address=address, call=call,
            to=to or to_whom,
            kind="Content-Type: application/sdp\r\n" if body else "", length=len(body),
            step=method if method != "ACK" else "INVITE", user=PROBE_USER,
        )  # fmt: skip
        self.transport.write((text + body).encode(), self._target)  # type: ignore[union-attr]


_REQUEST = (
    "{method} {uri} SIP/2.0\r\n"
    "Via: SIP/2.0/UDP {address};rport;branch=z9hG4bK{call}{step}\r\n"
    "From: <sip:{user}@{address}>;tag={call}\r\n"
    "To: {to}\r\n"
    "Call-ID: {call}\r\n"
    "CSeq: 1 {method}\r\n"
    "Contact: <sip:{user}@{address}>\r\n"
    "Max-Forwards: 2\r\n"
    "{kind}Content-Length: {length}\r\n\r\n"
)
_SDP = (
    "v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
    "m=audio 9 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
)
