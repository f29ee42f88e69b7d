"""The one place where Deferreds and asyncio meet."""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any, TypeVar

from twisted.internet.defer import Deferred

T = TypeVar("T")


def from_asyncio(awaitable: Awaitable[T]) -> "Deferred[T]":
    """Return a Deferred for *awaitable*, which runs as a task of the reactor's event loop."""
    return Deferred.fromFuture(asyncio.ensure_future(awaitable))


def to_asyncio(work: "Coroutine[Deferred[Any], Any, T]") -> "asyncio.Future[T]":
    """Run Deferred-flavoured *work* and return a future that an asyncio route can await."""
    return Deferred.fromCoroutine(work).asFuture(asyncio.get_running_loop())
