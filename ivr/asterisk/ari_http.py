"""ARI over HTTP: lists, which would crash the WebSocket, and recordings, which it refuses.

Verified on Asterisk 22.10.1: an answer above ~490 KiB over the WebSocket ends the whole process
(asterisk.md fact 2); a recording's file over the WebSocket is refused with 406.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

import msgspec
from treq.client import HTTPClient
from twisted.internet import error as net
from twisted.internet.defer import CancelledError, Deferred, succeed
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from twisted.web.client import (
    Agent,
    HTTPConnectionPool,
    PartialDownloadError,
    RequestTransmissionFailed,
    ResponseDone,
    ResponseFailed,
    ResponseNeverReceived,
)
from twisted.web.http_headers import Headers

from ivr.asterisk.ari_request import AriRequest, reason_in
from ivr.asterisk.ari_settings import AriAddress
from ivr.asterisk.errors import AriOverloaded, AriTimeout, AriUnavailable, error_for

LOST = (
    net.ConnectError,
    net.ConnectionLost,
    net.ConnectionDone,
    PartialDownloadError,
    RequestTransmissionFailed,
    ResponseFailed,
    ResponseNeverReceived,
)


class AriHttp:
    """Requests over a pool of kept HTTP connections."""

    def __init__(self, reactor: Any, address: AriAddress, in_flight: int) -> None:
        self._reactor = reactor
        self._in_flight = in_flight
        self._running = 0
        self._address = address
        self._headers = Headers({"Content-Type": ["application/json"]})
        self._headers.addRawHeader("Authorization", address.authorization)
        self._pool = HTTPConnectionPool(reactor)
        self._client = HTTPClient(Agent(reactor, connectTimeout=5, pool=self._pool))

    async def close(self) -> None:
        """Close what is kept open."""
        await self._pool.closeCachedConnections()

    async def request(self, request: AriRequest, deadline: float) -> bytes:
        """Return the body of the answer.

        Raises:
            AriError: as for every request.
        """

        async def ask() -> bytes:
            response = await self._send(request)
            body: bytes = await response.content()
            return body

        answer: bytes = await self._in_time(request, deadline, ask())
        return answer

    async def download(self, request: AriRequest, path: Path, deadline: float) -> None:
        """Stream the body of the answer into *path*, which appears only when it is whole.

        Raises:
            AriError: as for every request.
            OSError: the file cannot be written.
        """
        part = path.with_name(f"{path.name}.part")

        async def fetch() -> None:
            response = await self._send(request)
            file = await self._in_thread(part.open, "wb")
            try:
                writing = _Writing(self._reactor, file)
                response.deliverBody(writing)
                await writing.done
            finally:
                await self._in_thread(file.close)
            await self._in_thread(part.replace, path)

        try:
            await self._in_time(request, deadline, fetch())
        except BaseException:
            await self._in_thread(part.unlink, True)
            raise

    async def _send(self, request: AriRequest) -> Any:
        """Return the response, its body unread; an error status is raised."""
        host, port = self._address.host, self._address.port
        response = await self._client.request(
            request.method,
            f"http://{host}:{port}/ari/{request.uri}",
            params=request.pairs(),
            data=None if request.body is None else msgspec.json.encode(request.body),
            headers=self._headers,
            unbuffered=True,
        )
        if response.code >= 400:
            body = await response.content()
            reason = reason_in(body, response.phrase.decode("latin-1"))
            raise error_for(request.method, request.uri, response.code, reason)
        return response

    async def _in_time(self, request: AriRequest, deadline: float, work: Any) -> Any:
        if self._running >= self._in_flight:
            work.close()
            raise AriOverloaded(request.method, request.uri, f"{self._running} requests wait")
        self._running += 1
        running = Deferred.fromCoroutine(work)
        # Not addTimeout: treq hides the cancellation in an error of its own.
        timer = self._reactor.callLater(deadline, running.cancel)
        try:
            return await running
        except (*LOST, CancelledError) as problem:
            if not timer.active():
                reason = f"no answer in {deadline:g} s"
                raise AriTimeout(request.method, request.uri, reason) from problem
            reason = type(problem).__name__
            raise AriUnavailable(request.method, request.uri, reason) from problem
        finally:
            self._running -= 1
            if timer.active():
                timer.cancel()

    def _in_thread(self, work: Any, *arguments: Any) -> Deferred[Any]:
        return deferToThreadPool(self._reactor, self._reactor.getThreadPool(), work, *arguments)


class _Writing(Protocol):
    """Writes a body to a file in a thread, one piece at a time; the sender waits meanwhile."""

    def __init__(self, reactor: Any, file: IO[bytes]) -> None:
        self.done: Deferred[None] = Deferred(self._give_up)
        self._reactor = reactor
        self._file = file
        self._written: Deferred[Any] = succeed(None)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        transport: Any = self.transport
        transport.pauseProducing()
        pool = self._reactor.getThreadPool()
        self._written.addCallback(
            lambda _: deferToThreadPool(self._reactor, pool, self._file.write, data)
        )
        self._written.addCallbacks(lambda _: transport.resumeProducing(), self._end)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - as above
        self._written.addCallback(lambda _: self._end(reason))

    def _end(self, reason: Failure) -> None:
        if self.done.called:
            return
        if reason.check(ResponseDone):
            self.done.callback(None)
        else:
            self.done.errback(reason)

    def _give_up(self, _: object) -> None:
        transport: Any = self.transport
        if transport is not None:
            transport.loseConnection()
