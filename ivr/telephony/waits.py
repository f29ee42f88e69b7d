"""Waits of one channel: each is a Deferred, and all of them end when the channel does."""

from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

T = TypeVar("T")


class Waits:
    """Deferreds that something may still fire; ``fail`` ends them all, and all that come later."""

    def __init__(self) -> None:
        self._open: dict[Deferred[Any], None] = {}  # in the order in which they will fail
        self._over: Exception | None = None

    def new(self) -> "Deferred[Any]":
        """Return a wait; it is forgotten as soon as it has fired or was cancelled."""
        wait: Deferred[Any] = Deferred()
        if self._over is not None:
            wait.errback(self._over)
            return wait
        self._open[wait] = None

        def forget(result: Any) -> Any:
            self._open.pop(wait, None)
            return result

        return wait.addBoth(forget)

    def fail(self, error: Exception) -> None:
        if self._over is None:
            self._over = error
        waiting, self._open = self._open, {}
        for wait in waiting:
            if not wait.called:  # one that failed may have fired another
                wait.errback(error)


def fire(wait: "Deferred[T]", value: T) -> None:
    """Fire *wait* unless something else did so first."""
    if not wait.called:
        wait.callback(value)


def pass_on(source: "Deferred[Any]", target: "Deferred[Any]") -> None:
    """Fire *target* with what *source* fires with; *source* itself goes on unchanged."""

    def fired(result: Any) -> Any:
        fire(target, result)
        return result

    source.addCallback(fired)


async def within(
    reactor: IReactorTime, seconds: float | None, wait: "Deferred[T]", otherwise: T
) -> T:
    """Await *wait* for at most *seconds* (``None``: for ever), then go on with *otherwise*."""
    if seconds is None:
        return await wait
    timer = reactor.callLater(max(0.0, seconds), fire, wait, otherwise)
    try:
        return await wait
    finally:
        if timer.active():
            timer.cancel()
