"""The fake Asterisk behind real sockets: ARI over HTTP and WebSocket on one port, like the real.

For what a real Asterisk does not do on demand: lose a connection, freeze, answer garbage.
"""

from __future__ import annotations

import base64
from typing import Any

import msgspec
from autobahn.twisted.resource import WebSocketResource
from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from twisted.internet.defer import Deferred
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request, Site

import tests.fakes.ari_routes_more  # noqa: F401 - adds its routes
from ivr.asterisk.ari_request import AriRequest
from tests.fakes.ari_routes import Refused, carry_out
from tests.fakes.asterisk import FakeAsterisk
from tests.fakes.asterisk_things import App, Json

USER, PASSWORD = "tests", "fake"
LOOPBACK = "127.0.0.1"


class FakeAriServer:
    """One listening fake; ``frozen`` makes it read and say nothing, ``mute`` never answer."""

    def __init__(self, reactor: Any, asterisk: FakeAsterisk) -> None:
        self.asterisk = asterisk
        self.frozen = False
        self.mute = False
        self.connections: dict[str, _Connection] = {}
        self._reactor = reactor
        self._port: Any = None

    @property
    def port(self) -> int:
        return int(self._port.getHost().port)

    def listen(self, port: int = 0) -> None:
        """Begin to listen (in the reactor's thread)."""
        site = Site(_Ari(self, self._reactor))
        site.noisy = False
        self._port = self._reactor.listenTCP(port, site, interface=LOOPBACK)

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        await self._port.stopListening()
        self.drop()

    def drop(self, app: str | None = None) -> None:
        """Drop the connections of *app*, or all."""
        for name, connection in list(self.connections.items()):
            if app is None or name == app:
                connection.dropConnection(abort=True)

    def say(self, app: str, message: bytes, *, binary: bool = False) -> None:
        """Send *message* to *app* as it is."""
        self.connections[app].sendMessage(message, isBinary=binary)  # type: ignore[no-untyped-call]


class _Connection(WebSocketServerProtocol):
    """One application's WebSocket; requests are carried out strictly in order."""

    app = ""
    fake: FakeAriServer

    def __init__(self) -> None:
        super().__init__()
        self._before: Deferred[None] | None = None

    def onConnect(self, request: Any) -> None:  # noqa: N802 - autobahn's name
        self.app = request.params["app"][0]
        self.fake = self.factory.fake

    def onOpen(self) -> None:  # noqa: N802 - as above
        self.fake.connections[self.app] = self
        self.fake.asterisk.apps[self.app] = App(self.app, self._tell)

    def onPing(self, payload: bytes) -> None:  # noqa: N802 - as above
        if not self.fake.frozen:
            self.sendPong(payload)  # type: ignore[no-untyped-call]

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803 - as above
        if not (self.fake.frozen or self.fake.mute):
            self._before = Deferred.fromCoroutine(self._answer(self._before, payload))

    def onClose(self, wasClean: bool, code: Any, reason: Any) -> None:  # noqa: N802, N803
        if self.fake.connections.get(self.app) is self:
            del self.fake.connections[self.app]
            self.fake.asterisk.apps.pop(self.app, None)

    async def _answer(self, before: Deferred[None] | None, payload: bytes) -> None:
        if before is not None:
            await before
        asked = msgspec.json.decode(payload)
        body = asked.get("message_body")
        request = AriRequest(
            asked["method"],
            asked["uri"],
            tuple((item["name"], item["value"]) for item in asked.get("query_strings", ())),
            msgspec.json.decode(body) if body else None,
        )
        answer: Json = {"type": "RESTResponse", "request_id": asked["request_id"]}
        answer |= await self._carried_out(request)
        if self.fake.connections.get(self.app) is self:
            self._tell(answer)

    async def _carried_out(self, request: AriRequest) -> Json:
        try:
            shown = await carry_out(self.fake.asterisk, request)
        except Refused as refused:
            said = msgspec.json.encode({"message": refused.reason}).decode()
            return {"status_code": refused.status, "reason_phrase": "", "message_body": said}
        if shown is None:
            return {"status_code": 204, "reason_phrase": "No Content"}
        said = msgspec.json.encode(shown).decode()
        return {"status_code": 200, "reason_phrase": "OK", "message_body": said}

    def _tell(self, message: Json) -> None:
        if not self.fake.frozen:
            self.sendMessage(msgspec.json.encode(message))  # type: ignore[no-untyped-call]


class _Factory(WebSocketServerFactory):
    fake: FakeAriServer


class _Ari(Resource):
    """``/ari/…`` by HTTP, and the upgrade at ``/ari/events``."""

    isLeaf = True  # noqa: N815 - Twisted's name

    def __init__(self, fake: FakeAriServer, reactor: Any) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._fake = fake
        factory = _Factory(reactor=reactor)  # type: ignore[no-untyped-call]
        factory.protocol = _Connection
        factory.fake = fake
        factory.startFactory()  # type: ignore[no-untyped-call]
        self._events = WebSocketResource(factory)

    def render(self, request: Request) -> Any:
        token = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.getHeader("authorization") != f"Basic {token}":
            request.setResponseCode(401)
            return b'{"message":"Authentication required"}'
        if self._fake.frozen:
            return NOT_DONE_YET
        if request.path == b"/ari/events":
            return self._events.render(request)
        Deferred.fromCoroutine(self._answer(request))
        return NOT_DONE_YET

    async def _answer(self, request: Request) -> None:
        path = request.path.decode().removeprefix("/ari/")
        if path.startswith("recordings/stored/") and path.endswith("/file"):
            self._send_file(request, path.split("/")[2])
            return
        query = tuple((k.decode(), v[0].decode()) for k, v in (request.args or {}).items())
        content = request.content.read() if request.content is not None else b""
        body = msgspec.json.decode(content) if content else None
        asked = AriRequest(request.method.decode(), path, query, body)
        try:
            shown = await carry_out(self._fake.asterisk, asked)
        except Refused as refused:
            request.setResponseCode(refused.status)
            shown = {"message": refused.reason}
        request.write(msgspec.json.encode(shown))
        request.finish()

    def _send_file(self, request: Request, name: str) -> None:
        body = self._fake.asterisk.media.files[name]
        request.setHeader("content-length", str(len(body)))
        if self._fake.mute:
            # Half of it, and then nothing: the connection breaks.
            request.write(body[: len(body) // 2])
            request.loseConnection()
            return
        request.write(body)
        request.finish()
