"""The SIP side of one UDP socket: finds the transaction or dialog that a datagram belongs to."""

import secrets
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import structlog
from twisted.internet.interfaces import IListeningPort
from twisted.internet.protocol import DatagramProtocol
from twisted.internet.task import deferLater

from ivr.demo.ports import MAX_DATAGRAM, Address, UdpReactor, bound_port, stop_listening
from ivr.demo.sip_address import parse_cseq, parse_name_address, parse_via
from ivr.demo.sip_message import (
    MalformedMessage,
    SipMessage,
    SipRequest,
    SipResponse,
    parse,
    serialise,
    split_commas,
)
from ivr.demo.transactions import ClientTransaction, ServerTransaction, response_to

_LOOK_EVERY = 0.02  # seconds

log = structlog.get_logger(__name__)


class DialogSide(Protocol):
    """What takes the requests and repeated answers of one dialog."""

    def on_request(self, request: SipRequest, transaction: ServerTransaction) -> None: ...
    def on_ack(self, request: SipRequest) -> None: ...
    def on_repeated_answer(self, response: SipResponse) -> None: ...
    def on_cancel(self) -> None: ...


Key = TypeVar("Key")
Dispatch = Callable[[SipRequest, ServerTransaction, Address], None]


class SipStack(DatagramProtocol):
    """Transactions and dialogs of one UDP socket; new requests go to *on_new_request*."""

    def __init__(self, reactor: UdpReactor, host: str, on_new_request: Dispatch) -> None:
        self.host = host
        self.port = 0
        self.malformed = 0
        self.reactor = reactor
        self.dialogs: dict[tuple[str, str], DialogSide] = {}
        self._on_new_request = on_new_request
        self._clients: dict[tuple[str, str], ClientTransaction] = {}
        self._servers: dict[tuple[str, str, str], ServerTransaction] = {}
        self._listening: IListeningPort | None = None

    def listen(self, port: int = 0) -> None:
        """Bind the socket; 0 takes any free port.

        Raises:
            CannotListenError: the port is taken.
        """
        self._listening = self.reactor.listenUDP(port, self, self.host, MAX_DATAGRAM)
        self.port = bound_port(self._listening)

    async def settle(self, wait: float) -> None:
        """Wait until the other side has answered all our requests, at most *wait* seconds."""
        for _ in range(max(1, round(wait / _LOOK_EVERY))):
            if not any(client.is_open for client in self._clients.values()):
                return
            await deferLater(self.reactor, _LOOK_EVERY)

    async def close(self) -> None:
        """Stop every transaction and free the socket."""
        for ours in list(self._clients.values()):
            ours.stop()
        for theirs in list(self._servers.values()):
            theirs.stop()
        self._clients.clear()
        self._servers.clear()
        listening, self._listening = self._listening, None
        if listening is not None:
            await stop_listening(listening)

    def contact(self, user: str) -> str:
        return f"sip:{user}@{self.host}:{self.port}"

    def send(self, message: SipMessage, address: Address) -> None:
        if self.transport is not None:
            self.transport.write(serialise(message), address)

    def request(
        self,
        request: SipRequest,
        address: Address,
        on_response: Callable[[SipResponse], None],
        on_timeout: Callable[[], None],
    ) -> ClientTransaction:
        """Send *request* (without Via) in a new transaction."""
        branch = f"z9hG4bK{secrets.token_hex(12)}"
        return self._start(self.with_via(request, branch), address, on_response, on_timeout)

    def cancel(self, invite: SipRequest, address: Address) -> None:
        """Send the CANCEL of an INVITE that we sent; it carries the same Via."""
        number, _ = parse_cseq(invite.headers.get("CSeq"))
        kept = invite.headers.without(
            "CSeq", "Contact", "Content-Type", "Authorization", "Proxy-Authorization", "Allow",
            "Supported", "P-Asserted-Identity",
        )  # fmt: skip
        request = SipRequest("CANCEL", invite.uri, kept.with_fields(("CSeq", f"{number} CANCEL")))
        self._start(request, address, lambda _response: None, lambda: None)

    def with_via(self, request: SipRequest, branch: str) -> SipRequest:
        via = ("Via", f"SIP/2.0/UDP {self.host}:{self.port};branch={branch};rport")
        fields = (via, *request.headers.fields)
        return request.with_headers(type(request.headers)(fields))

    def datagramReceived(self, datagram: bytes, addr: Address) -> None:  # noqa: N802
        if not datagram.strip(b"\r\n\0 "):
            return  # keep-alive
        try:
            message = parse(datagram)
            if isinstance(message, SipResponse):
                self._take_response(message)
            else:
                self._take_request(message, addr)
        except MalformedMessage as error:
            self.malformed += 1
            log.warning("malformed SIP message", why=str(error))

    def _start(
        self,
        request: SipRequest,
        address: Address,
        on_response: Callable[[SipResponse], None],
        on_timeout: Callable[[], None],
    ) -> ClientTransaction:
        key = (_branch(request), request.method)
        transaction = ClientTransaction(
            self.reactor,
            lambda message: self.send(message, address),
            request,
            on_response,
            on_timeout,
            lambda: _forget(self._clients, key),
        )
        self._clients[key] = transaction
        transaction.start()
        return transaction

    def _take_response(self, response: SipResponse) -> None:
        _, method = parse_cseq(response.headers.get("CSeq"))
        transaction = self._clients.get((_branch(response), method))
        if transaction is not None:
            transaction.receive(response)
        elif method == "INVITE" and 200 <= response.status < 300:
            tag = parse_name_address(response.headers.get("From")).tag
            side = self.dialogs.get((response.headers.get("Call-ID"), tag))
            if side is not None:
                side.on_repeated_answer(response)

    def _take_request(self, request: SipRequest, address: Address) -> None:
        number, method = parse_cseq(request.headers.get("CSeq"))
        if method != request.method:
            raise MalformedMessage("CSeq of another method")
        place = f"{request.headers.get('Call-ID')} {number}"
        known = "INVITE" if method == "ACK" else method
        existing = self._servers.get((_branch(request), place, known))
        if method == "ACK":
            self._acknowledge(request, existing or self._by_place(place))
        elif existing is not None:
            existing.repeat()
        else:
            self._new_request(request, address, (_branch(request), place, method))

    def _new_request(
        self, request: SipRequest, address: Address, key: tuple[str, str, str]
    ) -> None:
        transaction = ServerTransaction(
            self.reactor,
            lambda message: self.send(message, address),
            request,
            lambda: _forget(self._servers, key),
        )
        tag = parse_name_address(request.headers.get("To")).tag
        parse_name_address(request.headers.get("From"))  # refused here, before anybody relies on it
        self._servers[key] = transaction
        if request.method == "CANCEL":
            self._cancelled(request, transaction, key)
        elif not tag:
            self._on_new_request(request, transaction, address)
        elif side := self.dialogs.get((request.headers.get("Call-ID"), tag)):
            side.on_request(request, transaction)
        else:
            transaction.respond(response_to(request, 481))

    def _cancelled(
        self, request: SipRequest, transaction: ServerTransaction, key: tuple[str, str, str]
    ) -> None:
        invite = self._servers.get((key[0], key[1], "INVITE"))
        transaction.respond(response_to(request, 200 if invite else 481, secrets.token_hex(4)))
        if invite is not None and invite.is_open:
            side = self.dialogs.get((request.headers.get("Call-ID"), "early"))
            if side is not None:
                side.on_cancel()

    def _acknowledge(self, request: SipRequest, invite: ServerTransaction | None) -> None:
        if invite is not None:
            invite.acknowledge()
        tag = parse_name_address(request.headers.get("To")).tag
        side = self.dialogs.get((request.headers.get("Call-ID"), tag))
        if side is not None:
            side.on_ack(request)

    def _by_place(self, place: str) -> ServerTransaction | None:
        """The ACK of a 2xx has a branch of its own: find its INVITE by Call-ID and CSeq."""
        for (_, at, method), transaction in self._servers.items():
            if at == place and method == "INVITE":
                return transaction
        return None


def _branch(message: SipMessage) -> str:
    vias = split_commas(message.headers.get("Via"))
    if not vias:
        raise MalformedMessage("no Via")
    return parse_via(vias[0]).branch


def _forget(transactions: dict[Key, Any], key: Key) -> None:
    transactions.pop(key, None)
