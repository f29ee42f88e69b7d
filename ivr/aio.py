"""The one place where Deferreds and asyncio meet, and the reactor that both run on."""

import asyncio
import time
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.defer import Deferred
from twisted.internet.main import installReactor

T = TypeVar("T")


def from_asyncio(awaitable: Awaitable[T]) -> "Deferred[T]":
    """Return a Deferred for *awaitable*, which runs as a task of the reactor's event loop."""
    return Deferred.fromFuture(asyncio.ensure_future(awaitable))


def to_asyncio(work: "Coroutine[Deferred[Any], Any, T]") -> "asyncio.Future[T]":
    """Run Deferred-flavoured *work* and return a future that an asyncio route can await."""
    return Deferred.fromCoroutine(work).asFuture(asyncio.get_running_loop())


class MonotonicReactor(AsyncioSelectorReactor):
    """Asyncio's reactor with timers that a step of the wall clock does not move.

    Twisted's own ``seconds`` is the wall clock: set back by an hour, every lease, ring and wait
    would last an hour longer.
    """

    def seconds(self) -> float:
        return time.monotonic()


def install_reactor(loop: asyncio.AbstractEventLoop) -> None:
    """Make *loop* the reactor of this process; call it before anything imports the reactor."""
    installReactor(MonotonicReactor(loop))
