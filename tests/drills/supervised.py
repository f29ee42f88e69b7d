"""A supervisor with a real Asterisk and a service of straw, in a process of its own for drills.

``python -m tests.drills.supervised`` supervises; with ``serve`` it is the service: it beats and
says that it is ready, or dies at once while the file ``broken`` lies in its home.
"""

import os
import sys
from pathlib import Path
from typing import Any

from twisted.internet import asyncioreactor

from ivr.pbx.children import Child
from ivr.pbx.configuring import Prepared
from ivr.pbx.private import DEFAULT_PLAN
from ivr.pbx.spares import wait_for_turn
from ivr.runtime import Runtime
from ivr.settings import CHECKOUT, load_settings
from ivr.supervisor import children_of, run_supervisor


def children(at: Prepared) -> list[Child]:
    real = {child.name: child for child in children_of(at)}
    service = real["service"]
    argv = (sys.executable, "-m", "tests.drills.supervised", "serve")
    env = {**(service.env or {}), "PYTHONPATH": str(CHECKOUT)}
    straw = Child(name="service", argv=argv, run=service.run, log=service.log, cwd=service.cwd,
                  env=env, beat=service.beat, spare=True)  # fmt: skip
    return [real["asterisk"], straw]


def serve() -> None:
    from twisted.internet import reactor as installed
    from twisted.internet.task import LoopingCall
    from twisted.web.resource import Resource
    from twisted.web.server import Site
    from twisted.web.static import Data

    wait_for_turn()
    reactor: Any = installed
    settings = load_settings()
    if (settings.home / "broken").exists():
        sys.exit(3)
    runtime = Runtime.load(settings.run)
    assert runtime is not None
    beat = settings.run / "service.beat"

    health = Resource()
    api = Resource()
    health.putChild(b"api", api)
    api.putChild(b"health", Data(b'{"ready": true}', "application/json"))

    def touch() -> None:
        beat.touch()
        os.utime(beat)

    LoopingCall(touch).start(1.0)
    reactor.listenTCP(runtime.http_port, Site(health), interface=runtime.http_host)
    reactor.run()


if __name__ == "__main__":
    asyncioreactor.install()
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        ready = Path(os.environ["MOKED_HOME"]) / "ready"
        run_supervisor(load_settings(), DEFAULT_PLAN, lambda _: ready.touch(), children)
