"""A real HTTP server that stands for a CRM: remembers requests and answers as it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from twisted.web.http import Request
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Site

from tests.reactor import ReactorThread


@dataclass(frozen=True)
class Seen:
    path: str
    headers: dict[str, str]
    body: bytes


class HttpTarget(Resource):
    """Listens on a free port of loopback, in the reactor's thread."""

    isLeaf = True  # noqa: N815 - Twisted's name

    def __init__(self, reactor: ReactorThread, tls: Any = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._reactor = reactor
        self._tls = tls
        self._listening: Any = None
        self.seen: list[Seen] = []
        self.answer = 204
        self.answer_headers: dict[str, str] = {}
        self.answer_bytes = 0
        self.hangs = False

    @property
    def port(self) -> int:
        port: int = self._listening.getHost().port
        return port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        def listen() -> Any:
            reactor, site = self._reactor.reactor, Site(self)
            if self._tls is not None:
                return reactor.listenSSL(0, site, self._tls, interface="127.0.0.1")
            return reactor.listenTCP(0, site, interface="127.0.0.1")

        self._listening = self._reactor.call(listen)

    def stop(self) -> None:
        async def stop() -> None:
            await self._listening.stopListening()

        self._reactor.run(stop())

    def render(self, request: Request) -> bytes | int:
        headers = {
            name.decode().lower(): values[0].decode()
            for name, values in request.requestHeaders.getAllRawHeaders()
        }
        assert request.content is not None
        self.seen.append(Seen(request.path.decode(), headers, request.content.read()))
        if self.hangs:
            return NOT_DONE_YET
        request.setResponseCode(self.answer)
        for name, value in self.answer_headers.items():
            request.setHeader(name, value)
        return b"x" * self.answer_bytes
