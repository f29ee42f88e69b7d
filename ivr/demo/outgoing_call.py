"""A call that we place: INVITE, authentication, early speech, answer, CANCEL (RFC 3261 §13)."""

import secrets
from dataclasses import dataclass, replace

from ivr.demo.dialog import Dialog, dialog_of_caller
from ivr.demo.digest import Credentials, authorization, strongest
from ivr.demo.happening import Happening
from ivr.demo.leg import Leg, LegEnd, cause_of
from ivr.demo.media import MediaSession
from ivr.demo.ports import Address
from ivr.demo.sdp import parse_sdp, render_sdp
from ivr.demo.sip_address import NameAddress, SipUri
from ivr.demo.sip_message import Headers, MalformedMessage, SipRequest, SipResponse
from ivr.demo.sip_stack import SipStack


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom to call and as whom."""

    to: SipUri
    caller: NameAddress
    asserted: str = ""  # P-Asserted-Identity: number or URI
    privacy: str = ""
    credentials: Credentials | None = None
    headers: tuple[tuple[str, str], ...] = ()


class OutgoingCall(Leg):
    """One INVITE of ours and the call that it becomes."""

    def __init__(
        self, stack: SipStack, media: MediaSession, address: Address, invitation: Invitation
    ) -> None:
        super().__init__(stack, media, address)
        self.progress: Happening[int] = Happening()  # first provisional status above 100
        self.statuses: list[int] = []
        self.call_id = secrets.token_hex(12)
        self._invitation = invitation
        self._contact = stack.contact("caller")
        self._invite = self._first_invite()
        self._sent: SipRequest | None = None
        self._cancel_wanted = False
        self._tried: set[str] = set()

    def start(self) -> None:
        """Send the INVITE."""
        transaction = self.stack.request(
            self._invite, self._address, self._on_response, self._on_timeout
        )
        self._sent = transaction.request

    def hang_up(self) -> None:
        if self.answered or self.ended:
            super().hang_up()
        elif self.statuses:
            self._cancel()
        else:
            self._cancel_wanted = True  # a CANCEL must wait for the first provisional response

    def on_repeated_answer(self, response: SipResponse) -> None:
        """Our ACK was lost: send it again."""
        if self._dialog is not None:
            self._acknowledge(self._dialog, response)

    def _on_response(self, response: SipResponse) -> None:
        self.statuses.append(response.status)
        if response.status < 200:
            self._on_provisional(response)
        elif response.status < 300:
            self._on_answer(response)
        elif response.status in (401, 407) and self._authenticate(response):
            self.start()
        else:
            by_us = response.status == 487 and self._cancel_wanted
            self._finish(
                LegEnd(
                    "us" if by_us else "them",
                    response.status,
                    response.reason,
                    self._now(),
                    cause_of(response),
                )
            )

    def _on_provisional(self, response: SipResponse) -> None:
        if self._cancel_wanted:
            self._cancel()
        if response.status > 100:
            self.progress.happen(response.status)
        if response.body and response.status in (180, 183):
            self._agree(response)

    def _on_answer(self, response: SipResponse) -> None:
        try:
            dialog = dialog_of_caller(self._invite, response, self._contact)
        except MalformedMessage:
            self._finish(LegEnd("us", response.status, "unreadable answer", self._now()))
            return
        self._establish(dialog)
        self._acknowledge(dialog, response)
        if self._agree(response) and not self._cancel_wanted:
            self.answered.happen(self._now())
        else:
            super().hang_up()

    def _agree(self, response: SipResponse) -> bool:
        try:
            self.media.agree(parse_sdp(response.body))
        except MalformedMessage:
            return False
        return True

    def _acknowledge(self, dialog: Dialog, response: SipResponse) -> None:
        number = int(response.headers.get("CSeq").partition(" ")[0])
        ack = dialog.request("ACK", cseq=number)
        branch = f"z9hG4bK{secrets.token_hex(12)}"
        self.stack.send(self.stack.with_via(ack, branch), self._address)

    def _cancel(self) -> None:
        self._cancel_wanted = True
        if self._sent is not None:
            sent, self._sent = self._sent, None
            self.stack.cancel(sent, self._address)

    def _authenticate(self, response: SipResponse) -> bool:
        """Put credentials into the next INVITE; false if there are none or they were refused."""
        who = self._invitation.credentials
        proxy = response.status == 407
        asked = strongest(
            response.headers.all("Proxy-Authenticate" if proxy else "WWW-Authenticate")
        )
        if who is None or asked is None or (asked.realm in self._tried and not asked.stale):
            return False
        self._tried.add(asked.realm)
        value = authorization(asked, who, "INVITE", self._invite.uri, secrets.token_hex(8))
        name = "Proxy-Authorization" if proxy else "Authorization"
        number = int(self._invite.headers.get("CSeq").partition(" ")[0]) + 1
        kept = self._invite.headers.without("CSeq", name)
        headers = kept.with_fields(("CSeq", f"{number} INVITE"), (name, value))
        self._invite = replace(self._invite, headers=headers)
        return True

    def _on_timeout(self) -> None:
        self._finish(LegEnd("network", 408, "no answer to INVITE", self._now()))

    def _first_invite(self) -> SipRequest:
        asked = self._invitation
        caller = NameAddress(asked.caller.uri, asked.caller.display, {"tag": secrets.token_hex(6)})
        fields = [
            ("Max-Forwards", "70"),
            ("From", str(caller)),
            ("To", f"<{asked.to}>"),
            ("Call-ID", self.call_id),
            ("CSeq", "1 INVITE"),
            ("Contact", f"<{self._contact}>"),
            ("Content-Type", "application/sdp"),
            ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE"),
            ("User-Agent", "moked-demo"),
        ]
        if asked.asserted:
            fields.append(("P-Asserted-Identity", f"<{asked.asserted}>"))
        if asked.privacy:
            fields.append(("Privacy", asked.privacy))
        fields += asked.headers
        body = render_sdp(self.media.offer(), session_id=secrets.randbelow(2**31))
        return SipRequest("INVITE", str(asked.to), Headers(tuple(fields)), body)
