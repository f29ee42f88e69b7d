"""The telephone network: calls our lines as any caller, and knows who has which number."""

from ivr.demo.behaviour import NAMED, Behaviour
from ivr.demo.media import MediaSession
from ivr.demo.numbers import to_e164
from ivr.demo.outgoing_call import Invitation, OutgoingCall
from ivr.demo.party import Party
from ivr.demo.ports import Address
from ivr.demo.sip_address import NameAddress, SipUri
from ivr.demo.sip_stack import SipStack

ANONYMOUS = "anonymous"


def invitation_from(caller_number: str, called: str, server: Address) -> Invitation:
    """Return what a carrier sends for a call from *caller_number* (as it is) to *called*.

    An anonymous caller has no asserted identity and ``Privacy: id`` (RFC 3323, RFC 3325).
    """
    host, port = server
    to = SipUri(called, host, port)
    if caller_number in ("", ANONYMOUS):
        hidden = NameAddress("sip:anonymous@anonymous.invalid", "Anonymous")
        return Invitation(to, hidden, privacy="id")
    caller = SipUri(caller_number, "carrier.invalid")
    return Invitation(to, NameAddress(str(caller)), asserted=str(caller))


class Carrier:
    """Numbers outside of the house, and calls from them."""

    def __init__(self, stack: SipStack, server: Address) -> None:
        self.parties: dict[str, Party] = {}
        self._stack = stack
        self._server = server

    def assign(self, number: str, party: Party) -> None:
        """Let calls to *number* reach *party*."""
        self.parties[to_e164(number)] = party

    def party_at(self, number: str) -> Party | None:
        """Return who has *number*; nobody means SIP 404."""
        return self.parties.get(to_e164(number))

    def behave(self, number: str, behaviour: Behaviour) -> Party:
        """Set how *number* behaves; a number unknown so far is assigned to a new party."""
        party = self.party_at(number)
        if party is None:
            party = Party(to_e164(number), behaviour)
            self.assign(number, party)
        party.behaviour = behaviour
        return party

    def place(self, caller_number: str, called: str, media: MediaSession) -> OutgoingCall:
        """Call one of our lines; *media* must be open."""
        invitation = invitation_from(caller_number, called, self._server)
        call = OutgoingCall(self._stack, media, self._server, invitation)
        call.start()
        return call


def residents(carrier: Carrier, centre: str, on_call: tuple[str, ...]) -> None:
    """Give the external centre, the on-call phones and the emergency services their numbers."""
    carrier.assign(centre, Party("external-centre", NAMED["external-centre"]))
    for number in on_call:
        carrier.assign(number, Party("on-call", NAMED["on-call"]))
    for number in ("100", "101", "102"):
        carrier.assign(number, Party("emergency", NAMED["answer"]))
