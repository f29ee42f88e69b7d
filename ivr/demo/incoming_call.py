"""A call that comes to us: ring, speak early, answer or refuse it (RFC 3261 §13.3)."""

import secrets

from ivr.demo.dialog import dialog_of_callee
from ivr.demo.leg import Leg, LegEnd
from ivr.demo.media import MediaSession
from ivr.demo.ports import Address
from ivr.demo.sdp import parse_sdp, render_sdp
from ivr.demo.sip_address import NameAddress, parse_name_address, parse_uri
from ivr.demo.sip_message import MalformedMessage, SipRequest
from ivr.demo.sip_stack import SipStack
from ivr.demo.transactions import ServerTransaction, response_to


class IncomingCall(Leg):
    """One INVITE from the other side and the call that it becomes."""

    def __init__(
        self, stack: SipStack, media: MediaSession, address: Address, transaction: ServerTransaction
    ) -> None:
        """Read the offer.

        Raises:
            MalformedMessage: the INVITE cannot be taken as it is (SIP 488).
        """
        super().__init__(stack, media, address)
        request = transaction.request
        self.called = parse_uri(request.uri).user
        self.caller: NameAddress = parse_name_address(request.headers.get("From"))
        self.request = request
        self._offer = parse_sdp(request.body) if request.body else None
        if self._offer is not None and not self._offer.codecs:
            raise MalformedMessage("no common codec")
        self._transaction = transaction
        self._tag = secrets.token_hex(6)
        self._contact = stack.contact(self.called)
        self._dialog = dialog_of_callee(request, self._tag, self._contact)
        self._early = (self._dialog.call_id, "early")
        self.stack.dialogs[self._early] = self
        transaction.on_unacknowledged = self._on_unacknowledged
        self._respond(100)

    @property
    def caller_number(self) -> str:
        """The user part of From, as received; empty where it cannot be read."""
        try:
            return parse_uri(self.caller.uri).user
        except MalformedMessage:
            return ""

    def ring(self) -> None:
        self._respond(180)

    def speak_early(self) -> None:
        """Send 183 with SDP: what we say now is heard before the answer."""
        self._respond(183, self._answer_sdp())

    def answer(self) -> None:
        """Take the call."""
        if self.ended or self.answered:
            return
        body = self._answer_sdp()
        if self._dialog is not None:
            self._establish(self._dialog)
        self.stack.dialogs.pop(self._early, None)
        self._respond(200, body)
        self.answered.happen(self._now())

    def refuse(self, status: int) -> None:
        """Refuse the call with a final SIP status of 300 or more."""
        if not self.ended and not self.answered:
            self._respond(status)
            self._finish(LegEnd("us", status, "refused", self._now()))

    def hang_up(self) -> None:
        if self.answered:
            super().hang_up()
        else:
            self.refuse(603)

    def on_ack(self, request: SipRequest) -> None:
        if self._offer is None and request.body:
            try:
                self.media.agree(parse_sdp(request.body))
            except MalformedMessage:
                self.hang_up()

    def on_cancel(self) -> None:
        if not self.answered and not self.ended:
            self._respond(487)
            self._finish(LegEnd("them", 487, "CANCEL", self._now()))

    def _answer_sdp(self) -> bytes:
        if self._offer is None:
            return render_sdp(self.media.offer())
        return render_sdp(self.media.answer(self._offer))

    def _respond(self, status: int, body: bytes = b"") -> None:
        tag = self._tag if status > 100 else ""
        contact = self._contact if 100 < status < 300 else ""
        self._transaction.respond(
            response_to(self.request, status, tag, body=body, contact=contact)
        )

    def _on_unacknowledged(self) -> None:
        if self.answered and not self.ended:
            super().hang_up()

    def _finish(self, end: LegEnd) -> None:
        self.stack.dialogs.pop(self._early, None)
        super()._finish(end)
