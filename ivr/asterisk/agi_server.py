"""A FastAGI server: routes ``agi://host:port/path`` to a coroutine by its path.

Verified on Asterisk 22.10.1: refused → AGISTATUS=FAILURE at once; a server that closes early →
AGISTATUS=SUCCESS, so a script says it is done by a variable of its own; ``AGI()`` ignores
``TIMEOUT(absolute)``, so nothing here may stall: each command has its deadline, and closing the
connection lets the dialplan go on. FastAGI has no authentication: listen on loopback only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.endpoints import TCP4ServerEndpoint
from twisted.internet.protocol import Factory
from twisted.python.failure import Failure

from ivr.asterisk.agi_parser import AgiRequest
from ivr.asterisk.agi_protocol import AgiProtocol
from ivr.asterisk.agi_session import AgiSession
from ivr.asterisk.errors import AgiHungUp

log = structlog.get_logger(__name__)

Handler = Callable[[AgiSession], Awaitable[None]]
MOST_SESSIONS = 200


class AgiServer:
    """Runs a handler per session; when the handler ends, the dialplan goes on."""

    def __init__(
        self, reactor: Any, routes: Mapping[str, Handler], most_sessions: int = MOST_SESSIONS
    ) -> None:
        self._reactor = reactor
        self._routes = dict(routes)
        self._most = most_sessions
        self._sessions: dict[AgiProtocol, Deferred[None] | None] = {}
        self._port: Any = None

    @property
    def port(self) -> int:
        """The TCP port that is listened on."""
        return int(self._port.getHost().port)

    @property
    def sessions(self) -> int:
        """How many connections there are."""
        return len(self._sessions)

    async def listen(self, port: int = 0, interface: str = "127.0.0.1") -> None:
        """Begin to take sessions; port 0 means a free one.

        Raises:
            twisted.internet.error.CannotListenError: the port is taken.
        """
        endpoint = TCP4ServerEndpoint(self._reactor, port, interface=interface)
        self._port = await endpoint.listen(_Factory(self))

    async def close(self) -> None:
        """Stop listening and end every session."""
        if self._port is not None:
            await self._port.stopListening()
        for protocol, running in list(self._sessions.items()):
            if running is not None:
                running.cancel()
            protocol.close()

    def connection(self) -> AgiProtocol | None:
        """Make the protocol of a new connection; None refuses it."""
        if len(self._sessions) >= self._most:
            log.warning("agi session refused", sessions=len(self._sessions))
            return None
        protocol = AgiProtocol(self._reactor, self._begin, self._lost)
        self._sessions[protocol] = None
        return protocol

    def _begin(self, protocol: AgiProtocol, request: AgiRequest) -> None:
        handler = self._routes.get(request.path)
        if handler is None:
            log.warning("agi path unknown")
            protocol.close()
            return
        session = AgiSession(request, protocol.exchange)

        async def work() -> None:
            await handler(session)

        running = Deferred.fromCoroutine(work())
        self._sessions[protocol] = running
        running.addErrback(self._failed, request.path)
        running.addBoth(lambda _: protocol.close())

    def _failed(self, failure: Failure, path: str) -> None:
        if failure.check(AgiHungUp, CancelledError):
            log.info("agi session ended early", path=path)
        else:
            log.error("agi handler failed", path=path, error=type(failure.value).__name__)

    def _lost(self, protocol: AgiProtocol) -> None:
        running = self._sessions.pop(protocol, None)
        if running is not None and not running.called:
            running.cancel()


class _Factory(Factory):
    noisy = False

    def __init__(self, server: AgiServer) -> None:
        self._server = server

    def buildProtocol(self, addr: object) -> AgiProtocol | None:  # noqa: N802 - Twisted's name
        return self._server.connection()
