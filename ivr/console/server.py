"""Runs the console's web server on the reactor's own event loop."""

import contextlib
import socket
from typing import Any

import uvicorn
from twisted.internet.defer import Deferred

from ivr.aio import from_asyncio
from ivr.errors import SettingsInvalid


class _Uvicorn(uvicorn.Server):
    """uvicorn that leaves signals alone and says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: "Deferred[None]") -> None:
        super().__init__(config)
        self._ready = ready

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]
        return contextlib.nullcontext()  # the reactor owns the process's signals

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready.callback(None)


class ConsoleServer:
    """The console's HTTP and WebSocket server."""

    def __init__(self, app: Any, host: str, port: int) -> None:
        self._app = app
        self._host = host
        self._wanted = port
        self._server: _Uvicorn | None = None
        self._running: Deferred[None] | None = None
        self.port = 0  # the one really used, once started

    async def start(self) -> None:
        """Listen; return when requests are answered.

        Raises:
            SettingsInvalid: the address cannot be had.
        """
        listening = self._listen()
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            self._app,
            http="httptools",
            ws="websockets-sansio",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=3,
            ws_max_size=16 * 1024,
            ws_ping_interval=10,
            ws_ping_timeout=10,
            ws_per_message_deflate=False,
        )
        ready: Deferred[None] = Deferred()
        self._server = _Uvicorn(config, ready)
        self._running = from_asyncio(self._server.serve(sockets=[listening]))
        await ready

    async def stop(self) -> None:
        """Let requests under way end (at most 3 s), then close."""
        if self._server is not None and self._running is not None:
            self._server.should_exit = True
            await self._running
            self._server = self._running = None

    def _listen(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((self._host, self._wanted))
        except OSError as error:
            listening.close()
            raise SettingsInvalid(
                f"the console cannot listen on {self._host}:{self._wanted} ({error.strerror}): "
                "stop what uses it, or set MOKED_HTTP_PORT to another port"
            ) from error
        listening.setblocking(False)
        return listening
