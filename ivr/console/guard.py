"""Stands before every route: session, origin, CSRF, role; runs before the body is even read."""

import hmac
from collections.abc import Callable, Coroutine
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from ivr.aio import to_asyncio
from ivr.console.access import MACHINE, OPEN, Role, may
from ivr.console.ports import ConsolePorts
from ivr.console.problems import Problem
from ivr.console.sign_in import Identity, SignIn
from ivr.ids import UserId
from ivr.storage.records import User

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
CSRF_HEADER = "X-Moked-CSRF"
SERVICE_HEADER = "X-Moked-Service"


class Guard:
    """Decides whether a request may go on, and as whom."""

    def __init__(self, ports: ConsolePorts, sign_in: SignIn) -> None:
        self._ports = ports
        self._sign_in = sign_in
        self.cookie = "__Host-moked" if ports.secure_cookies else "moked"

    async def admit(self, request: HTTPConnection, method: str, path: str) -> Identity | None:
        """Return who asks; ``None`` only for the open routes.

        Raises:
            Problem: not signed in, wrong origin, or not allowed.
        """
        route = f"{method} {path}"
        if route in OPEN:
            if method not in _SAFE:
                self._check_origin(request)
            return None
        who = self._service(request) or await self._sign_in.identify(
            request.cookies.get(self.cookie, "")
        )
        if who is None:
            raise Problem("not_signed_in")
        if method not in _SAFE:
            self._check_origin(request)
        if not (may(who.role, route) or (who.is_machine and route in MACHINE)):
            raise Problem("not_allowed")
        if method not in _SAFE and method != "WS":
            self._check_csrf(request, who)
        return who

    def _check_origin(self, request: HTTPConnection) -> None:
        """Refuse other sites' pages; programs send no Origin, but WebSockets must."""
        origin = request.headers.get("origin")
        if origin is None:
            if request.scope["type"] == "websocket":
                raise Problem("wrong_origin")
            return
        same = urlsplit(origin).netloc == request.headers.get("host")
        if not same and origin not in self._ports.origins:
            raise Problem("wrong_origin")

    def _check_csrf(self, request: HTTPConnection, who: Identity) -> None:
        sent = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode(), who.csrf.encode()):
            raise Problem("wrong_origin")

    def _service(self, request: HTTPConnection) -> Identity | None:
        """The command line on this machine, by a secret file: reads as an auditor does."""
        sent = request.headers.get(SERVICE_HEADER, "")
        token = self._ports.service_token
        if not sent or not token or address_of(request) not in _LOOPBACK:
            return None
        if not hmac.compare_digest(sent.encode(), token.encode()):
            return None
        now = self._ports.clock.now()
        user = User(
            user_id=UserId("service"),
            authority_id=self._ports.authority_id,
            name="service",
            full_name="service",
            role=Role.AUDITOR,
            created_at=now,
            password_changed_at=now,
        )
        return Identity(user)


def address_of(request: HTTPConnection) -> str:
    return request.client.host if request.client else ""


class GuardedRoute(APIRoute):
    """A route that the guard has passed; routes of any other class are not served."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            guard: Guard = request.app.state.guard
            request.state.who = await to_asyncio(
                guard.admit(request, request.method, self.path_format)
            )
            return await handle(request)

        return guarded


def _who(request: Request) -> Identity:
    who: Identity = request.state.who
    return who


def _ports(request: Request) -> ConsolePorts:
    ports: ConsolePorts = request.app.state.ports
    return ports


Who = Annotated[Identity, Depends(_who)]
Ports = Annotated[ConsolePorts, Depends(_ports)]
