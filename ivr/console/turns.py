"""One piece of heavy work at a time for each user; a few more wait, all others are refused."""

from collections.abc import Coroutine
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, DeferredLock

from ivr.console.problems import Problem

T = TypeVar("T")

_MOST_WAITING = 4  # keys pressed quickly one after another


class Turns:
    """Whose work is under way."""

    def __init__(self) -> None:
        self._locks: dict[str, DeferredLock] = {}

    async def take(self, user_id: str, work: Coroutine[Deferred[Any], Any, T]) -> T:
        """Return what *work* comes to, when this user's other work is done.

        Raises:
            Problem: too much of it waits already.
        """
        lock = self._locks.setdefault(user_id, DeferredLock())
        if len(lock.waiting) >= _MOST_WAITING:
            work.close()
            raise Problem("still_working")
        await lock.acquire()
        try:
            return await work
        finally:
            lock.release()
            if not lock.locked:
                self._locks.pop(user_id, None)
