"""The storage in a program without a reactor: each query is over when its call returns."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from ivr.settings import Settings
from ivr.storage.database import Database
from ivr.storage.engines import database_url

T = TypeVar("T")


class CallingThread:
    """``Threads`` that are none; time limits are the database's own."""

    def __init__(self, _name: str = "", _size: int = 1) -> None:
        pass

    def start(self) -> None:
        pass

    def run(self, work: Callable[[], T]) -> "Deferred[T]":
        return maybeDeferred(work)

    async def stop(self) -> None:
        pass


def with_database(
    settings: Settings, work: Callable[[Database], Coroutine[Deferred[Any], Any, T]]
) -> T:
    """Open the instance's database, do *work* on it, close it. Blocks.

    Raises:
        StorageUnavailable: it cannot be reached.
    """
    database = Database(database_url(settings), Clock(), threads=CallingThread)

    async def all_of_it() -> T:
        await database.start()
        try:
            return await work(database)
        finally:
            await database.stop()

    return _result_of(all_of_it())


def _result_of(work: Coroutine[Deferred[Any], Any, T]) -> T:
    ended: list[T | Failure] = []
    Deferred.fromCoroutine(work).addBoth(ended.append)
    (result,) = ended  # everything that is waited for is over at once
    if isinstance(result, Failure):
        result.raiseException()
    return result
