"""A thread pool of our own, so that the database never waits behind anybody else's threads."""

from collections.abc import Callable
from threading import Thread
from typing import Any, Protocol, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

T = TypeVar("T")
_STOP_WITHIN = 5.0


class Threads(Protocol):
    """Where blocking work runs."""

    def start(self) -> None: ...

    def run(self, work: Callable[[], T]) -> "Deferred[T]": ...

    async def stop(self) -> None: ...


class _DaemonThread(Thread):
    """A thread that does not keep the process alive: it may hang in a database that hangs."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.daemon = True


class _DaemonThreadPool(ThreadPool):
    threadFactory = _DaemonThread  # noqa: N815 - Twisted's name


class PoolThreads:
    """*size* threads, started at once so that the first call does not wait for them."""

    def __init__(self, reactor: Any, name: str, size: int) -> None:
        self._reactor = reactor
        self._pool = _DaemonThreadPool(minthreads=size, maxthreads=size, name=name)

    def start(self) -> None:
        self._pool.start()

    def run(self, work: Callable[[], T]) -> "Deferred[T]":
        return deferToThreadPool(self._reactor, self._pool, work)

    async def stop(self) -> None:
        """Let running work end, at most 5 s: a database that hangs must not hold a shutdown."""
        ended = self._reactor_thread(self._pool.stop)
        ended.addTimeout(_STOP_WITHIN, self._reactor, onTimeoutCancel=lambda _late, _limit: None)
        await ended

    def _reactor_thread(self, work: Callable[[], None]) -> "Deferred[None]":
        return deferToThreadPool(self._reactor, self._reactor.getThreadPool(), work)
