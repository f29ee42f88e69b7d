"""A SIP dialog as a value: who, where and which number comes next (RFC 3261 §12)."""

from dataclasses import dataclass

from ivr.demo.sip_address import NameAddress, parse_cseq, parse_name_address
from ivr.demo.sip_message import Headers, SipRequest, SipResponse


@dataclass(slots=True)
class Dialog:
    """One dialog; *target* is the other side's contact, *route* the proxies in between."""

    call_id: str
    local: NameAddress
    remote: NameAddress
    target: str
    contact: str
    route: tuple[str, ...] = ()
    cseq: int = 1

    @property
    def key(self) -> tuple[str, str]:
        return self.call_id, self.local.tag

    def request(
        self,
        method: str,
        *,
        cseq: int | None = None,
        body: bytes = b"",
        extra: Headers | None = None,
    ) -> SipRequest:
        """Return the next request of ours (without Via); *cseq* only for an ACK."""
        self.cseq += 1 if cseq is None else 0
        fields = [
            ("Max-Forwards", "70"),
            *[("Route", route) for route in self.route],
            ("From", str(self.local)),
            ("To", str(self.remote)),
            ("Call-ID", self.call_id),
            ("CSeq", f"{cseq or self.cseq} {method}"),
            ("Contact", f"<{self.contact}>"),
            ("User-Agent", "moked-demo"),
            *(extra.fields if extra else ()),
        ]
        if body:
            fields.append(("Content-Type", "application/sdp"))
        return SipRequest(method, self.target, Headers(tuple(fields)), body)


def dialog_of_caller(invite: SipRequest, answer: SipResponse, contact: str) -> Dialog:
    """Return the dialog that *answer* makes on the side that sent *invite*.

    Raises:
        MalformedMessage: the answer's To or Contact cannot be read.
    """
    number, _ = parse_cseq(invite.headers.get("CSeq"))
    remote = parse_name_address(answer.headers.get("To"))
    contacts = answer.headers.values("Contact")
    return Dialog(
        call_id=invite.headers.get("Call-ID"),
        local=parse_name_address(invite.headers.get("From")),
        remote=remote,
        target=parse_name_address(contacts[0]).uri if contacts else invite.uri,
        contact=contact,
        route=tuple(reversed(answer.headers.values("Record-Route"))),
        cseq=number,
    )


def dialog_of_callee(invite: SipRequest, tag: str, contact: str) -> Dialog:
    """Return the dialog on the side that was called and answers with *tag*.

    Raises:
        MalformedMessage: the request's From, To or Contact cannot be read.
    """
    to = parse_name_address(invite.headers.get("To"))
    remote = parse_name_address(invite.headers.get("From"))
    contacts = invite.headers.values("Contact")
    return Dialog(
        call_id=invite.headers.get("Call-ID"),
        local=NameAddress(to.uri, to.display, {**to.params, "tag": tag}),
        remote=remote,
        target=parse_name_address(contacts[0]).uri if contacts else remote.uri,
        contact=contact,
        route=tuple(invite.headers.values("Record-Route")),
        cseq=0,
    )
