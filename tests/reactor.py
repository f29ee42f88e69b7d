"""The reactor of tests that need a real one: started once, in a thread, for the whole session.

Tests stay plain functions: ``reactor.run(coroutine)`` carries a coroutine to the reactor's thread
and brings back its result or its failure. The reactor is the service's own kind (asyncio's).
"""

from __future__ import annotations

import asyncio
import atexit
import functools
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.threads import blockingCallFromThread

from ivr.aio import install_reactor

T = TypeVar("T")
START_SECONDS = 10.0


@functools.cache
def installed_loop() -> asyncio.AbstractEventLoop:
    """Install the service's kind of reactor in this process, once, and return its loop."""
    loop = asyncio.new_event_loop()
    install_reactor(loop)
    return loop


class ReactorThread:
    """A running reactor and the way to have work done in its thread."""

    def __init__(self) -> None:
        loop = installed_loop()
        asyncio.set_event_loop(loop)
        from twisted.internet import reactor  # installed just now

        self.reactor: Any = reactor
        self._loop = loop
        self._thread = threading.Thread(target=self._run, name="reactor", daemon=True)

    def start(self) -> None:
        running = threading.Event()
        self.reactor.callWhenRunning(running.set)
        self._thread.start()
        if not running.wait(START_SECONDS):
            raise RuntimeError("the reactor did not start")

    def stop(self) -> None:
        self.reactor.callFromThread(self.reactor.stop)
        self._thread.join(START_SECONDS)

    def run(self, work: Coroutine[Deferred[Any], Any, T], timeout: float = 20.0) -> T:
        """Run *work* in the reactor's thread and return its result.

        Raises:
            TimeoutError: it took longer than *timeout* seconds.
            Exception: what *work* raised.
        """

        def start() -> Deferred[T]:
            deferred = Deferred.fromCoroutine(work)
            deferred.addTimeout(timeout, self.reactor)
            return deferred

        # Its overloads cannot see that the Deferred's result is our T.
        result: T = blockingCallFromThread(self.reactor, start)  # type: ignore[arg-type]
        return result

    def call(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call a plain function in the reactor's thread and return its result."""
        result: T = blockingCallFromThread(self.reactor, function, *arguments)
        return result

    async def sleep(self, seconds: float) -> None:
        """Wait, in a coroutine of the reactor's thread."""
        waiting: Deferred[None] = Deferred()
        self.reactor.callLater(seconds, waiting.callback, None)
        await waiting

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self.reactor.run(installSignalHandlers=False)


@functools.cache
def running_reactor() -> ReactorThread:
    """The one reactor of this process, running until its end."""
    thread = ReactorThread()
    thread.start()
    atexit.register(thread.stop)
    return thread


@pytest.fixture(scope="session")
def reactor() -> ReactorThread:
    """Offer the session's reactor; put ``from tests.reactor import reactor`` where it is used."""
    return running_reactor()
