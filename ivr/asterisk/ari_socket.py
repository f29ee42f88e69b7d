"""Keeps one WebSocket to ARI open: connects, has it checked, and connects again when it is lost.

Asterisk 22.10.1 never pings, and a PING of ours would prove little: it is answered on a connection
whose application is registered no more and which gets neither events nor answers. So the owner
checks by a request. No PONG is ever sent unasked (it crashes 22.11.0-rc1). A frame is written at
once and whole.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol
from urllib.parse import quote

import structlog
from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from ivr.asterisk.ari_settings import AriAddress, AriOptions
from ivr.asterisk.backoff import Backoff

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 5.0


class SocketOwner(Protocol):
    """Who is told what happens on a socket."""

    def opened(self) -> None: ...

    def received(self, message: bytes) -> None: ...

    def closed(self, reason: str) -> None: ...

    def check(self) -> None:
        """Find out whether the connection still serves (called every ``ping_every`` seconds)."""


class AriSocket:
    """One supervised connection that registers the Stasis application *app*."""

    def __init__(
        self,
        reactor: Any,
        address: AriAddress,
        app: str,
        owner: SocketOwner,
        options: AriOptions,
    ) -> None:
        self._reactor = reactor
        self._address = address
        self._app = app
        self._owner = owner
        self._options = options
        self._backoff = Backoff()
        self._protocol: _Protocol | None = None  # while the handshake is done
        self._shaking_hands: _Protocol | None = None
        self._attempt: Deferred[Any] | None = None
        self._retry: IDelayedCall | None = None
        self._stopped: Deferred[None] | None = None
        self._checks = LoopingCall(self._check)
        self._checks.clock = reactor
        self._complained = False

    @property
    def is_open(self) -> bool:
        return self._protocol is not None

    def start(self) -> None:
        """Connect now, and again after each loss, until ``stop``."""
        self._retry = None
        endpoint = HostnameEndpoint(
            self._reactor, self._address.host, self._address.port, timeout=CONNECT_SECONDS
        )
        self._attempt = endpoint.connect(self._factory())
        self._attempt.addCallbacks(self._reached, self._unreachable)

    def stop(self) -> Deferred[None]:
        """Close for good; the Deferred fires when the connection is gone."""
        if self._stopped is not None:
            return self._stopped
        self._stopped = Deferred()
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if self._protocol is not None:
            self._protocol.sendClose(1000)
        elif self._shaking_hands is not None:
            self._shaking_hands.dropConnection(abort=True)
        elif self._attempt is not None:
            self._attempt.cancel()
        else:
            self._stopped.callback(None)
        return self._stopped

    def send(self, message: bytes) -> None:
        """Send one text frame, whole."""
        if self._protocol is not None:
            self._protocol.send(message)

    def drop(self, reason: str) -> None:
        """Give the connection up, without a word; a new one follows."""
        log.warning("ari connection dropped", app=self._app, reason=reason)
        if self._protocol is not None:
            self._protocol.dropConnection(abort=True)

    def opened(self, protocol: _Protocol) -> None:
        """The handshake is done (called by the protocol)."""
        self._protocol, self._shaking_hands = protocol, None
        self._complained = False
        self._checks.start(self._options.ping_every, now=False)
        self._owner.opened()

    def received(self, message: bytes) -> None:
        """A text frame came (called by the protocol)."""
        self._owner.received(message)

    def lost(self, reason: str) -> None:
        """The connection, or the attempt to make one, ended (called by the protocol)."""
        was_open = self.is_open
        self._protocol = self._shaking_hands = self._attempt = None
        if self._checks.running:
            self._checks.stop()
        if was_open:
            self._owner.closed(reason)
        elif not self._complained and self._stopped is None:
            # Once until it is reached: Asterisk may be away for long.
            self._complained = True
            log.warning("ari unreachable", app=self._app, reason=reason)
        if self._stopped is None:
            self._retry = self._reactor.callLater(self._backoff.wait(), self.start)
        elif not self._stopped.called:
            self._stopped.callback(None)

    def _factory(self) -> WebSocketClientFactory:
        host, port = self._address.host, self._address.port
        factory = WebSocketClientFactory(
            f"ws://{host}:{port}/ari/events?app={quote(self._app)}&subscribeAll=false",
            headers={"Authorization": self._address.authorization},
            reactor=self._reactor,
        )
        # Autobahn calls this without arguments; its stub says "type" and means "callable".
        factory.protocol = partial(_Protocol, self)  # type: ignore[assignment]
        factory.setProtocolOptions(
            openHandshakeTimeout=CONNECT_SECONDS,
            closeHandshakeTimeout=1.0,
            tcpNoDelay=True,
            maxMessagePayloadSize=self._options.largest_message,
            maxFramePayloadSize=self._options.largest_message,
        )
        # Autobahn's factories log every start and stop of a connection otherwise.
        factory.noisy = False
        return factory

    def _reached(self, protocol: _Protocol) -> None:
        self._attempt, self._shaking_hands = None, protocol

    def _unreachable(self, failure: Failure) -> None:
        self.lost(type(failure.value).__name__)

    def _check(self) -> None:
        # Only now: a connection that is lost at once must not be made again at once for ever.
        self._backoff.reset()
        self._owner.check()


class _Protocol(WebSocketClientProtocol):
    """Moves frames between the transport and its ``AriSocket``."""

    def __init__(self, socket: AriSocket) -> None:
        super().__init__()
        self._socket = socket

    def send(self, message: bytes) -> None:
        """Send *message* as one text frame."""
        self.sendMessage(message, isBinary=False)  # type: ignore[no-untyped-call]

    # Autobahn 26.10 composes a coloured debug line, read or not, for every piece that comes or
    # goes: a third of what a request costs us. Otherwise these two are as autobahn has them.
    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self._dataReceived(data)

    def sendData(  # noqa: N802 - autobahn's name
        self, data: bytes, sync: bool = False, chopsize: int | None = None
    ) -> None:
        transport: Any = self.transport
        transport.write(data)

    def onOpen(self) -> None:  # noqa: N802 - autobahn's name
        self._socket.opened(self)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803 - as above
        if not isBinary:
            self._socket.received(payload)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:  # noqa: N802, N803
        self._socket.lost(f"{code} {reason or ''}".strip())
