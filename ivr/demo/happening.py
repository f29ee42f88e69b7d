"""Something that happens once, and that any number of coroutines may wait for."""

from typing import Generic, TypeVar

from twisted.internet import defer
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

T = TypeVar("T")


class Happening(Generic[T]):
    """Happens at most once; waiting for it afterwards returns at once."""

    def __init__(self) -> None:
        self._values: list[T] = []
        self._waiting: list[Deferred[T]] = []

    def happen(self, value: T) -> None:
        """Let it happen now; a second time changes nothing."""
        if self._values:
            return
        self._values.append(value)
        waiting, self._waiting = self._waiting, []
        for deferred in waiting:
            deferred.callback(value)

    @property
    def value(self) -> T | None:
        return self._values[0] if self._values else None

    def __bool__(self) -> bool:
        return bool(self._values)

    def wait(self) -> Deferred[T]:
        """Return a Deferred of the value; cancelling it only ends this wait."""
        deferred: Deferred[T] = Deferred(self._forget)
        if self._values:
            deferred.callback(self._values[0])
        else:
            self._waiting.append(deferred)
        return deferred

    async def within(self, clock: IReactorTime, seconds: float) -> T | None:
        """Return the value, or ``None`` when it has not happened after *seconds*."""
        waiting = self.wait()
        waiting.addTimeout(max(0.0, seconds), clock)
        try:
            return await waiting
        except defer.TimeoutError:
            return None

    def _forget(self, deferred: Deferred[T]) -> None:
        self._waiting = [kept for kept in self._waiting if kept is not deferred]
