"""What both directions of a call share: the dialog after answer, its speech, and how it ended."""

import re
from dataclasses import dataclass
from typing import Literal

from ivr.demo.dialog import Dialog
from ivr.demo.happening import Happening
from ivr.demo.media import MediaSession
from ivr.demo.ports import Address
from ivr.demo.sdp import parse_sdp, render_sdp
from ivr.demo.sip_message import Headers, MalformedMessage, SipMessage, SipRequest, SipResponse
from ivr.demo.sip_stack import SipStack
from ivr.demo.transactions import ServerTransaction, response_to

_CAUSE = re.compile(r"\s*Q\.850\s*;.*?\bcause\s*=\s*(\d{1,3})", re.IGNORECASE)
_ANSWERED_IN_DIALOG = frozenset({"OPTIONS", "INFO", "UPDATE", "NOTIFY"})


@dataclass(frozen=True, slots=True)
class LegEnd:
    """How a call ended: *by* whom, with which final SIP status (200 after a talk), Q.850 cause."""

    by: Literal["us", "them", "network"]
    status: int
    reason: str
    at: float  # clock seconds
    cause: int | None = None


class Leg:
    """One call of ours after it has begun, whoever began it."""

    def __init__(self, stack: SipStack, media: MediaSession, address: Address) -> None:
        self.stack = stack
        self.media = media
        self.answered: Happening[float] = Happening()  # clock seconds
        self.ended: Happening[LegEnd] = Happening()
        self._address = address
        self._dialog: Dialog | None = None

    def hang_up(self) -> None:
        """End the call from our side; a second time changes nothing."""
        if self.ended or self._dialog is None:
            return
        self._send("BYE", Headers((("Reason", 'Q.850;cause=16;text="Normal Clearing"'),)))
        self._finish(LegEnd("us", 200, "BYE", self._now(), 16))

    def on_request(self, request: SipRequest, transaction: ServerTransaction) -> None:
        """Take a request inside the dialog."""
        if request.method == "BYE":
            transaction.respond(response_to(request, 200))
            self._finish(LegEnd("them", 200, "BYE", self._now(), cause_of(request)))
        elif request.method == "INVITE":
            self._renegotiate(request, transaction)
        elif request.method in _ANSWERED_IN_DIALOG:
            transaction.respond(response_to(request, 200))
        else:
            transaction.respond(response_to(request, 405))

    def on_ack(self, request: SipRequest) -> None:
        """The answer to a call that was offered without SDP comes with the ACK."""

    def on_repeated_answer(self, response: SipResponse) -> None:
        """Only a caller's side gets those."""

    def on_cancel(self) -> None:
        """Only a called side gets those."""

    def _renegotiate(self, request: SipRequest, transaction: ServerTransaction) -> None:
        try:
            local = self.media.answer(parse_sdp(request.body)) if request.body else None
        except MalformedMessage:
            transaction.respond(response_to(request, 488))
            return
        body = render_sdp(local or self.media.offer(), version=2)
        contact = self._dialog.contact if self._dialog else ""
        transaction.respond(response_to(request, 200, body=body, contact=contact))

    def _establish(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self.stack.dialogs[dialog.key] = self

    def _send(self, method: str, extra: Headers) -> None:
        if self._dialog is not None:
            request = self._dialog.request(method, extra=extra)
            self.stack.request(request, self._address, lambda _response: None, lambda: None)

    def _finish(self, end: LegEnd) -> None:
        self.media.close()
        if self._dialog is not None:
            self.stack.dialogs.pop(self._dialog.key, None)
        self.ended.happen(end)

    def _now(self) -> float:
        return self.stack.reactor.seconds()


def cause_of(message: SipMessage) -> int | None:
    """Return the Q.850 cause of a ``Reason`` header (RFC 3326), if there is one."""
    for value in message.headers.values("Reason"):
        found = _CAUSE.match(value)
        if found:
            return int(found[1])
    return None
