"""The demo endpoint: one SIP socket with the carrier and the desk phones on it."""

from dataclasses import dataclass, field
from pathlib import Path

from twisted.internet.error import CannotListenError

from ivr.background import Background
from ivr.demo.carrier import Carrier, residents
from ivr.demo.desk_phone import DeskPhone
from ivr.demo.incoming_call import IncomingCall
from ivr.demo.media import MediaSession
from ivr.demo.party import Party
from ivr.demo.ports import Address, UdpReactor
from ivr.demo.sip_address import parse_uri
from ivr.demo.sip_message import MalformedMessage, SipRequest
from ivr.demo.sip_stack import SipStack
from ivr.demo.transactions import ServerTransaction, response_to

_GOODBYE = 1.0  # seconds for the other side to answer our BYE


@dataclass(frozen=True, slots=True)
class DemoSettings:
    """Where Asterisk is, where we are, and who lives behind us."""

    sip_host: str
    sip_port: int
    bind_host: str = "127.0.0.1"
    bind_port: int = 0
    rtp_ports: tuple[int, int] = (0, 0)  # first and last; (0, 0): any free one
    external_centre: str = "+97239990300"
    on_call: tuple[str, ...] = ("+972509990106",)
    phones: dict[str, str] = field(default_factory=dict, repr=False)  # agent-301 -> password
    control_socket: Path | None = None


class DemoEndpoint:
    """Plays everybody outside of the house, for a site without a trunk and for tests."""

    def __init__(self, reactor: UdpReactor, settings: DemoSettings) -> None:
        self.settings = settings
        self.stack = SipStack(reactor, settings.bind_host, self._on_new_request)
        server = (settings.sip_host, settings.sip_port)
        self.carrier = Carrier(self.stack, server)
        residents(self.carrier, settings.external_centre, settings.on_call)
        self.phones: dict[str, DeskPhone] = {}
        for name, password in settings.phones.items():
            self.add_phone(name, password)
        self.background = Background()
        self._reactor = reactor

    def start(self) -> None:
        """Listen for calls.

        Raises:
            CannotListenError: the SIP port is taken.
        """
        self.stack.listen(self.settings.bind_port)

    async def stop(self) -> None:
        """Hang up everything and free the sockets."""
        for phone in self.phones.values():
            phone.stop()
        for party in self.parties:
            for call in list(party.current):
                call.hang_up()
        await self.stack.settle(_GOODBYE)
        await self.background.stop()
        await self.stack.close()

    @property
    def parties(self) -> list[Party]:
        return [*self.phones.values(), *dict.fromkeys(self.carrier.parties.values())]

    def add_phone(self, name: str, password: str) -> DeskPhone:
        """Put a desk phone on our socket; one of that name is replaced."""
        before = self.phones.get(name)
        if before is not None:
            before.stop()
        server = (self.settings.sip_host, self.settings.sip_port)
        self.phones[name] = DeskPhone(name, password, self.stack, server)
        return self.phones[name]

    def new_media(self) -> MediaSession:
        """Return an open RTP socket from our range.

        Raises:
            CannotListenError: none is free.
        """
        media = MediaSession(self._reactor, self.settings.bind_host)
        media.open(self.settings.rtp_ports)
        return media

    def _on_new_request(
        self, request: SipRequest, transaction: ServerTransaction, address: Address
    ) -> None:
        if request.method == "INVITE":
            self._on_invite(request, transaction, address)
        elif request.method in ("OPTIONS", "NOTIFY"):
            transaction.respond(response_to(request, 200, "demo"))
        else:
            transaction.respond(response_to(request, 405, "demo"))

    def _on_invite(
        self, request: SipRequest, transaction: ServerTransaction, address: Address
    ) -> None:
        party = self._party(request)
        if party is None:
            transaction.respond(response_to(request, 404, "demo"))
            return
        try:
            media = self.new_media()
        except CannotListenError:
            transaction.respond(response_to(request, 503, "demo"))
            return
        try:
            call = IncomingCall(self.stack, media, address, transaction)
        except MalformedMessage:
            media.close()
            transaction.respond(response_to(request, 488, "demo"))
            return
        self.background.start(f"call to {party.name}", party.take(call))

    def _party(self, request: SipRequest) -> Party | None:
        try:
            called = parse_uri(request.uri).user
        except MalformedMessage:
            return None
        return self.phones.get(called) or self.carrier.party_at(called)
