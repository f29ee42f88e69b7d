"""Puts the console together: ``create_app`` returns the ASGI application."""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from ivr.console import desk_socket, pages, problems
from ivr.console.desk_hub import DeskHub
from ivr.console.guard import Guard, GuardedRoute
from ivr.console.headers import BodyLimit, SecurityHeaders
from ivr.console.passwords import Passwords
from ivr.console.ports import ConsolePorts
from ivr.console.rate_limit import RateLimit
from ivr.console.routes import (  # fmt: skip
    account,
    administration,
    agents,
    calls,
    closures,
    dialplans,
    emergency,
    prompts,
    publishing,
    recordings,
    rehearsal,
    residents,
    status,
    work,
)
from ivr.console.sign_in import SignIn
from ivr.console.turns import Turns
from ivr.errors import MokedError

ROUTERS = (
    account.router,
    status.router,
    calls.router,
    emergency.router,
    agents.router,
    residents.router,
    work.router,
    closures.router,
    recordings.router,
    administration.router,
    dialplans.router,
    publishing.router,
    rehearsal.router,
    prompts.router,
)
_ONE_LISTENING = 1800.0  # seconds in which a player's many requests count as one


def create_app(ports: ConsolePorts, hub: DeskHub) -> FastAPI:
    """Return the console; *hub* must be started by whoever starts the server."""
    app = FastAPI(title="Moked", version="1", openapi_url=None, docs_url=None, redoc_url=None)
    passwords = Passwords(ports.in_thread)
    sign_in = SignIn(ports, passwords)
    app.state.ports = ports
    app.state.hub = hub
    app.state.passwords = passwords
    app.state.sign_in = sign_in
    app.state.listening = RateLimit(ports.clock, tries=1, seconds=_ONE_LISTENING)
    app.state.turns = Turns()
    app.state.guard = Guard(ports, sign_in)
    for router in ROUTERS:
        app.include_router(router)
    app.include_router(desk_socket.router)
    app.include_router(pages.router)
    _add_schema(app)
    _add_problems(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders, secure=ports.secure_cookies)
    return app


def _add_schema(app: FastAPI) -> None:
    async def schema(_request: Request) -> JSONResponse:
        return JSONResponse(app.openapi())

    app.router.add_api_route(
        "/api/openapi.json", schema, include_in_schema=False, route_class_override=GuardedRoute
    )


def _add_problems(app: FastAPI) -> None:
    app.add_exception_handler(problems.Problem, problems.on_problem)
    app.add_exception_handler(MokedError, problems.on_moked_error)
    app.add_exception_handler(RequestValidationError, problems.on_invalid)
    app.add_exception_handler(HTTPException, problems.on_http)
    app.add_exception_handler(Exception, problems.on_crash)
