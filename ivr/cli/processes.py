"""The processes that the supervisor runs: the service and the demonstration's endpoint."""

import json
import logging
import socket
import sys
from collections.abc import Coroutine
from typing import Any

import structlog
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from ivr import logs
from ivr.app.phones import phone_secret
from ivr.app.published import read_live
from ivr.app.service import Service
from ivr.app.site import ensure_site
from ivr.demo.endpoint import DemoSettings
from ivr.demo.main import run_demo
from ivr.errors import MokedError
from ivr.pbx.spares import wait_for_turn
from ivr.runtime import Runtime, resolve
from ivr.secret_files import SecretFiles
from ivr.settings import Settings

log = structlog.get_logger(__name__)

DEMO_SOCKET = "demo.sock"


def serve(settings: Settings) -> None:
    """Run the service until a signal comes."""
    from twisted.internet import reactor

    wait_for_turn()
    logs.configure(settings.home / "log" / "service.log", level=_level(settings))
    service = Service(reactor, settings, _runtime(settings))
    _run(reactor, service.start, service.stop)


def demo(settings: Settings) -> None:
    """Run the demonstration's endpoint until a signal comes."""
    from twisted.internet import reactor

    logs.configure(settings.home / "log" / "demo.log", level=_level(settings))
    running: list[Any] = []

    async def start() -> None:
        running.append(await run_demo(reactor, demo_settings(settings)))  # type: ignore[arg-type]

    async def stop() -> None:
        for one in running:
            await one.stop()

    _run(reactor, start, stop)


def demo_settings(settings: Settings) -> DemoSettings:
    """Return who lives outside of the house: carrier, external centre, on-call, desk phones."""
    runtime = _runtime(settings)
    site = read_live(settings).loaded.site
    secrets = SecretFiles(settings.home / "secrets")
    phones = {
        agent.endpoint: secrets.get(phone_secret(agent.endpoint)) for agent in site.agents.values()
    }
    return DemoSettings(
        sip_host=runtime.sip_host,
        sip_port=runtime.sip_port,
        bind_host=runtime.demo_host,
        bind_port=runtime.demo_port,
        external_centre=site.numbers["external_payment_centre"],
        on_call=tuple(
            number for name, number in site.numbers.items() if name in {"on_call", "fallback"}
        ),
        phones=phones,
        control_socket=settings.run / DEMO_SOCKET,
    )


def tell_demo(settings: Settings, phone: str, action: str) -> str:
    """Send one command to the running endpoint and return its answer.

    Raises:
        MokedError: no endpoint runs here.
    """
    known = {"sign-in", "sign-out", "hang-up"}
    key = "phone" if action in {"sign-in", "sign-out"} else "who"
    command = {"do": action, key: phone} if action in known else None
    command = command or {"do": "behave", "who": phone, "named": action}
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(settings.run / DEMO_SOCKET))
            connection.sendall(json.dumps(command).encode() + b"\n")
            return connection.makefile().readline().strip()
    except OSError as error:
        raise MokedError(f"the demonstration's endpoint does not answer: {error}") from error


def _run(reactor: Any, start: Any, stop: Any) -> None:
    """Run *reactor* around two coroutine functions; a failed start ends the process with 1."""
    failed: list[bool] = []

    def broken(failure: Failure) -> None:
        failed.append(True)
        if failure.check(MokedError):
            print(f"moked: {failure.value}", file=sys.stderr, flush=True)
        else:
            failure.printTraceback(sys.stderr)
        log.error("start failed", error=type(failure.value).__name__)
        reactor.stop()

    def begin() -> None:
        _coroutine(start()).addErrback(broken)

    reactor.callWhenRunning(begin)
    reactor.addSystemEventTrigger("before", "shutdown", lambda: _coroutine(stop()))
    reactor.run()
    sys.exit(1 if failed else 0)


def _coroutine(work: "Coroutine[Deferred[Any], Any, None]") -> "Deferred[None]":
    return Deferred.fromCoroutine(work)


def _runtime(settings: Settings) -> Runtime:
    ensure_site(settings)
    runtime = Runtime.load(settings.run)
    if runtime is None:
        runtime = resolve(settings)
        runtime.save(settings.run)
    return runtime


def _level(settings: Settings) -> int:
    return int(logging.getLevelNamesMapping()[settings.log_level.upper()])
